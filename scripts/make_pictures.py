"""Draws the pictures of the README: the filled sample, analysed as of today, as LibreOffice shows it.

    python -m scripts.make_pictures [FOLDER]

Takes a minute or two a language. The workbook has room for few rows, so that few pages have to be drawn.
"""

from __future__ import annotations

import math
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from datetime import date
from pathlib import Path

from sheetkit.messages import LANGS, Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.report import ADDED_SHEETS
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.new import new_workbook
from sheetkit.writing.live.layout import Capacity
from tests.tools import render

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TEMPLATE = "xianyu"
DRAWN = ("today", "trades", "profile", "dashboard", "overview", "segments", "plan")
ROOM = Capacity(customers=100, trades=220, contacts=100)
DPI = 72
COLOURS = 64


def names(lang: Lang) -> dict[str, str]:
    """{key: name} of every sheet a person sees."""
    written = {one.key: one.labels[lang] for one in blueprint(TEMPLATE).sheets}
    return written | {key: labels[lang] for key, labels in ADDED_SHEETS.items()}


def first_page(pdf: Path, pages: int, sheet: str) -> int:
    """The first page of a sheet, from 0: its name stands at the foot of each of its pages."""
    for page in range(pages):
        call = ["pdftotext", "-f", str(page + 1), "-l", str(page + 1), "-layout", str(pdf), "-"]
        said = subprocess.run(call, capture_output=True, encoding="utf-8", check=True).stdout
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        if any(line.startswith(sheet) and line.endswith(f"/ {pages}") for line in lines):
            return page
    raise SystemExit(f"no page has the foot {sheet!r}")


def draw(lang: Lang, folder: Path) -> None:
    """The pictures of one language."""
    with tempfile.TemporaryDirectory() as place:
        today, book = date.today(), Path(place) / "book.xlsx"
        filled = new_workbook(TEMPLATE, lang, today, capacity=ROOM, with_sample=True)
        book.write_bytes(analyze_file(filled, "sample.xlsx", as_of=today).workbook)
        pages = render(book, Path(place), DPI)
        pdf = book.with_suffix(".pdf")
        for key in DRAWN:
            page = str(first_page(pdf, len(pages), names(lang)[key]) + 1)
            call = ["pdftoppm", "-r", str(DPI), "-f", page, "-l", page, str(pdf)]
            target = folder / f"{key}-{lang}.png"
            target.write_bytes(small_png(subprocess.run(call, capture_output=True, check=True).stdout))
            print(target, target.stat().st_size)


def small_png(ppm: bytes) -> bytes:
    """A picture (P6) as a PNG of its commonest colours: a third of the size, and no eye sees it."""
    _, size, _, pixels = ppm.split(b"\n", 3)
    width, height = map(int, size.split())
    reds, greens, blues = pixels[::3], pixels[1::3], pixels[2::3]
    counted = Counter(zip(reds, greens, blues, strict=True))
    palette = [colour for colour, _ in counted.most_common(COLOURS)]
    index = {
        colour: min(range(len(palette)), key=lambda at, to=colour: math.dist(palette[at], to))
        for colour in counted
    }
    flat = bytes(index[colour] for colour in zip(reds, greens, blues, strict=True))
    rows = b"".join(b"\0" + flat[at : at + width] for at in range(0, len(flat), width))
    head = struct.pack(">2I5B", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", head), (b"PLTE", bytes(sum(palette, ())))]
    parts += [(b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


if __name__ == "__main__":
    target_folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    target_folder.mkdir(parents=True, exist_ok=True)
    for one in LANGS:
        draw(one, target_folder)
