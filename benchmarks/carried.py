"""A workbook of trades with other sheets and pictures of the seller's own, to be carried along untouched.

``python -m benchmarks.carried TARGET TRADES SHEETS PICTURES``, a process of its own.
"""

from __future__ import annotations

import io
import random
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it has annotations but no py.typed

from benchmarks.books import write_trades

ROWS, COLUMNS = 2_000, 8
PIXELS = 180
"""The side of a picture: 97 kB of noise, which nothing packs."""


def write_carried(path: Path, trades: int, sheets: int, pictures: int) -> None:
    """The trades first, then the other sheets, the pictures spread over them."""
    draw = random.Random(sheets)
    with Workbook(str(path), {"strings_to_urls": False}) as book:
        write_trades(book, trades)
        for number in range(sheets):
            sheet = book.add_worksheet(f"库存 {number + 1}")
            for row in range(ROWS):
                _stock(sheet, row, draw)
            for at in range(number, pictures, sheets):
                picture = {"image_data": io.BytesIO(noise(draw))}
                sheet.insert_image(at // sheets * 10, COLUMNS + 2, f"{at}.png", picture)


def _stock(sheet: Any, row: int, draw: random.Random) -> None:
    sheet.write_string(row, 0, f"货号 {row:05d}")
    for col in range(1, COLUMNS):
        sheet.write_number(row, col, round(draw.random() * 1000, 2))


def noise(draw: random.Random) -> bytes:
    """A PNG of random pixels."""
    lines = b"".join(b"\0" + draw.randbytes(3 * PIXELS) for _ in range(PIXELS))
    header = struct.pack(">2I5B", PIXELS, PIXELS, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


if __name__ == "__main__":
    target, *counts = sys.argv[1:]
    write_carried(Path(target), *map(int, counts))
