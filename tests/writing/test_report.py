"""The sheets a run adds, read back by another library and seen through a real spreadsheet program."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sheetkit.analysis.result import Analysis, Kpi, Month, Reason, Task
from sheetkit.messages import LANGS, Lang, catalog
from sheetkit.model.book import Total
from sheetkit.model.days import month_index, to_day
from sheetkit.model.findings import Effect, Finding
from sheetkit.model.report import ADDED_SHEETS, PLAN_COLUMNS, PLAN_STATUS
from sheetkit.opc import Surgery
from sheetkit.rules.rulebook import rulebook
from sheetkit.writing.report import segments
from sheetkit.writing.report.page import Origin
from sheetkit.writing.report.workbook import report_workbook
from tests.tools import make_book, recalculate, validate

FIRST = 5
"""The row of the first entry of a sheet that lists something."""
AS_OF = to_day(dt.date(2026, 3, 15))
NAMES = ["小红梅李", "=SUM(A1:A9)", " <b>&'\"甲 ", "老街坊_x0041_", "收藏家阿伟", "t***5", "Emma", "夜猫子"]
CLASSES = ["problem", "loyal", "active", "new", "potential", "quiet", "quiet", "quiet"]
TIERS = ["mid", "high", "high", "low", "high", "low", "unpaid", "low"]
WHY = {
    "zh": "成交 4 次(≥3),最近成交在 40 天前(≤365 天),中差评占比 0%(≤20%),不是同行或供货的",
    "en": "4 visits (≥3), last trade 40 days ago (≤365), poor ratings 0% (≤20%), not in the trade",
}
STEP = {"zh": "再成交 1 次即为活跃客户", "en": "One more visit makes an active customer"}
MESSAGE = {
    "zh": "您好!上次您问的黄铜台灯我又收到一盏,成色比上一盏好,给您留到周日,要的话吱一声,不要也没关系。",
    "en": "Hello! The brass lamp you asked about came in again, in better shape. I keep it until Sunday.",
}


def customers(count: int) -> dict[str, list[object]]:
    """``count`` customers, the first ones with names that break careless writers."""
    at = range(count)
    columns: dict[str, list[object]] = {
        "number": [one + 1 for one in at],
        "name": [NAMES[one] if one < len(NAMES) else f"客户{one:05d}" for one in at],
        "customer_id": [None] * count,
        "customer_class": [CLASSES[one % 8] for one in at],
        "value_tier": [TIERS[one % 8] for one in at],
        "activity": [("active", "one_off", "lost", "sleeping")[one % 4] for one in at],
        "rfm_segment": [("high_value", "develop", "keep", "win_back")[one % 4] for one in at],
        "auto_class": [CLASSES[one % 8] if one != 1 else "active" for one in at],
        "overruled": [one == 1 for one in at],
        "manual_reason": ["介绍了三个朋友" if one == 1 else None for one in at],
        "rows_left_out": [2 if one == 2 else 0 for one in at],
        "left_out_why": ["日期写成了「2024.3.5」" if one == 2 else "" for one in at],
    }
    for key, metric in rulebook().metrics.items():
        if metric.unit == "money":
            columns[key] = [None if one % 8 == 6 else 12345 + 700 * (one % 97) for one in at]
        elif metric.unit == "date":
            columns[key] = [None if one % 8 == 6 else AS_OF - one % 300 for one in at]
        elif metric.unit == "percent":
            columns[key] = [(one % 10) / 10 for one in at]
        else:
            columns[key] = [None if one % 8 == 6 else one % 7 for one in at]
    return columns


def task(at: int, lang: Lang, priority: int = 1) -> Task:
    action = {"zh": "告诉她想要的台灯到货了", "en": "Tell her the lamp she wished for is here"}[lang]
    label = {"zh": "忠诚客户", "en": "Loyal"}[lang]
    why = {"zh": "求购「黄铜台灯」还有效", "en": "Her wish for a brass lamp is still open"}[lang]
    channel = {"zh": "闲鱼消息", "en": "Xianyu chat"}[lang]
    name = NAMES[at % len(NAMES)]
    key, due = f"{at}:wish:{AS_OF}", AS_OF + at - 2
    return Task(key, priority, name, "loyal", label, action, why, due, channel, MESSAGE[lang])


def analysis(lang: Lang = "zh", count: int = 40) -> Analysis:
    """A small shop with something in every corner."""
    table = customers(count)
    reasons = [Reason(WHY[lang], STEP[lang] if one % 2 else "") for one in range(count)]
    last = month_index(AS_OF)
    months = [
        Month(last - 13 + one, 20 + one, 180000 + 25000 * (one % 5), 60000 + 20000 * (one % 4), 3 + one % 6)
        for one in range(14)
    ]
    kpis = [
        Kpi("customers", count, "count", count),
        Kpi("buyers", count - 5, "count", count),
        Kpi("revenue_year", 1234567, "money", 275),
        Kpi("repeat_share", 0.32, "percent", 35, 0.4),
        Kpi("good_share", 0.97, "percent", 60, 0.95),
        Kpi("last_month_sales", 210050, "money", 28, 250000),
        Kpi("lost_share", None, "percent", 3),
    ]
    findings = [
        Finding("made_up_info", "info", "交易记录", "D9", "好评", ""),
        Finding("made_up", "error", "交易记录", "C17", "3月5号", "2024-03-05"),
        Finding("made_up", "warning", "Tom's 表", "B4", "=1+1", ""),
        Finding("made_up", "warning", "", "", "", ""),
    ]
    totals = [
        Total("trades", 520, 512, 8, 1934567, 1902267, 32300, 2),
        Total("customers", count, count, 0),
        Total("contacts", 90, 88, 1),
    ]
    return Analysis(
        as_of=AS_OF,
        template="xianyu",
        lang=lang,
        shop_kind="second_hand",
        customers=table,
        reasons={"customer_class": reasons},
        shop={},
        thresholds={},
        months=months,
        weekdays=[(20, 1), (22, 1), (18, 1), (25, 1), (30, 1), (70, 1), (55, 1)],
        categories=[("数码", 50, 930000), ("图书", 90, 210000), ("家居灯具与老物件", 20, 380000)],
        top_items=[],
        kpis=kpis,
        tasks=[task(one, lang, 1 + one % 3) for one in range(7)],
        findings=findings,
        totals=totals,
    )


@pytest.fixture(autouse=True)
def _sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"zh": "「{value}」不是完整日期", "en": "'{value}' is not a full date"}
    monkeypatch.setitem(catalog(), "finding.made_up", said)
    monkeypatch.setitem(catalog(), "finding.made_up_info", said)


def report(
    found: Analysis,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    history: Sequence[Mapping[str, str]] = (),
    names: Mapping[str, str] | None = None,
) -> bytes:
    made = report_workbook(found, plan_typed=typed or {}, plan_history=history, names=names)
    assert not made.tall
    return made.workbook


def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def row(sheet: Worksheet, number: int) -> list[object]:
    return [one.value for one in sheet[number]]


def column(sheet: Worksheet, header: str, header_row: int = FIRST - 1) -> list[object]:
    at = row(sheet, header_row).index(header)
    return [one[at] for one in sheet.iter_rows(min_row=header_row + 1, values_only=True)]


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def raw_cells(data: bytes, sheet_part: str) -> dict[str, tuple[str | None, object]]:
    """{cell: (format, number or text as the file has it)}: readers differ in _xHHHH_."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = etree.fromstring(archive.read(sheet_part))
        strings = "xl/sharedStrings.xml"
        shared = etree.fromstring(archive.read(strings)) if strings in archive.namelist() else ()
    texts = [one.findtext("{*}t") for one in shared]
    found: dict[str, tuple[str | None, object]] = {}
    for one in sheet.iter("{*}c"):
        inline, value = one.findtext("{*}is/{*}t"), one.findtext("{*}v")
        said: object = inline if value is None else float(value)
        if one.get("t") == "s":
            said = texts[int(value or 0)]
        found[str(one.get("r"))] = (one.get("s"), said)
    return found


