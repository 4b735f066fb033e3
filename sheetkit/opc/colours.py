"""Theme colours as plain RGB, since a grafted sheet lives under another workbook's theme."""

from __future__ import annotations

import colorsys

from lxml import etree

from sheetkit.opc import xmlio

# A colour's theme index counts these names of the scheme (light before dark, unlike the part's order).
_SCHEME = (
    "lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6",
    "hlink", "folHlink",
)  # fmt: skip
_OFFICE = (
    "FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646",
    "0000FF", "800080",
)  # fmt: skip
_COLOUR_TAGS = {"color", "fgColor", "bgColor"}


def theme_palette(theme: etree._Element | None) -> tuple[str, ...]:
    """Twelve RGB values in the order of the theme index; Office's own where the part says none."""
    if theme is None:
        return _OFFICE
    scheme = next((el for el in theme.iter(etree.Element) if xmlio.local(el) == "clrScheme"), None)
    entries = {} if scheme is None else {xmlio.local(el): el for el in scheme}
    return tuple(_value(entries.get(name), fallback) for name, fallback in zip(_SCHEME, _OFFICE, strict=True))


def _value(entry: etree._Element | None, fallback: str) -> str:
    colour = entry[0] if entry is not None and len(entry) else None
    if colour is None:
        return fallback
    return (colour.get("lastClr") or colour.get("val") or fallback).upper()


def tinted(rgb: str, tint: float) -> str:
    """The colour lightened (tint > 0) or darkened (tint < 0) as spreadsheets do, by luminance."""
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation))


def own_colours(element: etree._Element, palette: tuple[str, ...]) -> None:
    """Replace every theme colour below the element by RGB, and drop fonts' theme scheme, in place."""
    for node in list(element.iter(etree.Element)):
        if xmlio.local(node) == "scheme":
            _drop(node)
        theme = node.get("theme") if xmlio.local(node) in _COLOUR_TAGS else None
        if theme is None or not theme.isdigit() or int(theme) >= len(palette):
            continue
        rgb = tinted(palette[int(theme)], float(node.get("tint", "0")))
        node.attrib.clear()
        node.set("rgb", "FF" + rgb)


def _drop(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)
