"""The repurchase curve against numbers worked by hand and published by others."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from sheetkit.analysis import survival
from sheetkit.analysis.survival import curve, gaps

# Remission of acute leukaemia in weeks: Freireich et al., Blood 21 (1963) 699-716; here as in Gehan,
# Biometrika 52 (1965) 203-223. + is still in remission.
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
# week: at risk, share in remission, its standard error: Cox and Oakes, Analysis of Survival Data (1984), and
# Kleinbaum and Klein, Survival Analysis (2012), chapter 2.
PUBLISHED = {
    6: (21, 0.8571, 0.0764),
    7: (17, 0.8067, 0.0869),
    10: (15, 0.7529, 0.0963),
    13: (12, 0.6902, 0.1068),
    16: (11, 0.6275, 0.1141),
    22: (7, 0.5378, 0.1282),
    23: (6, 0.4482, 0.1346),
}


def read(weeks: str) -> tuple[Counter[int], Counter[int]]:
    closed = Counter(int(one) for one in weeks.split() if not one.endswith("+"))
    return closed, Counter(int(one[:-1]) for one in weeks.split() if one.endswith("+"))


def test_the_table_of_the_leukaemia_trial() -> None:
    found = curve(*read(TREATED))
    assert found.days == tuple(PUBLISHED)
    assert found.away == pytest.approx([share for _, share, _ in PUBLISHED.values()], abs=5e-5)
    assert found.errors == pytest.approx([error for *_, error in PUBLISHED.values()], abs=5e-5)
    assert found.longest == 35


def test_its_medians() -> None:
    treated, placebo = (curve(*read(weeks)) for weeks in (TREATED, PLACEBO))
    assert (treated.quantile(0.5), placebo.quantile(0.5)) == (23, 8)
    assert treated.quantile(0.8) is None  # 44.8 % are in remission to the end
    assert treated.back_by(9) == pytest.approx(1 - 0.8067, abs=5e-5)
    assert treated.back_by(5) == 0
    assert placebo.back_by(23) == pytest.approx(1)


def test_without_anybody_waiting_it_is_the_plain_share() -> None:
    found = curve(Counter(range(1, 21)), Counter())
    assert found.away == pytest.approx([1 - day / 20 for day in range(1, 21)])
    assert [found.quantile(share) for share in (0.5, 0.8, 0.95, 1)] == [10, 16, 19, 20]
    assert found.errors[9] == pytest.approx(math.sqrt(0.5 * 0.5 / 20))  # as of a binomial share


def test_a_shop_worked_by_hand() -> None:
    # As of day 100: one comes on 10, 30 and 70 (gaps 20 and 40, waits 30); two comes on 50 and 90 (gap 40,
    # waits 10); three comes on 80 (waits 20: she is still there when a gap of 20 ends).
    found = gaps([90, 30, 80, 10, 50, 70], [2, 1, 3, 1, 2, 1], 100)
    assert found.closed == {20: 1, 40: 2}
    assert found.waiting == {30: 1, 10: 1, 20: 1}
    assert (found.count, found.returners, found.history_days) == (3, 2, 90)
    # 10: six at risk, nobody back. 20: five at risk, one back: 4/5. 40: two left, both back: 0.
    drawn = curve(found.closed, found.waiting)
    assert drawn.days == (20, 40)
    assert drawn.away == pytest.approx([0.8, 0])
    assert [drawn.quantile(share) for share in (0.2, 0.5)] == [20, 40]


def test_the_interval_of_a_quantile_holds_it() -> None:
    found = curve(*read(PLACEBO))
    first, last = found.interval(0.5)
    # 1.96 standard errors about S(4) = .667 reach .5 first, and S(11) = .286 is the first surely below it
    assert (first, last) == (4, 11)
    assert curve(*read(TREATED)).interval(0.5) == (13, None)


@pytest.mark.parametrize("count", [1, 500])
def test_many_visits_are_counted_as_few_are(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = random.Random(1963)
    days = [shop.randrange(40000, 40400) for _ in range(count)]
    customers = [shop.randrange(1, 200) for _ in range(count)]
    few = gaps(days, customers, 40390)
    monkeypatch.setattr(survival, "MANY_VISITS", 0)
    assert gaps(days, customers, 40390) == few
    assert few.count + few.waiting.total() == count


def test_nobody_and_nothing() -> None:
    found = gaps([], [], 100)
    assert (found.count, found.history_days) == (0, 0)
    empty = curve(found.closed, found.waiting)
    assert (empty.days, empty.quantile(0.5), empty.back_by(1000)) == ((), None, 0)