# The workbook


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheets_stand_in_order(lang: Lang) -> None:
    keys = ("overview", "segments", "plan", "checks")
    names = [ADDED_SHEETS[key][lang] for key in keys]
    assert opened(report(analysis(lang))).sheetnames == names
    made = report_workbook(analysis(lang), plan_typed={}, plan_history=[])
    assert made.names == dict(zip(keys, names, strict=True))


def test_a_sheet_goes_by_the_name_it_is_given() -> None:
    book = opened(report(analysis(), names={"plan": "行动方案 (2)"}))
    assert "行动方案 (2)" in book.sheetnames
    assert book["分析总览"]["A3"].hyperlink.location == "'行动方案 (2)'!A1"


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_says_as_of_when_and_leads_on(lang: Lang) -> None:
    book = opened(report(analysis(lang), history=[{"key": "x", "customer": "甲"}]))
    for sheet in book.worksheets:
        about = [one.value for one in sheet[2] if one.value]
        assert "2026-03-15" in str(about[0])
        assert any(one.hyperlink for one in sheet[3])
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"


def test_the_same_analysis_gives_the_same_bytes() -> None:
    assert report(analysis()) == report(analysis())


@pytest.mark.parametrize("lang", LANGS)
def test_a_shop_without_anything_is_told_so(lang: Lang) -> None:
    nothing = replace(
        analysis(lang, 0), months=[], weekdays=[], categories=[], kpis=[], tasks=[], findings=[], totals=[]
    )
    book = opened(report(nothing))
    assert not book.worksheets[0]._charts
    said = [one.value for one in book.worksheets[0]["A"] if one.value]
    assert sum(any(word in str(one) for word in ("图", "不画", "chart", "needs")) for one in said) == 6


