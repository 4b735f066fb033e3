"""sheetkit: customer workbooks for small online sellers, written, read back and annotated."""

__version__ = "0.1.0"
