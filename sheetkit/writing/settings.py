"""The sheet 参数设置: every limit with its default, the seller's own value, and the value in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sheetkit.edits.standing import Standing
from sheetkit.messages import Lang, text
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.currencies import currencies, now
from sheetkit.model.lists import lists
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.rulebook import Goal, Rulebook, Threshold, Unit
from sheetkit.writing.lists_sheet import SHOP_KIND, ListPlaces
from sheetkit.writing.look import AMBER, AMBER_INK, WARNING_MARK, Kind, Look, Role, display_width, wrap_height
from sheetkit.writing.sheet import MAX_HELP_TEXT, Area, Help, Result, Sheet, cell, define_name, letter

KEY, LABEL, DEFAULT, OWN, IN_FORCE, UNIT, RANGE, HELP, CHECK, NUMBER, PRESETS = range(11)
"""Columns. ``NUMBER`` and those from ``PRESETS`` on (one a kind of shop) are hidden, as is ``KEY``."""
SHOP_ROW = 1
WIDTHS = {KEY: 20, LABEL: 46, DEFAULT: 17, OWN: 17, IN_FORCE: 17, UNIT: 11, RANGE: 17, HELP: 58, CHECK: 30}
SHOP_KIND_NUMBER = "shop_kind_number"
CURRENCY, CURRENCY_SIGN = "currency", "currency_sign"
_HEADINGS: tuple[tuple[int, Role, str], ...] = (
    (KEY, "heading_optional", "workbook.settings.key"),
    (LABEL, "heading", "workbook.settings.label"),
    (DEFAULT, "heading_computed", "workbook.settings.default"),
    (OWN, "heading", "workbook.settings.own"),
    (IN_FORCE, "heading_computed", "workbook.settings.in_force"),
    (UNIT, "heading", "workbook.settings.unit"),
    (RANGE, "heading", "workbook.settings.range"),
    (HELP, "heading", "workbook.settings.help"),
    (CHECK, "heading_computed", "workbook.settings.check"),
)
_UNIT_TEXTS: Mapping[Unit, str] = {
    "count": "workbook.unit.count",
    "days": "workbook.unit.days",
    "percent": "workbook.unit.percent",
    "percentile": "workbook.unit.percentile",
    "factor": "workbook.unit.factor",
    "points": "workbook.unit.points",
    "date": "workbook.unit.date",
}

ShopFigure = tuple[str, str, Result]
"""(figure's key, formula, value it has now); money comes in cents and is shown in whole units."""


@dataclass
class SettingsPlaces:
    """Where things stand: ``in_force`` {key: cell as other sheets name it}, ``rows`` {key: row from 0}.

    Keys are those of thresholds and goals, ``shop_kind``, ``currency``, and the figures shown (in whole
    units of it, not cents).
    """

    in_force: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Own:
    """The seller's own values: {threshold or goal: number}, and her kind of shop ("": none typed).

    ``standing``: the rows that lines have already, others come below them.
    """

    numbers: Mapping[str, float] = field(default_factory=dict)
    shop_kind: str = ""
    standing: Standing | None = None


def write_settings(
    sheet: Sheet,
    look: Look,
    blueprint: Blueprint,
    lang: Lang,
    lists_at: ListPlaces,
    figures: Sequence[ShopFigure] = (),
    own: Own | None = None,
) -> SettingsPlaces:
    """Write kind of shop, currency, goals, limits, then the shop's own lines. ``own``: what is typed already.

    Each limit and goal gets a defined name, its key, for the value in force; ``shop_kind_number`` names the
    code of the shop's kind, ``currency_sign`` what stands before a sum. The currency in force is the default.
    """
    rules = rules_for(blueprint).book
    writer = _Writer(sheet, look, lang, rules, blueprint.shop_kind, own or Own())
    writer.headings()
    writer.shop_kind(lists_at)
    writer.currency()
    for goal in rules.goals.values():
        writer.goal(goal)
    for threshold in rules.thresholds.values():
        writer.threshold(threshold)
    if any(key not in writer.held for key, _, _ in figures):
        writer.section(text("workbook.settings.figures", lang))
    for key, formula, value in figures:
        writer.figure(key, formula, value)
    writer.page()
    return writer.places


class _Writer:
    def __init__(
        self, sheet: Sheet, look: Look, lang: Lang, rules: Rulebook, usual_kind: str, own: Own
    ) -> None:
        self.sheet, self.look, self.lang, self.own = sheet, look, lang, own.numbers
        self.usual_kind, self.kind = usual_kind, own.shop_kind or usual_kind
        self.rules = rules
        self.kinds = list(lists()[SHOP_KIND].meanings.values())
        self.in_force = rules.in_force(self.kind, own.numbers)
        self.places = SettingsPlaces()
        self.held: Mapping[str, int] = own.standing.settings if own.standing else {}
        self.row = self.free = own.standing.free_row if own.standing else SHOP_ROW

    def headings(self) -> None:
        for col, role, key in _HEADINGS:
            self.sheet.write(0, col, text(key, self.lang), self.look(role))
            self.sheet.column(col, WIDTHS[col], hidden=col == KEY)
        self.sheet.write(0, NUMBER, "#", self.look("heading_optional"))
        for col, kind in enumerate(self.kinds, PRESETS):
            self.sheet.write(0, col, kind.key, self.look("heading_optional"))
        for col in range(NUMBER, PRESETS + len(self.kinds)):
            self.sheet.column(col, 12, hidden=True)
        self.sheet.row(0, 24)

    # Rows

    def shop_kind(self, lists_at: ListPlaces) -> None:
        """The row that decides the defaults of all others."""
        self._go_to(SHOP_KIND)
        place = lists_at[SHOP_KIND]
        meaning, now = (lists()[SHOP_KIND].meanings[one] for one in (self.usual_kind, self.kind))
        shown = meaning.labels[self.lang]
        typed = _kind_label(now.key, self.lang) if now != meaning else None
        default, own, in_force = (cell(self.row, col) for col in (DEFAULT, OWN, IN_FORCE))
        helped = text("workbook.settings.shop_kind_help", self.lang)
        self._begin(SHOP_KIND, lists()[SHOP_KIND].labels[self.lang], "", "", helped)
        relabelled = f"INDEX({place.labels},MATCH({meaning.code},{place.codes},0))"
        self._computed(DEFAULT, f'=IFERROR({relabelled},"{shown}")', shown, "text")
        chosen = f"ISNUMBER(MATCH({own},{place.labels},0))"
        self._computed(IN_FORCE, f"=IF({chosen},{own},{default})", typed or shown, "text")
        self.sheet.write(self.row, OWN, typed, self.look("entry", text_wrap=True))
        longest = max((one.labels[self.lang] for one in self.kinds), key=display_width)
        self.sheet.row(self.row, wrap_height(longest, WIDTHS[OWN] - 1))
        self.sheet.choices(self._own_area, f"={place.dropdown}", Help(self._own_title, helped))
        said = text("workbook.settings.ok", self.lang) if typed else ""
        self._check({f"ISNA(MATCH({own},{place.labels},0))": "workbook.settings.not_listed"}, said)
        number = f"=MAX(1,IFERROR(INDEX({place.codes},MATCH({in_force},{place.labels},0)),{meaning.code}))"
        self.sheet.formula(self.row, NUMBER, number, now.code, self.look("computed", "count"))
        define_name(self.sheet.book, SHOP_KIND_NUMBER, "=" + self.sheet.at(self.row, NUMBER))
        self._end(SHOP_KIND)

    def currency(self) -> None:
        """What sums are counted in: a choice or its code; its sign stands as the unit."""
        self._go_to(CURRENCY)
        about, own, in_force = now(), cell(self.row, OWN), cell(self.row, IN_FORCE)
        labels = [one.label for one in currencies().values()]
        helped = text("workbook.settings.currency_help", self.lang)
        self._begin(CURRENCY, text("workbook.settings.currency", self.lang), "", "", helped)
        self.sheet.write(self.row, DEFAULT, about.label, self.look("computed", "text", num_format="General"))
        self.sheet.write(self.row, OWN, None, self.look("entry"))
        self.sheet.choices(self._own_area, labels, Help(self._own_title, helped))
        given = f"TRIM({own})"
        places = _array(range(1, len(labels) + 1))
        same = f"({_array(labels)}={given})+({_array(currencies())}={given})"
        number = f"=IFERROR(SUMPRODUCT(({same})*{places}),0)"
        self.sheet.formula(self.row, NUMBER, number, 0, self.look("computed", "count"))
        at = cell(self.row, NUMBER)
        decided = f"=IF({at}>0,INDEX({_array(labels)},1,MAX(1,{at})),{cell(self.row, DEFAULT)})"
        self._computed(IN_FORCE, decided, about.label, "text")
        self._computed(UNIT, f"=LEFT({in_force},LEN({in_force})-4)", about.sign, "text")
        define_name(self.sheet.book, CURRENCY_SIGN, "=" + self.sheet.at(self.row, UNIT))
        self._check({f"{at}=0": "workbook.settings.not_listed"}, "")
        self._end(CURRENCY)

    def goal(self, one: Goal) -> None:
        """A goal: blank unless typed."""
        self._limited(one)
        self.sheet.write(self.row, DEFAULT, None, self.look("computed", one.unit))
        given = self.own.get(one.key)
        now: Result = given if given is not None and one.low <= given <= one.high else ""
        self._decide(one, '""', now)

    def threshold(self, one: Threshold) -> None:
        """A limit: the default of the shop's kind unless a number in range is typed."""
        self._limited(one)
        for col, kind in enumerate(self.kinds, PRESETS):
            self.sheet.write(self.row, col, one.presets[kind.key], self.look("computed", one.unit))
        line = self.row + 1
        presets = f"${letter(PRESETS)}{line}:${letter(PRESETS + len(self.kinds) - 1)}{line}"
        number = cell(self.places.rows[SHOP_KIND], NUMBER, fixed=True)
        self._computed(DEFAULT, f"=INDEX({presets},1,{number})", one.preset(self.kind), one.unit)
        self._decide(one, cell(self.row, DEFAULT), self.in_force[one.key])

    def section(self, label: str) -> None:
        """A line that opens the part below it."""
        self._go_to("")
        for col in range(LABEL, CHECK + 1):
            self.sheet.write(self.row, col, label if col == LABEL else None, self.look("section"))
        self.sheet.row(self.row, 26)

    def figure(self, key: str, formula: str, value: Result) -> None:
        """A number of the shop: computed, nothing to type."""
        self._go_to(key)
        one = self.rules.figures[key]
        unit = "" if one.unit == "count" else self._unit(one.unit)
        self._begin(key, one.labels[self.lang], unit, "", text("workbook.settings.figure_help", self.lang))
        if one.unit == "money":
            source = formula.removeprefix("=")
            formula = f'=IF(ISNUMBER({source}),({source})/100,"")'
            value = value / 100 if isinstance(value, int | float) else ""
        self._computed(DEFAULT, formula, value, one.unit)
        self.sheet.write(self.row, OWN, None, self.look("computed"))
        here = cell(self.row, DEFAULT)
        self._computed(IN_FORCE, f'=IF({here}="","",{here})', value, one.unit)
        self.sheet.write(self.row, CHECK, None, self.look("computed"))
        self._end(key)

    # Parts of a row

    def _unit(self, unit: Unit) -> str:
        """What a value counts in; of money, the formula that says it."""
        return f"={CURRENCY_SIGN}" if unit == "money" else text(_UNIT_TEXTS[unit], self.lang)

    def _go_to(self, key: str) -> None:
        """The row that the line has, or the next free one."""
        self.row = self.held.get(key, self.free)
        self.free += key not in self.held

    def _limited(self, one: Goal | Threshold) -> None:
        self._go_to(one.key)
        self._begin(one.key, one.labels[self.lang], self._unit(one.unit), _range(one), one.help[self.lang])
        prompt = "workbook.settings.prompt_goal" if isinstance(one, Goal) else "workbook.settings.prompt"
        said = text(prompt, self.lang, help=one.help[self.lang], range=_range(one))
        warning = text("workbook.settings.warning", self.lang, range=_range(one))
        title = text("workbook.settings.warning_title", self.lang)
        self.sheet.write(self.row, OWN, self.own.get(one.key), self.look("entry", one.unit))
        advice = Help(self._own_title, said[:MAX_HELP_TEXT])
        self.sheet.limits(self._own_area, one.low, one.high, Help(title, warning), advice)

    def _begin(self, key: str, label: str, unit: str, range_: str, helped: str) -> None:
        self.sheet.write(self.row, KEY, key, self.look("label"))
        self.sheet.write(self.row, LABEL, label, self.look("label", text_wrap=True))
        if unit.startswith("="):
            self.sheet.formula(self.row, UNIT, unit, now().sign, self.look("label", num_format="General"))
        else:
            self.sheet.write(self.row, UNIT, unit, self.look("label"))
        self.sheet.write(self.row, RANGE, range_, self.look("label"))
        self.sheet.write(self.row, HELP, helped, self.look("label", text_wrap=True))
        heights = wrap_height(label, WIDTHS[LABEL]), wrap_height(helped, WIDTHS[HELP])
        self.sheet.row(self.row, max(heights))

    def _decide(self, one: Goal | Threshold, default: str, now: Result) -> None:
        own = cell(self.row, OWN)
        inside = f"AND({own}>={one.low:.10g},{own}<={one.high:.10g})"
        decided = f"=IF(ISNUMBER({own}),IF({inside},{own},{default}),{default})"
        self._computed(IN_FORCE, decided, now, one.unit)
        outside = "workbook.settings.outside_goal" if isinstance(one, Goal) else "workbook.settings.outside"
        given = self.own.get(one.key)
        said = "workbook.settings.ok" if given is not None and one.low <= given <= one.high else outside
        wrong = {f"NOT(ISNUMBER({own}))": "workbook.settings.not_a_number", f"NOT({inside})": outside}
        self._check(wrong, "" if given is None else text(said, self.lang))
        define_name(self.sheet.book, one.key, "=" + self.sheet.at(self.row, IN_FORCE))
        self._end(one.key)

    def _check(self, wrong: Mapping[str, str], now: str) -> None:
        """The check column says what is the matter with the own value: {condition: sentence}, in order."""
        formula = f'"{text("workbook.settings.ok", self.lang)}"'
        for condition, key in reversed(list(wrong.items())):
            formula = f'IF({condition},"{text(key, self.lang)}",{formula})'
        self._computed(CHECK, f'=IF({cell(self.row, OWN)}="","",{formula})', now, "text")

    def _computed(self, col: int, formula: str, value: Result, kind: Kind) -> None:
        more: dict[str, object] = {"num_format": "General", "text_wrap": True} if kind == "text" else {}
        self.sheet.formula(self.row, col, formula, value, self.look("computed", kind, **more))

    @property
    def _own_title(self) -> str:
        return text("workbook.settings.own", self.lang)

    @property
    def _own_area(self) -> Area:
        return Area(self.row, OWN, self.row, OWN)

    def _end(self, key: str) -> None:
        self.places.rows[key] = self.row
        self.places.in_force[key] = self.sheet.at(self.row, IN_FORCE)

    # The sheet as a whole

    def page(self) -> None:
        """Own values that are not used stand out; headings stay in view and on every page."""
        wrong = f'=LEFT(${letter(CHECK)}{SHOP_ROW + 1},1)="{WARNING_MARK}"'
        mark = self.look.rule(bg_color=AMBER, font_color=AMBER_INK, bold=True)
        for col in (OWN, CHECK):
            self.sheet.highlight(Area(SHOP_ROW, col, self.free - 1, col), wrong, mark)
        self.sheet.freeze(1, LABEL + 1)
        self.sheet.page()


def _kind_label(kind: str, lang: Lang) -> str:
    """The choice of the list that means a kind of shop."""
    return next(one.labels[lang] for one in lists()[SHOP_KIND].entries if one.meaning == kind)


def _array(values: Iterable[str | int]) -> str:
    """Values as a formula's own row of values."""
    return "{" + ",".join(str(one) if isinstance(one, int) else f'"{one}"' for one in values) + "}"


def _range(one: Goal | Threshold) -> str:
    """``7–180``, ``10%–100%``."""
    if one.unit == "percent":
        return f"{one.low:.0%}–{one.high:.0%}"
    return f"{one.low:,g}–{one.high:,.10g}"
