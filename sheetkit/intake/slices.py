"""A column of a long text file as places in its bytes: no text is made of a cell before it is asked for.

What is done to all rows is done to some thousands at a time, so that what is reckoned on the way stays close
to the processor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import compress
from typing import Any

import numpy

from sheetkit.intake import words
from sheetkit.intake.coded import Known, Numbers
from sheetkit.intake.words import Bytes, Codes, Places, Words

PADDING = 72
"""Bytes of 0 that stand before and behind the text, so that a word may be taken from any place in it."""
_LONGEST = 64
"""Bytes of a cell up to which a column is looked at as words."""
_SOME = 1 << 15
_DIGITS = 11
"""Figures of so many characters are read as whole cents; longer ones are looked at closely."""


class Slices(Known):
    """Cells as places in UTF-8 bytes without a 0, between two PADDINGs.

    ``part``: the column that these are some rows of, and which: what is known of it serves here too.
    """

    def __init__(
        self, text: Bytes, starts: Places, lengths: Places, part: tuple[Slices, slice] | None = None
    ) -> None:
        super().__init__()
        self._text, self._starts, self._lengths, self._part = text, starts, lengths, part
        self.longest = int(lengths.max()) if len(lengths) else 0

    def __len__(self) -> int:
        return len(self._starts)

    def _tolist(self) -> list[Any]:
        if "_coded" in self.__dict__:
            return super()._tolist()
        return self._texts(self._starts, self._lengths)

    def _one(self, at: int) -> Any:
        start = int(self._starts[at])
        return self._text[start : start + int(self._lengths[at])].tobytes().decode()

    def between(self, start: int, stop: int) -> Slices:
        """The rows from one up to another."""
        rows = slice(start, stop)
        return Slices(self._text, self._starts[rows], self._lengths[rows], (self, rows))

    def only(self, exists: Sequence[bool]) -> Slices:
        """The rows for which this is true."""
        kept = numpy.array(exists, numpy.bool_)
        return Slices(self._text, self._starts[kept], self._lengths[kept])

    @cached_property
    def are_digits(self) -> bool:
        """Whether every cell is written in the digits 0 to 9, at least one of them."""
        return (
            self.longest <= _LONGEST
            and bool(self._lengths.all())
            and all(words.are_digits(*some, self.longest) for some in self._pieces())
        )

    def cents(self) -> Numbers | None:
        """The cents of plain amounts; None where a cell has to be looked at closely."""
        if not 0 < self.longest <= _DIGITS:
            return None
        found = numpy.empty(len(self), numpy.int64)
        for at, some in enumerate(self._pieces()):
            read = words.cents(*some)
            if read is None:
                return None
            found[at * _SOME : (at + 1) * _SOME] = read
        return Numbers(found, self._lengths == 0)

    def _pieces(self) -> Iterator[tuple[Bytes, Places, Places]]:
        for at in range(0, len(self), _SOME):
            yield self._text, self._starts[at : at + _SOME], self._lengths[at : at + _SOME]

    @cached_property
    def _coded(self) -> tuple[list[Any], Codes]:
        if self._part is not None:
            return _in_part(*self._part[0]._coded, self._part[1])
        if self.longest > _LONGEST:
            listed = self._listed or self._texts(self._starts, self._lengths)
            place = {text: at for at, text in enumerate(dict.fromkeys(listed))}
            return list(place), numpy.fromiter(map(place.__getitem__, listed), numpy.int32, len(listed))
        first, codes = words.coded(self._words())
        return self._texts(self._starts[first], self._lengths[first]), codes

    def _words(self) -> list[Words]:
        """The cells in pieces of eight bytes, each with 0 for what stands behind the cell."""
        found = [numpy.empty(len(self), numpy.uint64) for _ in range(0, max(1, self.longest), words.WORD)]
        for at, (text, starts, lengths) in enumerate(self._pieces()):
            rows = slice(at * _SOME, (at + 1) * _SOME)
            for place, word in enumerate(found):
                word[rows] = words.first(text, starts, lengths, words.WORD * place)
        return found

    def _texts(self, starts: Places, lengths: Places) -> list[str]:
        if self.longest > _LONGEST:
            data, ends = self._text.tobytes(), (starts + lengths).tolist()
            return [data[a:b].decode() for a, b in zip(starts.tolist(), ends, strict=True)]
        found: list[str] = []
        for at in range(0, len(starts), _SOME):
            found += _some_texts(self._text, starts[at : at + _SOME], lengths[at : at + _SOME])
        return found


def _in_part(kinds: list[Any], codes: Codes, rows: slice) -> tuple[list[Any], Codes]:
    """The different cells of some rows, and each of these rows' place among them."""
    part = codes[rows]
    occurs = numpy.bincount(part, minlength=len(kinds)) > 0
    if bool(occurs.all()):
        return kinds, part
    place = (numpy.cumsum(occurs) - 1).astype(numpy.int32)
    return list(compress(kinds, occurs.tolist())), place[part]


def _some_texts(text: Bytes, starts: Places, lengths: Places) -> list[str]:
    """Texts of few bytes, cut from one text in which a 0 stands behind each."""
    wide = int(lengths.max()) + 1
    behind = numpy.arange(wide)
    cells = numpy.ndarray((len(text) - wide + 1, wide), numpy.uint8, text.data, 0, (1, 1))[starts]
    cells *= behind < lengths[:, None]
    joined: str = cells[behind <= lengths[:, None]].tobytes().decode()
    return joined.split("\0")[:-1]
