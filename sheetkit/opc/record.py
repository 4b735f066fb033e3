"""The record: a hidden sheet of rows key | value that tells what a run added and how to undo it.

Its part is written and read here without a style or a shared string. Saved by another program it reads
the same to a reader of workbooks, but not here: then the way back it holds leads nowhere any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from sheetkit.opc import xmlio

CELL_TEXT = 30_000
"""A cell holds 32,767 characters; a longer value goes on in the next cell of its row."""
PART_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def record_part(rows: Mapping[str, str]) -> bytes:
    """The worksheet part of a record."""
    written = "".join(f"<row>{_cell(key)}{_cells(value)}</row>" for key, value in rows.items())
    sheet = f'<worksheet xmlns="{xmlio.MAIN}"><sheetData>{written}</sheetData></worksheet>'
    return xmlio.DECLARATION + sheet.encode()


def _cells(value: str) -> str:
    return "".join(_cell(value[at : at + CELL_TEXT]) for at in range(0, len(value), CELL_TEXT))


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def read_record(part: bytes) -> dict[str, str]:
    """{key: value} of a record as it was written here; nothing where another program saved it."""
    rows = {}
    for row in xmlio.parse(part, "").iter(f"{{{xmlio.MAIN}}}row"):
        texts = [text.text or "" for text in row.iter(f"{{{xmlio.MAIN}}}t")]
        if texts:
            rows[texts[0]] = "".join(texts[1:])
    return rows