# The overview


@pytest.mark.parametrize("lang", LANGS)
def test_cards_hold_numbers(lang: Lang) -> None:
    sheet = opened(report(analysis(lang))).worksheets[0]
    shown = {sheet.cell(8, at).value: sheet.cell(9, at) for at in range(1, 12, 2)}
    assert [one.value for one in shown.values()] == [40, 35, 12345.67, 0.32, 0.97, 2100.5]
    assert [one.number_format for one in shown.values()][2:4] == ['"¥"#,##0', "0%"]
    goals = [sheet.cell(11, at).value for at in (7, 9, 11)]
    assert goals[0] == {"zh": "目标 40%,还差 8 个百分点", "en": "goal 40%, 8 points to go"}[lang]
    assert "✓" in goals[1]
    assert "¥400" in goals[2]


def test_each_chart_has_its_values_its_sentence_and_its_words() -> None:
    data = report(analysis())
    sheet = opened(data).worksheets[0]
    assert len(sheet._charts) == 6
    drawing = part(data, "xl/drawings/drawing1.xml")
    assert drawing.count(' descr="') == 6
    for at in range(1, 7):
        chart = part(data, f"xl/charts/chart{at}.xml")
        assert "<c:numCache>" in chart
        assert "<c:strCache>" in chart
        assert "view3D" not in chart
        assert '<c:ptCount val="0"/>' not in chart
    titles = [one.value for one in sheet["M"] if one.value]
    assert "老客户带来 39% 的销售额(近 12 个月共 ¥27,850)" in titles
    assert "周六成交最多,占 29%" in titles


def test_a_pattern_that_may_be_chance_is_not_drawn_as_one() -> None:
    few = opened(report(replace(analysis(), weekdays=[(10, 1)] * 7))).worksheets[0]
    assert len(few._charts) == 5
    assert any("70 次成交" in str(one.value) for one in few["A"])
    even = opened(report(replace(analysis(), weekdays=[(40 + at, 1) for at in range(7)]))).worksheets[0]
    assert any("看不出哪天更好" in str(one.value) for one in even["M"])


# The customers


@pytest.mark.parametrize("lang", LANGS)
def test_a_row_a_customer_by_class_and_revenue(lang: Lang) -> None:
    sheet = opened(report(analysis(lang))).worksheets[1]
    rules = rulebook().dimensions["customer_class"]
    classes = column(sheet, rules.labels[lang])
    order = [one.labels[lang] for one in rules.classes]
    assert classes == sorted(classes, key=lambda one: order.index(str(one)))
    revenue = column(sheet, rulebook().metrics["revenue"].labels[lang])
    problem = [float(str(one)) for one, name in zip(revenue, classes, strict=True) if name == order[0]]
    assert problem == sorted(problem, reverse=True)
    assert revenue[0] == (12345 + 700 * 32) / 100
    assert sheet.freeze_panes == "B5"
    assert sheet.print_title_rows == "$4:$4"
    (table,) = sheet.tables.values()
    assert table.ref.startswith("A4:")
    assert table.ref.endswith("44")
    headers = [one.name for one in table.tableColumns]
    assert headers == row(sheet, 4)


def test_a_customers_name_is_text_and_her_day_a_date() -> None:
    sheet = opened(report(analysis())).worksheets[1]
    names = {one.value: one for one in sheet["A"]}
    assert names["=SUM(A1:A9)"].data_type == "s"
    assert {" <b>&'\"甲 ", "老街坊_x0041_"} <= set(names)
    days = [one for one in column(sheet, "最近成交") if one is not None]
    assert all(isinstance(one, dt.datetime) for one in days)
    mark = sheet.cell(names["=SUM(A1:A9)"].row, row(sheet, 4).index("人工改类") + 1)
    assert mark.value == "✎ 自动分类:活跃客户 · 介绍了三个朋友"


