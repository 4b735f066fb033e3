"""The sheet 选项: the labels behind the dropdowns, each beside its meaning, with room for more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sheetkit.edits.standing import HeldList, Standing
from sheetkit.messages import Lang, text
from sheetkit.model.blueprint import Blueprint
from sheetkit.model.labels import Labels
from sheetkit.model.lists import ChoiceList, lists
from sheetkit.model.report import PLAN_STATUS
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.look import AMBER, AMBER_INK, Look, fitting_width
from sheetkit.writing.sheet import Area, Help, Sheet, cell, define_name

ROOM = 30
"""Rows a list has at least, the shipped entries included."""
MANUAL_CLASS, SHOP_KIND, PLAN_STATUS_LIST = "manual_class", "shop_kind", "plan_status"


@dataclass(frozen=True)
class ListPlace:
    """Where a list stands: ranges as formulas of other sheets name them.

    ``labels`` and ``codes``: all its rows (``codes`` is "" where labels have none); ``dropdown``: the defined
    name of the rows in use, from which dropdowns offer.
    """

    labels: str
    codes: str
    dropdown: str


ListPlaces = Mapping[str, ListPlace]


@dataclass(frozen=True)
class Block:
    """One list as it is written: ``entries`` are (label, meaning's label or "", code or None).

    ``matched``: the texts whose position is the code: the meanings, or the labels themselves where fixed.
    """

    key: str
    label: str
    entries: tuple[tuple[str, str, int | None], ...]
    meanings: tuple[str, ...]
    matched: tuple[str, ...]

    @property
    def coded(self) -> bool:
        """Whether formulas read a code beside the label."""
        return bool(self.matched)

    def holding(self, entries: Sequence[tuple[str, str]]) -> Block:
        """The same list with other entries, (label, meaning) a row, blank ones included."""
        codes = {one.casefold(): at for at, one in enumerate(self.matched, 1)}
        read = [(meaning if self.meanings else label).casefold() for label, meaning in entries]
        held = tuple(
            (label, meaning, codes.get(said, 0) if label and self.coded else None)
            for (label, meaning), said in zip(entries, read, strict=True)
        )
        return replace(self, entries=held)


def blocks(blueprint: Blueprint, lang: Lang) -> tuple[Block, ...]:
    """The lists of a template in the order in which its columns need them, then those of other sheets."""
    used = [field.list_key for sheet in blueprint.sheets for field in sheet.columns if field.list_key]
    keys = dict.fromkeys([*used, MANUAL_CLASS, SHOP_KIND, PLAN_STATUS_LIST])
    return tuple(_block(key, blueprint, lang) for key in keys)


def _block(key: str, blueprint: Blueprint, lang: Lang) -> Block:
    if key == PLAN_STATUS_LIST:
        return _plain(key, text("workbook.lists.plan_status", lang), PLAN_STATUS, lang)
    choices = lists()[key]
    if key == MANUAL_CLASS:
        main = rules_for(blueprint).book.dimensions[blueprint.dimensions[0]]
        return _plain(key, choices.labels[lang], [one.labels for one in main.classes], lang, fixed=True)
    if not choices.meanings:
        return _plain(key, choices.labels[lang], [one.labels for one in choices.entries], lang)
    return _with_meanings(choices, lang)


def _plain(key: str, label: str, entries: Iterable[Labels], lang: Lang, *, fixed: bool = False) -> Block:
    numbered = tuple((one[lang], "", at if fixed else None) for at, one in enumerate(entries, 1))
    return Block(key, label, numbered, (), tuple(one for one, _, _ in numbered) if fixed else ())


def _with_meanings(choices: ChoiceList, lang: Lang) -> Block:
    entries = tuple(
        (one.labels[lang], choices.meanings[one.meaning].labels[lang], choices.code(one.meaning))
        for one in choices.entries
    )
    meanings = tuple(one.labels[lang] for one in choices.meanings.values())
    return Block(choices.key, choices.labels[lang], entries, meanings, meanings)


def write_lists(
    sheet: Sheet, look: Look, blueprint: Blueprint, lang: Lang, standing: Standing | None = None
) -> ListPlaces:
    """Write every list side by side and name its ranges ``list_KEY``, ``labels_KEY`` and ``codes_KEY``.

    A list that has a place in ``standing`` is written there, with the entries it has there.
    """
    parts = blocks(blueprint, lang)
    rows = max(ROOM, *(len(one.entries) + 10 for one in parts))
    held: Mapping[str, HeldList] = standing.lists if standing else {}
    places: dict[str, ListPlace] = {}
    col = standing.free_column if standing else 0
    for block in parts:
        if there := held.get(block.key):
            filled = block.holding(there.entries)
            places[block.key] = _Writer(sheet, look, lang, there.rows, filled).write(there.column)
            continue
        places[block.key] = _Writer(sheet, look, lang, rows, block).write(col)
        col += 1 + bool(block.meanings) + block.coded
    # Meanings are offered from hidden columns on the far right: some hold a comma, which no inline list can.
    for block in parts:
        if block.meanings:
            offered = held[block.key].offered if block.key in held else None
            _write_meanings(sheet, look, block, col if offered is None else offered)
            col += offered is None
    sheet.raw.set_default_row(18)
    sheet.row(0, 33)
    sheet.freeze(1, 0)
    sheet.page(fit_width=False)
    return places


def _write_meanings(sheet: Sheet, look: Look, block: Block, col: int) -> None:
    sheet.column(col, 10, hidden=True)
    sheet.write(0, col, f"# {block.key}", look("heading_computed"))
    for row, meaning in enumerate(block.meanings, 1):
        sheet.write(row, col, meaning, look("computed"))
    define_name(sheet.book, f"meanings_{block.key}", "=" + sheet.area(Area(1, col, len(block.meanings), col)))


@dataclass(frozen=True)
class _Writer:
    """Writes one block from a column on."""

    sheet: Sheet
    look: Look
    lang: Lang
    rows: int
    block: Block

    def write(self, col: int) -> ListPlace:
        labels = self._labels(col)
        at = col + 1
        if self.block.meanings:
            self._meanings(col, at)
            at += 1
        codes = self._codes(col, at) if self.block.coded else ""
        return ListPlace(labels, codes, f"list_{self.block.key}")

    def _labels(self, col: int) -> str:
        sheet, key = self.sheet, self.block.key
        area = Area(1, col, self.rows, col)
        texts = [label for label, _, _ in self.block.entries]
        sheet.column(col, fitting_width([self.block.label + "   ", *texts], least=10), self.look("entry"))
        sheet.write(0, col, self.block.label, self.look("heading"))
        self._fill(col, texts)
        fixed = self.block.coded and not self.block.meanings
        advice = "workbook.lists.help_fixed" if fixed else "workbook.lists.help_label"
        sheet.hint(area, Help(self.block.label[:32], text(advice, self.lang)))
        plain = sheet.area(area)
        # The rows in use end at the last one filled, so that a cleared row in between hides nothing.
        used = f'SUMPRODUCT(MAX(({plain}<>"")*(ROW({plain})-1)))'
        define_name(sheet.book, f"labels_{key}", f"={plain}")
        define_name(sheet.book, f"list_{key}", f"={sheet.at(1, col)}:INDEX({plain},MAX(1,{used}))")
        return plain

    def _meanings(self, label_col: int, col: int) -> None:
        sheet = self.sheet
        area = Area(1, col, self.rows, col)
        header = text("workbook.lists.meaning", self.lang, label=self.block.label)
        sheet.column(col, fitting_width([*self.block.meanings, "  " * 5], least=12), self.look("entry"))
        sheet.write(0, col, header, self.look("heading_optional"))
        self._fill(col, [meaning for _, meaning, _ in self.block.entries])
        advice = Help(self.block.label[:32], text("workbook.lists.help_meaning", self.lang))
        sheet.choices(area, f"=meanings_{self.block.key}", advice)
        missing = text("workbook.lists.missing_meaning", self.lang)
        mark = self.look.rule(bg_color=AMBER, font_color=AMBER_INK, num_format=f'@"  {missing}"')
        label, meaning = cell(1, label_col), cell(1, col)
        sheet.highlight(Area(1, label_col, self.rows, label_col), f'=AND({label}<>"",{meaning}="")', mark)

    def _codes(self, label_col: int, col: int) -> str:
        sheet = self.sheet
        sheet.column(col, 6, hidden=True)
        sheet.write(0, col, "#", self.look("heading_computed"))
        read_col = label_col + 1 if self.block.meanings else label_col
        known = ",".join('"' + one.replace('"', '""') + '"' for one in self.block.matched)
        codes = [code for _, _, code in self.block.entries]
        for row in range(1, self.rows + 1):
            label, read = cell(row, label_col), cell(row, read_col)
            now = codes[row - 1] if row <= len(codes) else ""
            formula = f'=IF({label}="","",IFERROR(MATCH({read},{{{known}}},0),0))'
            sheet.formula(row, col, formula, "" if now is None else now, self.look("computed", "count"))
        plain = sheet.area(Area(1, col, self.rows, col))
        define_name(sheet.book, f"codes_{self.block.key}", f"={plain}")
        return plain

    def _fill(self, col: int, texts: Sequence[str]) -> None:
        for row in range(1, self.rows + 1):
            self.sheet.write(row, col, texts[row - 1] if row <= len(texts) else None, self.look("entry"))
