"""The shape of the house, held by a test: who may import whom, how long things may grow, what gets installed.

Every rule is a function from source text to sentences, so that the tables at the end can show each one
finding what it is there to find.
"""

from __future__ import annotations

import ast
import configparser
import fnmatch
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# In river order: a room may import only from itself and from those above it. With each, the outside
# libraries it may import; what is not listed is Python's own.
ROOMS: dict[str, set[str]] = {
    "errors": set(),
    "messages": set(),
    "templates": set(),
    "model": set(),
    "rules": set(),
    "sample_data": set(),
    "opc": {"lxml", "msoffcrypto", "pyzipper"},
    "intake": {"numpy", "olefile", "python_calamine"},
    "analysis": {"duckdb", "lunar_python", "numpy", "opencc", "scipy"},
    "edits": set(),
    "writing": {"jinja2", "xlsxwriter"},
    "pipeline": set(),
    "web": {"flask", "waitress"},
    "cli": {"click"},  # last, because `sheetkit serve` starts the page
}
ORDER = list(ROOMS)
# The one module that hands out data frames; pandas takes 0.3 s to import and is imported nowhere else.
FRAMES = ("sheetkit/analysis/frames.py", "pandas")

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 80

# Where each top folder of the repository stands in the package.
PLACES = {"sheetkit": "sheetkit", "templates": "sheetkit.templates", "sample_data": "sheetkit.sample_data"}


def sources() -> list[str]:
    """Every Python file that gets installed, as a path in the repository."""
    return sorted(
        path.relative_to(ROOT).as_posix() for folder in PLACES for path in (ROOT / folder).rglob("*.py")
    )


def module_name(path: str) -> str:
    """The dotted name of a file: ``templates/__init__.py`` is ``sheetkit.templates``."""
    folder, *rest = path.removesuffix(".py").split("/")
    return ".".join([PLACES[folder], *rest]).removesuffix(".__init__")


def imports(path: str, source: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, wherever it stands: in functions and for type checkers too."""
    package = module_name(path).split(".")
    if not path.endswith("__init__.py"):
        package.pop()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                for alias in node.names:
                    yield node.lineno, alias.name
            case ast.ImportFrom():
                base = package[: len(package) - node.level + 1] if node.level else []
                stem = ".".join([*base, node.module] if node.module else base)
                for alias in node.names:
                    yield node.lineno, f"{stem}.{alias.name}"
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def wrong_imports(path: str, source: str) -> list[str]:
    """A sentence for each import that runs against the river or needs a library its room has no claim to."""
    parts = module_name(path).split(".")
    if parts == ["sheetkit"] or parts[1] == "__main__":
        return []  # the front door shows what stands in every room
    room = parts[1]
    if room not in ROOMS:
        return [f"{path}: {room} is no room"]
    wrong = []
    for line, name in imports(path, source):
        top, _, rest = name.partition(".")
        if top == "sheetkit":
            other = rest.partition(".")[0]
            if other in ROOMS and ORDER.index(other) > ORDER.index(room):
                wrong.append(f"{path}:{line}: {room} stands above {other} and may not import it")
            if other not in ROOMS and other != "__version__":
                wrong.append(f"{path}:{line}: import {other or 'it'} from its room, not from sheetkit itself")
        elif top not in sys.stdlib_module_names and top not in ROOMS[room] and (path, top) != FRAMES:
            wrong.append(f"{path}:{line}: {room} may not import {top}")
    return wrong


def too_long(path: str, source: str) -> list[str]:
    """A sentence for a file and for each function that has outgrown its reader."""
    lines = source.count("\n")
    long = [f"{path}: {lines} lines, at most {MAX_FILE_LINES}"] if lines > MAX_FILE_LINES else []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                where = f"{path}:{node.lineno}: {node.name}"
                long.append(f"{where} has {length} lines, at most {MAX_FUNCTION_LINES}")
    return long


def undescribed(path: str, source: str) -> list[str]:
    """A sentence where a package does not say what lives in it."""
    if path.endswith("__init__.py") and not ast.get_docstring(ast.parse(source)):
        return [f"{path}: a package says in its docstring what lives there"]
    return []


def packages_of(paths: list[str]) -> set[str]:
    """The packages that these files make."""
    return {module_name(path.rpartition("/")[0] + "/__init__.py") for path in paths}


def setup() -> configparser.ConfigParser:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", "utf-8")
    return config


def data_files() -> set[str]:
    """Everything beside the Python files that the program reads when it is installed."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in PLACES
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"} and not path.name.startswith(".")
    }


@pytest.mark.parametrize("rule", [wrong_imports, too_long, undescribed])
def test_the_house_keeps_its_shape(rule: Callable[[str, str], list[str]]) -> None:
    found = [sentence for path in sources() for sentence in rule(path, (ROOT / path).read_text("utf-8"))]
    assert not found, "\n".join(found)


