"""The sheets to fill: one rectangle from A1, what matters first, help in place, nothing refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sheetkit.messages import Lang, text
from sheetkit.model.blueprint import SheetSpec
from sheetkit.model.fields import Field
from sheetkit.model.lists import lists
from sheetkit.writing.lists_sheet import ListPlaces
from sheetkit.writing.live.layout import entry_order
from sheetkit.writing.look import (
    AMBER,
    AMBER_INK,
    RED_INK,
    ROW_HEIGHT,
    WARNING_MARK,
    Look,
    Role,
    display_width,
    fitting_width,
    wrap_height,
)
from sheetkit.writing.sheet import (
    MAX_HELP_TEXT,
    MAX_HELP_TITLE,
    Area,
    Help,
    Result,
    Sheet,
    Value,
    cell,
    letter,
)

ANSWER = "answer"
ANSWER_WIDTH = 42.0
FILTER_BUTTON = 3.0
"""How much of a heading its filter button covers, in digits."""
_LEAST_WIDTH = {"date": 14.0}
_STATED_TWICE = '@"  {words}"'


@dataclass(frozen=True)
class Answer:
    """The computed column of the trades: the formula of its first cell, and the value now of each row."""

    formula: str
    values: Sequence[Result]


@dataclass(frozen=True)
class Filling:
    """What goes into an entry sheet: room for ``capacity`` rows, the first of them filled with ``rows``.

    ``rows``: {field key: value}, a date for a date, a number for money; text stays text in any column.
    ``answer``: the computed column of the trades; None leaves its cells blank.
    """

    capacity: int
    rows: Sequence[Mapping[str, Value]] = ()
    answer: Answer | None = None


def write_entry(
    sheet: Sheet,
    look: Look,
    spec: SheetSpec,
    lang: Lang,
    lists_at: ListPlaces,
    filling: Filling,
    at: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Write one entry sheet; the answer is {column key: its column}, ``answer`` among them on the trades.

    ``at``: where its columns stand, if not as the template has them.
    """
    if len(filling.rows) > filling.capacity:
        raise ValueError(f"{spec.key}: {len(filling.rows)} rows do not fit a capacity of {filling.capacity}")
    writer = _Writer(sheet, look, spec, lang, lists_at, filling)
    writer.at = dict(at) if at else writer.at
    writer.headings()
    writer.cells()
    for field in spec.columns:
        writer.help(field)
        writer.mark(field)
    writer.mark_rows()
    writer.page()
    return writer.at


