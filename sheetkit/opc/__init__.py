"""Surgery on an Open XML workbook: parts are added, the seller's stay as they are."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheetkit.opc.marks import Level
    from sheetkit.opc.surgery import Surgery

__all__ = ["Level", "Surgery"]


def __getattr__(name: str) -> Any:
    """The two are loaded when somebody asks for them: who only reads a file needs neither."""
    if name == "Level":
        from sheetkit.opc.marks import Level

        return Level
    if name == "Surgery":
        from sheetkit.opc.surgery import Surgery

        return Surgery
    raise AttributeError(name)
