"""A text file → rows of text: encoding and delimiter are found from the content."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from html.parser import HTMLParser

from sheetkit.errors import UnreadableError
from sheetkit.intake.cells import Row

DELIMITERS = (",", "\t", ";", "|")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_HEAD_BYTES = 500_000
_SAMPLE_LINES = 200
_END_OF_VALUE = re.compile(r"\t(?=[,;|])")
"""Exports end a value with a TAB, so that a spreadsheet leaves it alone; there it delimits nothing."""
_FIELD_LIMIT = 1_000_000


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by mark or by shape, else the GB18030 that Chinese Excel saves.

    >>> decode("昵称,金额".encode("gb18030")), decode("昵称".encode("utf-16"))
    ('昵称,金额', '昵称')
    """
    for encoding in _candidates(data):
        try:
            return data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace")


def _candidates(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    head = data[:2000]
    if head[1::2].count(0) > len(head) // 8:
        return ("utf-16-le",)
    if head[::2].count(0) > len(head) // 8:
        return ("utf-16-be",)
    return ("utf-8", "cp1252", "gb18030") if _is_western(data) else ("utf-8", "gb18030", "cp1252")


def _is_western(data: bytes) -> bool:
    """Whether bytes outside ASCII stand alone, as ü in Müller does; a Chinese character is two of them.

    >>> decode("Müller".encode("cp1252"))
    'Müller'
    """
    runs = _HIGH_BYTES.findall(data[:_HEAD_BYTES])
    return 2 * sum(len(run) == 1 for run in runs) > len(runs)


def parse(text: str) -> list[Row]:
    """The rows of a delimited text, as long as each is; raises UnreadableError where a quote never closes."""
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        return _rows(rest, first.strip()[4])  # a spreadsheet does not show that line either
    return _rows(text, delimiter(text))


def parse_by(text: str, mark: str) -> list[Row]:
    """The rows of a text that is delimited by ``mark``."""
    return _rows(text, mark)


def delimiter(text: str) -> str:
    """The delimiter that cuts most lines into the same number of fields.

    >>> delimiter("a;b;c\\n1,5;2;3"), delimiter("one column\\n1"), delimiter("1\\t,2\\t\\n3\\t,4\\t")
    (';', ',', ',')
    """
    sample = _END_OF_VALUE.sub("", "\n".join(text.splitlines()[:_SAMPLE_LINES]))
    return max(DELIMITERS, key=lambda mark: _regularity(sample, mark))


def _regularity(sample: str, mark: str) -> int:
    try:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=mark) if len(row) > 1)
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items()), default=0)


def _rows(text: str, mark: str) -> list[Row]:
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        return [list(row) for row in reader]
    except csv.Error as problem:
        raise UnreadableError("intake.csv_broken", line=reader.line_num) from problem


class _Tables(HTMLParser):
    """Collects the rows of the tables of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._close()
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Closes a cell."""
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        """Text of the open cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is not None:
            self.rows[-1].append("".join(self._cell).strip())
            self._cell = None


def parse_html(text: str) -> list[Row]:
    """The rows of a page's tables, one below the other (an export that calls itself .xls)."""
    reader = _Tables()
    reader.feed(text)
    reader.close()
    return reader.rows
