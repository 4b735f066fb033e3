"""Files that call themselves .xls and are web pages or «XML Spreadsheet 2003»."""

from __future__ import annotations

import pytest

from sheetkit.errors import UnreadableError
from sheetkit.intake import read_book
from tests.intake.tables import TODAY, codes, rows

ROWSPAN = """<html><body><table>
<tr><th colspan=3>三月</th></tr>
<tr><th>日期</th><th>昵称</th><th>成交价</th></tr>
<tr><td rowspan="2">2024-03-05</td><td>小李</td><td>120</td></tr>
<tr><td>小红</td><td>80</td></tr>
<tr><td>2024-03-06</td><td rowspan=2>小张</td><td>5<br></td></tr>
<tr><td>2024-03-07</td><td>&yen;6</td></tr>
</table></body></html>"""


def test_a_cell_of_a_page_that_reaches_down_holds_for_its_rows() -> None:
    book = read_book(ROWSPAN.encode(), "订单.xls", as_of=TODAY)
    expected = [(45356, "小李", 12000), (45356, "小红", 8000), (45357, "小张", 500), (45358, "小张", 600)]
    assert rows(book, "trades", "date", "nickname", "amount") == expected
    assert codes(book) == ["merged_filled", "merged_filled", "amount_repaired"]


@pytest.mark.parametrize("span", ["999999999", "1e9", "-3", "0", "x", ""])
def test_a_page_cannot_ask_for_more_than_a_sheet_holds(span: str) -> None:
    page = f"<table><tr><td rowspan='{span}' colspan='{span}'>日期<td>昵称<td>成交价<tr><td>1</table>"
    book = read_book(page.encode(), "x.xls")
    assert sum(total.rows_read for total in book.totals) <= 1
    wide = "<table><tr>" + f"<td colspan={span}>x" * 40_000 + "</table>"
    if span == "999999999":
        with pytest.raises(UnreadableError, match="many_cells"):
            read_book(wide.encode(), "x.xls")


def xml2003(*sheets: str) -> bytes:
    """A workbook as Excel 2003 saves it in XML, of these sheets."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f"<Styles><Style ss:ID='a'/></Styles>{''.join(sheets)}</Workbook>"
    ).encode()


def cell(kind: str, said: str, more: str = "") -> str:
    return f'<Cell {more}><Data ss:Type="{kind}">{said}</Data></Cell>'


def row(*cells: str, more: str = "") -> str:
    return f"<Row {more}>{''.join(cells)}</Row>"


HEAD = row(*(cell("String", one) for one in ("日期", "昵称", "成交价", "备注", "钟点")))
TRADES = (
    '<Worksheet ss:Name="交易记录"><Table>'
    + row(cell("String", "三月的账", 'ss:MergeAcross="4"'))
    + HEAD
    + row(
        cell("DateTime", "2024-03-05T00:00:00.000", 'ss:MergeDown="1"'),
        cell("String", "小&lt;李"),
        cell("Number", "120.5"),
        cell("String", "一&#10;二", 'ss:Index="4"'),
        cell("DateTime", "1899-12-31T20:30:00.000"),
    )
    + row(cell("String", "小红", 'ss:Index="2"'), cell("Number", "8E1"), cell("Error", "#N/A"))
    + row(
        cell("DateTime", "2024-03-07T00:00:00.000"),
        cell("String", "小张"),
        cell("Error", "#REF!"),
        more='ss:Index="9"',
    )
    + "</Table></Worksheet>"
)
OTHER = (
    f'<Worksheet ss:Name="基本信息"><Table>{row(cell("String", "昵称"), cell("String", "手机号"))}'
    f"{row(cell('String', '小李'), cell('Number', '13800001111'))}</Table>"
    "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>"
)


def test_an_xml_spreadsheet_of_2003_is_read() -> None:
    book = read_book(xml2003(TRADES, OTHER), "订单.xls", as_of=TODAY)
    table = book.tables["trades"]
    assert table.row == [3, 4, 9]
    assert rows(book, "trades", "date", "nickname", "amount") == [
        (45356, "小<李", 12050),
        (45356, "小红", 8000),
    ]
    assert table.columns["note"] == ["一\n二", None, None]
    assert table.extras == {"钟点": ["20:30", "", ""]}
    assert [(one.code, one.cell) for one in book.findings] == [
        ("merged_filled", "A4"),
        ("error_cell", "D4"),
        ("error_cell", "C9"),
    ]
    assert book.tables["customers"].columns["phone"] == ["13800001111"]


BROKEN = {
    "cut short": (xml2003(TRADES)[:-200], "intake.broken"),
    "a document type": (
        xml2003(TRADES).replace(b"<Workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><Workbook', 1),
        "opc.unsafe_xml",
    ),
    "no sheet": (xml2003(), "intake.no_sheet"),
    "far away": (xml2003(TRADES.replace('Index="9"', 'Index="99999999"')), "intake.far_cell"),
    "far to the right": (xml2003(TRADES.replace('Index="4"', 'Index="99999999"')), "intake.far_cell"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_refused_with_a_reason(name: str) -> None:
    data, key = BROKEN[name]
    with pytest.raises(UnreadableError) as caught:
        read_book(data, "x.xls")
    assert caught.value.key == key
