"""What people really type, and every edge a rule has: rows for the workbooks of the recalculation test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from sheetkit.messages import Lang
from sheetkit.model.blueprint import blueprint
from sheetkit.model.fields import TableKey, fields, tables
from sheetkit.model.lists import lists
from sheetkit.model.owed import RESULTS
from sheetkit.rules.chosen import rules_for
from sheetkit.writing.live.layout import Capacity
from tests.live.books import AS_OF, NA, Case, Row

Rows = dict[TableKey, list[Row]]

NAMES: list[object] = [
    "小*李", "小红梅李", "小?李", "小丽李", "小~李", "~", "~~", "*", "?", "~*", ">5", "<x", "=x", "<>",
    "=1+1", "头尾", " 头尾 ", "双 空", "双   空", "全\u3000角", "全 角", "硬\u00a0空", "硬 空", "Alice",
    "ALICE ", "alice", 12345, "12345", 1.5, "1.5", "001", 1, "1", "00", 0, "1234567890123456",
    "1234567890123457", "长" * 130, "长" * 120 + "尾", "*" + "长~" * 59 + "尾", "😀客", "👨‍👩‍👧",
    "a、b", '说"好"', "it's", "TRUE", "ÄRGER", "ärger", "Ａｂ", "ａｂ", "Ab", "t***5", "t＊＊5", "合计",
    "-", "无", "#N/A", "a&b<c>", "x\ny", "#1", "、",
]  # fmt: skip
"""Twins by case or spaces are one customer; by width or content they are two, as far as a formula can see."""

BAD_DATES: list[object] = [
    None, NA, "2026-05-01", "2026.5.1", "昨天", 3.5, 0, -1, date(2009, 12, 31), date(2010, 1, 1),
    AS_OF + timedelta(1), AS_OF + timedelta(2), datetime(2010, 1, 1, 0, 1), datetime(2026, 5, 21, 23, 59, 59),
    datetime(2026, 5, 22, 0, 0, 1), 20260501, 2958465, 2958466, 1e9,
]  # fmt: skip
AMOUNTS: list[object] = [
    None, NA, 0, -30, -0.004, "¥1,200", "120", "", " ", 0.005, 1.005, 2.675, 1.115, 4.35, 8.125, 0.015,
    -1.005, -0.005, 1e-9, 33.333333333, 99.995, 99.994999, 1234567.895, 1e9, date(2026, 5, 1),
]  # fmt: skip


def labels_of(list_key: str, lang: Lang) -> list[str]:
    """The labels a dropdown offers."""
    if list_key == "manual_class":
        rules = rules_for(blueprint("xianyu")).book
        return [one.labels[lang] for one in rules.dimensions["customer_class"].classes]
    return [one.labels[lang] for one in lists()[list_key].entries]


def states(list_key: str, lang: Lang) -> list[object]:
    """Every label as it is, then what is nearly a label and what is none."""
    labels = labels_of(list_key, lang)
    other = labels_of(list_key, "en" if lang == "zh" else "zh")[:2]
    first = labels[0]
    near: list[object] = [
        f" {first}  ",
        first.upper(),
        first.lower(),
        first + "\u3000",
        first[:2] + "*",
        f"{first[0]}?",
    ]
    return [
        *labels,
        *other,
        *near,
        None,
        "",
        "   ",
        "\u3000",
        "不知道",
        "~",
        "?",
        "*",
        1,
        0,
        NA,
        "<>",
        f"={first}",
    ]


def edge_days(kind: str, random: Random) -> Callable[[], object]:
    """Days at each window's limit and a day either side, as dates or with a time."""
    rules = rules_for(blueprint("xianyu")).book
    spans = [
        rules.thresholds[key].preset(kind) for key, one in rules.thresholds.items() if one.unit == "days"
    ]
    limits = sorted({int(one) for one in (*spans, 90, 365, 0, 1, 2, 3, 4)})

    def draw() -> object:
        day = AS_OF - timedelta(random.choice(limits) + random.choice((-1, 0, 0, 1)))
        if random.random() < 0.1:
            return datetime(day.year, day.month, day.day, random.choice((0, 12, 23)), 59, 59)
        return day

    return draw


