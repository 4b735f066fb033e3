"""Workbooks the tests share: the real ones beside the repository, and made ones."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import xlsxwriter

from tests.tools import shared


@cache
def corpus(class_: str = "ok") -> tuple[Path, ...]:
    """The real workbooks of one class of the manifest; a missing file is an error, not fewer tests."""
    folder = shared() / "corpus"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest) if row["class"] == class_]
    files = tuple(folder / row["file"] for row in rows)
    missing = [str(path) for path in files if not path.is_file()]
    assert files, f"the manifest has no file of class {class_}"
    assert not missing, missing
    return files


def ordinary() -> tuple[Path, ...]:
    """All 199 real ordinary workbooks, the two that stand there twice included."""
    return corpus("ok") + corpus("dup:ok")


def small_corpus() -> tuple[Path, ...]:
    """The real ordinary workbooks but for the largest, which cost more time than all others."""
    return tuple(path for path in ordinary() if path.stat().st_size < 70_000)


def spread(each: int = 1) -> tuple[Path, ...]:
    """The smallest real workbooks that together hold every feature of the manifest, each so often.

    A feature that only large files have is held once.
    """
    having, chosen = features(), dict[Path, None]()
    smallest_first = sorted(ordinary(), key=lambda path: path.stat().st_size)
    for feature in sorted({one for path in smallest_first for one in having[path]}):
        holders = [path for path in smallest_first if feature in having[path]]
        cheap = [path for path in holders[:each] if path in small_corpus()]
        chosen.update(dict.fromkeys(cheap or holders[:1]))
    return tuple(chosen)


@cache
def makers() -> dict[Path, str]:
    """What each real workbook says it was written by."""
    folder = shared() / "corpus"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        return {folder / row["file"]: row["producer"] for row in csv.DictReader(manifest)}


@cache
def features() -> dict[Path, set[str]]:
    """What the manifest says each real workbook holds."""
    folder = shared() / "corpus"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        return {folder / row["file"]: set(row["features"].split()) for row in csv.DictReader(manifest)}


def named(file: str) -> bytes:
    """One real workbook by its path in the corpus."""
    return (shared() / "corpus" / file).read_bytes()


def by_openpyxl(data: bytes) -> openpyxl.Workbook:
    """The workbook as an independent reader sees it, which warns of what it does not support."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def sheet_names(data: bytes) -> list[str]:
    """As ``by_openpyxl`` sees them, without reading any cell."""
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True).sheetnames


