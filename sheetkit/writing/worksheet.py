"""xlsxwriter's worksheet without its slow paths: formulas taken as they are, rows taken as rendered XML."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import CellFormulaTuple, Worksheet  # type: ignore[import-untyped]  # no py.typed


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # its base is untyped
    """Ours: no formula is looked through for functions newer than Excel 2010 (there is none, and the search
    takes half a millisecond each).

    ``rows``: the whole ``sheetData`` element, where the cells were rendered elsewhere.
    """

    rows: str = ""

    def _write_formula(self, row: int, col: int, formula: str, fmt: Any = None, value: Any = 0) -> int:
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), fmt, value)
        return 0

    def _write_dimension(self) -> None:
        """Left out where xlsxwriter does not know the rows: readers that stream a sheet believe it."""
        if not self.rows:
            super()._write_dimension()

    def _write_sheet_data(self) -> None:
        if self.rows:
            self.fh.write(self.rows)
        else:
            super()._write_sheet_data()
