"""The same documents in other words: prefixes, quotes, encodings, comments, spaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.opc.variants.kit import TYPES, Kit, Parts, Variant, is_tag, tokens

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TAG = re.compile(r"<(/?)([\w.-]+)(?=[\s/>])")
_ATTRIBUTE = re.compile(r"\s+([\w.:-]+)\s*=\s*(\"[^\"]*\"|'[^']*')")


def _worded(change: Callable[[str], str], *, all_parts: bool = True) -> Callable[[Parts], Parts]:
    """Each document changed as text; the content types left alone where ``all_parts`` is not asked."""

    def apply(parts: Parts) -> Parts:
        kit = Kit(parts)
        for name in kit.documents:
            if all_parts or name != TYPES:
                kit.with_text(name, _DECLARATION + change(kit.text(name)))
        return kit.parts

    return apply


def _prefixed(prefix: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        root = next(token for token in tokens(text) if is_tag(token))
        if 'xmlns="' not in root or text.count('xmlns="') > 1 or f"xmlns:{prefix}=" in text:
            return text
        text = text.replace('xmlns="', f'xmlns:{prefix}="', 1)
        tagged = (_TAG.sub(rf"<\1{prefix}:\2", each) if is_tag(each) else each for each in tokens(text))
        return "".join(tagged)

    return change


def _spaced(text: str) -> str:
    """Single quotes, spaces round the equals sign, a line for each attribute, a space before the end."""

    def requoted(match: re.Match[str]) -> str:
        value = match[2][1:-1]
        quote = '"' if "'" in value else "'"
        return f"\n  {match[1]} = {quote}{value}{quote}"

    def change(tag: str) -> str:
        end = "/>" if tag.endswith("/>") else ">"
        return _ATTRIBUTE.sub(requoted, tag.removesuffix(end)) + " " + end

    return "".join(change(each) if is_tag(each) else each for each in tokens(text))


def _between(text: str, filler: Iterator[str]) -> str:
    """Something between each two tags, but not inside an element without children."""
    written: list[str] = []
    before = ""
    for token in tokens(text):
        leaf = before[1:2] not in ("/", "?", "!") and not before.endswith("/>") and token.startswith("</")
        if is_tag(before) and is_tag(token) and not leaf:
            written.append(next(filler))
        written.append(token)
        before = token
    return "".join(written)


def _indented(text: str) -> str:
    return _between(text, iter(lambda: "\n\t ", None))


def _commented(text: str) -> str:
    def remarks() -> Iterator[str]:
        while True:
            yield from ("<!-- <sheetData> 备注 > -->", "", "", "<?pi a='>'?>", "", "", "")

    return "<!-- 先 -->" + _between(text, remarks()) + "<!-- 后 </sheetData> -->"


def _in_cdata(text: str) -> str:
    """Each text of cells and formulas that needs no reference, as CDATA."""
    written: list[str] = []
    before = ""
    for token in tokens(text):
        plain = re.match(r"<(?:\w+:)?[tvf][\s>]", before) and not token.startswith("<") and "&" not in token
        written.append(f"<![CDATA[{token}]]>" if plain and token.strip() else token)
        before = token
    return "".join(written)


def _referenced(text: str) -> str:
    """No sign beyond ASCII but as a reference."""

    def change(token: str) -> str:
        if token.startswith(("<!", "<?")):
            return token
        return re.sub(r"[^\x00-\x7f]", lambda sign: f"&#{ord(sign[0])};", token)

    return "".join(map(change, tokens(text)))


def _opened(text: str) -> str:
    """``<a></a>`` for ``<a/>``."""

    def change(tag: str) -> str:
        name = re.match(r"<([\w.:-]+)", tag)
        return f"{tag[:-2].rstrip()}></{name[1]}>" if name and tag.endswith("/>") else tag

    return "".join(change(each) if is_tag(each) else each for each in tokens(text))


def _closed(text: str) -> str:
    """``<a/>`` for ``<a></a>``."""
    return re.sub(r"<([\w.:-]+)((?:\s[^<>]*)?)></\1>", r"<\1\2/>", text)


def _encoded(encoding: str, mark: bytes = b"", declared: str = "") -> Callable[[Parts], Parts]:
    def apply(parts: Parts) -> Parts:
        kit = Kit(parts)
        for name in kit.documents:
            said = f'<?xml version="1.0" encoding="{declared or encoding}"?>'
            text = said + kit.text(name)
            kit.parts[name] = mark + text.encode(encoding, "xmlcharrefreplace")
        return kit.parts

    return apply


def _bare(parts: Parts) -> Parts:
    """No declaration at all."""
    kit = Kit(parts)
    for name in kit.documents:
        kit.parts[name] = kit.text(name).encode()
    return kit.parts


WORDINGS = (
    Variant("prefix x", _worded(_prefixed("x"))),
    Variant("prefix ns0", _worded(_prefixed("ns0"))),
    Variant("prefix but for the content types", _worded(_prefixed("main"), all_parts=False)),
    Variant("single quotes and spaces", _worded(_spaced)),
    Variant("indented", _worded(_indented)),
    Variant("comments and instructions", _worded(_commented)),
    Variant("CDATA", _worded(_in_cdata)),
    Variant("references for signs", _worded(_referenced)),
    Variant("no empty tag", _worded(_opened)),
    Variant("empty tags", _worded(_closed)),
    Variant("UTF-16", _encoded("utf-16-le", b"\xff\xfe", "UTF-16")),
    Variant("UTF-16 big end first", _encoded("utf-16-be", b"\xfe\xff", "UTF-16")),
    Variant("UTF-8 with a mark", _encoded("utf-8", b"\xef\xbb\xbf", "UTF-8")),
    Variant("ASCII", _encoded("ascii", declared="US-ASCII")),
    Variant("GB18030", _encoded("gb18030", declared="GB18030")),
    Variant("no declaration", _bare),
)