def parts(data: bytes) -> dict[str, bytes]:
    """Name to content of every file entry."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name) for name in container.namelist() if not name.endswith("/")}


def patched(data: bytes, changes: dict[str, bytes | None], order: list[str] | None = None) -> bytes:
    """The container with parts set, added or (None) taken away."""
    content = {**parts(data), **changes}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name in order or content:
            value = content[name]
            if value is not None:
                container.writestr(name, value)
    return target.getvalue()


def edited(data: bytes, part: str, pattern: str, replacement: str) -> bytes:
    """The container with one edit in one part; fails where there is nothing to edit."""
    text = parts(data)[part].decode()
    new, times = re.subn(pattern, replacement, text, count=1, flags=re.S)
    assert times == 1, f"{pattern} is not in {part}: {text[:2000]}"
    assert new != text, "the edit changes nothing"
    return patched(data, {part: new.encode()})


@cache
def donor(names: tuple[str, str, str] = ("检查", "分 析", "数据")) -> bytes:
    """A workbook with everything a grafted sheet may hold, its sheets pointing at each other."""
    first, second, third = names
    quoted = {name: "'" + name.replace("'", "''") + "'" for name in names}
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.set_properties({"created": dt.datetime(2024, 1, 1)})
    sheets = [book.add_worksheet(name) for name in names]
    bold = book.add_format({"bold": True, "bg_color": "#FFE0E0", "border": 1, "num_format": "0.0%"})
    date = book.add_format({"num_format": "yyyy-mm-dd", "align": "center", "locked": False})
    clock = book.add_format({"num_format": "hh:mm", "font_name": "微软雅黑"})
    red = book.add_format({"font_color": "#9C0006", "bg_color": "#FFC7CE", "num_format": "0.00"})
    _fill_first(sheets[0], quoted[second], quoted[third], (bold, date, clock, red))
    _fill_second(sheets[1], first, quoted[first], bold, red)
    _fill_third(book, sheets[2], quoted[third], quoted[first])
    book.define_name("sk_total", f"={quoted[third]}!$B$2:$B$4")
    book.close()
    return target.getvalue()


def _fill_first(sheet, second: str, third: str, formats) -> None:  # type: ignore[no-untyped-def]
    bold, date, clock, red = formats
    sheet.write_row(0, 0, ["甲", "乙", " 空 格 ", "_x0041_"], bold)
    sheet.write_datetime(1, 1, dt.datetime(2024, 3, 5), date)
    sheet.write_number(2, 1, 0.5, clock)
    sheet.write_rich_string(3, 0, "普通", bold, "粗体 ", "尾")
    sheet.write_formula(4, 0, f'=SUM({third}!B2:B4)&"{second}!"', None, "6")
    sheet.write_formula(5, 0, "=SUM(清单[数])+SUM(sk_total)", None, 12)
    sheet.write_string(6, 0, "a<b&c\nd", date)
    sheet.conditional_format(
        "B2:B9", {"type": "cell", "criteria": ">", "value": f"={third}!$B$2", "format": red}
    )
    sheet.conditional_format("C2:C9", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("D2:D9", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.data_validation("E2:E9", {"validate": "list", "source": f"={third}!$A$2:$A$4"})
    between = {"validate": "date", "criteria": ">=", "value": dt.date(2024, 1, 1)}
    sheet.data_validation("F2:F9", between)
    _more_rules(sheet, third, red)
    sheet.write_url("E1", f"internal:{third}!A1", string="数据")
    sheet.write_url("F1", "https://example.com/a b?c=d&e=f", string="网")
    sheet.write_comment("A1", "说明一")
    sheet.write_comment("C3", "说明二", {"visible": True})
    sheet.add_sparkline("H2", {"range": f"{third}!B2:B4"})
    sheet.repeat_rows(0)
    sheet.print_area("A1:F9")
    sheet.set_column("A:B", 14, date)
    sheet.set_row(8, 20, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_header("&L客户")


def _more_rules(sheet, third: str, red) -> None:  # type: ignore[no-untyped-def]
    for row, rule in enumerate(
        [
            {"type": "formula", "criteria": f"=COUNTIF({third}!$A$2:$A$4,$A2)>0", "stop_if_true": True},
            {"type": "3_color_scale", "min_type": "formula", "min_value": f"={third}!$B$2"},
            {"type": "top", "value": 10, "criteria": "%"},
            {"type": "duplicate"},
            {"type": "average", "criteria": "above"},
            {"type": "text", "criteria": "containing", "value": "急"},
            {"type": "time_period", "criteria": "last month"},
            {"type": "blanks"},
        ],
        start=20,
    ):
        plain = rule["type"] == "3_color_scale"
        sheet.conditional_format(row, 0, row, 3, rule if plain else {**rule, "format": red})
    whole = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": f"={third}!$B$4"}
    sheet.data_validation("G2:G9", {**whole, "error_title": "数目", "error_message": "请填 1 到 3"})
    sheet.data_validation("H2:H9", {"validate": "custom", "value": f"=COUNTIF({third}!$A:$A,H2)=1"})
    sheet.data_validation("I2:I9", {"validate": "list", "source": ["是", "否"], "input_title": "选"})


def _fill_second(sheet, first_name: str, first: str, bold, red) -> None:  # type: ignore[no-untyped-def]
    columns = [
        {"header": "名", "format": bold, "header_format": red},
        {"header": "数", "total_function": "sum"},
        {"header": "倍", "formula": "=[@数]*2"},
    ]
    options = {"name": "清单", "columns": columns, "total_row": True, "style": "Table Style Light 9"}
    sheet.add_table("A1:C5", {**options, "data": [["a", 1], ["b", 2], ["c", 3]]})
    sheet.autofilter("E1:F4")
    sheet.write_row("E1", ["k", "v"])
    sheet.write_formula("H1", f"={first}!A1", None, "甲")
    sheet.write_comment("A2", "第二张")
    sheet.insert_image("J1", "dot.png", {"image_data": io.BytesIO(_DOT), "url": f"internal:{first}!A1"})
    sheet.merge_range("E6:F7", "合并", bold)


def _fill_third(book, sheet, third: str, first: str) -> None:  # type: ignore[no-untyped-def]
    sheet.write_row("A1", ["月", "额"])
    for row, month in enumerate(["一月", "二月", "三月"], 1):
        sheet.write_row(row, 0, [month, row])
    for kind, cell in (("column", "D2"), ("line", "D20")):
        chart = book.add_chart({"type": kind})
        chart.add_series(
            {
                "name": f"={first}!$A$1",
                "categories": f"={third}!$A$2:$A$4",
                "values": f"={third}!$B$2:$B$4",
                "data_labels": {"value": True},
            }
        )
        chart.set_title({"name": f"={third}!$B$1"})
        sheet.insert_chart(cell, chart)


_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "050001a5f645400000000049454e44ae426082"
)


def host(**options: object) -> bytes:
    """A small workbook as a seller might keep it, made by xlsxwriter."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, dict(options))
    book.set_properties({"created": dt.datetime(2024, 1, 1)})
    sheet, other = book.add_worksheet("交易记录"), book.add_worksheet("说明")
    bold = book.add_format({"bold": True})
    sheet.write_row("A1", ["昵称", "金额"], bold)
    for row in range(1, 10):
        sheet.write_row(row, 0, [f"客{row}", row * 10])
    sheet.write_formula("C2", "=B2*2", None, 20)
    sheet.write_comment("A2", "卖家的话")
    sheet.conditional_format("B2:B9", {"type": "cell", "criteria": ">", "value": 50, "format": bold})
    sheet.data_validation("D2:D9", {"validate": "list", "source": ["a", "b"]})
    sheet.merge_range("F1:G1", "合", bold)
    other.add_table("A1:B3", {"name": "规则", "columns": [{"header": "甲"}, {"header": "乙"}]})
    book.define_name("rate", "=说明!$A$2")
    book.close()
    return target.getvalue()