class _Writer:
    def __init__(
        self, sheet: Sheet, look: Look, spec: SheetSpec, lang: Lang, lists_at: ListPlaces, filling: Filling
    ) -> None:
        self.sheet, self.look, self.spec, self.lang = sheet, look, spec, lang
        self.lists_at, self.filling = lists_at, filling
        self.fields = {field.key: field for field in spec.columns}
        self.at = {key: col for col, key in enumerate(entry_order(spec))}

    def area(self, col: int) -> Area:
        """A column's cells to fill."""
        return Area(1, col, self.filling.capacity, col)

    # Headings, widths and cells

    def headings(self) -> None:
        heights = []
        front = {field.key for field in self.spec.columns[: self.spec.front]}
        for key, col in self.at.items():
            if key == ANSWER:
                label, width, fmt = text("column.answer", self.lang), ANSWER_WIDTH, None
            else:
                field = self.fields[key]
                label, width = field.labels[self.lang], _width(field, self.lang)
                fmt = self.look("entry", field.shown_as)
            self.sheet.column(col, width, fmt)
            plain: Role = "heading" if key in front else "heading_optional"
            role: Role = "heading_computed" if key == ANSWER else plain
            self.sheet.write(0, col, label, self.look(role))
            heights.append(wrap_height(label, width - FILTER_BUTTON))
        self.sheet.row(0, max(heights))

    def cells(self) -> None:
        for index, row in enumerate(self.filling.rows, 1):
            for key, field in self.fields.items():
                if row.get(key) is not None:
                    self.sheet.write(index, self.at[key], row[key], self.look("entry", field.shown_as))
        if self.filling.answer and ANSWER in self.at:
            fmt = self.look("computed", "text", num_format="General")
            answer = self.filling.answer
            self.sheet.shared(self.area(self.at[ANSWER]), answer.formula, answer.values, fmt)

    # Help in place

    def help(self, field: Field) -> None:
        """The dropdown and the input message of a column."""
        area = self.area(self.at[field.key])
        advice = self._advice(field)
        if field.list_key:
            self.sheet.choices(area, f"={self.lists_at[field.list_key].dropdown}", advice)
        elif advice:
            self.sheet.hint(area, advice)

    def _advice(self, field: Field) -> Help | None:
        said = [field.help[self.lang]]
        if field.list_key:
            said.append(text("workbook.entry.help_list", self.lang, sheet=self._lists_name))
        elif not said[0] and field.kind == "date":
            said.append(text("workbook.entry.help_date", self.lang))
        elif not said[0] and field.kind == "money":
            said.append(text("workbook.entry.help_money", self.lang))
        if field.example[self.lang] and field.kind in ("name", "text"):
            said.append(text("workbook.entry.more", self.lang, example=field.example[self.lang]))
        shown = "\n".join(filter(None, said))
        # A seller's own template may say more than fits.
        return Help(field.labels[self.lang][:MAX_HELP_TITLE], shown[:MAX_HELP_TEXT]) if shown else None

    @property
    def _lists_name(self) -> str:
        place = next(iter(self.lists_at.values())).labels
        return place.rpartition("!")[0].strip("'").replace("''", "'")

    # What stands out: never by colour alone

    def mark(self, field: Field) -> None:
        """Conditional formats of one column."""
        col = self.at[field.key]
        here = cell(1, col)
        if field.list_key and lists()[field.list_key].meanings:
            unknown = f'=AND({here}<>"",ISNA(MATCH({here},labels_{field.list_key},0)))'
            self.sheet.highlight(self.area(col), unknown, self._amber('"⚠ "@'))
        elif field.key == "amount":
            negative = f"=AND(ISNUMBER({here}),{here}<0)"
            self.sheet.highlight(self.area(col), negative, self.look.rule(font_color=RED_INK, bold=True))
        elif field.key == "due" and "status" in self.at:
            status = f"${letter(self.at['status'])}2"
            code = f"INDEX(codes_case_status,MATCH({status},labels_case_status,0))"
            is_open = f'OR({status}="",IFERROR({code},0)={lists()["case_status"].code("open")})'
            overdue = f"=AND(ISNUMBER({here}),{here}<TODAY(),{is_open})"
            self.sheet.highlight(self.area(col), overdue, self._amber('"⚠ "yyyy-mm-dd'))
        elif field.key == "nickname" and self.spec.key == "customers":
            words = text("workbook.entry.duplicate", self.lang)
            self.sheet.highlight_duplicates(self.area(col), self._amber(_STATED_TWICE.format(words=words)))

    def mark_rows(self) -> None:
        """A row whose answer warns is tinted from end to end."""
        if ANSWER in self.at:
            answer = f"${letter(self.at[ANSWER])}2"
            whole = Area(1, 0, self.filling.capacity, max(self.at.values()))
            self.sheet.highlight(whole, f'=LEFT({answer},1)="{WARNING_MARK}"', self.look.rule(bg_color=AMBER))

    def _amber(self, num_format: str) -> object:
        return self.look.rule(bg_color=AMBER, font_color=AMBER_INK, num_format=num_format)

    # The sheet as a whole

    def page(self) -> None:
        sheet, last = self.sheet, max(self.at.values())
        sheet.raw.set_default_row(ROW_HEIGHT)
        sheet.filter(Area(0, 0, self.filling.capacity, last))
        sheet.freeze(1, 2)
        sheet.page(across=2)
        sheet.raw.repeat_columns(0, 1)
        sheet.numbers_as_text(Area(1, 0, self.filling.capacity, last))
        if ANSWER in self.at:
            col = self.at[ANSWER]
            advice = text("workbook.entry.help_answer", self.lang)
            sheet.hint(self.area(col), Help(text("column.answer", self.lang), advice))


def _width(field: Field, lang: Lang) -> float:
    """As wide as the template says, no word of the heading broken, and every choice of a list in full."""
    longest = max(display_width(word) for word in field.labels[lang].split()) if lang == "en" else 0.0
    entries = lists()[field.list_key].entries if field.list_key else ()
    choices = fitting_width([WARNING_MARK + entry.labels[lang] for entry in entries], least=0)
    return max(field.width + 1, _LEAST_WIDTH.get(field.kind, 0.0), longest + FILTER_BUTTON + 1, choices)
