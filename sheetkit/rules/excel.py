"""The first reading: a tree as a spreadsheet formula.

Only functions that Excel 2010+, WPS, LibreOffice and Google Sheets share are used. A null is the empty
text "".
Over several rows (inside SUMPRODUCT) a truth is 1 or 0; for one row or customer it is TRUE or FALSE.
"""

from __future__ import annotations

from typing import Protocol

from sheetkit.rules.tree import (
    Aggregate,
    Arithmetic,
    Choose,
    Coalesce,
    Compare,
    CustomerField,
    DaysSince,
    Expr,
    Extreme,
    Figure,
    Has,
    Logic,
    Metric,
    ModeShare,
    Not,
    Nothing,
    Number,
    Opens,
    Quantile,
    RowColumn,
    Source,
    Threshold,
    Today,
    is_truth,
    nullable,
)

_OPERATORS = {"==": "=", "!=": "<>"}
_FAR = "10^12"
"""Beyond every day number and every amount in cents; sums with it stay exact in a double."""


_CELLS = (CustomerField, Figure, Metric)


class Places(Protocol):
    """Where things stand in the workbook, for the row, customer or shop at hand."""

    def today(self) -> str:
        """The analysis date."""

    def threshold(self, key: str) -> str:
        """A threshold in force."""

    def figure(self, key: str) -> str:
        """A figure of the shop."""

    def metric(self, key: str) -> str:
        """A metric of the customer at hand."""

    def customer_field(self, key: str) -> str:
        """A typed field of the customer at hand ("" where blank)."""

    def row_column(self, table: Source, key: str) -> str:
        """A column of the row at hand."""

    def column(self, table: Source, key: str) -> str:
        """A column over the rows aggregated: those of the customer at hand, or of the shop."""

    def present(self, table: Source) -> str:
        """A number over the same rows that is positive where a row exists."""

    def filtered(self, measure: Quantile | ModeShare) -> str:
        """The helper column that holds a quantile's values, "" where its condition fails."""


def excel(expr: Expr, places: Places) -> str:
    """The formula of a tree, without the leading ``=``; a truth gives TRUE or FALSE."""
    return _Scalar(places).read(expr)


def as_number(expr: Expr, places: Places) -> str:
    """The same, with 1 and 0 for a truth."""
    formula = excel(expr, places)
    return f"IF({formula},1,0)" if is_truth(expr) else formula


def over_rows(expr: Expr, places: Places) -> str:
    """The formula of a tree over many rows at once, to stand inside SUMPRODUCT; a truth gives 1 and 0."""
    return _Rows(places).read(expr)


def filter_value(measure: Quantile | ModeShare, places: Places) -> str:
    """The formula of one cell of a helper column behind a quantile: the value, or "" where the condition
    fails."""
    value = excel(measure.value, places)
    return f'IF({excel(measure.where, places)},{value},"")' if measure.where else value


