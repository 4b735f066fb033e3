"""Grafting a donor's sheets into the host, at its end or in place of sheets an earlier run added."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from lxml import etree

from sheetkit.errors import UnreadableError
from sheetkit.opc import xmlio
from sheetkit.opc.adopt import Donated, Take, adopted
from sheetkit.opc.cells import CellRewriter, join_rows, split_rows
from sheetkit.opc.donor import Donor
from sheetkit.opc.formula import Renames, mentioned_sheets
from sheetkit.opc.frames import Rewriter, vml_blocks
from sheetkit.opc.names import unused_identifier, unused_number, unused_sheet_name
from sheetkit.opc.package import Package
from sheetkit.opc.partnames import relative
from sheetkit.opc.putting import cells_of, rows_of
from sheetkit.opc.removal import drop_calculation_order, drop_owned_parts
from sheetkit.opc.splice import BrokenMarkup, as_utf8, elements, in_utf8, root_of
from sheetkit.opc.stylemap import StyleMap
from sheetkit.opc.stylesheet import StyleSheet
from sheetkit.opc.workbook import SHEET_RELATION, Sheet, Workbook, local_index

_HIGHEST_TABLE_ID = 2**32 - 1
_CODE_NAME = re.compile(rb"\scodeName=[\"']([^\"']*)[\"']")


@dataclass(frozen=True)
class Renewal:
    """A donor that holds the host's own sheets anew: only ``sheets`` of it come along, each into the place of
    the host's sheet of that name where there is one; ``takes`` says what the host's other sheets take over.

    Its defined names are the host's own: what they refer to is renewed, but for those in ``kept_names``.
    """

    sheets: Collection[str]
    takes: Mapping[str, Take] = field(default_factory=dict)
    kept_names: Collection[str] = ()


@dataclass(frozen=True)
class Place:
    """Where a donor sheet goes: under which name, and in whose place, if anybody's."""

    at: int
    donor: Sheet
    name: str
    replaced: Sheet | None


