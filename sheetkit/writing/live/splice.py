"""Puts rendered rows into a sheet that xlsxwriter has written empty."""

from __future__ import annotations

import io
import re
import zipfile

_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
"""What an empty sheet says its size is; readers that stream a sheet believe it, and it may be left out."""
_EMPTY = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.S)


def splice_rows(workbook: bytes, sheet_number: int, rows: str) -> bytes:
    """The workbook with ``rows`` (a ``sheetData`` element) in its ``sheet_number``-th worksheet part,
    counted from 1."""
    part = f"xl/worksheets/sheet{sheet_number}.xml"
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                head, tail = _EMPTY.split(content, maxsplit=1)
                content = _DIMENSION.sub(b"", head) + rows.encode() + tail
            new.writestr(zipfile.ZipInfo(info.filename), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
