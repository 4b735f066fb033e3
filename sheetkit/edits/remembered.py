"""What the last import put into each row: a stamp of every cell, kept in a hidden sheet of the workbook.

Only stamps are kept, no text of anybody's: they tell whether a cell is as it was left, nothing more.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sheetkit.intake.exports.numbers import SHORT
from sheetkit.model.fields import TableKey
from sheetkit.model.labels import fold

ROWS = "rows"
SALES = "sales"
_STAMP = 4
_BLANK = "." * _STAMP
_MOST_BYTES = 64 << 20
_NAMELESS = 12


def stamp(value: object) -> str:
    """Four characters by which a value is told from another; ways of writing the same text are one."""
    text = repr(float(value)) if isinstance(value, int | float) else fold(str(value))
    return _short(text, _STAMP)


def key_stamp(key: str) -> str:
    """The key of a row as it is kept."""
    return _short(key, _NAMELESS)


def _short(text: str, length: int) -> str:
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=length).digest())[
        :length
    ].decode()


@dataclass(frozen=True)
class Remembered:
    """One row: the age of the export it comes from, and {field key: stamp} of what was put into its cells."""

    age: int = 0
    stamps: Mapping[str, str] = field(default_factory=dict)

    def holds(self, key: str, value: object) -> bool:
        """Whether a cell is as it was left."""
        return self.stamps.get(key) == stamp(value)


@dataclass(frozen=True)
class Origin:
    """Whether an order came from a statement of payments, and stamps of the numbers it had there."""

    is_payment: bool
    numbers: frozenset[str] = frozenset()


def number_stamp(number: str) -> str:
    """A number as it is kept; a short one stays short, as it tells less."""
    return _short(number, _NAMELESS)[: len(number) if len(number) < SHORT else _NAMELESS]


@dataclass(frozen=True)
class Record:
    """All rows that imports know, {table: {key: row}}.

    ``origins``: where orders came from, {key: origin}; ``same``: payments that are the same sale as an order,
    {payment's key: order's key}. Keys are stamps (`key_stamp`).
    """

    rows: Mapping[TableKey, Mapping[str, Remembered]] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    def of(self, table: TableKey, key: str) -> Remembered | None:
        """What is remembered of a row."""
        return self.rows.get(table, {}).get(key_stamp(key))

    def with_sales(self, origins: Mapping[str, Origin], same: Mapping[str, str]) -> Record:
        """The record with these, by key."""
        stamped = {key_stamp(key): one for key, one in origins.items()}
        pairs = {key_stamp(key): key_stamp(other) for key, other in same.items()}
        return Record(self.rows, {**self.origins, **stamped}, {**self.same, **pairs})

    def with_rows(self, new: Mapping[TableKey, Mapping[str, Remembered]]) -> Record:
        """The record with these rows; {table: {key: row}}."""
        tables = {**dict.fromkeys(self.rows), **dict.fromkeys(new)}
        return Record(
            {
                table: {
                    **self.rows.get(table, {}),
                    **{key_stamp(key): row for key, row in new.get(table, {}).items()},
                }
                for table in tables
            },
            self.origins,
            self.same,
        )


def packed(record: Record) -> dict[str, str]:
    """The rows of the hidden sheet."""
    held: dict[str, Any] = {}
    for table, rows in record.rows.items():
        keys = sorted({key for row in rows.values() for key in row.stamps})
        held[table] = {
            "fields": keys,
            "rows": {
                name: [row.age, "".join(row.stamps.get(key, _BLANK) for key in keys)]
                for name, row in sorted(rows.items())
            },
        }
    sales = {
        "origins": {
            key: [int(one.is_payment), *sorted(one.numbers)] for key, one in sorted(record.origins.items())
        },
        "same": dict(sorted(record.same.items())),
    }
    return {ROWS: _compressed(held), SALES: _compressed(sales)}


def unpacked(rows: Mapping[str, str]) -> Record:
    """The record in a hidden sheet; an empty one where it cannot be read any more."""
    try:
        held, sales = _read(rows.get(ROWS, "")), _read(rows.get(SALES, ""))
        origins = {
            str(key): Origin(bool(is_payment), frozenset(map(str, numbers)))
            for key, (is_payment, *numbers) in sales.get("origins", {}).items()
        }
        same = {str(key): str(other) for key, other in sales.get("same", {}).items()}
        tables = {table: _table(one["fields"], one["rows"]) for table, one in held.items()}
        return Record(tables, origins, same)
    except (ValueError, zlib.error, KeyError, TypeError, AttributeError):
        return Record()


def _compressed(held: Mapping[str, Any]) -> str:
    return base64.b64encode(zlib.compress(json.dumps(held).encode(), 9)).decode()


def _read(packed_rows: str) -> dict[str, Any]:
    found = zlib.decompressobj().decompress(base64.b64decode(packed_rows), _MOST_BYTES)
    return dict(json.loads(found)) if found else {}


def _table(keys: list[str], rows: Mapping[str, tuple[int, str]]) -> dict[str, Remembered]:
    found = {}
    for name, (age, stamps) in rows.items():
        each = (stamps[at : at + _STAMP] for at in range(0, len(stamps), _STAMP))
        found[name] = Remembered(
            int(age), {key: one for key, one in zip(keys, each, strict=True) if one != _BLANK}
        )
    return found