class Graft:
    """One call of `Surgery.graft`, or of `Surgery.renew`."""

    def __init__(
        self,
        package: Package,
        workbook: Workbook,
        styles: StyleSheet,
        donor: Donor,
        renewal: Renewal | None = None,
    ) -> None:
        self._package, self._workbook, self._styles, self._donor = package, workbook, styles, donor
        self._renewal = renewal
        self._coming = [
            (at, sheet)
            for at, sheet in enumerate(donor.sheets)
            if renewal is None or sheet.name in renewal.sheets
        ]
        self._copied: dict[str, str] = {}
        self._renewed = self._names_to_renew(renewal) if renewal else {}

    def run(self, hidden: Collection[str], replace: Collection[str]) -> dict[str, str]:
        """Graft every donor sheet; returns {donor sheet name: name in the host}."""
        self._places = self._plan({name.casefold() for name in replace})
        self._clear_replaced()
        self._rewriter = self._make_rewriter()
        self._cells = CellRewriter(
            self._rewriter.styles, self._donor.strings, self._rewriter.renames, self._rewriter.to_1904
        )
        placed = {place.at: self._put(place, hidden) for place in self._places}
        self._add_names(placed)
        for name, take in self._renewal.takes.items() if self._renewal else ():
            self._adopt(name, take)
        return {place.donor.name: place.name for place in self._places}

    # -- plan ----------------------------------------------------------------------------------

    def _plan(self, replace: set[str]) -> list[Place]:
        host = self._workbook.sheets
        swappable = {
            sheet.name.casefold(): sheet
            for sheet in host
            if sheet.part and sheet.kind == "worksheet" and sheet.name.casefold() in replace
        }
        donors = [sheet.name for _, sheet in self._coming]
        taken = [sheet.name for sheet in host]
        places = []
        for at, sheet in self._coming:
            old = swappable.get(sheet.name.casefold())
            others = [name for name in donors if name != sheet.name]
            name = old.name if old else unused_sheet_name(sheet.name, [*taken, *others])
            taken.append(name)
            places.append(Place(at, sheet, name, old))
        return places

    def _clear_replaced(self) -> None:
        replaced = [place.replaced for place in self._places if place.replaced]
        if not replaced:
            return
        for sheet in replaced:
            drop_owned_parts(self._package, sheet.part)
        drop_calculation_order(self._package, self._workbook, {sheet.sheet_id for sheet in replaced})
        self._drop_replaced_names({sheet.name.casefold() for sheet in replaced})

    def _drop_replaced_names(self, replaced: set[str]) -> None:
        order = [sheet.name.casefold() for sheet in self._workbook.sheets]
        coming = {name.get("name", "").casefold() for name in self._donor.workbook.defined_names()}
        for name in self._workbook.defined_names():
            key, index = name.get("name", "").casefold(), local_index(name)
            if index is None:
                mentioned = mentioned_sheets(name.text or "")
                outdated = key in coming and bool(mentioned) and mentioned <= replaced
                outdated &= key not in self._renewed
            else:
                ours = index < len(order) and order[index] in replaced
                outdated = ours and (key in coming or key.startswith("_xlnm."))
            if outdated:
                self._workbook.drop_defined_name(name)

    def _make_rewriter(self) -> Rewriter:
        tables = list(self._host_tables())
        names = {name.get("name", "") for name in self._workbook.defined_names()}
        taken = names | {table.get(kind, "") for table in tables for kind in ("name", "displayName")}
        renames = self._renames(taken)
        ids = [xmlio.whole(table.get("id")) for table in tables]
        return Rewriter(
            StyleMap(self._donor.styles, self._styles, self._donor.palette),
            renames,
            to_1904=self._workbook.date1904 and not self._donor.workbook.date1904,
            next_table_id=unused_number(ids, _HIGHEST_TABLE_ID - len(list(self._donor.tables()))),
            used_blocks=self._host_blocks(),
        )

    def _renames(self, taken: set[str]) -> Renames:
        tables: dict[str, str] = {}
        for table in self._donor.tables():
            old = table.get("displayName", "")
            tables[old.casefold()] = unused_identifier(old, taken | set(tables.values()))
        names = {
            old.casefold(): unused_identifier(old, taken | set(tables.values()))
            for old in self._donor.global_names()
            if old.casefold() not in self._renewed
        }
        sheets = {place.donor.name.casefold(): place.name for place in self._places}
        return Renames(_changed(sheets), _changed(tables), _changed(names))

    def _host_tables(self) -> Iterator[etree._Element]:
        for sheet in self._workbook.sheets:
            yield from (table for _, table in self._workbook.tables(sheet))

    def _host_blocks(self) -> set[int]:
        """Shape blocks in use, those of drawings that nothing leads to included."""
        kinds = self._package.types
        drawings = [
            part
            for part in self._package.names
            if part.endswith(".vml") or kinds.of(part).lower().endswith("vmldrawing")
        ]
        return {block for part in drawings for block in vml_blocks(self._package.read(part))}

    # -- parts ---------------------------------------------------------------------------------

    def _put(self, place: Place, hidden: Collection[str]) -> Sheet:
        content = self._sheet_content(place)
        content_type = self._donor.package.types.of(place.donor.part)
        if place.replaced is None:
            part = self._package.add(self._like(place.donor.part), content, content_type)
            kind = place.donor.kind
            relation_type = posixpath.join(posixpath.dirname(SHEET_RELATION), kind)
            concealed = place.donor.name in hidden or place.donor.hidden
            sheet = self._workbook.append_sheet(place.name, part, relation_type, hidden=concealed)
        else:
            sheet = place.replaced
            self._package.write(sheet.part, content)
            self._package.types.set(sheet.part, content_type)
            if place.donor.name in hidden and not sheet.hidden:
                sheet.element.set("state", "hidden")
        self._copy_rels(place.donor.part, sheet.part)
        return sheet

    def _sheet_content(self, place: Place) -> bytes:
        data = self._donor.package.read(place.donor.part)
        if place.donor.kind != "worksheet":
            root = xmlio.parse(data, place.donor.part)
            self._rewriter.sheet_frame(root)
            return xmlio.serialise(root)
        frame, rows = split_rows(data)
        root = xmlio.parse(frame, place.donor.part)
        self._rewriter.sheet_frame(root)
        if place.replaced:
            self._keep_code_name(root, place.replaced)
        return join_rows(xmlio.serialise(root), self._cells.rewrite(rows))

    def _keep_code_name(self, root: etree._Element, replaced: Sheet) -> None:
        name = code_name(as_utf8(self._package.read(replaced.part)))
        if not name:
            return
        properties = xmlio.child(root, "sheetPr")
        if properties is None:
            properties = xmlio.make_ranked(root, "sheetPr", ("sheetPr",))
        properties.set("codeName", name)

    def _like(self, donor_part: str) -> str:
        inside = posixpath.relpath(donor_part, posixpath.dirname(self._donor.workbook.part) or ".")
        return self._workbook.beside(inside)

    def _copy_rels(self, donor_part: str, host_part: str) -> None:
        if not self._donor.package.has_rels(donor_part):
            return
        rels = self._package.rels(host_part)
        for relation in self._donor.package.rels(donor_part):
            target = relation.target
            if target.startswith("#"):
                target = "#" + self._rewriter.renames.apply(target[1:])
            elif not relation.external:
                target = relative(host_part, self._copy(self._donor.package.target(relation)))
            rels.put(relation.id, relation.type, target, external=relation.external)

    def _copy(self, donor_part: str) -> str:
        if donor_part not in self._copied:
            content_type = self._donor.package.types.of(donor_part)
            content = self._part_content(donor_part, content_type)
            host_part = self._package.add(self._like(donor_part), content, content_type)
            self._copied[donor_part] = host_part
            self._copy_rels(donor_part, host_part)
        return self._copied[donor_part]

    def _part_content(self, donor_part: str, content_type: str) -> bytes:
        data = self._donor.package.read(donor_part)
        if content_type.lower().endswith("vmldrawing"):
            return self._rewriter.vml(data)
        rewrite = self._rewriter.tree_of(content_type)
        if rewrite is None:
            return data
        root = xmlio.parse(data, donor_part)
        rewrite(root)
        return xmlio.serialise(root)

    # -- names ---------------------------------------------------------------------------------

    def _add_names(self, placed: dict[int, Sheet]) -> None:
        index_of = {id(sheet.element): at for at, sheet in enumerate(self._workbook.sheets)}
        renames = self._rewriter.renames
        taken = {_scope(name) for name in self._workbook.defined_names()}
        for name in self._donor.workbook.defined_names():
            attributes = {str(key): str(value) for key, value in name.attrib.items()}
            index, key = local_index(name), attributes["name"].casefold()
            if index is None and key in self._renewed:
                self._renew_name(self._renewed[key], name)
                continue
            if index is not None and index not in placed:
                continue
            if index is None:
                attributes["name"] = renames.names.get(attributes["name"].casefold(), attributes["name"])
            else:
                attributes["localSheetId"] = str(index_of[id(placed[index].element)])
            scope = attributes["name"].casefold(), attributes.get("localSheetId")
            if scope not in taken:  # taken: a name of a sheet that was missing until now
                self._workbook.add_defined_name(attributes, renames.apply(name.text or ""))

    def _names_to_renew(self, renewal: Renewal) -> dict[str, etree._Element]:
        """The host's names that are the donor's too: each refers to nothing but sheets the donor has."""
        ours = {sheet.name.casefold() for sheet in self._donor.sheets}
        coming = {name.casefold() for name in self._donor.global_names()}
        kept = {name.casefold() for name in renewal.kept_names}
        found = {}
        for name in self._workbook.defined_names():
            key, text = name.get("name", "").casefold(), name.text or ""
            if local_index(name) is None and key in coming:
                mentioned = mentioned_sheets(text.replace("#REF!", ""))
                if key in kept or "#REF!" in text or (mentioned and mentioned <= ours):
                    found[key] = name
        return found

    def _renew_name(self, held: etree._Element, donor: etree._Element) -> None:
        kept = self._renewal.kept_names if self._renewal else ()
        if held.get("name", "").casefold() not in {name.casefold() for name in kept}:
            held.text = self._rewriter.renames.apply(donor.text or "")

    # -- sheets that take over -----------------------------------------------------------------

    def _adopt(self, name: str, take: Take) -> None:
        donor = next(sheet for sheet in self._donor.sheets if sheet.name == name)
        host = next(one for one in self._workbook.sheets if one.name.casefold() == name.casefold())
        data = self._donor.package.read(donor.part)
        frame, rows = split_rows(data)
        root = xmlio.parse(frame, donor.part)
        self._rewriter.sheet_frame(root)
        moved = b"<sheet><sheetData>" + self._cells.rewrite(rows) + b"</sheetData></sheet>"
        given = Donated(dict(cells_of(moved)), rows_of(moved), root)
        before = self._package.read(host.part)
        try:
            after = in_utf8(before, lambda sheet: adopted(sheet, given, take))
        except (BrokenMarkup, UnicodeDecodeError, ValueError) as problem:
            raise UnreadableError("opc.broken_part", part=host.part) from problem
        if after != before:
            self._package.write(host.part, after)


def _scope(name: etree._Element) -> tuple[str, str | None]:
    return name.get("name", "").casefold(), name.get("localSheetId")


def code_name(sheet: bytes) -> str:
    """What macros call the sheet, empty where they have no name for it."""
    _, inside = root_of(sheet)
    first = next(elements(sheet, inside, len(sheet)), None)
    if first is None or first.name != "sheetPr":
        return ""
    found = _CODE_NAME.search(sheet, first.start, first.inner)
    return unescape(found[1].decode()) if found else ""


def _changed(renames: dict[str, str]) -> dict[str, str]:
    return {old: new for old, new in renames.items() if old != new.casefold()}
