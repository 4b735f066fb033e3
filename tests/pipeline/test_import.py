"""Exports put into real workbooks: what stands in the file afterwards, told by other programs than ours."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from sheetkit.intake.exports import Export, read_export
from sheetkit.messages import LANGS, Lang
from sheetkit.pipeline import importing
from sheetkit.pipeline.analyze import analyze_file
from sheetkit.pipeline.importing import Imported, import_file, start_book
from sheetkit.pipeline.new import new_workbook
from sheetkit.writing.live.layout import Capacity
from tests.edits.told import export, order
from tests.exports import shopify, taobao
from tests.exports.makers import every_file
from tests.exports.put import Made
from tests.langs import ENGLISH_IN_PROOF
from tests.opc.books import by_openpyxl, parts
from tests.tools import make_book, recalculate_many, shared, validate

AS_OF = dt.date(2026, 1, 10)
INDEX = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
"""The parts of a package that name its sheets: a hidden one comes."""
NAMES = {"zh": ("交易记录", "基本信息", "客户分类"), "en": ("Trades", "Customers", "Customer classes")}


@cache
def made(lang: Lang) -> Made:
    """Taobao's list of orders, or Shopify's, with what it says."""
    return (taobao.orders if lang == "zh" else shopify.shopify)()[0]


@cache
def told(lang: Lang) -> Export:
    file = made(lang)
    found = read_export(file.data, file.name)
    assert found
    return found


@cache
def blank(lang: Lang) -> bytes:
    """A template with room for few, so that it is quick."""
    return new_workbook("xianyu", lang, AS_OF, capacity=Capacity(40, 60, 5))


@cache
def filled(lang: Lang) -> bytes:
    return written(import_file(blank(lang), "店.xlsx", [told(lang)]))


def written(done: Imported) -> bytes:
    assert done.workbook
    return done.workbook


def rows(data: bytes, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet that have anything but formulas, by heading."""
    head, *below = by_openpyxl(data)[sheet].iter_rows(values_only=True)
    typed = [{str(name): cell for name, cell in zip(head, row, strict=True) if name} for row in below]
    return [row for row in typed if any(one and not str(one).startswith("=") for one in row.values())]


@pytest.mark.parametrize("lang", ENGLISH_IN_PROOF)
def test_a_template_holds_the_orders_as_told(lang: Lang) -> None:
    answer, (trades, customers, _) = made(lang).answer, NAMES[lang]
    zh = lang == "zh"
    number, day, amount, refund = (
        ("订单号", "日期", "成交价", "退款额") if zh else ("Order id", "Date", "Amount", "Refunded amount")
    )
    found = {str(row[number]): row for row in rows(filled(lang), trades)}
    assert found.keys() == answer.orders.keys()
    for key, said in answer.orders.items():
        row = found[key]
        assert isinstance(row[number], str)
        assert row[day] == dt.datetime.fromisoformat(said.day or "")
        assert round(float(str(row[amount])) * 100) == said.cents
        if said.state == "completed":  # an order that went back whole says so by its state
            assert round(float(str(row[refund] or 0)) * 100) == said.refund
    assert [row[day] for row in found.values()] == sorted(row[day] for row in found.values())  # type: ignore[type-var]
    assert len(rows(filled(lang), customers)) == answer.customers


