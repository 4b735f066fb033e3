"""What a call loads before it answers: who asks for help does not wait for the rooms that compute."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.tools import ROOT

WATCHED = """
import json, sys
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
from sheetkit.cli import main
try:
    main(sys.argv[1:])
finally:
    print(json.dumps([sorted(sys.modules), opened]), file=sys.stderr)
"""


class Loaded(NamedTuple):
    """The names of all modules, and of all TOML files that were opened."""

    modules: set[str]
    toml: set[str]

    def rooms(self) -> set[str]:
        return {name.split(".")[1] for name in self.modules if name.startswith("sheetkit.")}

    def libraries(self) -> set[str]:
        tops = {name.partition(".")[0] for name in self.modules}
        # what Python itself makes up while it starts, an editable install's finder among it
        own = {name for name in tops if name.startswith(("_", "distutils"))} | {"org", "cython_runtime"}
        return tops - set(sys.stdlib_module_names) - own


def loaded(*words: str) -> Loaded:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    modules, opened = json.loads(done.stderr.splitlines()[-1])
    return Loaded(set(modules), {name.rpartition("/")[2] for name in opened if name.endswith(".toml")})


def test_a_blank_workbook_needs_no_reader_no_engine_and_no_surgery(tmp_path: Path) -> None:
    found = loaded("new", "-o", str(tmp_path / "book.xlsx"))
    assert (tmp_path / "book.xlsx").stat().st_size > 1_000_000
    assert found.libraries() == {"sheetkit", "click", "xlsxwriter"}
    assert not {"intake", "opc"} & found.rooms()
    assert "ssl" not in found.modules


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("new", "--help"), ("analyze", "--help")])
def test_help_needs_click_and_its_own_sentences(words: tuple[str, ...]) -> None:
    found = loaded(*words)
    assert found.libraries() == {"sheetkit", "click"}
    assert found.rooms() == {"cli", "errors", "messages"}
    assert found.toml == {"cli.toml"}
    slow_to_import = {"asyncio", "difflib", "importlib.resources", "tempfile", "traceback", "zipfile"}
    assert not slow_to_import & found.modules
