"""The same workbook as other programs, other versions and other hands would have written it.

Each variant is a kind, not a file: a way to zip, to word, to lay out, to leave out, to add. All are named;
some have to be refused with a sentence.
"""

from tests.opc.variants.container import CONTAINERS
from tests.opc.variants.formats import FORMATS
from tests.opc.variants.kit import Variant, unzipped, zipped
from tests.opc.variants.layout import LAYOUTS
from tests.opc.variants.programs import PROGRAMS
from tests.opc.variants.sheets import SHEETS
from tests.opc.variants.wording import WORDINGS
from tests.opc.variants.workbooks import WORKBOOKS

__all__ = ["VARIANTS", "Variant", "unzipped", "zipped"]

VARIANTS = (*CONTAINERS, *WORDINGS, *LAYOUTS, *WORKBOOKS, *SHEETS, *FORMATS, *PROGRAMS)
