"""Many short pieces of a text looked at side by side, eight bytes of each at a time, as whole numbers.

The first byte of a piece is the lowest of its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

Bytes = NDArray[numpy.uint8]
Places = NDArray[numpy.signedinteger[Any]]
Codes = NDArray[numpy.int32]
Words = NDArray[numpy.uint64]
_Marked = NDArray[numpy.bool_]

WORD = 8
"""Bytes of a word."""
_FIRST = numpy.array([(1 << 8 * kept) - 1 for kept in range(WORD + 1)], numpy.uint64)
_LAST = ~_FIRST[::-1]
"""By how many bytes of eight are kept: a mask of the first of them, and one of the last."""
_ZEROS, _UPPER, _LOW, _SIX = (numpy.uint64(one * 0x0101010101010101) for one in (0x30, 0xF0, 0x0F, 0x06))
_PAIRS, _FOURS = numpy.uint64(0x00FF00FF00FF00FF), numpy.uint64(0x0000FFFF0000FFFF)
_BYTE, _POINT = numpy.uint64(0xFF), numpy.uint64(ord("."))
_MOST_CENTS = 10**11
_MIX = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93)
_SAMPLE, _FEW_IN_SAMPLE, _FEW_BITS = 1 << 12, 1 << 10, 14
_SOME = 1 << 16


def first(text: Bytes, starts: Places, lengths: Places, skip: int) -> Words:
    """Eight bytes of each piece behind the first so many, 0 for what is not the piece's."""
    found: Words = _at(text, starts + skip) & _FIRST[numpy.clip(lengths - skip, 0, WORD)]
    return found


def are_digits(text: Bytes, starts: Places, lengths: Places, longest: int) -> bool:
    """Whether all pieces are written in the digits 0 to 9."""
    for skip in range(0, longest, WORD):
        mask = _FIRST[numpy.clip(lengths - skip, 0, WORD)]
        if not bool(_all_digits((_at(text, starts + skip) & mask) | (_ZEROS & ~mask)).all()):
            return False
    return True


def cents(text: Bytes, starts: Places, lengths: Places) -> Places | None:
    """The cents of plain amounts of no more than sixteen characters; None where one is no such.

    Plain: digits with a point and one or two more at most, no zero in front of others; "" is 0.
    """
    blank = lengths == 0
    minus = (text[starts] == ord("-")) & ~blank
    figures, ends = lengths - minus, starts + lengths
    last = _before(text, ends, figures)
    tenths, hundredths = ((last >> numpy.uint64(8 * at)) & _BYTE == _POINT for at in (6, 5))
    behind = numpy.where(hundredths, 3, numpy.where(tenths, 2, 0))
    whole = figures - behind
    leading = (text[starts + minus] == ord("0")) & (whole > 1)
    if not bool((blank | (whole > 0)).all()) or bool(leading.any()):
        return None
    last = numpy.where(hundredths, _without(last, 5), numpy.where(tenths, _without(last, 6), last))
    above = _before(text, ends - WORD, figures - WORD)
    if not bool((_all_digits(last) & _all_digits(above)).all()):
        return None
    thousands = numpy.array([10**8, 0, 10**7, 10**7])[behind]
    read = (_number(above) * thousands + _number(last)) * numpy.array([100, 0, 10, 1])[behind]
    if len(read) and int(read.max()) >= _MOST_CENTS:
        return None
    found: Places = numpy.where(minus, -read, read)
    return found


def _at(text: Bytes, places: Places) -> Words:
    """The eight bytes from each place on."""
    every = numpy.ndarray((len(text) - WORD + 1,), numpy.dtype("<u8"), text.data, 0, (1,))
    found: Words = every[places]
    return found


def _before(text: Bytes, ends: Places, kept: Places) -> Words:
    """The eight bytes before each place, "0" for those in front of what is kept."""
    mask = _LAST[numpy.clip(kept, 0, WORD)]
    found: Words = (_at(text, ends - WORD) & mask) | (_ZEROS & ~mask)
    return found


def _all_digits(word: Words) -> _Marked:
    """Whether the eight bytes are digits."""
    found: _Marked = ((word & _UPPER) == _ZEROS) & (((word + _SIX) & _UPPER) == _ZEROS)
    return found


def _without(word: Words, at: int) -> Words:
    """The eight bytes with those before the place moved onto it, and a "0" in front."""
    above = numpy.uint64((1 << 64) - (1 << 8 * (at + 1)))
    below = numpy.uint64((1 << 8 * at) - 1)
    found: Words = (word & above) | ((word & below) << numpy.uint64(8)) | numpy.uint64(ord("0"))
    return found


def _number(word: Words) -> Places:
    """The number in eight digits: neighbours are joined, then pairs, then fours."""
    pairs = ((word & _LOW) * numpy.uint64(10 << 8 | 1)) >> numpy.uint64(8)
    fours = ((pairs & _PAIRS) * numpy.uint64(100 << 16 | 1)) >> numpy.uint64(16)
    found = ((fours & _FOURS) * numpy.uint64(10_000 << 32 | 1)) >> numpy.uint64(32)
    return found.astype(numpy.int64)


def coded(pieces: Sequence[Words]) -> tuple[Places, Codes]:
    """The first row of each different piece, and each row's place among these. ``pieces``: the words of each.

    Rows thrown into one bucket take the first of them as theirs where they are the same; the others are
    thrown once more, in another way.
    """
    rows = len(pieces[0])
    first_like, same = _like(pieces, 0)
    left = numpy.flatnonzero(~same)
    turn = 0
    while len(left):
        turn += 1
        like, same = _like([word[left] for word in pieces], turn)
        first_like[left[same]] = left[like[same]]
        left = left[~same]
    firsts = numpy.flatnonzero(first_like == numpy.arange(rows, dtype=numpy.int32))
    place = numpy.empty(rows, numpy.int32)
    place[firsts] = numpy.arange(len(firsts), dtype=numpy.int32)
    return firsts, place[first_like]


def _like(pieces: Sequence[Words], turn: int) -> tuple[Codes, _Marked]:
    """Per row the first one in its bucket, and whether that is the same as it."""
    rows = len(pieces[0])
    bits = max(4, rows.bit_length() + 1)
    sample = _mixed([word[:: max(1, rows // _SAMPLE)] for word in pieces], turn)
    if len(numpy.unique(sample)) < _FEW_IN_SAMPLE:
        bits = min(bits, _FEW_BITS)
    table, bucket = numpy.empty(1 << bits, numpy.int32), numpy.empty(rows, numpy.int32)
    for at in reversed(range(0, rows, _SOME)):
        here = slice(at, min(at + _SOME, rows))
        bucket[here] = _mixed([word[here] for word in pieces], turn) >> numpy.uint64(64 - bits)
        table[bucket[here][::-1]] = numpy.arange(here.stop - 1, at - 1, -1, dtype=numpy.int32)
    like, same = numpy.empty(rows, numpy.int32), numpy.empty(rows, numpy.bool_)
    for at in range(0, rows, _SOME):
        here = slice(at, min(at + _SOME, rows))
        like[here] = table[bucket[here]]
        same[here] = True
        for word in pieces:
            same[here] &= word[like[here]] == word[here]
    return like, same


def _mixed(pieces: Sequence[Words], turn: int) -> Words:
    factor = numpy.uint64(_MIX[turn % len(_MIX)] + 2 * turn)
    mixed = pieces[0] * factor
    for word in pieces[1:]:
        mixed = (mixed ^ (mixed >> numpy.uint64(29)) ^ word) * factor
    mixed ^= mixed >> numpy.uint64(32)
    mixed *= factor
    return mixed
