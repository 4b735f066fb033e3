"""What a run adds to the seller's workbook: the sheets, and the columns of the plan that are typed into
by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sheetkit.messages import LANGS
from sheetkit.model.labels import Labels

RUN_SHEET = "_sheetkit_run"
"""Hidden sheet of a run: rows of key | value: version, as_of; for each added sheet ``sheet:KEY`` (its name),
``rows:KEY`` (the stamps of its rows) and ``drawn:KEY`` (how many charts and notes it has); ``grades`` (what
the next run is held against); ``undo``."""

RUN_LABEL, KEPT_LABEL = "run", "kept"
"""Hidden labels of the sheets a run adds: their keys in ``ADDED_SHEETS``, RUN_LABEL for the run's own, and
KEPT_LABEL with a number for one that is kept because the seller wrote in it."""

IMPORT_SHEET, IMPORT_LABEL = "_sheetkit_import", "imports"
"""Hidden sheet and its label of what imports have put in: rows of key | value."""

WRITTEN_LABEL = "_sheetkit_sheet_"
"""What the labels begin with of the sheets of a workbook we wrote; their keys in the blueprint follow."""

META_SHEET = "_sheetkit"
"""Hidden sheet of every workbook sheetkit wrote: rows of key | value (template, version, lang,
written_on, capacities,
and ``column:TABLE:FIELD`` rows holding the header as written)."""

OFFERED_MARK = "|"
"""What stands between the labels of a list in the record of what it offered."""

OWN_LINE, OWN_FILE, OWN_BASE = "own:", "own_file", "based_on"
"""Keys of ``_sheetkit`` in a workbook of a template of one's own: its lines, each in a row by its number, the
name of its file, and the shipped template it is based on."""

ADDED_SHEETS: dict[str, Labels] = {
    "overview": Labels("分析总览", "Overview"),
    "segments": Labels("客户分群", "Segments"),
    "plan": Labels("行动方案", "Action plan"),
    "needs": Labels("需求分析", "Needs"),
    "churn": Labels("流失预警", "Churn warning"),
    "complaints": Labels("投诉与售后", "Complaints"),
    "effect": Labels("效果评估", "Effect"),
    "grades": Labels("级别变动", "Grade moves"),
    "stock": Labels("商品与求购", "Stock and wishes"),
    "campaign_effect": Labels("活动效果", "Campaign effect"),
    "habits": Labels("购买与互动", "Buying and contact"),
    "details": Labels("资料补全", "Missing details"),
    "market": Labels("市场细分", "Market segments"),
    "team": Labels("负责人与部门", "People and departments"),
    "festivals": Labels("节日与生日", "Festivals and birthdays"),
    "limits": Labels("门槛建议", "Suggested limits"),
    "same": Labels("同一个人吗", "Same person"),
    "own_columns": Labels("自填列", "Own columns"),
    "checks": Labels("数据检查", "Data check"),
    "history": Labels("行动记录", "Action log"),
    "fixes": Labels("修正记录", "Fixes log"),
}
"""In workbook order. ``history`` is added only where an earlier plan's typed rows no longer have a task,
``fixes`` where a cell was mended by ``sheetkit fix``;
those between the plan and the checks are pages of ``sheetkit.analysis.pages``, where they say something."""


MERGE_SHEET = Labels("合并冲突", "Merge conflicts")
"""What merging adds: where copies differ, and its control totals. It is nobody's data."""


@dataclass(frozen=True)
class PlanColumn:
    """A column of the plan; ``typed`` ones are the seller's and survive every run."""

    key: str
    labels: Labels
    typed: bool = False
    width: float = 12


PLAN_COLUMNS: tuple[PlanColumn, ...] = (
    PlanColumn("key", Labels("任务键", "Task key"), width=10),
    PlanColumn("priority", Labels("优先级", "Priority"), width=8),
    PlanColumn("customer", Labels("客户", "Customer"), width=18),
    PlanColumn("class", Labels("分类", "Class"), width=12),
    PlanColumn("action", Labels("做什么", "What to do"), width=34),
    PlanColumn("why", Labels("为什么", "Why"), width=38),
    PlanColumn("due", Labels("最晚日期", "By"), width=12),
    PlanColumn("channel", Labels("渠道", "Channel"), width=14),
    PlanColumn("message", Labels("话术草稿", "Draft message"), width=46),
    PlanColumn("status", Labels("状态", "Status"), typed=True, width=11),
    PlanColumn("owner", Labels("负责人", "Owner"), typed=True, width=11),
    PlanColumn("done_on", Labels("完成日期", "Done on"), typed=True, width=12),
    PlanColumn("result", Labels("结果", "Result"), typed=True, width=24),
)
"""``key`` is hidden and stable: the same customer, play and trigger give the same key in every run."""

CHECK_COLUMNS: tuple[PlanColumn, ...] = (
    PlanColumn("severity", Labels("程度", "Severity"), width=13),
    PlanColumn("where", Labels("位置", "Where"), width=24),
    PlanColumn("typed", Labels("您填的", "As typed"), width=20),
    PlanColumn("suggestion", Labels("建议改成", "Suggestion"), typed=True, width=20),
    PlanColumn("accept", Labels("采纳", "Accept"), typed=True, width=14),
    PlanColumn("effect", Labels("影响", "What it changes"), width=32),
    PlanColumn("handled", Labels("这次怎么算", "In this run"), width=16),
    PlanColumn("sentence", Labels("说明", "What it is"), width=56),
)
"""The list of problem cells. She may put another value for the suggestion; ``sheetkit fix`` takes what stands
there where ``accept`` says yes."""

FIX_COLUMNS: tuple[PlanColumn, ...] = (
    PlanColumn("day", Labels("改的日子", "Mended on"), width=14),
    PlanColumn("where", Labels("位置", "Where"), width=26),
    PlanColumn("old", Labels("原来", "Before"), width=34),
    PlanColumn("new", Labels("改成", "After"), width=34),
)

PLAN_STATUS: tuple[Labels, ...] = (
    Labels("待办", "To do"),
    Labels("已联系", "Contacted"),
    Labels("有回复", "Answered"),
    Labels("已成交", "Bought"),
    Labels("不需要", "Not needed"),
)


def typed_into(row: Mapping[str, str]) -> bool:
    """Whether a row of the plan, {column key: text}, holds anything typed beyond the state it begins with."""
    begins = {PLAN_STATUS[0][lang] for lang in LANGS}
    typed = {column.key: row.get(column.key, "") for column in PLAN_COLUMNS if column.typed}
    return any(text and not (key == "status" and text in begins) for key, text in typed.items())
