"""The tools judge everything else, so each is shown here to find what is wrong and to pass what is right."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from tests import tools
from tests.tools import make_book, recalculate, recalculate_many, render, shared, validate

WRONG = 999


def liar(path: Path, factor: int = 2) -> Path:
    """A workbook whose stored values are all wrong, on a sheet and in a file with Chinese names."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("交易记录")
        sheet.write_row("A1", [3, 4, "小红"])
        sheet.write_formula("D1", f"=(A1+B1)*{factor}", None, WRONG)
        sheet.write_formula("E1", '=C1&"!"', None, "wrong")
        sheet.write_formula("F1", "=COUNTIFS(A1:B1,3)", None, WRONG)
    return path


def values(path: Path | bytes, *cells: str) -> list[object]:
    book = load_workbook(io.BytesIO(path) if isinstance(path, bytes) else path, data_only=True)
    return [book.worksheets[0][cell].value for cell in cells]


def test_recalculate_computes_every_formula_anew(tmp_path: Path) -> None:
    book = liar(tmp_path / "客户 表.xlsx")
    assert values(book, "D1", "F1") == [WRONG, WRONG]
    result = recalculate(book, tmp_path / "out")
    assert result == tmp_path / "out" / "客户 表.xlsx"
    assert values(result, "A1", "C1", "D1", "E1", "F1") == [3, "小红", 14, "小红!", 1]


def test_without_the_profile_the_lies_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the test above passes because recalculation is forced, not because it would happen anyway.

    The file says that Excel wrote it, so LibreOffice trusts its values unless told otherwise.
    """
    tools.write_profile(tmp_path, {"Office.Calc/Formula/Load": {"OOXMLRecalcMode": "1"}})
    monkeypatch.setattr(tools, "profile", lambda: tmp_path)
    result = recalculate(liar(tmp_path / "book.xlsx"), tmp_path / "out")
    assert values(result, "D1", "F1") == [WRONG, WRONG]


def test_many_books_keep_their_order(tmp_path: Path) -> None:
    books = [liar(tmp_path / f"{name}.xlsx", factor) for name, factor in [("b", 3), ("a", 5)]]
    results = recalculate_many(books, tmp_path / "out")
    assert [values(result, "D1") for result in results] == [[21], [35]]


def test_a_file_that_libreoffice_cannot_read_fails(tmp_path: Path) -> None:
    book = tmp_path / "broken.xlsx"
    book.write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(AssertionError, match="did not write"):
        recalculate(book, tmp_path / "out")


def test_a_book_is_never_overwritten(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="would be overwritten"):
        recalculate(liar(tmp_path / "book.xlsx"), tmp_path)


def test_render_gives_a_picture_a_page(tmp_path: Path) -> None:
    book = tmp_path / "页.xlsx"
    book.write_bytes(make_book("## 一\n| 小红 |\n## 二\n| 小李 |"))
    pages = render(book, tmp_path / "out")
    assert [page.name for page in pages] == ["页-page-1.png", "页-page-2.png"]
    assert all(page.read_bytes().startswith(b"\x89PNG") for page in pages)


def test_validate_passes_what_excel_would_open(tmp_path: Path) -> None:
    book = liar(tmp_path / "book.xlsx")
    assert validate([book]) == {book: []}


def test_validate_names_the_part_and_the_place(tmp_path: Path) -> None:
    good, bad = liar(tmp_path / "good.xlsx"), tmp_path / "bad.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b'<mergeCells count="0"/><sheetData>')
            target.writestr(name, content)
    found = validate([bad, good])
    assert list(found) == [bad, good]
    assert found[good] == []
    assert found[bad]
    assert all(finding.startswith("/xl/worksheets/sheet1.xml /x:worksheet[1]") for finding in found[bad])


def test_validate_reports_a_file_that_is_none(tmp_path: Path) -> None:
    book = tmp_path / "broken.xlsx"
    book.write_bytes(b"nothing")
    (finding,) = validate([book])[book]
    assert finding.startswith("Exception: ")
    assert str(tmp_path) not in finding


def test_a_missing_program_fails_and_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = liar(tmp_path / "book.xlsx")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "ROOT", tmp_path)
    with pytest.raises(tools.MissingTool, match="run `make system`"):
        recalculate(book, tmp_path / "out")
    with pytest.raises(tools.MissingTool, match="run `make system`"):
        validate([book])


def test_shared_holds_real_workbooks() -> None:
    assert any(shared().rglob("*.xlsx"))


def test_shared_missing_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "ROOT", tmp_path / "sheetkit")
    with pytest.raises(tools.MissingTool, match="beside the repository"):
        shared()


CELLS = [
    ("12", 12),
    ("-1.5", -1.5),
    ("0", 0),
    ("007", "007"),
    ("1234567890123456", "1234567890123456"),
    ("2024-03-05", dt.datetime(2024, 3, 5)),
    ("2024-03-05 14:30", dt.datetime(2024, 3, 5, 14, 30)),
    ("2024.3.5", "2024.3.5"),
    ("TRUE", True),
    ("#N/A", "#N/A"),
    ("'12", "12"),
    ("'=1+1", "=1+1"),
    ('" 小红 "', " 小红 "),
    (r"a\|b\nc", "a|b\nc"),
    ("小红 -> 小李", "小红 -> 小李"),
    ("", None),
    ("=1+1", None),
    ("=1+1 -> 2", 2),
    ('="<"&"a" -> <a', "<a"),
    ("=1/0 -> #DIV/0!", "#DIV/0!"),
]


@pytest.mark.parametrize(("drawn", "expected"), CELLS)
def test_a_drawn_cell(drawn: str, expected: object) -> None:
    book = make_book(f"## 表\n| 头 | x |\n|---|---|\n| {drawn} | 尾 |")
    (value, tail) = values(book, "A2", "B2")
    assert (value, type(value), tail) == (expected, type(expected), "尾")


def test_text_is_never_a_formula_nor_an_error() -> None:
    sheet = load_workbook(io.BytesIO(make_book("## 表\n| '=1+1 | =1+1 | '#N/A | #N/A |")))["表"]
    assert [cell.data_type for cell in sheet[1]] == ["s", "f", "s", "e"]


def test_drawn_sheets_and_blank_rows() -> None:
    book = load_workbook(
        io.BytesIO(
            make_book("""
                ## 基本信息
                | 昵称 | 城市 |
                |      |      |
                | 小红 |

                ## 空
            """)
        )
    )
    assert book.sheetnames == ["基本信息", "空"]
    assert list(book["基本信息"].values) == [("昵称", "城市"), (None, None), ("小红", None)]


def test_computed_values_are_what_a_spreadsheet_computes(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(make_book("## 表\n| 2 | 3 | =A1*B1 -> 999 | =A1+B1 |"))
    assert values(recalculate(book, tmp_path / "out"), "C1", "D1") == [6, 5]


@pytest.mark.parametrize("text", ["| no sheet |", "## 表\nno row", "## 表\n| open"])
def test_a_drawing_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        make_book(text)