def test_every_folder_with_python_is_a_package() -> None:
    folders = {(ROOT / path).parent for path in sources()}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_setup_lists_every_package() -> None:
    listed = setup()["options"]["packages"].split()
    assert set(listed) == packages_of(sources()), "packages in setup.cfg and folders differ"
    assert len(listed) == len(set(listed))


def test_setup_ships_every_data_file() -> None:
    endings = [line.rpartition("/")[2] for line in setup()["options.package_data"]["*"].split()]
    left_out = sorted(
        path for path in data_files() if not any(fnmatch.fnmatch(Path(path).name, end) for end in endings)
    )
    assert not left_out, "no line of package_data in setup.cfg names these"


def test_the_wheel_holds_everything(tmp_path: Path) -> None:
    """Built without a network, from a copy, because setuptools writes into the folder it builds from."""
    wanted = {*sources(), *data_files()}
    for path in [*wanted, "setup.cfg", "pyproject.toml", "LICENSE"]:
        copy = tmp_path / "tree" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / path).read_bytes())
    build = "from setuptools import build_meta; import sys; build_meta.build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=tmp_path / "tree", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        installed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert installed == {
        "/".join([PLACES[folder].replace(".", "/"), *rest])
        for folder, *rest in (path.split("/") for path in wanted)
    }


IN = "sheetkit/analysis/metrics.py"
BAD_IMPORTS = [
    (IN, "import sheetkit.writing"),
    (IN, "from sheetkit import writing"),
    (IN, "from sheetkit.writing.charts import bar"),
    (IN, "from ..writing import charts"),
    (IN, "from .. import cli"),
    (IN, "def later():\n    from sheetkit.pipeline import analyze"),
    (IN, "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sheetkit.edits import Edit"),
    (IN, "import importlib\nimportlib.import_module('sheetkit.cli')"),
    (IN, "import sheetkit"),
    (IN, "from sheetkit import analyze"),
    (IN, "import pandas as pd"),
    (IN, "from lxml import etree"),
    (IN, "def later():\n    import openpyxl"),
    ("sheetkit/analysis/deep/down.py", "from ... import cli"),
    ("sheetkit/analysis/__init__.py", "from ..pipeline import analyze"),
    ("sheetkit/errors.py", "from sheetkit.messages import text"),
    ("sheetkit/rules/frames.py", "import pandas"),
    ("sheetkit/model/book.py", "import duckdb"),
    ("sheetkit/opc/graft.py", "import click"),
    ("sheetkit/helpers.py", "import re"),
    ("templates/__init__.py", "from sheetkit.model import Field"),
]
GOOD_IMPORTS = [
    (IN, "import duckdb\nimport re\nfrom importlib import resources"),
    (IN, "from sheetkit.rules.sql import render\nfrom ..model import Book\nfrom . import plan"),
    (IN, "from sheetkit import __version__, errors"),
    (IN, "from importlib import import_module\nimport_module('sheetkit.templates')"),
    ("sheetkit/analysis/frames.py", "import pandas as pd"),
    ("sheetkit/cli/serve.py", "import click\nfrom sheetkit.web import app"),
    ("sheetkit/__init__.py", "from sheetkit.pipeline import analyze"),
    ("sheetkit/__main__.py", "from sheetkit.cli import main"),
    ("sheetkit/errors.py", "from __future__ import annotations"),
]


@pytest.mark.parametrize(("path", "source"), BAD_IMPORTS)
def test_a_wrong_import_is_found(path: str, source: str) -> None:
    assert len(wrong_imports(path, source)) == 1


@pytest.mark.parametrize(("path", "source"), GOOD_IMPORTS)
def test_a_right_import_passes(path: str, source: str) -> None:
    assert wrong_imports(path, source) == []


def function(lines: int) -> str:
    return "class A:\n    async def f(self):\n" + "        1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("\n" * MAX_FILE_LINES, 0),
        ("\n" * (MAX_FILE_LINES + 1), 1),
        (function(MAX_FUNCTION_LINES), 0),
        (function(MAX_FUNCTION_LINES + 1), 1),
    ],
)
def test_what_is_too_long_is_found(source: str, found: int) -> None:
    assert len(too_long(IN, source)) == found


def test_a_package_without_a_docstring_is_found() -> None:
    assert undescribed("sheetkit/opc/__init__.py", "import re")
    assert not undescribed("sheetkit/opc/__init__.py", '"""Surgery."""')
    assert not undescribed("sheetkit/opc/graft.py", "import re")


def test_a_forgotten_package_is_found() -> None:
    assert packages_of(["sheetkit/a/b/c.py", "templates/__init__.py", "templates/drafts/d.py"]) == {
        "sheetkit.a.b",
        "sheetkit.templates",
        "sheetkit.templates.drafts",
    }
