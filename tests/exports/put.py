"""Rows of text → a file, byte by byte as platforms write theirs: no reader of sheetkit's has a part in it."""

from __future__ import annotations

import html
import io
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import openpyxl
import xlwt

from tests.exports.story import Answer
from tests.tools import shared

Cells = Mapping[str, object]
_NOTHING = "\t -—`'"


@cache
def _header_rows() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(
        (shared() / "exports/headers.json").read_text(encoding="utf-8")
    )
    return found


def header_keys() -> list[str]:
    """The keys of the header rows that were collected."""
    return list(_header_rows())


def header(key: str) -> tuple[str, ...]:
    """The names of a header row, exactly as exported."""
    return tuple(_header_rows()[key]["columns"])  # type: ignore[arg-type]


@dataclass(frozen=True)
class Page:
    """A header and its rows, with what stands above and below them.

    ``quote``: "" only where needed (``="12"`` stands as it is), "all" every field.
    ``tail``: what stands at the end of the header line and of a row.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    before: tuple[str, ...] = ()
    below_header: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    encoding: str = "utf-8"
    mark: str = ","
    quote: str = ""
    tail: tuple[str, str] = ("", "")
    newline: str = "\r\n"

    def csv(self) -> bytes:
        """The page as a delimited text."""
        head = self.mark.join(self._field(name) for name in self.columns) + self.tail[0]
        body = (self.mark.join(map(self._field, row)) + self.tail[1] for row in self.rows)
        lines = (*self.before, head, *self.below_header, *body, *self.after)
        return "".join(line + self.newline for line in lines).encode(self.encoding, "replace")

    def _field(self, text: str) -> str:
        needed = any(sign in text for sign in (self.mark, '"', "\n")) and not text.startswith('="')
        if needed or self.quote == "all":
            return '"' + text.replace('"', '""') + '"'
        return text

    def xlsx(self, merged: Iterable[str] = (), numbers: Sequence[str] = ()) -> bytes:
        """The page as a workbook of text cells; columns in ``numbers`` hold numbers."""
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for line in self.before:
            sheet.append([line])
        sheet.append(list(self.columns))
        for row in self.rows:
            sheet.append([_number(text) if name in numbers else text or None
                          for name, text in zip(self.columns, map(_unwrapped, row), strict=False)])
        for line in self.after:
            sheet.append([line])
        for area in merged:
            sheet.merge_cells(area)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def xls(self) -> bytes:
        """The page as a workbook of Excel 97."""
        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet("Sheet1")
        for at, row in enumerate((self.columns, *self.rows)):
            for column, text in enumerate(row):
                if text:
                    sheet.write(at, column, text)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def html(self) -> bytes:
        """The page as a web page with a table, which many a shop system calls .xls."""
        rows = (
            "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>"
            for row in (self.columns, *self.rows)
        )
        return (
            '<html><head><meta charset="utf-8"></head><body><table border="1">' + "\n".join(rows)
            + "</table></body></html>"
        ).encode()

    def annotated(self) -> Page:
        """With a column of the seller's own in front and behind, and a blank row here and there."""
        rows: list[tuple[str, ...]] = []
        for at, row in enumerate(self.rows):
            rows.append((str(at), *row, "看过" if at % 2 else ""))
            rows += [("",) * (len(self.columns) + 2)] * (at % 3 == 1)
        return replace(self, columns=("我的序号", *self.columns, "我的标记"), rows=tuple(rows))

    def shuffled(self) -> Page:
        """The same columns in another order."""
        order = list(range(len(self.columns)))
        random.Random(len(order)).shuffle(order)
        return self._picked(order)

    def dropped(self, keep: Iterable[str] = ()) -> Page:
        """Without the columns in which no row says anything; those of ``keep`` stay."""
        kept = [at for at, name in enumerate(self.columns)
                if name in set(keep) or any(at < len(row) and row[at].strip(_NOTHING) for row in self.rows)]
        return self._picked(kept)

    def _picked(self, order: Sequence[int]) -> Page:
        return replace(
            self,
            columns=tuple(self.columns[at] for at in order),
            rows=tuple(tuple(row[at] if at < len(row) else "" for at in order) for row in self.rows),
        )


def _unwrapped(text: str) -> str:
    """What a spreadsheet shows of ``="12"``."""
    return text[2:-1] if text.startswith('="') else text


def _number(text: str) -> object:
    return float(text) if text else None


def page(columns: Sequence[str], rows: Iterable[Cells], *, empty: str = "", **layout: object) -> Page:
    """The rows laid out under the columns; a cell for a column that there is not is a fault of the story."""
    laid = []
    for cells in rows:
        unknown = set(cells) - set(columns)
        assert not unknown, f"no such column: {sorted(unknown)}"
        seen: set[str] = set()
        laid.append(tuple(empty if name in seen or seen.add(name) else str(cells.get(name,
                                                                                     empty))  # type: ignore[func-returns-value]
                          for name in columns))
    return Page(tuple(columns), tuple(laid), **layout)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Made:
    """A file, and the answer it must give. ``key``: its header row; ``how``: what is odd in it."""

    key: str
    how: str
    name: str
    data: bytes
    answer: Answer

    def __str__(self) -> str:
        return f"{self.key}-{self.how}"


def made(key: str, name: str, laid: Page, right: Answer, *, keep: Iterable[str] = ()) -> list[Made]:
    """The page as exported, and what sellers do to it: saved as something else, columns moved or deleted."""
    other = {",": ";", "\t": ","}[laid.mark]
    bare = replace(laid, before=tuple(line.rstrip(",") for line in laid.before), tail=("", ""))
    twice = laid.csv() + replace(laid, encoding=laid.encoding.removesuffix("-sig")).csv()
    again = replace(right, lines=2 * right.lines + 1,
                    aside={**right.aside, "again": right.lines + 1})
    return [
        Made(key, "as exported", name, laid.csv(), right),
        Made(key, "columns shuffled", name, laid.shuffled().csv(), right),
        Made(key, "columns dropped", name, laid.dropped(keep).csv(), right),
        Made(key, "columns of her own", name, laid.annotated().csv(), right),
        Made(key, "another delimiter", name, replace(bare, mark=other).csv(), right),
        Made(key, "Unicode text", name, replace(bare, mark="\t", encoding="utf-16").csv(), right),
        Made(key, "as a workbook", f"{name}.xlsx", laid.xlsx(), right),
        Made(key, "pasted twice", name, twice, again),
    ]


def yuan(cents: int) -> str:
    """Cents as most files write them."""
    return f"{cents // 100}.{cents % 100:02d}"
