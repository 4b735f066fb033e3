"""The real programs that judge what sheetkit makes, as functions; and workbooks drawn as text.

None of them skips: where a program is missing the test fails and says what to run. A test that did not
run proves nothing.

    recalculate, recalculate_many   a real spreadsheet program computes every formula anew
    computed                        the same for who looks at values only, a quarter faster
    resaved_where_possible          the same of files that it may not be able to open
    soffice                         that program, for whatever else it can do (tests/seller.py)
    render                          the pages as a person would see them, as pictures
    validate                        Microsoft's Open XML SDK on whether a file is well made
    make_book                       a small workbook drawn in the test as Markdown tables
    shared                          the folder of real files and data beside the repository
"""

from __future__ import annotations

import atexit
import datetime as dt
import functools
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import textwrap
import zipfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lxml import etree
from openpyxl import Workbook
from openpyxl.cell import Cell

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_SECONDS = 300

# What a person would set under Tools > Options: recalculate on load, always (0; 1 is never, 2 asks).
# LibreOffice recalculates by itself only what Excel did not write last, and would otherwise show the values
# that we put in the file. The locales make a test's outcome independent of the machine's.
RECALCULATING = {
    "Office.Calc/Formula/Load": {"OOXMLRecalcMode": "0", "ODFRecalcMode": "0"},
    "Setup/L10N": {"ooSetupSystemLocale": "en-US"},
    "Office.Linguistic/General": {"DefaultLocale_CJK": "zh-CN"},
    "Office.Common/Font/Substitution": {"Replacement": "true"},
}
# A seller's machine has these fonts, this one does not; Noto's widths are close, so pictures show truly
# what fits a column.
_FONTS = dict.fromkeys(
    ["微软雅黑", "Microsoft YaHei", "等线", "宋体", "SimSun", "Arial", "Calibri"], "Noto Sans CJK SC"
)


class MissingTool(AssertionError):
    """A program or folder that a test needs is not there: a failure, never a skip."""


def recalculate(path: Path, out_dir: Path) -> Path:
    """``path`` opened in LibreOffice, every formula computed anew, saved by its own name in ``out_dir``."""
    return recalculate_many([path], out_dir)[0]


def recalculate_many(paths: Sequence[Path], out_dir: Path) -> list[Path]:
    """As ``recalculate``, all files in one start of the program (a start costs more than a small file)."""
    return _convert(paths, out_dir, "xlsx", "xlsx:Calc MS Excel 2007 XML")


def computed(paths: Sequence[Path], out_dir: Path) -> list[Path]:
    """As ``recalculate_many``, for tests that compare values only.

    It opens copies that repeat no rows in print: those names cost LibreOffice a second a book.
    """
    with tempfile.TemporaryDirectory(prefix="sheetkit-computed-") as folder:
        copies = [Path(folder) / path.name for path in paths]
        for path, copy in zip(paths, copies, strict=True):
            copy.write_bytes(_without_print_titles(path.read_bytes()))
        return recalculate_many(copies, out_dir)


_PRINT_TITLES = re.compile(rb'<definedName name="_xlnm\.Print_Titles"[^>]*>[^<]*</definedName>')


def _without_print_titles(book: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _PRINT_TITLES.sub(b"", content) if name == "xl/workbook.xml" else content)
    return target.getvalue()


def resaved_where_possible(paths: Sequence[Path], out_dir: Path, a_start: int) -> dict[Path, bytes | None]:
    """LibreOffice's own copy of each file, ``a_start`` files at a time; None where it cannot open one."""
    out_dir.mkdir(exist_ok=True)
    copies: dict[Path, bytes | None] = {}
    for at in range(0, len(paths), a_start):
        copies |= _resaved(paths[at : at + a_start], out_dir)
    return copies


def _resaved(paths: Sequence[Path], out_dir: Path) -> dict[Path, bytes | None]:
    try:
        made = recalculate_many(paths, out_dir)
    except AssertionError:
        if len(paths) == 1:
            return {paths[0]: None}
        half = len(paths) // 2
        return _resaved(paths[:half], out_dir) | _resaved(paths[half:], out_dir)
    return {path: copy.read_bytes() for path, copy in zip(paths, made, strict=True)}


