"""Other ways to zip the same parts."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from tests.opc.variants.kit import Parts, Variant, zipped

_LOCAL, _CENTRAL = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I")


class _Stream(io.BytesIO):
    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    tell = seek


def _streamed(parts: Parts) -> bytes:
    """Sizes behind the data, as a program writes to a pipe."""
    target = _Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _zip64(parts: Parts) -> bytes:
    """64-bit sizes in the local headers, as .NET writes them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            with container.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
                entry.write(content)
    return target.getvalue()


def _stored(parts: Parts) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as container:
        for name, content in parts.items():
            container.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _with_folders(parts: Parts) -> bytes:
    folders = {name[: at + 1] for name in parts for at, sign in enumerate(name) if sign == "/"}
    return zipped({**dict.fromkeys(sorted(folders), b""), **parts})


def _with_extras(parts: Parts) -> bytes:
    """A time stamp in an extra field, a comment on each entry and one on the whole."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2024, 3, 5, 14, 30, 58))
            info.extra = struct.pack("<HHBI", 0x5455, 5, 1, 1_709_600_000)
            info.comment = "备注".encode()
            info.external_attr = 0o644 << 16
            container.writestr(info, content)
        container.comment = b"made by another program " * 20
    return target.getvalue()


def _prefixed(parts: Parts) -> bytes:
    return b"#!/bin/sh\nexit\n" * 40 + zipped(parts)


def _maybe_renamed(rename: Callable[[str], str]) -> Callable[[Parts], bytes]:
    return lambda parts: zipped({rename(name): content for name, content in parts.items()})


def _raw_utf8(parts: Parts) -> bytes:
    """Names in UTF-8 without the flag that says so."""
    data = bytearray(zipped(parts))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            flags = int.from_bytes(data[at + offset : at + offset + 2], "little")
            data[at + offset : at + offset + 2] = (flags & ~0x800).to_bytes(2, "little")
            at = data.find(signature, at + 4)
    return bytes(data)


def _title(name: str) -> str:
    return name if name.startswith("[") else "/".join(part.capitalize() for part in name.split("/"))


CONTAINERS = (
    Variant("stored", pack=_stored),
    Variant("sizes behind the data", pack=_streamed),
    Variant("zip64", pack=_zip64),
    Variant("folder entries", pack=_with_folders),
    Variant("extra fields and comments", pack=_with_extras),
    Variant("bytes before the container", pack=_prefixed),
    Variant("entries in reverse", pack=lambda parts: zipped(dict(reversed(parts.items())))),
    Variant("backslashes in names", pack=_maybe_renamed(lambda name: name.replace("/", "\\"))),
    Variant("a slash before names", pack=_maybe_renamed(lambda name: "/" + name)),
    Variant("names in capitals", pack=_maybe_renamed(str.upper)),
    Variant("names with a capital", pack=_maybe_renamed(_title)),
    Variant("no flag for UTF-8", pack=_raw_utf8),
)
