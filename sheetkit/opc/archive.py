"""Zip containers read and written so that an unchanged entry keeps its compressed bytes.

The standard library parses the directory; entries are copied from the bytes behind their local
headers and inflated only when asked, under `Limits`. The writer knows only what a package needs:
sizes in the local headers, no data descriptors, no ZIP64, no directory entries, no extra fields.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from sheetkit.errors import UnreadableError

STORED, DEFLATED = 0, 8
_UTF8_FLAG, _LEVEL_FLAGS, _ENCRYPTED_FLAG = 0x800, 0x006, 0x001
_EPOCH_DATE = (1 << 5) | 1  # 1980-01-01, the first day a zip can hold
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LISTED = b"PK\x01\x02"
_TOO_MANY = 5
"""Times the limit: packages inside the package list their entries too."""


@dataclass(frozen=True)
class Limits:
    """What a container may ask of the machine before it is refused.

    The ratio counts only past ``ratio_free_bytes``, which any machine can hold: a sheet of repeated long
    texts that Excel itself saved packs 121 : 1 (57 MB).
    """

    entries: int = 10_000
    total_bytes: int = 1 << 30
    ratio: int = 100
    ratio_free_bytes: int = 64 << 20

    def cap(self, packed_bytes: int) -> int:
        """The most bytes that so many packed bytes may inflate to."""
        return min(self.total_bytes, max(self.ratio_free_bytes, self.ratio * packed_bytes))


LIMITS = Limits()


@dataclass(frozen=True)
class Entry:
    """One zip entry: its packed bytes and what its header said."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    size_bytes: int
    packed: memoryview
    dos_time: int = 0
    dos_date: int = _EPOCH_DATE
    external_attr: int = 0

    def inflate(self, limits: Limits = LIMITS) -> bytes:
        """The entry's content, checked against its checksum; raises UnreadableError."""
        data = bytes(self.packed) if self.method == STORED else self._inflated(limits)
        if len(data) != self.size_bytes or zlib.crc32(data) != self.crc:
            raise UnreadableError("opc.broken_part", part=self.name)
        return data

    def _inflated(self, limits: Limits) -> bytes:
        if self.method != DEFLATED:
            raise UnreadableError("opc.unsupported_compression", part=self.name)
        if self.size_bytes > limits.cap(len(self.packed)):
            raise UnreadableError("opc.too_large", part=self.name)
        worker = zlib.decompressobj(-15)
        try:  # never more than was declared, so that the declared sizes bound the memory
            data = worker.decompress(self.packed, self.size_bytes + 1)
        except zlib.error as error:
            raise UnreadableError("opc.broken_part", part=self.name) from error
        return data

    def with_content(self, content: bytes) -> Entry:
        """The same entry (name, time, attributes) holding other content."""
        fresh = packed_entry(self.name, content)
        return Entry(
            self.name, self.raw_name, self.flags & _UTF8_FLAG, fresh.method, fresh.crc, fresh.size_bytes,
            fresh.packed, self.dos_time, self.dos_date, self.external_attr,
        )  # fmt: skip


def packed_entry(name: str, content: bytes) -> Entry:
    """A new deflated entry with the fixed time stamp that makes output repeatable."""
    worker = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = worker.compress(content) + worker.flush()
    raw_name = name.encode()
    flags = 0 if raw_name.isascii() else _UTF8_FLAG
    return Entry(name, raw_name, flags, DEFLATED, zlib.crc32(content), len(content), memoryview(packed))


def read_entries(data: bytes, limits: Limits = LIMITS) -> list[Entry]:
    """All file entries in directory order; raises UnreadableError where the container is unsound."""
    if data.count(_LISTED) > _TOO_MANY * limits.entries:  # before a list of them is made
        raise UnreadableError("opc.too_large", part="zip")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            infos = container.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, OverflowError, UnicodeDecodeError) as error:
        raise UnreadableError("opc.truncated") from error
    except NotImplementedError as error:  # an entry asks for a zip version from the future
        raise UnreadableError("opc.unsupported_compression", part="zip") from error
    if len(infos) > limits.entries:
        raise UnreadableError("opc.too_large", part=f"{len(infos)} entries")
    if sum(info.file_size for info in infos) > limits.cap(len(data)):
        raise UnreadableError("opc.too_large", part=f"{len(infos)} entries")
    if sum(info.compress_size for info in infos) > len(data):  # entries that overlap: a bomb
        raise UnreadableError("opc.too_large", part=f"{len(infos)} entries")
    view = memoryview(data)
    return [_entry(info, view) for info in infos if not info.orig_filename.endswith(("/", "\\"))]


def _entry(info: zipfile.ZipInfo, view: memoryview) -> Entry:
    start = info.header_offset
    header = bytes(view[start : start + _LOCAL.size])
    if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
        raise UnreadableError("opc.truncated")
    fields = _LOCAL.unpack(header)
    begin = start + _LOCAL.size + fields[9] + fields[10]
    packed = view[begin : begin + info.compress_size]
    if len(packed) != info.compress_size:
        raise UnreadableError("opc.truncated")
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise UnreadableError("opc.encrypted_zip")
    utf8 = info.flag_bits & _UTF8_FLAG
    year, month, day, hour, minute, second = info.date_time
    raw_name = info.orig_filename.encode("utf-8" if utf8 else "cp437")
    return Entry(
        name=_decoded(raw_name),
        raw_name=raw_name,
        flags=info.flag_bits & (_UTF8_FLAG | _LEVEL_FLAGS),
        method=info.compress_type,
        crc=info.CRC,
        size_bytes=info.file_size,
        packed=packed,
        dos_time=hour << 11 | minute << 5 | second // 2,
        dos_date=(year - 1980) << 9 | month << 5 | day,
        external_attr=info.external_attr,
    )


def _decoded(name: bytes) -> str:
    """The name, whether or not the container says in which encoding; what nothing fits is kept apart."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")


def write_entries(entries: Iterable[Entry]) -> bytes:
    """A container of these entries, in this order."""
    body: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for entry in entries:
        common = (
            20, entry.flags, entry.method, entry.dos_time, entry.dos_date, entry.crc,
            len(entry.packed), entry.size_bytes, len(entry.raw_name), 0,
        )  # fmt: skip
        local = _LOCAL.pack(b"PK\x03\x04", *common) + entry.raw_name
        central = _CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, entry.external_attr, offset)
        body += (local, entry.packed)
        directory.append(central + entry.raw_name)
        offset += len(local) + len(entry.packed)
    tail = b"".join(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(directory), len(directory), len(tail), offset, 0)
    return b"".join([*body, tail, end])
