"""The sheet 看板: its sums against sums over the sample's rows, its charts' ranges, its goals.

``test_classes`` compares its cached values with a spreadsheet program's.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sheetkit.messages import LANGS, Lang, text
from sheetkit.model.lists import lists
from sheetkit.rules.rulebook import rulebook
from sheetkit.writing.blank import Plan, template_workbook
from sheetkit.writing.live.dashboard import CARD, DATA, LAST, STATE
from sheetkit.writing.live.layout import Capacity
from sheetkit.writing.look import CHART_COLORS
from sheetkit.writing.sample import sample
from tests.tools import recalculate
from tests.writing.test_classes import AS_OF, BLUEPRINT, CROWD, SHOP, name, read, seen, trade, written


def tables(lang: Lang = "zh", which: str = "sample") -> dict[str, dict[str, tuple[Any, ...]]]:
    """The figures beside the charts: {first heading: {label: the row's values}}."""
    sheet = seen(which, lang)[name("dashboard", lang)]
    found: dict[str, dict[str, tuple[Any, ...]]] = {}
    head = None
    for row in sheet.iter_rows(1, None, DATA + 1, DATA + 5):
        if row[0].fill.fgColor.rgb == "FF12436D":
            head = found.setdefault(row[0].value, {})
        elif head is not None and row[0].value and row[1].value is not None:
            head[row[0].value] = tuple(one.value for one in row[1:])
    return found


def completed(lang: Lang) -> list[dict[str, Any]]:
    """The sample's rows that are sales with a readable date and amount."""
    done = {one.labels[lang] for one in lists()["trade_state"].entries if one.meaning == "completed"}
    return [
        row
        for row in sample("xianyu", lang, AS_OF).rows["trades"]
        if isinstance(row.get("date"), dt.date)
        and isinstance(row.get("amount"), int | float)
        and row.get("state", "") in {"", *done}
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_months_are_the_sums_of_the_rows(lang: Lang) -> None:
    sums: Counter[str] = Counter()
    for row in completed(lang):
        refund = row.get("refund_amount", 0)
        sums[f"{row['date']:%y-%m}"] += row["amount"] - (refund if isinstance(refund, int | float) else 0)
    shown = {month: row[0] for month, row in tables(lang)[text("report.month", lang)].items()}
    shown = {month: value for month, value in shown.items() if re.fullmatch(r"\d\d-\d\d", month)}
    assert list(shown) == [f"{25 + (at + 11) // 12}-{(at + 11) % 12 + 1:02d}" for at in range(12)]
    assert shown == pytest.approx({month: sums[month] for month in shown})
    assert sum(shown.values()) > 0


@pytest.mark.parametrize("lang", LANGS)
def test_the_cards_are_the_sums_of_the_rows(lang: Lang) -> None:
    sheet = seen("sample", lang)[name("dashboard", lang)]
    cards = [sheet.cell(CARD + 2, 2 * at + 1).value for at in range(6)]
    rated = [row["rating"] for row in completed(lang) if row.get("rating")]
    good = {one.labels[lang] for one in lists()["rating"].entries if one.meaning == "good"}
    known = {one.labels[lang] for one in lists()["rating"].entries if one.meaning}
    rated = [one for one in rated if one in known]
    assert cards[3] == pytest.approx(sum(one in good for one in rated) / len(rated))
    year = [row for row in completed(lang) if row["date"] > AS_OF - dt.timedelta(days=365)]
    assert cards[4] == pytest.approx(sum(row["amount"] - row.get("refund_amount", 0) for row in year))
    october = tables(lang)[text("report.month", lang)]["26-10"][0]
    assert cards[5] == pytest.approx(october)
    assert cards[0] > cards[1] > 0


def test_classes_and_weekdays_add_up() -> None:
    found = tables()
    sheet = seen("sample")[name("dashboard")]
    customers = sheet.cell(CARD + 2, 1).value
    for key in ("customer_class", "activity", "value_tier"):
        table = found[rulebook().dimensions[key].labels["zh"]]
        assert sum(row[0] for row in table.values()) == customers
    tiers = found[rulebook().dimensions["value_tier"].labels["zh"]].values()
    assert sum(row[1] for row in tiers) == pytest.approx(1)
    assert sum(row[3] for row in tiers) == pytest.approx(1)


def test_weekdays_are_the_calendars() -> None:
    days = Counter(row["date"].weekday() for row in SHOP["trades"] if row["nickname"])  # type: ignore[union-attr]
    shown = [row[0] for row in tables(which="shop")[text("report.weekday", "zh")].values()]
    assert shown == [days[at] for at in range(7)]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("which", ["sample", "blank"])
def test_charts_draw_what_stands_beside_them(which: str, lang: Lang) -> None:
    sheet = written(which, lang)[name("dashboard", lang)]
    values = seen(which, lang)[name("dashboard", lang)]
    assert len(sheet._charts) == 6
    colors = set()
    for chart in sheet._charts:
        title = values[_cell(chart.title.tx.strRef.f)].value
        assert title.endswith(text("dashboard.empty", lang, name="")) == (which == "blank"), title
        for series in chart.series:
            labels, numbers = (values[_cell(one)] for one in (series.cat.strRef.f, series.val.numRef.f))
            assert all(isinstance(one.value, str) and one.value for (one,) in labels)
            assert all(isinstance(one.value, int | float) for (one,) in numbers)
            below = values.cell(labels[-1][0].row + 1, DATA + 1).value
            assert len(labels) == len(numbers)
            assert not below or below.startswith(text("report.month", lang)), "the table ends with the chart"
            cached = [float(one.v) for one in series.val.numRef.numCache.pt]
            assert cached == pytest.approx([one.value for (one,) in numbers])
            assert series.dLbls.showVal
            colors.add(f"#{_rgb(series.spPr.solidFill.srgbClr)}")
        assert (chart.legend is not None) == (len(chart.series) > 1)
    assert colors <= set(CHART_COLORS)


def _rgb(color: Any) -> str:
    return color if isinstance(color, str) else str(color.val)


def _cell(reference: str) -> str:
    return reference.rpartition("!")[2].replace("$", "")


@pytest.mark.parametrize("lang", LANGS)
def test_a_blank_dashboard_says_what_will_come(lang: Lang) -> None:
    sheet = seen("blank", lang)[name("dashboard", lang)]
    assert sheet.cell(STATE + 1, 1).value == text("dashboard.blank", lang, trades=name("trades", lang))
    assert [sheet.cell(CARD + 2, 2 * at + 1).value for at in range(6)] == [0, 0, "—", "—", 0, "—"]
    filled = seen("sample", lang)[name("dashboard", lang)]
    assert not filled.cell(STATE + 1, 1).value


def test_too_few_are_no_share_and_who_stands_outside_is_said() -> None:
    sheet = seen("shop")[name("dashboard")]
    assert sheet.cell(CARD + 2, 5).value == "—"
    assert sheet.cell(CARD + 3, 5).value == "才 4 个,满 20 个再算"
    crowd = seen("over")[name("dashboard")]
    assert crowd.cell(STATE + 1, 1).value.startswith("⚠ 公式只算前 105 位客户:还有 7 位客户")


@pytest.mark.proof
def test_goals_say_how_far_they_are(tmp_path: Path) -> None:
    goals = {"goal_repeat_share": 0.3, "goal_good_share": 0.95, "goal_month_sales": 100}
    path = tmp_path / "goals.xlsx"
    rows = {"trades": [*CROWD["trades"], trade("客3", 200, 10), trade("新", 30, -1000)]}
    path.write_bytes(template_workbook(Plan(BLUEPRINT, "zh", AS_OF, Capacity(120, 120, 5), rows)))
    workbook = read(path)
    for row in workbook[name("settings")].iter_rows():
        if row[0].value in goals:
            row[3].value = goals[row[0].value]
    workbook.save(path)
    (tmp_path / "out").mkdir()
    sheet = read(recalculate(path, tmp_path / "out"), data_only=True)[name("dashboard")]
    said = [sheet.cell(CARD + 4, 2 * at + 1).value for at in range(6)]
    month = sheet.cell(CARD + 2, 11).value
    assert month < 100
    assert said[2] == "目标 30%,还差 25 个百分点"
    assert said[3] == "✓ 达到目标 95%"
    assert said[5] == f"目标 ¥100,还差 ¥{100 - month:,.0f}"
    assert not said[0]
    assert not said[4]


def test_all_is_computed_protected_and_only_the_left_prints() -> None:
    sheet = written("sample")[name("dashboard")]
    assert sheet.protection.sheet
    assert not [one for row in sheet.iter_rows() for one in row if not one.protection.locked]
    assert sheet.print_area.partition(":")[0].endswith("$A$1")
    assert sheet.print_area.rpartition("$")[0].endswith(chr(ord("A") + LAST))