def wild(kind: str, lang: Lang, seed: int, own: dict[str, object]) -> Case:
    """A drawn workbook in which two cells in ten are something a person should not have typed."""
    random = Random(seed)
    day = edge_days(kind, random)
    names = random.sample(NAMES, 26)
    manual = states("manual_class", lang)[6:14]
    codes: list[object] = [
        "A1",
        "a1 ",
        "B*2",
        "1234567890123456",
        "1234567890123457",
        77,
        "077",
        "C?3",
        "D~4",
        "1.77E+18",
        1234567890123456789,
    ]

    def sometimes(good: Callable[[], object], bad: list[object], share: float = 0.2) -> object:
        return random.choice(bad) if random.random() < share else good()

    def code(share: float) -> object:
        return random.choice(codes) if random.random() < share else None

    def label(list_key: str, share: float, bad: float = 0.3) -> object:
        if random.random() > share:
            return None
        good = labels_of(list_key, lang)
        return sometimes(lambda: random.choice(good), states(list_key, lang), bad)

    def customer(at: int) -> Row:
        aliases = random.sample([str(one) for one in NAMES if isinstance(one, str) and len(one) < 9], 2)
        return {
            "nickname": random.choice([*names[:16], None]) if at else None,
            "aliases": random.choice(
                (None, "、", ", ".join(aliases), "；".join(aliases), " 、".join(aliases), aliases[0])
            ),
            "customer_id": code(0.5),
            "trades_before": random.choice((None, None, 1, 3, 0, -2, 2.9, "3", NA)),
            "first_before": random.choice(
                (None, date(2015, 3, 1), date(2009, 12, 31), "2015", 3.5, NA, datetime(2016, 1, 1, 5))
            ),
            "risk": label("risk", 0.15),
            "identity": label("identity", 0.4),
            "do_not_contact": label("yes", 0.3),
            "manual_class": manual[at] if at < len(manual) else label("manual_class", 0.3),
        }

    def trade(_: int) -> Row:
        return {
            "date": sometimes(day, BAD_DATES, 0.12),
            "nickname": random.choice((*names, *names[:10], None)),
            "amount": sometimes(lambda: random.choice((30, 30, 80, 80.5, 300, 19.99)), AMOUNTS, 0.2),
            "state": label("trade_state", 0.6),
            "rating": label("rating", 0.4),
            "line_kind": label("line_kind", 0.3),
            "fault": label("fault", 0.3),
            "refund_amount": sometimes(lambda: None, AMOUNTS, 0.2),
            "customer_id": code(0.15),
        }

    def contact(_: int) -> Row:
        return {
            "date": sometimes(day, BAD_DATES, 0.12),
            "nickname": random.choice((*names, "只在沟通里", None)),
            "type": label("contact_type", 0.9, 0.15),
            "due": random.choice((None, None, AS_OF, AS_OF - timedelta(1), AS_OF + timedelta(1), *BAD_DATES)),
            "status": label("case_status", 0.5),
            "direction": label("direction", 0.5),
            "customer_id": code(0.1),
        }

    rows: Rows = {
        "customers": [_typed(customer(at)) for at in range(22)],
        "trades": [_typed(trade(at)) for at in range(180)],
        "contacts": [_typed(contact(at)) for at in range(100)],
    }
    return Case(f"wild-{kind}-{lang}-{seed}", rows, lang, own={"shop_kind": _kind(kind, lang), **own})


FURTHER: tuple[TableKey, ...] = ("benefits", "browsing", "campaigns", "cases", "improvements", "surveys")
"""With those that it has, every table there is."""


def every_sheet(kind: str, lang: Lang, seed: int) -> Case:
    """The same with every further sheet filled as carelessly, and results picked on 今天."""
    sound = wild(kind, lang, seed, {})
    random = Random(seed)
    day = edge_days(kind, random)
    names = [row["nickname"] for row in sound.rows["trades"] if row.get("nickname")][:20]
    rows: Rows = {key: list(some) for key, some in sound.rows.items()}
    for table in (*FURTHER, "wishes", "goods"):
        rows[table] = [_typed(_careless(table, lang, random, day, names)) for _ in range(60)]
    name, said = 'a~b*c? "d"', "x*y~z?  一二三四五六七八九"
    asked: Row = {"date": AS_OF - timedelta(3), "nickname": name, "content": said, "item": said}
    kinds = {"contacts": {"type": labels_of("contact_type", lang)[4]}, "cases": {}, "wishes": {}}
    picked = []
    for table, own in kinds.items():
        row = {key: one for key, one in {**asked, **own}.items() if key in fields(table)}
        rows[table] = [*rows[table], row]
        label = blueprint("xianyu", FURTHER).sheet(table).labels[lang]
        done = RESULTS[len(picked) % 2][lang]
        first = said.replace("  ", " ")[:12]
        picked.append(f"{done} · {label} {AS_OF - timedelta(3)} {name} {first}")
    return Case(f"every-{kind}-{lang}", rows, lang, own=sound.own, more=FURTHER, picked=tuple(picked))