def _literal(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _all(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"


def _numeric(parts: tuple[Expr, ...], texts: tuple[str, ...]) -> list[str]:
    return [f"ISNUMBER({text})" for part, text in zip(parts, texts, strict=True) if nullable(part)]


class _Scalar:
    """One row, one customer or the shop: truths are TRUE and FALSE."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def read(self, expr: Expr) -> str:
        places = self.places
        match expr:
            case Number(value=value):
                return _literal(value)
            case Nothing():
                return '""'
            case Today():
                return places.today()
            case Threshold(key=key):
                return places.threshold(key)
            case Figure(key=key):
                return places.figure(key)
            case Metric(key=key):
                return places.metric(key)
            case CustomerField(key=key):
                return places.customer_field(key)
            case RowColumn(table=table, key=key, truth=truth):
                cell = places.row_column(table, key)
                return f"({cell}=1)" if truth else cell
            case _ if is_truth(expr):
                return self.truth(expr)
            case _:
                return self.number(expr)

    def truth(self, expr: Expr) -> str:
        match expr:
            case Compare(op=op, left=left, right=right):
                texts = (self.read(left), self.read(right))
                test = f"{texts[0]}{_OPERATORS.get(op, op)}{texts[1]}"
                return _all([*_numeric((left, right), texts), test])
            case Logic(op=op, parts=parts):
                return f"{op.upper()}({','.join(self.read(part) for part in parts)})"
            case Not(part=part):
                return f"NOT({self.read(part)})"
            case Has(part=part):
                return f"ISNUMBER({self.read(part)})"
        raise TypeError(f"no scalar formula for {type(expr).__name__}")  # Opens has its own helper columns

    def plain(self, expr: Expr) -> str:
        text = self.read(expr)
        return f"IF({text},1,0)" if is_truth(expr) else text

    def number(self, expr: Expr) -> str:
        match expr:
            case Arithmetic():
                return self.arithmetic(expr)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                return f"IF({self.read(condition)},{self.plain(then)},{self.plain(otherwise)})"
            case Extreme():
                return self.extreme(expr)
            case Coalesce(part=part, default=default):
                value = self.read(part)
                return f"IF(ISNUMBER({value}),{value},{self.read(default)})" if nullable(part) else value
            case DaysSince(part=part):
                value = self.read(part)
                days = f"MAX(0,{self.places.today()}-{value})"
                return f'IF(ISNUMBER({value}),{days},"")' if nullable(part) else days
            case Aggregate():
                return self.aggregate(expr)
            case Quantile(percent=percent, top=top):
                column = self.places.filtered(expr)
                rank = f"ROUNDUP({self.read(percent)}*COUNT({column})/100,0)"
                return f'IFERROR({"LARGE" if top else "SMALL"}({column},{rank}),"")'
            case ModeShare():
                column = self.places.filtered(expr)
                most = f"IFERROR(COUNTIF({column},MODE({column})),1)"
                return f'IF(COUNT({column})=0,"",{most}/COUNT({column}))'
        raise TypeError(f"no scalar formula for {type(expr).__name__}")

    def arithmetic(self, expr: Arithmetic) -> str:
        parts = (expr.left, expr.right)
        texts = (self.plain(expr.left), self.plain(expr.right))
        if expr.op in "*/":
            texts = (self.grouped(expr.left, texts[0]), self.grouped(expr.right, texts[1]))
        elif expr.op == "-":
            texts = (texts[0], self.grouped(expr.right, texts[1]))
        test = _numeric(parts, texts)
        if expr.op == "/":
            test.append(f"N({texts[1]})<>0")
        value = f"{texts[0]}{expr.op}{texts[1]}"
        return f'IF({_all(test)},{value},"")' if test else value

    def extreme(self, expr: Extreme) -> str:
        """MAX and MIN pass over the empty text in a cell, but an argument that is one is an error to them."""
        texts = [self.plain(part) for part in expr.parts]
        far = f"(0-{_FAR})" if expr.fn == "greatest" else _FAR
        known = [
            f"IF(ISNUMBER({text}),{text},{far})" if nullable(part) and not isinstance(part, _CELLS) else text
            for part, text in zip(expr.parts, texts, strict=True)
        ]
        best = f"{'MAX' if expr.fn == 'greatest' else 'MIN'}({','.join(known)})"
        if not nullable(expr):
            return best
        if known == texts:
            return f'IF(COUNT({",".join(texts)})=0,"",{best})'
        return f'IF(OR({",".join(f"ISNUMBER({text})" for text in texts)}),{best},"")'

    def grouped(self, expr: Expr, text: str) -> str:
        return f"({text})" if isinstance(expr, Arithmetic) and not text.startswith("IF(") else text

    def aggregate(self, expr: Aggregate) -> str:
        rows = _Rows(self.places)
        tests = [f"({self.places.present(expr.table)}>0)"]
        if expr.within is not None:
            since = f"{self.places.today()}-{self.read(expr.within)}"
            tests.append(f"({self.places.column(expr.table, 'day')}>={since})")
        if expr.where is not None:
            tests.append(rows.read(expr.where))
        chosen = "*".join(tests) if len(tests) > 1 else f"{tests[0]}*1"
        if expr.value is None:
            return f"SUMPRODUCT({chosen})"
        value = rows.read(expr.value)
        if expr.fn == "sum":
            return f"SUMPRODUCT({chosen},{value})"
        if expr.fn == "max":
            best = f"SUMPRODUCT(MAX({chosen}*({value}+{_FAR})))-{_FAR}"
        else:
            best = f"{_FAR}-SUMPRODUCT(MAX({chosen}*({_FAR}-{value})))"
        return f'IF(SUMPRODUCT({chosen})=0,"",{best})'


class _Rows:
    """Many rows at once, inside SUMPRODUCT: truths are 1 and 0."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def read(self, expr: Expr) -> str:
        places = self.places
        match expr:
            case RowColumn(table=table, key=key):
                return places.column(table, key)
            case Metric(key=key):
                return places.column("customers", key)
            case Compare(op=op, left=left, right=right):
                texts = (self.read(left), self.read(right))
                test = f"({texts[0]}{_OPERATORS.get(op, op)}{texts[1]})"
                return f"({'*'.join([*_numeric((left, right), texts), test, '1'])})"
            case Logic(op="and", parts=parts):
                return f"({'*'.join(self.read(part) for part in parts)})"
            case Logic(parts=parts):
                return f"(({'+'.join(self.read(part) for part in parts)})>0)"
            case Not(part=part):
                return f"(1-{self.read(part)})"
            case Has(part=part):
                return f"(ISNUMBER({self.read(part)})*1)"
            case Arithmetic(op="+" | "-" | "*" as op, left=left, right=right):
                return f"({self.read(left)}{op}{self.read(right)})"
            case Choose(condition=condition, then=then, otherwise=otherwise):
                chosen = self.read(condition)
                return f"({chosen}*{self.read(then)}+(1-{chosen})*{self.read(otherwise)})"
            case Number() | Today() | Threshold() | Figure():
                return _Scalar(places).read(expr)
        raise TypeError(f"no formula over rows for {type(expr).__name__}")


def opens_conditions(expr: Opens, places: Places) -> tuple[str, str]:
    """What the helper columns of ``opens`` need: (the qualifying condition, the gap in days)."""
    return excel(expr.where, places), excel(expr.gap, places)
