"""Workbooks as other programs, versions and hands write them take the graft and the marks all the same.

A variant on a made workbook here, and some combinations; every variant on many real files in `make proof`.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheetkit.errors import UnreadableError
from sheetkit.messages import LANGS, text
from sheetkit.opc import Surgery
from tests import tools
from tests.opc.books import host, small_corpus, spread
from tests.opc.variants import VARIANTS, Variant, unzipped, zipped
from tests.opc.whole import broken_by_graft, broken_by_marks, grafted

CORPUS = tools.shared() / "corpus"
OF_A_FILE = 13  # variants a real file is written in
SPREAD = spread()
HEAVY = [variant for variant in VARIANTS if variant.heavy]
LIGHT = [variant for variant in VARIANTS if not variant.heavy]
MENDED = [variant for variant in LIGHT if not variant.refused]

each_variant = pytest.mark.parametrize("variant", LIGHT, ids=[variant.name for variant in LIGHT])


@cache
def hosts() -> tuple[bytes, ...]:
    """A made workbook, and real ones for the kinds that do not arise in it."""
    return (host(), *(path.read_bytes() for path in SPREAD))


def check(data: bytes, refused: str = "") -> None:
    """The file is whole with sheets and with marks, or is refused with this reason."""
    if not refused:
        assert broken_by_graft(data, grafted(data)) == []
        assert broken_by_marks(data) == []
        return
    with pytest.raises(UnreadableError) as caught:
        Surgery(data).graft(host())
    assert caught.value.key == refused
    assert all(text(refused, lang, **caught.value.params) for lang in LANGS)


@each_variant
def test_a_workbook_may_be_written_so(variant: Variant) -> None:
    made = next(made for made in map(variant.of, hosts()) if made is not None)
    if variant.refused:
        check(made, variant.refused)
    else:  # marks in each of them are left to `make proof`
        assert broken_by_graft(made, grafted(made)) == []


def test_the_names_of_variants_differ() -> None:
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS) > 100


def combined(data: bytes, chosen: list[Variant]) -> bytes:
    """The workbook in all these ways at once, where they arise; zipped as the last one zips."""
    parts = unzipped(data)
    for variant in chosen:
        parts = variant.change(parts) or parts
    return next((one.pack for one in reversed(chosen) if one.pack is not zipped), zipped)(parts)


COMBINATIONS = st.lists(st.sampled_from(MENDED), min_size=2, max_size=4, unique_by=lambda one: one.name)
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@settings(max_examples=25, suppress_health_check=QUIET)
@given(COMBINATIONS)
def test_ways_combine(chosen: list[Variant]) -> None:
    check(combined(host(), chosen))


def chosen_for(path: Path) -> list[Variant]:
    """The variants of one file: as if drawn, always the same, each for about as many files."""
    start = int.from_bytes(hashlib.sha256(path.name.encode()).digest()[:4], "big")
    step = len(LIGHT) // OF_A_FILE
    return [LIGHT[(start + at * step) % len(LIGHT)] for at in range(OF_A_FILE)]


FILES = small_corpus()
PAIRS = [(path, variant) for path in FILES for variant in chosen_for(path)]
over_pairs = pytest.mark.parametrize(
    ("path", "variant"),
    PAIRS,
    ids=[f"{path.relative_to(CORPUS).as_posix()}-{variant.name}" for path, variant in PAIRS],
)


@pytest.mark.proof
@over_pairs
def test_real_workbooks_may_be_written_so(path: Path, variant: Variant) -> None:
    made = variant.of(path.read_bytes())
    if made is not None:  # the kind may not arise in this file
        check(made, variant.refused)


@pytest.mark.proof
def test_nearly_every_kind_arises_in_many_files() -> None:
    arising: dict[str, int] = dict.fromkeys((variant.name for variant in LIGHT), 0)
    for path, variant in PAIRS:
        arising[variant.name] += variant.of(path.read_bytes()) is not None
    assert sum(arising.values()) > 2_000
    never = [name for name, files in arising.items() if not files]
    assert len(never) <= 0.02 * len(arising), never  # each arises in the small workbook of the tests above


@pytest.mark.proof
@pytest.mark.parametrize("path", SPREAD[:3], ids=[path.name for path in SPREAD[:3]])
@pytest.mark.parametrize("variant", HEAVY, ids=[variant.name for variant in HEAVY])
def test_full_lists_of_formats(path: Path, variant: Variant) -> None:
    made = variant.of(path.read_bytes())
    if made is not None:
        check(made, variant.refused)


@pytest.mark.proof
@settings(max_examples=400, suppress_health_check=QUIET)
@given(st.sampled_from(SPREAD), COMBINATIONS)
def test_ways_combine_in_real_workbooks(path: Path, chosen: list[Variant]) -> None:
    check(combined(path.read_bytes(), chosen))
