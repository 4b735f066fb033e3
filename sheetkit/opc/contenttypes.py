"""``[Content_Types].xml``: which kind of part each name is."""

from __future__ import annotations

from sheetkit.opc import xmlio
from sheetkit.opc.partnames import escaped, fold
from sheetkit.opc.rewrite import rewritten

PART = "[content_types].xml"
RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


class ContentTypes:
    """The package's list of content types; every new part gets an Override of its own."""

    def __init__(self, data: bytes) -> None:
        self._data, self._root = data, xmlio.parse(data, PART)
        self._overrides = {fold(el.get("PartName", "")): el for el in xmlio.children(self._root, "Override")}
        self._defaults = {
            el.get("Extension", "").lower(): el.get("ContentType", "")
            for el in xmlio.children(self._root, "Default")
        }
        self.changed = False

    def of(self, part: str) -> str:
        """The content type of a part, empty where the list has none."""
        override = self._overrides.get(fold(part))
        if override is not None:
            return override.get("ContentType", "")
        return self._defaults.get(fold(part).rpartition(".")[2], "")

    @property
    def names(self) -> set[str]:
        """Folded names of all parts that have an Override, there or not."""
        return set(self._overrides)

    def parts_of(self, *content_types: str) -> list[str]:
        """Folded names of the parts that an Override gives one of these types."""
        return [part for part, el in self._overrides.items() if el.get("ContentType") in content_types]

    def set(self, part: str, content_type: str) -> None:
        """Give a part its type by an Override (relationships keep to a fitting Default)."""
        if content_type == RELATIONSHIPS_TYPE and self._defaults.get("rels") == RELATIONSHIPS_TYPE:
            return
        override = self._overrides.get(fold(part))
        if override is None:
            override = xmlio.make(self._root, "Override", {"PartName": f"/{escaped(part)}"})
            self._overrides[fold(part)] = override
        if override.get("ContentType") != content_type:
            override.set("ContentType", content_type)
            self.changed = True

    def drop(self, part: str) -> None:
        """Forget a part that is no longer there."""
        override = self._overrides.pop(fold(part), None)
        if override is not None:
            self._root.remove(override)
            self.changed = True

    def to_bytes(self) -> bytes:
        """The part as it has to be written."""
        return rewritten(self._data, self._root)