def _careless(
    table: TableKey, lang: Lang, random: Random, day: Callable[[], object], names: list[object]
) -> dict[str, object]:
    """A row of a table in which each cell is blank, right or wrong."""
    row: dict[str, object] = {}
    for key, one in fields(table).items():
        good: object = f"{key} 说"
        if one.list_key:
            careful = random.random() < 0.8
            good = random.choice(labels_of(one.list_key, lang) if careful else states(one.list_key, lang))
        elif one.kind == "name":
            good = random.choice([*names, "只在这里"])
        elif one.kind == "date":
            good = random.choice(BAD_DATES) if random.random() < 0.15 else day()
            if key == "due" and random.random() < 0.5:
                good = AS_OF + timedelta(random.choice((-61, -1, 0, 1, 3, 4)))
        elif one.kind in ("money", "count", "number", "percent"):
            good = random.choice(AMOUNTS) if random.random() < 0.2 else random.choice((1, 3, 30, 299.5))
        elif one.kind == "id":
            good = random.choice(("A1", "B*2", 77, None, None, None))
        if key in tables()[table].needs or random.random() < 0.6:
            row[key] = good
    return row


def _typed(row: Row) -> Row:
    return {key: value for key, value in row.items() if value is not None}


def _kind(kind: str, lang: Lang) -> str:
    return next(one.labels[lang] for one in lists()["shop_kind"].entries if one.meaning == kind)


def crowd() -> Case:
    """More than 100 who paid, no number of visits, day or sum too common: the shop's own quintiles hold."""
    random = Random(7)
    trades: list[Row] = []
    for number in range(130):
        last = AS_OF - timedelta(random.choice((3, 10, 40, 60, 61, 90, 91, 180, 200, 365, 366, 400)))
        for visit in range(1 + number % 5):
            amount = random.choice((20, 20, 35, 35.5, 60, 99.99, 150, 300))
            trades.append(
                {"date": last - timedelta(20 * visit), "nickname": f"c{number:03}", "amount": amount}
            )
    random.shuffle(trades)
    return Case("crowd", {"trades": trades}, capacity=Capacity(160, 400, 40))


DAMAGE: list[tuple[TableKey, str, object]] = [
    ("trades", "date", NA),
    ("trades", "date", "昨天"),
    ("trades", "date", 3.5),
    ("trades", "date", AS_OF + timedelta(2)),
    ("trades", "date", None),
    ("trades", "amount", NA),
    ("trades", "amount", "¥1,200"),
    ("trades", "amount", None),
    ("trades", "state", NA),
    ("trades", "state", "不知道"),
    ("trades", "nickname", NA),
    ("trades", "refund_amount", NA),
    ("trades", "rating", NA),
    ("trades", "line_kind", NA),
    ("contacts", "date", NA),
    ("contacts", "type", NA),
    ("contacts", "nickname", NA),
    ("contacts", "due", NA),
    ("customers", "aliases", NA),
    ("customers", "risk", NA),
    ("customers", "trades_before", NA),
    ("customers", "manual_class", NA),
    ("customers", "customer_id", NA),
]


def damaged(sound: Case) -> tuple[Case, list[tuple[TableKey, int]]]:
    """The workbook with one cell of one row damaged for each kind of damage, never twice the same name, and
    {table: the rows damaged}."""
    rows = {table: [dict(row) for row in some] for table, some in sound.rows.items()}
    spoiled: set[object] = set()
    places: list[tuple[TableKey, int]] = []
    for table, key, value in DAMAGE:
        at = next(at for at, row in enumerate(rows[table]) if row.get("nickname") not in {*spoiled, None})
        spoiled.add(rows[table][at]["nickname"])
        rows[table][at].pop(key, None)
        if value is not None:
            rows[table][at][key] = value
        places.append((table, at))
    return Case("damaged", rows, sound.lang, sound.capacity), places