def render(path: Path, out_dir: Path, dpi: int = 70) -> list[Path]:
    """The printed pages of a workbook as PNG files in ``out_dir``, in order."""
    (pdf,) = _convert([path], out_dir, "pdf", "pdf:calc_pdf_Export")
    stem = out_dir / f"{path.stem}-page"
    for stale in out_dir.glob(f"{stem.name}-*.png"):
        stale.unlink()
    _run([_program("pdftoppm"), "-png", "-r", str(dpi), str(pdf), str(stem)])
    # pdftoppm pads the page numbers, so that names sort as pages do
    pages = sorted(out_dir.glob(f"{stem.name}-*.png"))
    assert pages, f"{pdf.name} has no page"
    return pages


def validate(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """What the Open XML SDK finds wrong in each file (Microsoft 365's rules), sorted; at most 1,000 a file.

    A finding reads ``part xpath id: description`` and holds no file name, so that the findings of two files
    can be compared. A file the validator cannot open has one, which begins with ``Exception:``.
    """
    validator = ROOT / "node_modules" / ".bin" / "ooxml-validator"
    if not validator.exists():
        raise MissingTool("The Open XML SDK validator is not installed; run `make system`.")
    files = list(paths)
    # It takes one file at a call; a call waits, so threads are enough.
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return dict(zip(files, pool.map(functools.partial(_validate, validator), files), strict=True))


def shared() -> Path:
    """The folder ``shared`` beside the repository, with real workbooks and public data."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        raise MissingTool(
            "This test reads real files from the folder `shared` beside the repository, and it is not there."
        )
    return folder


def make_book(text: str) -> bytes:
    r"""An .xlsx drawn as Markdown: ``## sheet name``, then rows ``| a | b |``; ``|---|`` draws no row.

    ==============  =======================================================================
    drawn           cell
    ==============  =======================================================================
    ``12``          a number; also ``-1.5``, but ``007`` and more than 15 digits stay text
    ``2024-03-05``  a date; with `` 14:30`` or `` 14:30:05``, a date and time
    ``TRUE``        a truth value
    ``#N/A``        an error value, also the other six
    ``=B2*C2``      a formula without a computed value, ``=B2*C2 -> 12`` one with
    ``'12``         text, whatever it looks like
    ``" a "``       text with its spaces
    ``a\|b\nc``     text with a bar and a line break
    (blank)         no cell
    anything else   text
    ==============  =======================================================================
    """
    book = Workbook()
    book.remove(book.active)
    cached: dict[str, dict[str, str]] = {}
    sheet = None
    for line in filter(None, map(str.strip, textwrap.dedent(text).splitlines())):
        if line.startswith("## "):
            sheet = book.create_sheet(line[3:].strip())
            row = 0
        elif sheet is None or not (line.startswith("|") and line.endswith("|") and len(line) > 1):
            raise ValueError(f"neither `## sheet` nor a row `| … |`: {line}")
        elif not re.fullmatch(r"[|\-: ]*---[|\-: ]*", line):
            row += 1
            for column, drawn in enumerate(re.split(r"(?<!\\)\|", line[1:-1]), start=1):
                formula, _, value = drawn.strip().partition(" -> ")
                if formula.startswith("=") and value:
                    cell = sheet.cell(row, column, formula)
                    cached.setdefault(sheet.title, {})[cell.coordinate] = value
                elif drawn.strip():
                    _fill(sheet.cell(row, column), drawn.strip())
    target = io.BytesIO()
    book.save(target)
    parts = {sheet.title: f"xl/worksheets/sheet{i}.xml" for i, sheet in enumerate(book.worksheets, start=1)}
    return _with_computed(target.getvalue(), {parts[title]: values for title, values in cached.items()})


_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?")
_ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}


def _fill(cell: Cell, drawn: str) -> None:
    if _NUMBER.fullmatch(drawn):
        cell.value = float(drawn) if "." in drawn else int(drawn)
    elif _DATE.fullmatch(drawn):
        cell.value = dt.datetime.fromisoformat(drawn) if ":" in drawn else dt.date.fromisoformat(drawn)
    elif drawn in {"TRUE", "FALSE"}:
        cell.value = drawn == "TRUE"
    elif drawn in _ERRORS or drawn.startswith("="):
        cell.value = drawn
    else:
        if drawn.startswith("'"):
            drawn = drawn[1:]
        elif len(drawn) > 1 and drawn[0] == drawn[-1] == '"':
            drawn = drawn[1:-1]
        cell.value = drawn.replace(r"\|", "|").replace(r"\n", "\n")
        cell.data_type = "s"


def _with_computed(book: bytes, values: dict[str, dict[str, str]]) -> bytes:
    """The book with values beside its formulas, {part: {cell: value}}: openpyxl writes formulas without."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name in values:
                part = etree.fromstring(content)
                for cell, value in values[name].items():
                    _set_computed(part.find(f".//{{*}}c[@r='{cell}']"), value)
                content = etree.tostring(part, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(name, content)
    return target.getvalue()


def _set_computed(cell: etree._Element, value: str) -> None:
    if not _NUMBER.fullmatch(value):
        cell.set("t", "e" if value in _ERRORS else "str")
    cell.find("{*}v").text = value


def _convert(paths: Sequence[Path], out_dir: Path, suffix: str, filter_name: str) -> list[Path]:
    """Each file converted by LibreOffice, in the order given."""
    targets = [out_dir / f"{path.stem}.{suffix}" for path in paths]
    assert len(set(targets)) == len(targets), "two files of one name would overwrite each other"
    for path, target in zip(paths, targets, strict=True):
        assert path.is_file(), f"no such file: {path}"
        assert path.resolve() != target.resolve(), f"{path} would be overwritten; give another folder"
        target.unlink(missing_ok=True)
    if not paths:
        return []
    said = soffice("--convert-to", filter_name, "--outdir", str(out_dir), *map(str, paths))
    # The exit code is 0 even where a file could not be read.
    for target in targets:
        assert target.is_file(), f"LibreOffice did not write {target.name}. It said: {said}"
    return targets


def soffice(*words: str) -> str:
    """LibreOffice without a window, in this process's own profile; returns what it said."""
    where = f"-env:UserInstallation={profile().as_uri()}"
    return _run([_program("soffice"), where, "--headless", "--norestore", *words])


@functools.cache
def profile() -> Path:
    """A LibreOffice profile of this process: its first use costs seconds, so a test run shares one."""
    folder = Path(tempfile.mkdtemp(prefix="sheetkit-libreoffice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write_profile(folder, RECALCULATING)
    return folder


def write_profile(folder: Path, settings: dict[str, dict[str, str]]) -> None:
    """A LibreOffice user profile with these settings, {node: {name: value}}, and our stand-ins for fonts."""
    lines = [
        f'<item oor:path="/org.openoffice.{node}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for node, chosen in settings.items()
        for name, value in chosen.items()
    ]
    for index, (missing, standin) in enumerate(_FONTS.items()):
        pair = {"ReplaceFont": missing, "SubstituteFont": standin, "Always": "true", "OnScreenOnly": "false"}
        values = "".join(
            f'<prop oor:name="{name}"><value>{value}</value></prop>' for name, value in pair.items()
        )
        lines.append(
            '<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs">'
            f'<node oor:name="_{index}" oor:op="replace">{values}</node></item>'
        )
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(
        "\n".join(
            [
                '<?xml version="1.0" encoding="UTF-8"?>',
                '<oor:items xmlns:oor="http://openoffice.org/2001/registry">',
                *lines,
                "</oor:items>",
            ]
        ),
        "utf-8",
    )


def _validate(validator: Path, path: Path) -> list[str]:
    assert path.is_file(), f"no such file: {path}"
    answer = json.loads(_run([str(validator), str(path)], accepted=(0, 1)))
    assert answer["ok"] == (not answer["errors"]), answer
    findings = []
    for error in answer["errors"]:
        described = " ".join(error["description"].replace(str(path), "FILE").split())
        if error["errorType"] == "Exception":
            findings.append(f"Exception: {described}")
        else:
            findings.append(f"{error['path']} {error['xPath']} {error['id']}: {described}")
    return sorted(findings)


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise MissingTool(f"The program `{name}` is not installed; run `make system`.")
    return found


def _run(command: list[str], accepted: tuple[int, ...] = (0,)) -> str:
    """What the program wrote to standard output; a failure shows all it said."""
    # A C locale would garble Chinese file names; a validator that runs for a second learns nothing of itself.
    environment = os.environ | {"LC_ALL": "C.UTF-8", "DOTNET_TieredPGO": "0"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, env=environment, check=False
    )
    assert done.returncode in accepted, (
        f"{Path(command[0]).name} ended with {done.returncode}: {done.stdout}{done.stderr}"
    )
    return done.stdout
