"""Book → Analysis: who is who, what they did, which class they are in and why, and what to do next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sheetkit.analysis.engine import measure
from sheetkit.analysis.horizon import set_aside_future
from sheetkit.analysis.identity import Identity, identify
from sheetkit.analysis.joins import join
from sheetkit.analysis.ledger import Ledger
from sheetkit.analysis.limits import Classing, learn
from sheetkit.analysis.lines import Lines, unknown_classes
from sheetkit.analysis.measured import Measured
from sheetkit.analysis.movement import GRADE, movement
from sheetkit.analysis.namesakes import namesake_findings
from sheetkit.analysis.page import Found
from sheetkit.analysis.pages import pages
from sheetkit.analysis.plan import tasks
from sheetkit.analysis.reasons import Overrules, by_rule, overrule, reasons
from sheetkit.analysis.result import Analysis
from sheetkit.analysis.settled import settle
from sheetkit.analysis.tags import People, tag_columns
from sheetkit.analysis.trends import categories, kpis, months, top_items, weekdays
from sheetkit.errors import NothingToAnalyse
from sheetkit.messages import text
from sheetkit.model.book import Book, Column
from sheetkit.model.days import to_date
from sheetkit.model.findings import Finding
from sheetkit.rules.chosen import rules_for
from sheetkit.rules.rulebook import Rulebook


@dataclass(frozen=True)
class Clock:
    """The days that matter: ``given`` by the call (None: not given), and the real ``today``."""

    given: int | None
    today: int

    def as_of(self, book: Book) -> tuple[int, list[Finding]]:
        """The analysis date: the call's, else the workbook's cell, else today.

        A cell that later trades have overtaken (dated up to today) is stale: today is taken, and said.
        """
        if self.given is not None:
            return self.given, []
        cell = book.as_of_cell
        if cell is None:
            return self.today, []
        dated = (table for key, table in book.tables.items() if key != "customers")
        days = [day for table in dated for day in table.column("date") if day]
        if any(cell + 1 < day <= self.today for day in days):
            typed, used = to_date(cell).isoformat(), to_date(self.today).isoformat()
            return self.today, [Finding("as_of_stale", "info", value=typed, suggestion=used)]
        return cell, []


def analyse(book: Book, clock: Clock) -> Analysis:
    """Everything a run finds out. Raises NothingToAnalyse for a book without a trade, contact or customer."""
    if not any(any(table.used) for table in book.tables.values()):
        raise NothingToAnalyse("analysis.nothing")
    as_of, said = clock.as_of(book)
    book = settle(set_aside_future(book, as_of))
    template = book.blueprint
    rules = rules_for(template).book
    kind = book.shop_kind or template.shop_kind
    thresholds = rules.in_force(kind, book.settings)
    book, identity, joining = join(book, identify(book))
    measured = measure(book, identity, rules, template.dimensions, thresholds, as_of)
    dimension = rules.dimensions[template.dimensions[0]]
    own = overrule(book, identity.home, measured.customers[dimension.key], dimension)
    customers = _customers(book, identity, measured, rules, template.dimensions, own)
    customers |= tag_columns(People(book, identity, measured.customers, thresholds))
    why = {dimension.key: reasons(measured, thresholds, rules, dimension, own, book.lang)}
    for key in template.explained:
        ruled = by_rule(measured.customers[key])
        why[key] = reasons(measured, thresholds, rules, rules.dimensions[key], ruled, book.lang)
    moved = movement(book, identity, customers, rules, thresholds, as_of)
    served = customers if moved is None else customers | {GRADE: moved.held}
    ledger = _ledger(book, measured, identity)
    to_do = tasks(served, book, identity.number, as_of, thresholds, why, book.lang)
    classing = Classing(
        rules,
        template.dimensions,
        measured,
        thresholds,
        {dimension.key: own.overruled},
        lambda limits: measure(book, identity, rules, template.dimensions, limits, as_of),
    )
    learnt = learn(classing, rules.presets(kind), as_of)
    lines = Lines(rules, thresholds, learnt, book.lang)
    own_rules = rules_for(template)
    seen = (book, identity, measured, own_rules, thresholds, as_of, customers, ledger, kind, to_do, learnt)
    found = Found(*seen, joining)
    findings = [
        *book.findings,
        *said,
        *namesake_findings(joining.book, joining.apart),
        *joining.findings(),
        *(unknown_classes(book, dimension) if dimension.manual else ()),
        *lines.findings(dimension, customers[dimension.key], int(measured.figures["buyers"] or 0)),
    ]
    return Analysis(
        as_of=as_of,
        template=book.template,
        more=book.more,
        own=book.own,
        currency=book.currency,
        currency_from=book.currency_from,
        lang=book.lang,
        shop_kind=kind,
        customers=customers,
        reasons=why,
        shop=measured.figures,
        thresholds=thresholds,
        months=months(ledger),
        weekdays=weekdays(ledger),
        categories=categories(ledger),
        top_items=top_items(ledger),
        kpis=kpis(ledger, customers, as_of, book.goals),
        tasks=to_do,
        findings=findings,
        totals=book.totals,
        pages=pages(found),
        notes="" if moved is None else moved.notes,
    )


def _customers(
    book: Book,
    identity: Identity,
    measured: Measured,
    rules: Rulebook,
    dimensions: tuple[str, ...],
    own: Overrules,
) -> dict[str, Column]:
    home = book.tables["customers"]
    codes = home.column("customer_id")
    columns: dict[str, Column] = {
        "number": measured.customers["number"],
        "name": identity.names,
        "customer_id": [None if at is None else codes[at] for at in identity.home],
    }
    columns |= {key: measured.customers[key] for key in (*rules.metrics, *dimensions)}
    columns[dimensions[0]] = own.effective
    columns["auto_class"] = own.automatic
    columns["overruled"] = own.overruled
    columns["manual_reason"] = own.reasons
    for key in ("do_not_contact", "risk"):
        values = home.column(key)
        columns[key] = [None if at is None else values[at] for at in identity.home]
    columns["rows_left_out"], columns["left_out_why"] = _left_out(book, identity)
    return columns


def _left_out(book: Book, identity: Identity) -> tuple[list[int], list[str]]:
    """Per customer, the trades that the live formulas leave out, and in which rows they stand."""
    table = book.tables["trades"]
    rows: dict[int, list[str]] = defaultdict(list)
    for at, (used, repaired) in enumerate(zip(table.used, table.repaired, strict=True)):
        who = identity.number["trades"][at]
        if who and (repaired or not used):
            rows[who].append(f"{table.sheet[at]}!{table.row[at]}")
    people = range(1, len(identity) + 1)
    places = [
        text("left_out.rows", book.lang, rows="、".join(rows[who])) if rows.get(who) else "" for who in people
    ]
    return [len(rows.get(who, ())) for who in people], places


def _ledger(book: Book, measured: Measured, identity: Identity) -> Ledger:
    facts, table = measured.trades, book.tables["trades"]
    category, item = table.column("category"), table.column("item")
    before_here = book.tables["customers"].column("trades_before")
    before = frozenset(
        who for who, at in enumerate(identity.home, 1) if at is not None and (before_here[at] or 0) > 0
    )
    return Ledger(
        day=facts["day"],
        customer=facts["customer"],
        net=facts["net"],
        sale=facts["sale"],
        visit=facts["visit"],
        praised=facts["praised"],
        rated=facts["rated"],
        refund=facts["refund"],
        placed=facts["placed"],
        category=[category[at] for at in facts["line"]],
        item=[item[at] for at in facts["line"]],
        before=before,
    )
