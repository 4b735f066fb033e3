"""Surgery on an Open XML workbook: parts are added, the seller's stay as they are."""

from sheetkit.opc.marks import Level
from sheetkit.opc.surgery import Surgery

__all__ = ["Level", "Surgery"]
