"""Mutants of real files, and a process with limits in which they are read.

A reader of cells can end the whole process (it is not Python), so each file is read by a child that may
take only so much memory and time; what it says of itself, or that it died, is how the case ended.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from sheetkit.pipeline.new import new_workbook
from sheetkit.writing.live.layout import Capacity
from tests.intake.binary import xls, xlsb
from tests.opc.books import parts, patched, small_corpus
from tests.tools import ROOT, make_book, shared
from tests.tools import _convert as convert

MOST_BYTES = 4 << 30
"""Address space of the child: what it takes to import everything, and a margin that a bomb would fill."""
MOST_SECONDS = 30
"""Of processor time: what a busy machine takes longer for is no finding."""


class Ended(NamedTuple):
    """How a file ended: «ok», or the exit code and key of the error; else what nobody should see."""

    kind: str
    said: str

    @property
    def well(self) -> bool:
        """A result, or one of our sentences."""
        return self.kind in ("ok", "2", "3", "5")


_CHILD = """
import json, resource, signal, sys, traceback
from tests.fuzzing import VERBS, MOST_BYTES, MOST_SECONDS
from sheetkit.errors import SheetkitError
from sheetkit.messages import LANGS, text
resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
verbs = VERBS()
print("ready", flush=True)
for line in sys.stdin:
    verb, path, name = json.loads(line)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    signal.setitimer(signal.ITIMER_REAL, 10 * MOST_SECONDS)
    try:
        verbs[verb](open(path, "rb").read(), name)
        ended = "ok", ""
    except SheetkitError as problem:
        said = [text(problem.key, lang, **problem.params) for lang in LANGS]
        ended = str(problem.exit_code), problem.key
    except BaseException:
        ended = "raised", traceback.format_exc()[-3000:]
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(json.dumps(ended), flush=True)
"""


def VERBS() -> dict[str, Callable[[bytes, str], object]]:  # imports what only the child needs
    """What may be done with a file, by name."""
    from sheetkit.intake import read_book
    from sheetkit.pipeline.analyze import analyze_file
    from sheetkit.pipeline.strip import strip_file
    from sheetkit.pipeline.upgrade import upgrade_file

    def read(data: bytes, name: str) -> None:
        for repair in (True, False):
            book = read_book(data, name, repair=repair)
            for total in book.totals:
                assert total.rows_read == total.rows_used + total.rows_set_aside
                assert total.cents_read == total.cents_used + total.cents_set_aside
            for one in book.findings:
                assert one.sentence("zh")
                assert one.sentence("en")

    return {"read": read, "analyze": analyze_file, "strip": strip_file, "upgrade": upgrade_file}


class Reader:
    """A child that reads files; another takes its place where it dies."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._folder.cleanup()

    def end_of(self, verb: str, data: bytes, name: str) -> Ended:
        """How the verb ends on this file."""
        child = self._child or self._started()
        path = Path(self._folder.name, "case")
        path.write_bytes(data)
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps([verb, str(path), name]) + "\n")
        child.stdin.flush()
        line = child.stdout.readline()
        if line:
            return Ended(*json.loads(line))
        code = child.wait()
        self._stop()
        slow = code in (-signal.SIGPROF, -signal.SIGALRM)
        return Ended("died", f"out of {MOST_SECONDS} s of processor time" if slow else f"exit {code}")

    def _started(self) -> subprocess.Popen[str]:
        self._child = subprocess.Popen(
            [sys.executable, "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert self._child.stdout is not None
        assert self._child.stdout.readline() == "ready\n"
        return self._child

    def _stop(self) -> None:
        if self._child is None:
            return
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.kill()
        self._child.wait()
        self._child.stdin.close()
        self._child.stdout.close()
        self._child = None


Seed = tuple[str, bytes]

DRAWN = """
## 交易记录
| 日期       | 昵称 | 物品 | 成交价 | 状态     | 订单号 | 备注 |
| 2024-03-05 | 小李 | 冰箱 | 120.5  | 交易成功 | 007    | =1+1 -> 2 |
| 2024.3.6   | 张姐 | 壶   | ¥1,200 | 成交     | '123456789012345678 | #N/A |
| 3月5日     | 小李 | 桌   | 约300  |          | 8 | TRUE |
| 合计       |      |      | 1320.5 |          |   |      |
## 基本信息
| 昵称 | 手机号 | 生日 |
| 小李 | 13800001111 | 1990-01-02 |
## 沟通记录
| 日期 | 昵称 | 类型 | 内容 |
| 2024-03-05 | 小李 | 求购 | 冰箱 |
"""


@cache
def seeds(kind: str) -> tuple[Seed, ...]:
    """Files to start from: ``ours`` as the program wrote and analysed them, or of another kind."""
    return tuple(_SEEDS[kind]())


def _ours() -> list[Seed]:
    from sheetkit.pipeline.analyze import analyze_file

    drawn = make_book(DRAWN)
    new = new_workbook("xianyu", "zh", date(2024, 6, 30), capacity=Capacity(20, 60, 20))
    return [
        ("drawn.xlsx", drawn),
        ("new.xlsx", new),
        ("analysed.xlsx", analyze_file(drawn, "drawn.xlsx").workbook),
    ]


def _real() -> list[Seed]:
    return [(path.name, path.read_bytes()) for path in small_corpus()]


def _binary() -> list[Seed]:
    cells: list[tuple[int, int, str | float]] = [(0, 0, "日期"), (0, 1, "昵称"), (0, 2, "成交价")]
    cells += [(1, 0, 45356.0), (1, 1, "小李"), (1, 2, 120.5)]
    old = [(0, 0, 0), (0, 1, 1), (0, 2, 2), (1, 0, 45356.0), (1, 1, 3), (1, 2, 120.5)]
    return [
        ("book.xlsb", xlsb("交易记录", cells)),
        ("book.xls", xls({"交易记录": old}, ["日期", "昵称", "成交价", "小李"])),
        *_saved_by_libreoffice(),
    ]


def _saved_by_libreoffice() -> Iterator[Seed]:
    with tempfile.TemporaryDirectory() as name:
        book = Path(name, "book.xlsx")
        book.write_bytes(make_book(DRAWN))
        for suffix, form in (("xls", "xls:MS Excel 97"), ("ods", "ods:calc8")):
            (saved,) = convert([book], Path(name, suffix), suffix, form)
            yield f"saved.{suffix}", saved.read_bytes()


def _text() -> list[Seed]:
    lines = '日期,昵称,成交价,状态,备注\n2024-03-05,小李,120.5,交易成功,"a,b"\n'
    lines += "3月5日,小红,约300,,'00\n合计,,420,,\n"
    page = "<html><table><tr><td>日期</td><td>昵称</td><td>成交价</td></tr>"
    page += '<tr><td rowspan=2>2024-3-5</td><td colspan="2">x</td></tr><tr><td>y</td></tr></table>'
    made = [("a.csv", lines.encode(one)) for one in ("utf-8-sig", "gb18030", "utf-16")]
    made += [("a.tsv", lines.replace(",", "\t").encode()), ("a.xls", page.encode())]
    samples = sorted((shared() / "exports" / "samples").rglob("*.csv"))
    return [*made, *((path.name, path.read_bytes()[:20_000]) for path in samples)]


_SEEDS: dict[str, Callable[[], list[Seed]]] = {"ours": _ours, "real": _real, "binary": _binary, "text": _text}


_BROKEN = (
    ValueError,
    LookupError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    zipfile.BadZipFile,
)


def mutant(kind: str, rnd: Random) -> Seed:
    """A file of this kind with one to four things wrong with it."""
    name, data = rnd.choice(seeds(kind))
    for _ in range(rnd.choice((1, 1, 2, 4))):
        ways = [*_ANY]
        if data.startswith(b"PK"):
            ways += _PACKAGE * 3
        elif kind == "text":
            ways += _TEXT * 3
        try:
            data = rnd.choice(ways)(data, rnd)
        except _BROKEN:
            break  # an earlier mutation left nothing that can be taken apart
    return name, data


def _flip(data: bytes, rnd: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rnd.choice((1, 3, 30))):
        changed[rnd.randrange(len(changed))] ^= 1 << rnd.randrange(8)
    return bytes(changed)


def _cut(data: bytes, rnd: Random) -> bytes:
    return data[: rnd.randrange(len(data))]


def _stitch(data: bytes, rnd: Random) -> bytes:
    """A slice taken out, doubled, or replaced by odd bytes."""
    at = rnd.randrange(len(data))
    end = min(len(data), at + rnd.choice((1, 4, 100, 5000)))
    odd = rnd.choice(
        (b"", data[at:end] * 3, b"\x00" * 8, b"\xff" * 8, b"\x7f\xff\xff\xff", b"\x00\x00\x00\x80")
    )
    return data[:at] + odd + data[end:]


_ANY = [_flip, _cut, _stitch]
"""Mutations of any file."""

_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_ELEMENT = re.compile(rb"<[^<>]*>")
_VALUES = [
    *b"|-1|0|1|99999999999999999999|4294967295|2147483648|-2147483649|1e308|NaN|true|/|rId1|rId999".split(
        b"|"
    ),
    *b"s|str|d|e|n|inlineStr|A1:XFD1048576|XFD1048576|A0|A1048577|ZZZZ1|1:4|B:B|A1:A1|#REF!|shared".split(
        b"|"
    ),
    *b"&lt;&amp;|&bogus;|../../etc/x|xl/workbook.xml|\xe5\xb0\x8f|\xff\xfe|[Red]yyyy;@|array".split(b"|"),
    *b"2024-03-05T00:00:00|1900-02-29|veryHidden".split(b"|"),
    b"x" * 70_000,
    b"1" * 400,
]


def _part_of(data: bytes, rnd: Random) -> tuple[str, bytes]:
    held = parts(data)
    named = [one for one in held if one.endswith((".xml", ".rels", ".bin"))] or list(held)
    name = rnd.choice(named)
    return name, held[name]


def _attribute(data: bytes, rnd: Random) -> bytes:
    name, part = _part_of(data, rnd)
    found = list(_ATTRIBUTE.finditer(part))
    one = rnd.choice(found)
    value = rnd.choice([*_VALUES, rnd.choice(found)[2]])
    return patched(data, {name: part[: one.start(2)] + value + part[one.end(2) :]})


def _text_of(data: bytes, rnd: Random) -> bytes:
    name, part = _part_of(data, rnd)
    found = list(re.finditer(rb">([^<>]+)<", part))
    one = rnd.choice(found)
    return patched(data, {name: part[: one.start(1)] + rnd.choice(_VALUES) + part[one.end(1) :]})


def _element(data: bytes, rnd: Random) -> bytes:
    """An element's mark taken out, doubled, or moved."""
    name, part = _part_of(data, rnd)
    found = list(_ELEMENT.finditer(part))
    one, other = rnd.choice(found), rnd.choice(found)
    way = rnd.randrange(3)
    if way == 0:
        part = part[: one.start()] + part[one.end() :]
    elif way == 1:
        part = part[: one.end()] + one[0] * rnd.choice((1, 50)) + part[one.end() :]
    else:
        part = part[: one.start()] + other[0] + part[one.start() :]
    return patched(data, {name: part})


def _renamed(data: bytes, rnd: Random) -> bytes:
    """An attribute's name changed: what the reader asks for is missing."""
    name, part = _part_of(data, rnd)
    one = rnd.choice(list(_ATTRIBUTE.finditer(part)))
    return patched(data, {name: part[: one.start(1)] + b"zz" + part[one.start(1) :]})


def _swapped(data: bytes, rnd: Random) -> bytes:
    """A part with the content of another, of another file's, or none."""
    name, _ = _part_of(data, rnd)
    _, other = _part_of(data if rnd.randrange(2) else rnd.choice(seeds("ours"))[1], rnd)
    return patched(data, {name: rnd.choice((other, other, b"", b"<x/>"))})


def _damaged(data: bytes, rnd: Random) -> bytes:
    """Bytes wrong within a part, its check sum right."""
    name, part = _part_of(data, rnd)
    return patched(data, {name: rnd.choice(_ANY)(part, rnd)})


_PACKAGE = [_attribute, _attribute, _attribute, _text_of, _element, _renamed, _swapped, _damaged]
"""Mutations within the parts of a package."""

_PIECES = [
    *(",", "'", '"', '""', ";", "|", "=", "\ufeff", "\u200b", "\n", "\r", "\r\n", "\t", "\x00", "\ud7ff"),
    *(
        "昨天",
        "3月5日",
        "20240305",
        "2024-02-30",
        "99/99/9999",
        "0001-01-01",
        "9999-12-31",
        "24:99",
        "下午13点",
    ),
    *("1e999", "-", "NaN", "inf", "1.2万", "½", "٣", "①", "²", "1_000", "（", "9" * 400, "x" * 70_000),
    *(
        "合计",
        "sep=;",
        "#N/A",
        "<tr>",
        "</td>",
        "&#x110000;",
        "&#55296;",
        "<?xml",
        "<Row>",
        "<Cell ss:Index=",
    ),
]


def _piece(data: bytes, rnd: Random) -> bytes:
    encoding = "utf-16" if data.startswith(b"\xff\xfe") else rnd.choice(("utf-8", "gb18030"))
    piece = rnd.choice(_PIECES).encode(encoding, "replace")
    at = rnd.randrange(len(data) + 1)
    return data[:at] + piece + data[at + rnd.choice((0, 0, 1, len(piece))) :]


def _field(data: bytes, rnd: Random) -> bytes:
    """A whole field replaced."""
    fields = re.split(rb"([,;\t\n])", data)
    fields[rnd.randrange(0, len(fields), 2)] = rnd.choice(_PIECES).encode("utf-8", "replace")
    return b"".join(fields)


def _recoded(data: bytes, rnd: Random) -> bytes:
    text = data.decode(rnd.choice(("utf-8", "gb18030", "utf-16")), "ignore")
    return text.encode(
        rnd.choice(("utf-8", "gb18030", "utf-16", "utf-16-le", "cp1252", "utf-8-sig")), "ignore"
    )


_TEXT = [_piece, _piece, _field, _field, _recoded]
"""Mutations of a text file."""
