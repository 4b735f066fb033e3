"""Formula pieces that read what a person typed. Only the helper sheet uses them; everything else reads
its numbers."""

from __future__ import annotations

from sheetkit.model.days import EARLIEST
from sheetkit.model.fields import TableKey, fields
from sheetkit.model.labels import NAME_LENGTH
from sheetkit.model.lists import lists
from sheetkit.writing.live.layout import Layout

LAST_SERIAL = 2_958_465
"""9999-12-31, the last day a spreadsheet knows."""

_WIDE_SPACE, _HARD_SPACE = "\u3000", "\u00a0"
_MASKS = ("**", "\uff0a\uff0a")
_SEPARATORS = (";", "\uff1b", ",", "\uff0c")


def escaped(text: str) -> str:
    """A text as MATCH must be given it: ``~ * ?`` are patterns there."""
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({text},"~","~~"),"*","~*"),"?","~?")'


def cleaned(cell: str) -> str:
    """A typed name: as text, spaces of all widths trimmed and folded."""
    spaces = f'SUBSTITUTE(SUBSTITUTE({cell}&"","{_WIDE_SPACE}"," "),"{_HARD_SPACE}"," ")'
    return f"LEFT(TRIM({spaces}),{NAME_LENGTH})"


def typed_id(layout: Layout, table: TableKey, line: str) -> str:
    """A row's customer id as text, "" where there is none; one in scientific notation has lost its last
    digits and tells nobody apart."""
    if not layout.has(table, "customer_id"):
        return '""'
    cell = layout.typed(table, "customer_id", line)
    text = cleaned(cell)
    lost = f'ISNUMBER(FIND("E+",UPPER({text}))*VALUE({text}))'
    return f'IFERROR(IF({cell}="","",IF({lost},"",{text})),"")'


def typed_name(layout: Layout, table: TableKey, line: str) -> str:
    """A row's customer name, "" where there is none; a masked name (two stars) is no name."""
    cell = layout.typed(table, "nickname", line)
    masked = "+".join(f'ISNUMBER(FIND("{stars}",{cell}))' for stars in _MASKS)
    return f'IFERROR(IF({cell}="","",IF({masked},"",{cleaned(cell)})),"")'


def code(layout: Layout, table: TableKey, key: str, line: str) -> str:
    """The meaning's number of the label typed in row ``line``; −1 for one that is not on the list, the
    list's own for an empty cell."""
    cell, listed = layout.typed(table, key, line), fields(table)[key].list_key
    text, blank = f'TRIM({cell}&"")', lists()[listed].blank_code
    found = f"INDEX(codes_{listed},MATCH({escaped(text)},labels_{listed},0))"
    return f'IFERROR(IF({cell}="",{blank},IF({text}="",{blank},{found})),-1)'


def place(layout: Layout, table: TableKey, key: str, line: str) -> str:
    """Where the label typed in row ``line`` stands on its list; 0 for a blank cell or one not on the list."""
    cell = layout.typed(table, key, line)
    text = escaped(f'TRIM({cell}&"")')
    found = f"MATCH({text},labels_{fields(table)[key].list_key},0)"
    return f'IFERROR(IF({cell}="",0,{found}),0)'


def day(cell: str) -> str:
    """A typed date's day number; only to be used where ``day_counts`` holds."""
    return f"INT({cell})"


def day_counts(cell: str, today: str) -> str:
    """Whether a number lies between 2010-01-01 and the day after the analysis date."""
    return f"AND({cell}>={EARLIEST},INT({cell})<={today}+1)"


def cents(cell: str) -> str:
    """A typed amount in cents: rounded as the digits shown say (1.005 · 100 is a hair below 100.5)."""
    return f"ROUND(ROUND({cell},2)*100,0)"


def any_day(cell: str, otherwise: str) -> str:
    """The day number of a typed date that may be any day there is, else ``otherwise``."""
    inside = f"AND({cell}>=1,{cell}<{LAST_SERIAL + 1})"
    return f"IF(ISNUMBER({cell}),IF({inside},INT({cell}),{otherwise}),{otherwise})"


def channel_name(cell: str) -> str:
    """Her name on a channel with what ends it: ``小李、``; a 、 in it separates two."""
    name = f'SUBSTITUTE(SUBSTITUTE(TRIM({cell}&""),"、 ","、")," 、","、")'
    return f'IFERROR({name},"")&"、"'


def separated(cell: str) -> str:
    """Aliases between 、 signs, whatever they were separated by: ``、小李、李姐、``."""
    text = f'TRIM({cell}&"")'
    for one in _SEPARATORS:
        text = f'SUBSTITUTE({text},"{one}","、")'
    return f'"、"&SUBSTITUTE(SUBSTITUTE({text},"、 ","、")," 、","、")&"、"'


def shown(layout: Layout, table: TableKey, key: str, line: str) -> str:
    """A typed cell as a trimmed text, "" where it is blank, wrong or not in this template."""
    return f'IFERROR(TRIM({layout.typed(table, key, line)}&""),"")' if layout.has(table, key) else '""'
