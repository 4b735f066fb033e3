"""read_export: one export file's bytes → what it held."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from sheetkit.errors import UnreadableError
from sheetkit.intake.exports.export import Export
from sheetkit.intake.exports.lines import Lines, footers, lines_of, repeated_headers
from sheetkit.intake.exports.numbers import numbers_of
from sheetkit.intake.exports.orders import Order, Sorter
from sheetkit.intake.exports.people import Names, buyers, customer_rows, names_of, say_hidden
from sheetkit.intake.exports.recognise import (
    Found,
    by_any_delimiter,
    find_header,
    is_ours,
    may_be_export,
    recognise,
)
from sheetkit.intake.exports.remarks import Remarks
from sheetkit.intake.exports.texts import plain
from sheetkit.intake.sheets import ignored_finding
from sheetkit.intake.source import Source, open_source
from sheetkit.messages import Lang
from sheetkit.model.book import Column, Table, Total, by_currency
from sheetkit.model.lists import lists
from sheetkit.model.platforms import Platform, named_platform, needs


def read_export(
    data: bytes, name: str, *, lang: Lang | None = None, as_of: int | None = None, platform: str = ""
) -> Export | None:
    """What an export holds; None where it is none that is known and none was named.

    ``platform``: the key of a shipped map or the path of one's own, where recognition cannot tell.
    Raises UnreadableError for a file that is no table, or that the named map does not fit; UsageError and
    TemplateError for a map that is not there or not right.
    """
    named = named_platform(platform) if platform else None
    if named is None and not may_be_export(data):
        return None
    source = open_source(data, name)
    parts = _found(data, source, named)
    if not parts:
        return None
    found = parts[0]
    for one in parts:
        source.mark_bad(one.grid)
    spoken = lang or _language(found)
    lines = lines_of(parts)
    remarks = Remarks(lines, spoken, PurePath(name).stem or name)
    _say_other_sheets(source, parts, remarks)
    for field in needs(found.platform.kind):
        if not lines.places(field):
            wanted = next(iter(found.platform.columns[field][0].names))
            remarks.whole("export_column_missing", "error", field=" + ".join(wanted))
    names = names_of(lines)
    if found.platform.kind == "customers":
        return _customers(lines, names, remarks, name, spoken)
    return _orders(lines, names, remarks, name, spoken)


def _found(data: bytes, source: Source, named: Platform | None) -> list[Found]:
    if named is None:
        return by_any_delimiter(data, source, recognise)
    if is_ours(source):
        return []
    found = by_any_delimiter(data, source, lambda one: find_header(one, named))
    if not found:
        wanted = [" + ".join(named.columns[one][0].names[0]) for one in needs(named.kind)]
        raise UnreadableError("platform.no_header", name=named.key, headers="、".join(wanted))
    return found


def _language(found: Found) -> Lang:
    return "zh" if any("\u4e00" <= ch <= "\u9fff" for title in found.titles for ch in title) else "en"


def _say_other_sheets(source: Source, parts: Sequence[Found], remarks: Remarks) -> None:
    read = {one.grid.name for one in parts}
    for other in source.sheets:
        finding = None if other in read else ignored_finding(source.grid(other))
        remarks.found += [finding] if finding else []


def _orders(lines: Lines, names: Names, remarks: Remarks, name: str, lang: Lang) -> Export:
    platform = lines.platform
    sorter = Sorter(lines, remarks)
    result = sorter.sort()
    trades = _trades(lines, names, result.orders, remarks.sheet)
    sold = [] if platform.own_purchases else result.orders
    people = buyers(lines, names, sold, platform.source[lang], remarks.sheet)
    used = len(lines) - len(result.aside)
    cents = (result.cents_read, result.cents_used, result.cents_read - result.cents_used)
    further = used - len(result.orders)
    total = Total(
        "trades", len(lines), used, len(result.aside), *cents, result.unreadable, rows_joined=further,
        apart=by_currency(result.apart),
    )  # fmt: skip
    _say(remarks, result.orders, people, names, sorter)
    counted = [order.counted for order in result.orders]
    known = numbers_of(lines)
    numbers = [known[order.lines[0]].union(*(known[at] for at in order.lines)) for order in result.orders]
    said, currency = remarks.all(), sorter.facts.currency
    return Export(platform, name, lang, currency, trades, people, said, [total], counted, numbers)


def _trades(lines: Lines, names: Names, orders: Sequence[Order], sheet: str) -> Table:
    """One row an order."""
    first = [order.lines[0] for order in orders]
    ids, texts = lines.ids("order_id"), {key: lines.texts(key) for key in ("method", "category", "note")}
    columns: dict[str, Column] = {
        "date": [order.moment and order.moment.day for order in orders],
        "time": [order.moment and order.moment.minute for order in orders],
        "nickname": [_of(names.nickname, order) for order in orders],
        "customer_id": [_of(names.customer_id, order) for order in orders],
        "item": [order.item for order in orders],
        "quantity": [order.quantity for order in orders],
        "amount": [order.amount for order in orders],
        "state": [order.state for order in orders],
        "refund_amount": [order.refund for order in orders],
        "order_id": [ids[at][0] or None for at in first],
    }
    columns |= {key: [_of(texts[key], order) for order in orders] for key in texts}
    kept = {key: values for key, values in columns.items() if any(one is not None for one in values)}
    count = len(orders)
    return Table(
        kept,
        sheet=[sheet] * count,
        row=[lines.row[at] for at in first],
        used=[True] * count,
        repaired=[False] * count,
    )


def _of(texts: Sequence[str], order: Order) -> str | None:
    return next((texts[at] for at in order.lines if texts[at]), None)


def _say(remarks: Remarks, orders: Sequence[Order], people: Table, names: Names, sorter: Sorter) -> None:
    """What a whole file is worth knowing for."""
    platform, lang = remarks.lines.platform, remarks.lang
    codes = lists()["trade_state"]
    done = (codes.code("completed"), codes.code("refunded"))
    remarks.whole(
        "export_read",
        "info",
        platform=platform.labels[lang],
        rows=len(remarks.lines),
        orders=len(orders),
        customers=len(people),
    )
    say_hidden(names, remarks, (at for order in orders for at in order.lines))
    closed = sum(order.state not in done for order in orders)
    if closed:
        remarks.whole("export_not_sold", "info", count=closed)
    lost = [at for at, (_, gone) in enumerate(sorter.facts.ids) if gone]
    if lost:
        remarks.about("order_id", lost[0], "export_ids_lost", "warning", count=len(lost))
    if platform.own_purchases:
        remarks.whole("export_own_purchases", "warning", platform=platform.labels[lang])
    elif orders and not len(people):
        remarks.whole("export_no_buyer", "warning", platform=platform.labels[lang])
    elif orders:
        nameless = sum(not (_of(names.nickname, one) or _of(names.customer_id, one)) for one in orders)
        if nameless:
            remarks.whole("export_some_nameless", "info", count=nameless)
    if sorter.facts.currency not in ("", "CNY" if lang == "zh" else sorter.facts.currency):
        remarks.whole("export_currency", "warning", currency=sorter.facts.currency)
    if platform.utc and not platform.zone:
        remarks.whole("export_utc", "info")


def _customers(lines: Lines, names: Names, remarks: Remarks, name: str, lang: Lang) -> Export:
    """A list of customers: rows without a name that tells anybody apart are set aside."""
    kept: list[int] = []
    seen: dict[tuple[str, ...], int] = {}
    headers = repeated_headers(lines)
    below = footers(lines, headers)
    for at in range(len(lines)):
        if at in below:
            remarks.line(at, "note_row", "info")
        elif at in headers:
            remarks.line(at, "header_repeated", "info")
        elif not (names.nickname[at] or names.customer_id[at]):
            remarks.about("nickname", at, "name_missing", "error")
        elif (first := seen.setdefault(tuple(map(plain, lines.line(at))), at)) != at:
            remarks.line(at, "export_line_twice", "warning", place=remarks.seen_from(at, first))
        else:
            kept.append(at)
    say_hidden(names, remarks, range(len(lines)))
    table = customer_rows(lines, names, kept, lines.platform.source[lang], remarks.sheet)
    count = {"rows": len(lines), "orders": 0, "customers": len(kept)}
    remarks.whole("export_read", "info", platform=lines.platform.labels[lang], **count)
    total = Total("customers", len(lines), len(kept), len(lines) - len(kept))
    return Export(lines.platform, name, lang, lines.platform.currency, Table(), table, remarks.all(), [total])
