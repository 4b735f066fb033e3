"""A text file → rows of text: encoding and delimiter are found from the content."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from sheetkit.errors import UnreadableError
from sheetkit.intake.bulk import LARGE, Bulk
from sheetkit.intake.cells import Row

DELIMITERS = (",", "\t", ";", "|")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_HEAD_BYTES = 500_000
_END_OF_VALUE = re.compile(r"\t(?=[,;|])")
"""Exports end a value with a TAB, so that a spreadsheet leaves it alone; there it delimits nothing."""
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 1 << 20
_SAMPLE_BYTES = 4 * _SAMPLE_CHARACTERS
_HEAD_CHARACTERS = 4000
_CHUNK = 1 << 18
_INVISIBLE = ("Cf", "Zs", "Zl", "Zp")
_EXCEL = "urn:schemas-microsoft-com:office"
"""Said by a page or an XML workbook that a spreadsheet saved."""
_FIELD_LIMIT = 1_000_000


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by mark or by shape, else the GB18030 that Chinese Excel saves.

    >>> decode("昵称,金额".encode("gb18030")), decode("昵称".encode("utf-16"))
    ('昵称,金额', '昵称')
    """
    return decoded(data)[0]


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and the encoding it was in."""
    for encoding in _candidates(data):
        try:
            return data.decode(encoding).removeprefix("\ufeff"), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", errors="replace"), "cp1252"


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


def parse(text: str, *, tried: bool = False) -> Sequence[Row]:
    """The rows of a delimited text, as long as each is; raises UnreadableError where a quote never closes.

    ``tried``: it is known not to be of lines that are all alike.
    """
    named = _named_delimiter(text)
    if named:
        return _rows(text.partition("\n")[2], named)  # a spreadsheet does not show that line either
    mark = delimiter(text)
    large = _by_column(text.encode(), mark) if len(text) >= LARGE and not tried else None
    return _rows(text, mark) if large is None else large


def parse_large(data: bytes) -> Bulk | None:
    """The rows of a file that is UTF-8, large and of lines that are all alike; None of any other."""
    if len(data) < LARGE or _candidates(data)[0] != "utf-8" or not _is_utf8(data):
        return None
    sample = data[:_SAMPLE_BYTES].decode("utf-8", "ignore").removeprefix("\ufeff")
    if _named_delimiter(sample) or sample.lstrip()[:1] in "<{[" or not is_typed(sample) or _EXCEL in sample:
        return None
    return _by_column(data, delimiter(sample))


def _is_utf8(data: bytes) -> bool:
    """Whether a file is UTF-8, told without holding its text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _CHUNK):
            decoder.decode(data[at : at + _CHUNK], at + _CHUNK >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def is_typed(text: str) -> bool:
    """Whether a text begins with few characters that nobody types."""
    head = text[:_HEAD_CHARACTERS]
    return sum(map(_is_no_text, head)) <= len(head) // 20


def _is_no_text(ch: str) -> bool:
    """Whether a character has no place in a text file; invisible ones that people paste have."""
    return not ch.isprintable() and ch not in "\r\n\t" and unicodedata.category(ch) not in _INVISIBLE


def _by_column(utf8: bytes, mark: str) -> Bulk | None:
    from sheetkit.intake.cutting import (
        cut,  # numpy takes a fifth of a second, which a small file need not wait for
    )

    return cut(utf8, mark)


def _named_delimiter(text: str) -> str:
    """The delimiter that the first line of a text names, "" where it does not."""
    said = text[:20].partition("\n")[0].rstrip("\r").strip('"')
    return said[4] if said.casefold().startswith("sep=") and len(said) == 5 else ""


def parse_by(text: str, mark: str) -> list[Row]:
    """The rows of a text that is delimited by ``mark``."""
    return _rows(text, mark)


def delimiter(text: str) -> str:
    """The delimiter that cuts most lines into the same number of fields.

    >>> delimiter("a;b;c\\n1,5;2;3"), delimiter("one column\\n1"), delimiter("1\\t,2\\t\\n3\\t,4\\t")
    (';', ',', ',')
    """
    lines = text[:_SAMPLE_CHARACTERS].splitlines()[:_SAMPLE_LINES]
    sample = _END_OF_VALUE.sub("", "\n".join(lines))
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