@pytest.mark.parametrize("lang", LANGS)
def test_only_the_two_sheets_and_the_index_change(lang: Lang) -> None:
    before, after = parts(blank(lang)), parts(filled(lang))
    changed = {name for name, content in before.items() if after[name] != content}
    assert changed == {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", *INDEX}
    assert len(after.keys() - before.keys()) == 1  # what is remembered


def test_the_same_export_again_changes_nothing_and_the_analysis_closes() -> None:
    file = filled("zh")
    again = import_file(file, "店.xlsx", [told("zh"), told("zh")])
    assert again.workbook is None
    count = len(made("zh").answer.orders)
    assert again.changes.orders.rows == {"unchanged": count, "twice": count, "alone": 0, "purchases": 0}
    analysis = analyze_file(file, "店.xlsx", as_of=AS_OF).analysis
    (total,) = [one for one in analysis.totals if one.table == "trades"]
    cents = sum(one.cents or 0 for one in made("zh").answer.orders.values())
    assert (total.rows_read, total.rows_used, total.rows_set_aside) == (count, count, 0)
    assert (total.cents_read, total.cents_used, total.unreadable) == (cents, cents, 0)
    assert analysis.customer_count == made("zh").answer.customers


def test_every_platforms_file_closes_and_comes_once() -> None:
    """Rows and cents of each file are the sums over what became of them; a second time nothing changes."""
    book = make_book(
        "## 订单\n| 日期 | 昵称 | 商品 | 成交价 | 状态 | 退款额 | 订单号 | 时刻 |\n"
        "| 2024-01-01 | a | b | 1 | | | | |\n"
        "## 客户\n| 昵称 | 姓名 | 手机号 | 邮箱 |\n| a | | | |\n"
    )
    seen = set()
    for file in every_file():
        said = read_export(file.data, file.name)
        if said is None or file.key in seen:
            continue
        seen.add(file.key)
        done = import_file(book, "店.xlsx", [said])
        amounts = [cents or 0 for cents in said.trades.column("amount")]
        assert done.changes.orders.total == (len(said.trades), sum(amounts))
        if done.workbook:
            assert import_file(done.workbook, "店.xlsx", [said]).workbook is None, file
    assert len(seen) > 10


@pytest.mark.proof
def test_libreoffice_computes_the_classes_and_its_copy_takes_more(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    files = {"blank": blank("zh"), "filled": filled("zh")}
    paths = [tmp_path / f"{name}.xlsx" for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data)
    saved_blank, saved = (one.read_bytes() for one in recalculate_many(paths, tmp_path / "saved"))
    classes = openpyxl.load_workbook(io.BytesIO(saved), data_only=True)["客户分类"]
    shown = {cell for row in classes.iter_rows(values_only=True) for cell in row}
    answer = made("zh").answer
    assert {one.buyer for one in answer.orders.values()} <= shown
    # what was put in before is known, although another program has saved it all since
    assert import_file(saved, "店.xlsx", [told("zh")]).workbook is None
    done = import_file(saved_blank, "店.xlsx", [told("zh")])
    assert len(rows(written(done), "交易记录")) == len(answer.orders)
    results = {"original": saved_blank, "more": written(done), "filled": files["filled"]}
    for name, data in results.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    found = validate(tmp_path / f"{name}.xlsx" for name in results)
    assert set(found[tmp_path / "more.xlsx"]) <= set(found[tmp_path / "original.xlsx"])
    assert found[tmp_path / "filled.xlsx"] == []


def own_book(*, date1904: bool) -> bytes:
    """A workbook of somebody's own: columns and sheets of hers, a table, a chart, formulas beside."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": date1904})
    sheet, notes, figures = (book.add_worksheet(name) for name in ("流水", "备忘", "图"))
    day = book.add_format({"num_format": "yyyy/m/d"})
    heads = ["心情", "订单编号", "实付", "买家", "付款时间", "毛利"]
    for at, (number, money) in enumerate((("A1", 30.0), ("A2", 50.0)), 2):
        sheet.write_row(at, 0, ["好", number, money, "阿花"])
        sheet.write_datetime(at, 4, dt.datetime(2026, 1, at), day)
    sheet.write(0, 0, "二零二六年的账")
    sheet.add_table(
        1, 0, 3, 5,
        {"columns": [{"header": one} for one in heads[:5]] + [{"header": "毛利", "formula": "=[@实付]*0.2"}]},
    )  # fmt: skip
    sheet.conditional_format(2, 2, 3, 2, {"type": "data_bar"})
    notes.write(0, 0, "=SUM(流水!C3:C4)")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=流水!$C$3:$C$4"})
    figures.insert_chart(0, 0, chart)
    book.close()
    return target.getvalue()


@pytest.mark.parametrize("date1904", [False, True])
def test_a_workbook_of_her_own_keeps_everything(date1904: bool, tmp_path: Path) -> None:
    before = own_book(date1904=date1904)
    coming = export(
        order("=1+1", nickname="@x", date="2026-03-05", amount=1234), order("A2", nickname="阿花")
    )
    after = written(import_file(before, "账.xlsx", [coming]))
    sheet = by_openpyxl(after)["流水"]
    assert [cell.value for cell in sheet[5]][:5] == [None, "=1+1", 12.34, "@x", dt.datetime(2026, 3, 5)]
    assert [cell.data_type for cell in sheet[5]][:5] == ["n", "s", "n", "s", "d"]
    assert sheet["E5"].number_format == "yyyy/m/d"
    assert sheet.tables["Table1"].ref == "A2:F5"
    assert str(sheet["F5"].value).startswith("=")  # her computed column reaches the new row
    assert [cell.value for cell in sheet[4]][1:4] == ["A2", 50, "阿花"]
    old, new = parts(before), parts(after)
    changed = {name for name, content in old.items() if new[name] != content}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/styles.xml", *INDEX}
    (tmp_path / "after.xlsx").write_bytes(after)
    assert validate([tmp_path / "after.xlsx"]) == {tmp_path / "after.xlsx": []}
    assert import_file(after, "账.xlsx", [coming]).workbook is None


def test_rows_beyond_the_formulas_are_counted() -> None:
    many = export(*(order(f"N{at}", nickname=f"买家{at}") for at in range(70)))
    done = import_file(blank("zh"), "店.xlsx", [many])
    assert (done.changes.beyond["trades"], done.reach["trades"]) == (10, 60)
    assert (done.changes.people, done.reach["customers"]) == (70, 40)


def test_a_new_workbook_has_room_true_values_and_a_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "USUAL", Capacity(10, 4, 5))
    done = start_book([told("zh")], "taobao", "zh", AS_OF)
    data = written(done)
    classes = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["客户分类"]
    shown = {cell for row in classes.iter_rows(values_only=True) for cell in row}
    assert {one.buyer for one in made("zh").answer.orders.values()} <= shown
    assert import_file(data, "店.xlsx", [told("zh")]).workbook is None
    later = export(order(next(iter(made("zh").answer.orders)), state="refunded", date="2026-02-01"))
    moved = import_file(data, "店.xlsx", [later])
    assert moved.changes.orders.rows["updated"] == 1


@pytest.mark.parametrize(
    "name",
    [
        "shopify/tests_fixtures_shopify_orders.csv",
        "shopify/samples_shopify_orders_sample.csv",
        "alipay/example-alipay-records.csv",
        "wechatpay/example-wechat-records.csv",
        "wechatpay/example-wechat-records.xlsx",
        "jd/example-jd-records.csv",
    ],
)
def test_a_real_sample_comes_once(name: str) -> None:
    """What the export reader counts stands in the workbook's own cells; a second time nothing changes."""
    path = shared() / "exports/samples" / name
    said = read_export(path.read_bytes(), path.name)
    assert said is not None
    lang: Lang
    lang, amount = ("en", "Amount") if said.currency == "USD" else ("zh", "成交价")
    done = import_file(blank(lang), "店.xlsx", [said])
    amounts = said.trades.column("amount")
    if not amounts:  # a bill of what she bought herself
        assert done.workbook is None
        return
    cents = [round(float(str(row[amount])) * 100) for row in rows(written(done), NAMES[lang][0])]
    assert sorted(cents) == sorted(amounts)
    assert import_file(written(done), "店.xlsx", [said]).workbook is None
