"""What a file may ask of the machine, checked before a reader that cannot refuse opens it.

python-calamine lays a sheet out as a full rectangle, copies a shared text into every cell that shows it, and
ends the process where memory runs out. So a stray cell in the last corner, or a long text shown a million
times, has to be found before.
"""

from sheetkit.intake.bounds.limits import LARGEST_AREA, LARGEST_TOTAL, refuse_far, refuse_many_cells
from sheetkit.intake.bounds.old import check_old_workbook
from sheetkit.intake.bounds.package import CheckedPackage, check_package, without_dimensions
from sheetkit.intake.bounds.plain import MOST_LINES, check_text

__all__ = [
    "LARGEST_AREA",
    "LARGEST_TOTAL",
    "MOST_LINES",
    "CheckedPackage",
    "check_old_workbook",
    "check_package",
    "check_text",
    "refuse_far",
    "refuse_many_cells",
    "without_dimensions",
]
