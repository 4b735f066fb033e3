"""What surrounds a donor sheet's cells, and the parts it owns, rewritten for the host."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from sheetkit.opc import xmlio
from sheetkit.opc.cells import shift_to_1904
from sheetkit.opc.formula import Renames
from sheetkit.opc.splice import as_utf8
from sheetkit.opc.stylemap import StyleMap, is_date_code

_FORMULA_TAGS = {"formula", "formula1", "formula2", "f", "calculatedColumnFormula", "totalsRowFormula"}
_SHAPES_A_BLOCK = 1024
_BLOCKS = re.compile(rb"(<(?:\w+:)?idmap\b[^>]*?\bdata\s*=\s*[\"'])([0-9, ]+)([\"'])")
_SHAPE = re.compile(rb"(_x0000_s)([0-9]+)")


@dataclass
class Rewriter:
    """The renumberings and renamings one graft applies to all parts of the donor."""

    styles: StyleMap
    renames: Renames
    to_1904: bool
    next_table_id: int
    used_blocks: set[int] = field(default_factory=set)

    def sheet_frame(self, root: etree._Element) -> None:
        """A worksheet without its rows, in place."""
        for view in root.iter(f"{{{xmlio.MAIN}}}sheetView"):
            view.attrib.pop("tabSelected", "")
        for column in root.iter(f"{{{xmlio.MAIN}}}col"):
            style = column.get("style")
            if style is not None:
                column.set("style", str(self.styles.cell_format(int(style))))
        self._differentials(root)
        if self.to_1904:
            self._date_validations(root)
        self._formulas(root)
        for link in root.iter(f"{{{xmlio.MAIN}}}hyperlink"):
            if link.get("location"):
                link.set("location", self.renames.apply(link.get("location", "")))

    def table(self, root: etree._Element) -> None:
        """A table part, in place: a new id, an unused name, its formats."""
        root.set("id", str(self.next_table_id))
        self.next_table_id += 1
        for attribute in ("name", "displayName"):
            name = root.get(attribute, "")
            root.set(attribute, self.renames.tables.get(name.casefold(), name))
        self._differentials(root)
        self._formulas(root)

    def chart(self, root: etree._Element) -> None:
        """A chart part, in place: its references and, under 1904, its cached dates."""
        self._formulas(root)
        if self.to_1904:
            for cache in root.iter("{*}numCache"):
                self._cached_dates(cache)

    def drawing(self, root: etree._Element) -> None:
        """A drawing part, in place: text boxes that show a cell."""
        for shape in root.iter("{*}sp"):
            if shape.get("textlink"):
                shape.set("textlink", self.renames.apply(shape.get("textlink", "")))

    def vml(self, data: bytes) -> bytes:
        """A VML drawing with block and shape ids that nobody else in the workbook uses."""
        blocks: dict[int, int] = {}

        def new_block(old: int) -> int:
            if old not in blocks:
                blocks[old] = max(self.used_blocks, default=0) + 1
                self.used_blocks.add(blocks[old])
            return blocks[old]

        def renumber_map(match: re.Match[bytes]) -> bytes:
            renumbered = (str(new_block(int(block))) for block in match[2].split(b","))
            return match[1] + ",".join(renumbered).encode() + match[3]

        def renumber_shape(match: re.Match[bytes]) -> bytes:
            block, number = divmod(int(match[2]), _SHAPES_A_BLOCK)
            return match[1] + str(new_block(block) * _SHAPES_A_BLOCK + number).encode()

        return _SHAPE.sub(renumber_shape, _BLOCKS.sub(renumber_map, data))

    def tree_of(self, content_type: str) -> Callable[[etree._Element], None] | None:
        """The rewriting that parts of this content type need, None for none."""
        if content_type.endswith("drawingml.chart+xml"):
            return self.chart
        if content_type.endswith("spreadsheetml.table+xml"):
            return self.table
        if content_type.endswith("officedocument.drawing+xml"):
            return self.drawing
        return None

    def _differentials(self, root: etree._Element) -> None:
        for element in root.iter(etree.Element):
            for name, value in element.attrib.items():
                if str(name) == "dxfId" or str(name).endswith("DxfId"):
                    element.set(str(name), str(self.styles.differential(int(str(value)))))

    def _formulas(self, root: etree._Element) -> None:
        if not self.renames:
            return
        for element in root.iter(etree.Element):
            if xmlio.local(element) in _FORMULA_TAGS and element.text:
                element.text = self.renames.apply(element.text)
            elif xmlio.local(element) == "cfvo" and element.get("type") == "formula":
                element.set("val", self.renames.apply(element.get("val", "")))

    def _date_validations(self, root: etree._Element) -> None:
        for rule in root.iter(f"{{{xmlio.MAIN}}}dataValidation"):
            if rule.get("type") == "date":
                for bound in rule:
                    bound.text = shift_to_1904(bound.text or "")

    def _cached_dates(self, cache: etree._Element) -> None:
        code = xmlio.child(cache, "formatCode")
        if code is None or not is_date_code(code.text or ""):
            return
        for value in cache.iter("{*}v"):
            value.text = shift_to_1904(value.text or "")


def vml_blocks(data: bytes) -> set[int]:
    """The block ids a VML drawing uses, declared or implied by its shapes."""
    data = as_utf8(data)
    listed = (block for match in _BLOCKS.finditer(data) for block in re.findall(rb"\d+", match[2]))
    declared = {int(block) for block in listed}
    return declared | {int(match[2]) // _SHAPES_A_BLOCK for match in _SHAPE.finditer(data)}
