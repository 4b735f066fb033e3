"""A seller at her spreadsheet program: LibreOffice opens a workbook, does what she does, and saves it.

Each function gives one thing she does as lines of LibreOffice's Basic; `at_work` has them done.
"""

from __future__ import annotations

import functools
from pathlib import Path
from xml.sax.saxutils import escape

from tests import tools

_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"
  library:link="false"/>
</library:libraries>"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Seller"/>
</library:library>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Seller"
 script:language="StarBasic">{code}</script:module>"""
_CODE = """
Function Sheet(name)
  Sheet = Book.Sheets.getByName(name)
End Function

Sub SortRows(name, area, column)
  Dim field(0) As New com.sun.star.table.TableSortField
  field(0).Field = column : field(0).IsAscending = False
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "SortFields" : how(0).Value = field()
  how(1).Name = "ContainsHeader" : how(1).Value = False
  Sheet(name).getCellRangeByName(area).sort(how())
End Sub

Sub KeepRows(name, area, column, text)
  Dim field(0) As New com.sun.star.sheet.TableFilterField
  field(0).Field = column : field(0).Operator = com.sun.star.sheet.FilterOperator.EQUAL
  field(0).IsNumeric = False : field(0).StringValue = text
  range = Sheet(name).getCellRangeByName(area)
  how = range.createFilterDescriptor(True)
  how.ContainsHeader = True
  how.setFilterFields(field())
  range.filter(how)
End Sub

Sub Act
  On Error GoTo Failed
  Dim opening(0) As New com.sun.star.beans.PropertyValue
  opening(0).Name = "Hidden" : opening(0).Value = True
  Book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, opening())
  {steps}
  Dim saving(0) As New com.sun.star.beans.PropertyValue
  saving(0).Name = "FilterName" : saving(0).Value = "Calc MS Excel 2007 XML"
  Book.storeToURL("{target}", saving())
  Book.close(True)
  Exit Sub
Failed:
  Open "{failure}" For Output As #1
  Print #1, Error$ & " in line " & Erl
  Close #1
  StarDesktop.terminate()
End Sub
"""


def at_work(data: bytes, folder: Path, *steps: str) -> bytes:
    """The workbook after she did these things and saved it, from a folder of the test's own."""
    number = len(list(folder.glob("*-in.xlsx")))
    source, target = folder / f"{number}-in.xlsx", folder / f"{number}-out.xlsx"
    failure = folder / f"{number}-failed.txt"
    source.write_bytes(data)
    code = _CODE.replace("{steps}", "\n  ".join(steps)).replace("{failure}", str(failure))
    code = code.replace("{source}", source.as_uri()).replace("{target}", target.as_uri())
    basic = _library()
    (basic / "Seller.xba").write_text(_MODULE.format(code=escape("Dim Book\n" + code)), "utf-8")
    said = tools.soffice("macro:///Standard.Seller.Act")
    assert not failure.exists(), failure.read_text("utf-8")
    assert target.is_file(), f"LibreOffice did not save the workbook. It said: {said}"
    return target.read_bytes()


@functools.cache
def _library() -> Path:
    """The folder for our Basic in a profile that was used once: its first use would overwrite it."""
    tools.soffice("--terminate_after_init")
    basic = tools.profile() / "user" / "basic"
    (basic / "Standard").mkdir(parents=True, exist_ok=True)
    (basic / "script.xlc").write_text(_LIBRARIES, "utf-8")
    (basic / "Standard" / "script.xlb").write_text(_LIBRARY, "utf-8")
    return basic / "Standard"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def renames(sheet: str, name: str) -> str:
    """She gives a sheet another name."""
    return f"Sheet({_quoted(sheet)}).setName({_quoted(name)})"


def moves(sheet: str, place: int) -> str:
    """She drags a sheet to a place, 0 being the first."""
    return f"Book.Sheets.moveByName({_quoted(sheet)}, {place})"


def copies(sheet: str, name: str, place: int) -> str:
    """She makes a copy of a sheet."""
    return f"Book.Sheets.copyByName({_quoted(sheet)}, {_quoted(name)}, {place})"


def removes(sheet: str) -> str:
    """She deletes a sheet."""
    return f"Book.Sheets.removeByName({_quoted(sheet)})"


def types(sheet: str, cell: str, text: str) -> str:
    """She types into a cell; what begins with = is a formula."""
    kind = "Formula" if text.startswith("=") else "String"
    return f'Sheet({_quoted(sheet)}).getCellRangeByName("{cell}").set{kind}({_quoted(text)})'


def notes(sheet: str, cell: str, text: str) -> str:
    """She puts a note on a cell."""
    address = f'Sheet({_quoted(sheet)}).getCellRangeByName("{cell}").CellAddress'
    return f"Sheet({_quoted(sheet)}).Annotations.insertNew({address}, {_quoted(text)})"


def sorts(sheet: str, area: str, column: int) -> str:
    """She sorts the rows of an area by one of its columns (from 0), the last first."""
    return f'SortRows({_quoted(sheet)}, "{area}", {column})'


def filters(sheet: str, area: str, column: int, text: str) -> str:
    """She shows only the rows of an area, its header included, that have a text in one of its columns."""
    return f'KeepRows({_quoted(sheet)}, "{area}", {column}, {_quoted(text)})'


def deletes_rows(sheet: str, first: int, count: int = 1) -> str:
    """She deletes rows, counted from 1."""
    return f"Sheet({_quoted(sheet)}).Rows.removeByIndex({first - 1}, {count})"


def inserts_column(sheet: str, column: int) -> str:
    """She inserts a column before another (from 0)."""
    return f"Sheet({_quoted(sheet)}).Columns.insertByIndex({column}, 1)"
