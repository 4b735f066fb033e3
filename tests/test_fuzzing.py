"""Damaged and hostile files: each ends in a result or in one of our sentences, never otherwise."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing import Reader, mutant

CASES = {("read", "text"): 1500, ("read", "binary"): 1500, ("read", "real"): 1500, ("read", "ours"): 500}
CASES |= {("analyze", "ours"): 150, ("analyze", "real"): 150, ("analyze", "text"): 100}
CASES |= {("analyze", "binary"): 60, ("upgrade", "ours"): 150, ("strip", "ours"): 300, ("strip", "real"): 100}


@pytest.mark.proof
@pytest.mark.parametrize(("verb", "kind"), CASES)
def test_every_file_ends_well(verb: str, kind: str) -> None:
    with Reader() as reader:

        @settings(max_examples=CASES[verb, kind], suppress_health_check=list(HealthCheck))
        @given(st.integers(0, 2**32))
        def ends_well(number: int) -> None:
            name, data = mutant(kind, Random(number))
            ended = reader.end_of(verb, data, name)
            assert ended.well, f"{name} as changed by {number}: {ended.kind}\n{ended.said}"

        ends_well()
