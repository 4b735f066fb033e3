"""What sheetkit's own sheets tell: settings, goals, the analysis date, what was typed into a plan."""

from __future__ import annotations

import pytest

from tests.intake.tables import day, read

META = """
## _sheetkit
| template | xianyu |
| version | 1 |
| lang | {lang} |
"""


def ours(sheets: str, lang: str = "zh") -> str:
    return META.format(lang=lang) + sheets


SETTINGS = """
## 参数设置
| 键 | 参数 | 默认值 | 我的设定 | 生效值 | 单位 |
| shop_kind | 店铺类型 | 二手闲置 | {kind} | | |
| goal_month | 月目标 | | 3000 | 3000 | 元 |
| | 门槛 | | | | |
| loyal_visits | 忠诚次数 | 3 | 5 | 5 | 次 |
| active_days | 活跃天数 | 90 | | 90 | 天 |
| lost_days | 流失天数 | 365 | 一年 | 365 | 天 |
| bad_share | 差评占比 | 0.2 | '30% | 0.2 | |
"""


def test_own_values_are_settings_and_goals_apart() -> None:
    book = read(ours(SETTINGS.format(kind="服装")))
    assert (book.shop_kind, book.goals, book.settings) == (
        "clothing",
        {"goal_month": 3000.0},
        {"loyal_visits": 5.0},
    )
    assert [(one.code, one.where, one.suggestion) for one in book.findings] == [
        ("setting_not_a_number", "参数设置!D7", ""),
        ("setting_not_a_number", "参数设置!D8", "0.3"),
    ]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("", "second_hand"), ("二手闲置", "second_hand"), ("Clothing", "clothing"), ("火星", "")],
)
def test_the_kind_of_shop(typed: str, kind: str) -> None:
    assert read(ours(SETTINGS.format(kind=typed))).shop_kind == (kind or "second_hand")


def test_english_settings() -> None:
    book = read(
        ours("## Settings\n| Key | Setting | Default | Own value |\n| loyal_visits | Loyal | 3 | 4 |", "en")
    )
    assert (book.lang, book.settings) == ("en", {"loyal_visits": 4.0})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("| 分析日期 | 2024-06-01 |", "2024-06-01"),
        ("| 提示 | 分析日期: | | 2024-06-01 | 2024-01-01 |", "2024-06-01"),
        ("| Analysis date | 45444 |", "2024-06-01"),
        ("| 分析日期 | 昨天 |", None),
        ("| 日期 | 2024-06-01 |", None),
    ],
)
def test_the_analysis_date(line: str, expected: str | None) -> None:
    book = read(ours(f"## 今天\n| 今天要做的事 |\n{line}"))
    assert book.as_of_cell == (day(expected) if expected else None)


RUN = """
## _sheetkit_run
| version | 1 |
| sheet:plan | 行动方案 (2) |
| sheet:history | 行动记录 |
## 行动方案 (2)
| 本月行动 |
| 任务键 | 优先级 | 客户 | 做什么 | 状态 | 负责人 | 完成日期 | 结果 |
| a1 | 1 | 小李 | 道歉 | 已联系 | 我 | 2024-06-02 | 她说\\n没事 |
| b2 | 2 | 小红 | 问候 | | | | |
| c3 | 3 | 小张 | 报价 | | | | 3 |
## 行动记录
| 任务键 | 客户 | 做什么 | 状态 | 结果 |
| z9 | 老王 | 催款 | 已成交 | |
| | | | | |
"""


def test_what_was_typed_into_the_plan_is_carried_over() -> None:
    book = read(ours(RUN))
    assert book.plan == {
        "a1": {
            "customer": "小李",
            "action": "道歉",
            "status": "已联系",
            "owner": "我",
            "done_on": "2024-06-02",
            "result": "她说\n没事",
        },
        "c3": {"customer": "小张", "action": "报价", "result": "3"},
    }
    assert book.plan_history == [{"key": "z9", "customer": "老王", "action": "催款", "status": "已成交"}]
    assert book.findings == []


COPY = """
## {name}
| {title} |
| 每人一行 |
| 昵称 | 首次交易日期 | 累计交易次数 |
| 小红 | 2024-01-02 | 5 |
"""


@pytest.mark.parametrize("title", ["客户分群", "客户分类", "Segments", "本周待办"])
def test_a_copy_of_a_computed_sheet_is_no_customers(title: str) -> None:
    run = "## _sheetkit_run\n| sheet:plan | 本周待办 |\n"
    book = read(ours(run + COPY.format(name="三月的", title=title)))
    assert len(book.tables["customers"]) == 0
    assert [(one.code, one.sheet) for one in book.findings] == [("sheet_ignored", "三月的")]


def test_a_heading_of_hers_that_is_called_like_a_sheet_of_ours_is_one() -> None:
    run = "## _sheetkit_run\n| version | 1 |\n"
    theirs = "## 名单\n| 昵称 | 客户分类 | 行动方案 |\n| 小红 | 老客 | |"
    for drawn in (ours(run + theirs), run + theirs, run + COPY.format(name="名单", title="客户分类")):
        assert read(drawn).tables["customers"].columns["nickname"] == ["小红"]


def test_a_foreign_workbook_tells_its_language_by_its_headers() -> None:
    book = read("## Sheet1\n| Date | Customer | Amount |\n| 2024-03-05 | 小李 | 1 |", lang="en")
    assert (book.template, book.lang) == ("xianyu", "en")
    assert read("## Sheet1\n| 日期 | 金额 |\n| 2024-03-05 | 1 |").lang == "zh"
    assert read("## Sheet1\n| Date | Amount |\n| 2024-03-05 | 1 |").lang == "en"


def test_the_workbooks_own_language_wins() -> None:
    assert read(ours("## 交易记录\n| 日期 | 成交价 |\n| 2024-03-05 | 1 |"), lang="en").lang == "zh"