def hosted(found: Analysis, *, counts_from_1904: bool, tall: bool) -> bytes:
    """The report in a workbook of one sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"date_1904": counts_from_1904}) as book:
        book.add_worksheet("账")
    host = Surgery(target.getvalue())
    made = report_workbook(found, plan_typed={}, plan_history=[])
    assert bool(made.tall) == tall
    made.graft_into(host)
    return host.to_bytes()


@pytest.mark.parametrize("counts_from_1904", [False, True])
def test_bulk_and_plain_give_the_same_cells(monkeypatch: pytest.MonkeyPatch, counts_from_1904: bool) -> None:
    found = analysis(count=300)
    found.customers["name"][20] = "a\x07b\r\n c"
    found.customers["name"][21] = "𠮷\ufffe"
    plain = hosted(found, counts_from_1904=counts_from_1904, tall=False)
    monkeypatch.setattr(segments, "BULK_ROWS", 10)
    bulk = hosted(found, counts_from_1904=counts_from_1904, tall=True)
    second = "xl/worksheets/sheet3.xml"
    assert part(bulk, second).count("inlineStr") > 300
    assert raw_cells(bulk, second) == raw_cells(plain, second)
    ours, theirs = opened(bulk)["客户分群"], opened(plain)["客户分群"]
    zero = dt.datetime(1899, 12, 30)
    days = Counter(day and zero + dt.timedelta(day) for day in found.customers["last_day"])
    assert Counter(column(ours, "最近成交")) == days
    assert ours.dimensions == theirs.dimensions
    assert [one.ref for one in ours.tables.values()] == [one.ref for one in theirs.tables.values()]
    heights = [{at: one.height for at, one in sheet.row_dimensions.items()} for sheet in (ours, theirs)]
    assert heights[0] == heights[1]


# LibreOffice saves data bars with an extension that openpyxl does not know
@pytest.mark.filterwarnings("ignore:.*xtension is not supported")
def test_many_customers_come_through_the_graft_and_a_spreadsheet_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "BULK_ROWS", 10)
    host, path = tmp_path / "host.xlsx", tmp_path / "annotated.xlsx"
    host.write_bytes(make_book("## 交易记录\n| 昵称 | 金额 |\n| 小红 | 12 |"))
    surgery = Surgery(host.read_bytes())
    typed = {"gone": {"status": "已联系", "customer": "阿珍"}}
    report_workbook(analysis(), plan_typed=typed, plan_history=[]).graft_into(surgery)
    path.write_bytes(surgery.to_bytes())
    said = validate([host, path])
    assert said[path] == said[host]
    (tmp_path / "out").mkdir()
    again = openpyxl.load_workbook(recalculate(path, tmp_path / "out"))
    assert set(column(again["客户分群"], "客户")) == set(analysis().customers["name"])
    assert len(again["分析总览"]._charts) == 6
    assert [one.value for one in again["行动记录"]["C"]][FIRST - 1] == "阿珍"


# The plan


@pytest.mark.parametrize("lang", LANGS)
def test_the_plan_has_its_columns_its_dropdown_and_its_dates(lang: Lang) -> None:
    sheet = opened(report(analysis(lang))).worksheets[2]
    assert row(sheet, FIRST - 1) == [one.labels[lang] for one in PLAN_COLUMNS]
    assert sheet.column_dimensions["A"].hidden
    assert not sheet.column_dimensions["B"].hidden
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    dropdown, day = rules["J5:J11"], rules["L5:L11"]
    assert dropdown.formula1 == '"' + ",".join(one[lang] for one in PLAN_STATUS) + '"'
    assert not dropdown.showErrorMessage
    assert (day.type, day.errorStyle) == ("date", "warning")
    assert [str(one)[0] for one in column(sheet, PLAN_COLUMNS[1].labels[lang])] == list("1112233")
    assert sheet["G5"].value == dt.datetime(2026, 3, 13)
    assert sheet["L5"].number_format == "yyyy-mm-dd"
    assert sheet["J5"].value == PLAN_STATUS[0][lang]
    assert sheet.auto_filter.ref == "A4:M11"
    assert sheet.freeze_panes == "D5"
    assert len(sheet.conditional_formatting) == 2


def test_what_was_typed_stands_beside_its_task_again() -> None:
    found = analysis()
    typed = {
        found.tasks[0].key: {"status": "已成交", "owner": "=老王", "done_on": "2026-03-14", "result": "买了"},
        found.tasks[3].key: {"status": "随便写的", "done_on": "下周三"},
    }
    book = opened(report(found, typed))
    assert "行动记录" not in book.sheetnames
    lines = {one[0]: one[9:] for one in book["行动方案"].iter_rows(min_row=FIRST, values_only=True)}
    assert lines[found.tasks[0].key] == ("已成交", "=老王", dt.datetime(2026, 3, 14), "买了")
    assert lines[found.tasks[3].key] == ("随便写的", None, "下周三", None)
    owner = next(one for one in book["行动方案"]["K"] if one.value == "=老王")
    assert owner.data_type == "s"


def test_what_was_typed_for_a_task_that_is_gone_moves_to_the_log() -> None:
    typed = {
        "gone:1": {"customer": "阿珍", "action": "问候", "status": "已联系", "done_on": "2026-02-30"},
        "gone:2": {"status": "待办"},
        "gone:3": {"status": "To do", "result": "说下周"},
        "old": {"result": "已在记录里"},
    }
    book = opened(report(analysis(), typed, [{"key": "old", "customer": "老客", "due": "2026-01-02"}]))
    log = list(book["行动记录"].iter_rows(min_row=FIRST, values_only=True))
    assert [(one[0], one[2]) for one in log] == [("old", "老客"), ("gone:1", "阿珍"), ("gone:3", "gone:3")]
    assert log[0][6] == dt.datetime(2026, 1, 2)
    assert log[1][11] == "2026-02-30"


# The checks


def test_totals_close_or_say_by_how_much_they_do_not() -> None:
    sheet = opened(report(analysis())).worksheets[3]
    assert row(sheet, 5)[:5] == ["✓ 对得上", "交易记录 · 行数", 520, 512, 8]
    assert row(sheet, 6)[:5] == ["✓ 对得上", "交易记录 · 金额", 19345.67, 19022.67, 323]
    assert row(sheet, 8)[0] == "✖ 差 1"


def test_findings_name_their_cell_and_lead_to_it() -> None:
    sheet = opened(report(analysis())).worksheets[3]
    words = [str(one[0].value).split()[1] for one in sheet["A11:A14"]]
    assert words == ["要改", "看一眼", "看一眼", "供参考"]
    assert row(sheet, 11)[1:4] == ["交易记录!C17", "3月5号", "2024-03-05"]
    assert sheet["B11"].hyperlink.location == "'交易记录'!C17"
    assert sheet["B12"].hyperlink.location == "'Tom''s 表'!B4"
    assert sheet["B13"].hyperlink is None
    assert (sheet["C12"].value, sheet["C12"].data_type) == ("=1+1", "s")
    assert sheet["H11"].value == "「3月5号」不是完整日期"


def test_links_may_lead_elsewhere() -> None:
    made = report_workbook(
        analysis(), plan_typed={}, plan_history=[], links=lambda sheet, cell: f"internal:'新 {sheet}'!{cell}"
    )
    assert opened(made.workbook).worksheets[3]["B11"].hyperlink.location == "'新 交易记录'!C17"


def test_of_another_file_only_what_stands_here_can_be_accepted() -> None:
    """A CSV became this workbook: one cell stands in it as it was typed, the other was read by inference."""
    effect = Effect("trades", 1, 100, 1)
    here = Finding("made_up", "error", "交易记录", "A3", "3月5日", "2026-03-05", {}, "2026-03-05", effect)
    found = replace(analysis(), findings=[here, replace(here, sheet="账.csv", cell="D4")])
    origin = Origin("账.csv", here=("交易记录",))
    made = report_workbook(found, plan_typed={}, plan_history=[], origin=origin).workbook
    sheet = opened(made).worksheets[3]
    rows = {row[1].value: row for row in sheet.iter_rows() if row[1].value}
    mine, other = rows["交易记录!A3"], rows["账.csv!D4"]
    assert mine[1].hyperlink.location == "'交易记录'!A3"
    assert other[1].hyperlink is None
    assert mine[4].fill.fgColor.rgb != other[4].fill.fgColor.rgb  # a cell to fill in
    assert "sheetkit fix" in str(sheet["A2"].value)
    elsewhere = replace(found, findings=found.findings[1:])
    other_made = report_workbook(elsewhere, plan_typed={}, plan_history=[], origin=origin).workbook
    assert "sheetkit fix" not in str(opened(other_made).worksheets[3]["A2"].value)


def test_more_findings_than_a_person_reads_are_counted() -> None:
    many = [Finding("made_up", "warning", "交易记录", f"C{at + 2}", "x") for at in range(5003)]
    sheet = opened(report(replace(analysis(), findings=many))).worksheets[3]
    assert sheet.max_row == 10 + 5000 + 1
    assert "还有 3 条" in str(sheet.cell(sheet.max_row, 1).value)
    assert "sheetkit check" in str(sheet.cell(sheet.max_row, 1).value)
