"""What sheetkit is measured against, a process each: ``python -m benchmarks.rivals WHAT …``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path


def read(source: Path) -> None:
    """python-calamine reads every cell and does nothing with them."""
    from python_calamine import load_workbook

    book = load_workbook(source)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def script(source: Path, target: Path, as_of: dt.date) -> None:
    """What one would write in an afternoon: pandas reads and counts, openpyxl adds the sheets and saves.

    It cleans nothing, checks nothing, draws no chart and gives no reason.
    """
    import openpyxl  # type: ignore[import-untyped]  # without stubs
    import pandas as pd

    trades = pd.read_excel(source, sheet_name=0, engine="openpyxl")
    sales = trades[~trades["状态"].isin(["全额退款", "买家取消"])]
    found = sales.groupby("昵称").agg(
        visits=("日期", "nunique"), revenue=("成交价", "sum"), first=("日期", "min"), last=("日期", "max")
    )
    found["top"], found["average"] = sales.groupby("昵称")["成交价"].max(), found["revenue"] / found["visits"]
    found["recency"] = (pd.Timestamp(as_of) - found["last"]).dt.days
    for column, by in (("R", -found["recency"]), ("F", found["visits"]), ("M", found["revenue"])):
        found[column] = by.rank(pct=True).mul(5).clip(upper=4.999).astype(int) + 1
    loyal, new = (found["visits"] >= 3) & (found["recency"] <= 365), found["recency"] <= 60
    found["class"] = "quiet"
    found.loc[new, "class"], found.loc[loyal, "class"] = "new", "loyal"
    months = sales.groupby(sales["日期"].dt.to_period("M").astype(str))["成交价"].agg(["size", "sum"])
    plan = found[(found["class"] == "loyal") & (found["recency"] > 90)].nlargest(40, "revenue")

    book = openpyxl.load_workbook(source)
    for name, frame in (("分析总览", months), ("客户分群", found), ("行动方案", plan)):
        sheet = book.create_sheet(name)
        sheet.append([frame.index.name, *frame.columns])
        for row in frame.itertuples():
            sheet.append(list(row))
    book.save(target)


def copy(source: Path, target: Path) -> None:
    """The file's bytes."""
    import shutil

    shutil.copyfile(source, target)


def repack(source: Path, target: Path) -> None:
    """Every part of a package into a new one, by the standard library."""
    import zipfile

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one, old.read(one))


def cells(source: Path, target: Path) -> None:
    """The cells of ``source`` (``benchmarks.template`` made it) by xlsxwriter, without a format.

    xlsxwriter looks for new functions in every formula, twice, most of the time here; that is switched off.
    """
    import pickle

    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # no py.typed
    from xlsxwriter.worksheet import CellFormulaTuple, Worksheet  # type: ignore[import-untyped]  # as above

    class Bare(Worksheet):  # type: ignore[misc]  # its base is untyped
        def _write_formula(self, row: int, col: int, formula: str, fmt: object, value: object) -> int:
            self._check_dimensions(row, col)
            self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), fmt, value)
            return 0

    with Workbook(str(target)) as book:
        for name, rows in pickle.loads(source.read_bytes()):
            sheet = book.add_worksheet(name, Bare)
            for at, row in rows:
                for col, value, formula in row:
                    if formula:
                        sheet.write_formula(at, col, formula, None, value)
                    elif isinstance(value, str):
                        sheet.write_string(at, col, value)
                    else:
                        sheet.write_number(at, col, value)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["read", source, *_]:
            read(Path(source))
        case ["script", source, target, as_of]:
            script(Path(source), Path(target), dt.date.fromisoformat(as_of))
        case ["copy" | "repack" | "cells" as way, source, target]:
            {"copy": copy, "repack": repack, "cells": cells}[way](Path(source), Path(target))
        case other:
            sys.exit(f"what is {other}?")
