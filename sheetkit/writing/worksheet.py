"""xlsxwriter's worksheet without its slow paths: formulas taken as they are, stated once for a whole column
where they may be, and rows taken as rendered XML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]  # no py.typed
from xlsxwriter.worksheet import CellFormulaTuple, Worksheet  # type: ignore[import-untyped]  # no py.typed

_TEXT = re.compile(r'"[^"]*"')
_NOT_SHARED = re.compile(r"!|\):|:[A-Z]+\(|\{")
"""What Excel's shared formulas may not hold ([MS-XLSB] 2.5.98.98): another sheet, a range between the
results of functions, an array."""


def may_be_shared(formula: str) -> bool:
    """Whether cells below each other may point at one formula in the first of them."""
    return not _NOT_SHARED.search(_TEXT.sub("", formula))


class _Shared(str):
    """A formula stated in the first cell of ``area`` (A1:A9); the cells below have none of their own."""

    area: str = ""


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # its base is untyped
    """Ours: no formula is looked through for functions newer than Excel 2010 (there is none, and the search
    takes half a millisecond each).

    ``rows``: the whole ``sheetData`` element, where the cells were rendered elsewhere.
    """

    rows: str = ""

    def write_shared(self, row: int, col: int, formula: str, values: Sequence[Any], fmt: Any) -> int:
        """One formula for the cells of a column from ``row`` on; a sheet has one such column at most."""
        if self._check_dimensions(row, col) or self._check_dimensions(row + len(values) - 1, col):
            return -1
        first, below = _Shared(formula), _Shared()
        first.area = xl_range(row, col, row + len(values) - 1, col)
        for at, value in enumerate(values, row):
            self.table[at][col] = CellFormulaTuple(below if at > row else first, fmt, value)
        return 0

    def _write_formula(self, row: int, col: int, formula: str, fmt: Any = None, value: Any = 0) -> int:
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), fmt, value)
        return 0

    def _xml_formula_element(self, formula: str, result: Any, attributes: Sequence[Any] = ()) -> None:
        if not isinstance(formula, _Shared):
            super()._xml_formula_element(formula, result, attributes)
            return
        stated = f' ref="{formula.area}"' if formula.area else ""
        cell = "".join(f' {key}="{value}"' for key, value in attributes)
        text, shown = self._escape_data(str(formula)), self._escape_data(result)
        self.fh.write(f'<c{cell}><f t="shared"{stated} si="0">{text}</f><v>{shown}</v></c>')

    def _write_dimension(self) -> None:
        """Left out where xlsxwriter does not know the rows: readers that stream a sheet believe it."""
        if not self.rows:
            super()._write_dimension()

    def _write_sheet_data(self) -> None:
        if self.rows:
            self.fh.write(self.rows)
        else:
            super()._write_sheet_data()
