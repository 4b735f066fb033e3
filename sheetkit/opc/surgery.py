"""One workbook on the table: what the other rooms may ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sheetkit.errors import NotPermitted, UnreadableError, UsageError
from sheetkit.opc import scan
from sheetkit.opc.attachments import attachments
from sheetkit.opc.dangling import reserve_used
from sheetkit.opc.donor import Donor
from sheetkit.opc.extent import first_free_column
from sheetkit.opc.graft import Graft, Renewal
from sheetkit.opc.labels import WRITTEN, labelled, set_label
from sheetkit.opc.marks import Level, NoCells, cut_marks, insert_marks, mark_format
from sheetkit.opc.numberformats import Shown
from sheetkit.opc.opencells import open_cells, paired
from sheetkit.opc.package import Package
from sheetkit.opc.putting import Cell, Place, cells_of, with_cells
from sheetkit.opc.record import PART_TYPE, record_part
from sheetkit.opc.references import users_of
from sheetkit.opc.removal import drop_owned_parts, remove_sheets
from sheetkit.opc.renaming import rename_sheet
from sheetkit.opc.sheetfacts import SheetFacts
from sheetkit.opc.splice import BrokenMarkup, as_utf8, in_utf8
from sheetkit.opc.stylesheet import EMPTY, StyleSheet
from sheetkit.opc.typed import Value
from sheetkit.opc.undo import KEY as UNDO
from sheetkit.opc.undo import RECORD_LABEL, before_run, way_back
from sheetkit.opc.values import put_values, sheet_facts
from sheetkit.opc.workbook import SHEET_RELATION, Sheet, Workbook

_STYLES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MODIFIED = re.compile(rb"<(?:\w+:)?modified[^>]*>([^<]*)<")
_REVISIONS = ("revisionHeaders", "usernames")


class Surgery:
    """A seller's workbook, opened for adding to it without touching what is theirs.

    Raises UnreadableError with the reason's key where the file is no ordinary Excel workbook, and, unless
    allowed, where it is signed (any change voids the signature) or its structure is locked. ``verified``: the
    caller sees to it that every part is inflated once.
    """

    def __init__(
        self, host: bytes, *, allow_signed: bool = False, allow_locked: bool = False, verified: bool = False
    ) -> None:
        self._open(Package(host))
        if not verified:
            self._package.verify()
        if any(self._workbook.related(kind) for kind in _REVISIONS):
            raise UnreadableError("opc.shared_workbook")
        if not allow_signed and self._package.rels("").of_kind("origin"):
            raise NotPermitted("opc.signed", "signed")
        if not allow_locked and self._workbook.structure_locked:
            raise NotPermitted("opc.locked_structure", "locked")

    def _open(self, package: Package) -> None:
        self._package = package
        self._workbook = Workbook(package)
        self._styles: StyleSheet | None = None
        self._workbook_changed = False
        self._can_go_back = not labelled(self._workbook)
        self._record: tuple[Sheet, Mapping[str, str]] | None = None

    # -- facts ---------------------------------------------------------------------------------

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of all sheets, in order."""
        return tuple(sheet.name for sheet in self._workbook.sheets)

    @property
    def labels(self) -> dict[str, str]:
        """{label: sheet} of the sheets that carry one, whatever they are called by now."""
        return {label: sheet.name for label, sheet in labelled(self._workbook).items()}

    @property
    def defined_names(self) -> dict[str, str]:
        """{name: what it refers to} of the names of the whole workbook."""
        names = self._workbook.defined_names()
        return {one.get("name", ""): one.text or "" for one in names if one.get("localSheetId") is None}

    @property
    def date1904(self) -> bool:
        """Whether day 0 of this workbook is 1904-01-01."""
        return self._workbook.date1904

    def sheet_part_bytes(self, name: str) -> bytes:
        """The part behind a sheet; raises UsageError where there is no such sheet."""
        return self._package.read(self._sheet(name).part)

    def error_cells(self, name: str) -> dict[str, str]:
        """The sheet's cells that hold an error: ``{"B7": "#N/A"}``."""
        return scan.error_cells(as_utf8(self.sheet_part_bytes(name)))

    def formula_cells_without_value(self, name: str) -> list[str]:
        """The sheet's formula cells whose result no program has stored."""
        return scan.formula_cells_without_value(as_utf8(self.sheet_part_bytes(name)))

    def formula_cells(self, name: str) -> frozenset[Place]:
        """The sheet's cells that hold a formula, those included into which another cell's formula reaches."""
        sheet = as_utf8(self.sheet_part_bytes(name))
        arrays = SheetFacts(sheet).arrays
        return frozenset(
            place
            for place, cell in cells_of(sheet)
            if cell.formula is not None or any(area.holds(*place) for area in arrays)
        )

    def first_free_column(self, name: str) -> int:
        """The sheet's first column, from 0, right of everything that is in use."""
        return first_free_column(self._package, self._workbook, self._sheet(name))

    def attachments(self, name: str) -> int:
        """How many charts, pictures, shapes and notes a sheet has."""
        return attachments(self._package, self._sheet(name).part)

    @property
    def saved_on(self) -> str:
        """When a program last saved the workbook, as it says of itself: ``2026-03-05T12:00:00Z``, or ""."""
        for relation in self._package.rels("").of_kind("core-properties"):
            part = self._package.target(relation)
            found = _MODIFIED.search(self._package.read(part)) if part in self._package else None
            if found:
                return found[1].decode("ascii", "replace").strip()
        return ""

    def computed(self, sheet: str, places: Collection[Place]) -> set[Place]:
        """Those of the cells whose value a formula says."""
        facts = sheet_facts(self._package, self._workbook, self._worksheet(sheet))
        return {place for place in places if facts.is_computed(*place)}

    def _sheet(self, name: str) -> Sheet:
        found = self._find(name)
        if found is None:
            raise UsageError("opc.no_such_sheet", sheet=name, sheets=", ".join(self.sheet_names))
        return found

    def _worksheet(self, name: str) -> Sheet:
        found = self._sheet(name)
        if found.kind != "worksheet":
            raise UsageError("opc.not_a_worksheet", sheet=name)
        return found

    def _find(self, name: str) -> Sheet | None:
        sheets = (sheet for sheet in self._workbook.sheets if sheet.part)
        return next((sheet for sheet in sheets if sheet.name.casefold() == name.casefold()), None)

    # -- changes -------------------------------------------------------------------------------

    def graft(
        self, donor: bytes, *, hidden: Collection[str] = (), replace: Collection[str] = ()
    ) -> dict[str, str]:
        """Add every sheet of an xlsxwriter workbook; returns {donor sheet name: name in the host}.

        Sheets go to the end, in donor order, under a numbered name where theirs is taken; those in
        ``hidden`` are hidden. A sheet in ``replace`` that the host has is swapped in place: it keeps name,
        position, sheet id, and whatever points at it.
        """
        self._workbook_changed = True
        self._can_go_back &= not {one.casefold() for one in self.sheet_names} & {
            one.casefold() for one in replace
        }
        return Graft(self._package, self._workbook, self._stylesheet(), Donor(donor)).run(hidden, replace)

    def renew(self, donor: bytes, renewal: Renewal) -> dict[str, str]:
        """Let the host's own sheets be as an xlsxwriter workbook has them, as far as ``renewal`` says.

        Returns {donor sheet that came: its name in the host}; one that the host had keeps name, position and
        sheet id.
        """
        self._workbook_changed, self._can_go_back = True, False
        graft = Graft(self._package, self._workbook, self._stylesheet(), Donor(donor), renewal)
        held = [name for name in renewal.sheets if (found := self._find(name)) and not found.hidden]
        typed = {name: self._typed(name) for name in held}
        placed = graft.run((), renewal.sheets)
        for name, cells in typed.items():
            self._type_again(name, cells)
        self._workbook.compute_on_opening()
        return placed

    def _typed(self, name: str) -> dict[Place, Cell]:
        """The cells that a locked sheet leaves open."""
        return open_cells(as_utf8(self.sheet_part_bytes(name)), self._stylesheet())

    def _type_again(self, name: str, typed: Mapping[Place, Cell]) -> None:
        """Let the cells that the renewed sheet leaves open hold what was typed into those before."""
        again = paired(typed, self._typed(name))
        if again:
            part = self._sheet(name).part
            self._package.write(part, with_cells(self._package.read(part), again, {}))

    def put_values(
        self,
        sheet: str,
        values: Mapping[Place, Value],
        *,
        dates: Collection[Place] = frozenset(),
        times: Collection[Place] = frozenset(),
        header_row: int | None = None,
    ) -> None:
        """Put values into cells of a sheet: text as text, never a formula; None empties a cell.

        A cell that is there keeps its format; a new one looks like the nearest above it, below the headings
        (``header_row``, from 0; guessed where not told). ``dates``: the cells whose number is a day, in the
        workbook's own count, ``times``: a part of a day; where the format shows none, it becomes one that
        does. Rows right below a
        table become part of it. Raises UsageError where a cell holds a formula; nothing is put then.
        """
        target = self._worksheet(sheet)
        shown: dict[Place, Shown] = {**dict.fromkeys(times, "time"), **dict.fromkeys(dates, "date")}
        try:
            put_values(
                self._package, self._workbook, self._stylesheet(), target, values, shown, header_row
            )
        except (BrokenMarkup, UnicodeDecodeError) as problem:
            raise UnreadableError("opc.broken_part", part=target.part) from problem
        self._workbook.compute_on_opening()
        self._workbook_changed, self._can_go_back = True, False

    def last_row(self, sheet: str, columns: Collection[int]) -> int:
        """The last row, from 0, that has something in one of the columns; -1 where none has."""
        return sheet_facts(self._package, self._workbook, self._worksheet(sheet)).last_row(columns)

    def append_rows(
        self,
        sheet: str,
        rows: Sequence[Mapping[int, Value]],
        *,
        date_columns: Collection[int] = frozenset(),
        header_row: int | None = None,
    ) -> int:
        """Put rows, {column: value} each, below the last one that has something in any of their columns.

        They look like the row above, and its dropdowns, rules and formulas reach over them. Returns the
        first one's row, from 0.
        """
        columns = {column for row in rows for column in row}
        first = max(self.last_row(sheet, columns), -1 if header_row is None else header_row) + 1
        values = {(first + at, column): value for at, row in enumerate(rows) for column, value in row.items()}
        dates = {place for place in values if place[1] in date_columns}
        self.put_values(sheet, values, dates=dates, header_row=header_row)
        return first

    def rewrite_added(
        self, name: str, sheet: Callable[[bytes], bytes], table: Callable[[bytes], bytes]
    ) -> None:
        """Change a sheet that was grafted, and its tables: a tall one is grafted short and filled then."""
        part = self._sheet(name).part
        self._package.write(part, sheet(self._package.read(part)))
        for relation, target in self._package.targets(part):
            if relation.kind == "table":
                self._package.write(target, table(self._package.read(target)))

    def label(self, sheet: str, label: str) -> None:
        """Put a hidden label on a sheet, by which it is found after it was renamed or moved."""
        set_label(self._workbook, label, self._sheet(sheet).name)
        self._workbook_changed = True

    def keep_record(self, sheet: str, rows: Mapping[str, str]) -> None:
        """Write rows key | value into a hidden sheet, labelled as the record, in place of an earlier one.

        To them comes what `undo` needs, unless the workbook already held sheets of an earlier run.
        """
        held = labelled(self._workbook).get(RECORD_LABEL) or self._find(sheet)
        if held is None:
            part = self._package.add(self._workbook.beside("worksheets/sheet1.xml"), b"", PART_TYPE)
            held = self._workbook.append_sheet(sheet, part, SHEET_RELATION, hidden=True)
        drop_owned_parts(self._package, held.part)
        held.element.set("state", "hidden")
        self.label(held.name, RECORD_LABEL)
        self._record = held, rows

    def keep_notes(self, sheet: str, label: str, rows: Mapping[str, str]) -> None:
        """Write rows key | value into a hidden sheet that belongs to the workbook from now on, found by its
        label, in place of what it held. No run takes it away again, unlike its own record."""
        held = labelled(self._workbook, WRITTEN).get(label) or self._find(sheet)
        if held is None:
            part = self._package.add(self._workbook.beside("worksheets/sheet1.xml"), b"", PART_TYPE)
            held = self._workbook.append_sheet(sheet, part, SHEET_RELATION, hidden=True)
            set_label(self._workbook, label, held.name, WRITTEN)
            self._workbook_changed = True
        drop_owned_parts(self._package, held.part)
        self._package.write(held.part, record_part(rows))

    def undo(self) -> bool:
        """Go back to the workbook before the last recorded run, byte for byte.

        False, and nothing is changed, where there is no record or another program has saved the file since.
        """
        before = before_run(self._package, self._workbook)
        if before is None:
            return False
        self._open(Package(before))
        return True

    def rename_sheet(self, sheet: str, name: str) -> None:
        """Give a sheet another name, which must be free; what it holds itself (formulas, charts, links, a
        table) follows, what others say about the old name stays."""
        rename_sheet(self._package, self._workbook, self._sheet(sheet), name)
        self._workbook_changed, self._can_go_back = True, False

    def referenced_by(self, names: Collection[str]) -> tuple[str, ...]:
        """The other sheets that point at one of these: by a formula, a rule, a chart, a pivot table."""
        return users_of(self._package, self._workbook, names)

    def remove_sheets(self, names: Collection[str], *, even_if_referenced: bool = False) -> None:
        """Take sheets away, with the parts and defined names that were theirs alone.

        Raises UsageError where a name is unknown, where no visible sheet would be left, and where another
        sheet's formula points at one of them, which no program would read afterwards.
        """
        doomed = [self._sheet(name) for name in names]
        users = () if even_if_referenced else self.referenced_by(names)
        self._can_go_back = False
        if users:
            raise UsageError("opc.sheet_in_use", sheets=", ".join(names), users=", ".join(users))
        remove_sheets(self._package, self._workbook, doomed)
        self._workbook_changed = True

    def mark(self, sheet: str, cells: Iterable[str], level: Level) -> None:
        """Highlight cells by a conditional format; their values and styles stay as they are.

        Raises UsageError where the sheet holds no cells, ValueError where a cell name is none.
        """
        wanted = list(cells)
        target = self._worksheet(sheet)
        if not wanted:
            return
        index = self._stylesheet().index_of("dxfs", mark_format(level))
        part = self._package.read(target.part)
        try:
            marked = in_utf8(part, lambda data: insert_marks(data, wanted, level, index))
        except NoCells as problem:
            raise UsageError("opc.not_a_worksheet", sheet=sheet) from problem
        except (BrokenMarkup, UnicodeDecodeError) as problem:
            raise UnreadableError("opc.broken_part", part=target.part) from problem
        self._package.write(target.part, marked)

    def clear_marks(self, names: Collection[str] | None = None) -> list[str]:
        """Remove every mark, those of earlier runs and re-saved files too; of these sheets only, if given.

        Returns the sheets that had any.
        """
        cleared = []
        for sheet in self._workbook.sheets:
            if sheet.part and sheet.kind == "worksheet" and (names is None or sheet.name in names):
                before = self._package.read(sheet.part)
                after = in_utf8(before, cut_marks)
                if after != before:
                    self._package.write(sheet.part, after)
                    cleared.append(sheet.name)
        return cleared

    def _stylesheet(self) -> StyleSheet:
        if self._styles is None:
            self._styles_part = self._workbook.related("styles")
            data = self._package.read(self._styles_part) if self._styles_part else EMPTY
            self._styles = StyleSheet(data, self._styles_part)
            reserve_used(self._styles, self._package, self._workbook)
        return self._styles

    def to_bytes(self) -> bytes:
        """The workbook as a file."""
        self._save_styles()
        if self._workbook_changed:
            self._workbook.save()
        if self._record is not None:
            self._write_record(*self._record)
        return self._package.to_bytes()

    def _write_record(self, sheet: Sheet, rows: Mapping[str, str]) -> None:
        if self._can_go_back:
            self._package.finish()
            rows = {**rows, UNDO: way_back(self._package, self._workbook)}
        self._package.write(sheet.part, record_part(rows))

    def _save_styles(self) -> None:
        if self._styles is None or not self._styles.changed:
            return
        if self._styles_part:
            self._package.write(self._styles_part, self._styles.to_bytes())
            return
        promised = next((relation.part for relation in self._workbook.rels.of_kind("styles")), "")
        if promised:  # a relationship to a part that is missing: a second one would be one too many
            self._styles_part = promised
            self._package.write(promised, self._styles.to_bytes())
            self._package.types.set(promised, _STYLES_TYPE)
            return
        like = self._workbook.beside("styles.xml")
        self._styles_part = self._package.add(like, self._styles.to_bytes(), _STYLES_TYPE)
        self._workbook.rels.add(_STYLES_RELATION, self._styles_part, self._workbook.relation_ids())
