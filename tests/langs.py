"""What a slow test runs over, and what of it waits for the proof."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest

ENGLISH_IN_PROOF = ("zh", pytest.param("en", marks=pytest.mark.proof))
"""Where the other language takes the same way through the code, and that way takes seconds."""


def with_proof(names: Iterable[str], later: Collection[str]) -> list[Any]:
    """The names as parameters; those in ``later`` belong to the proof."""
    return [pytest.param(one, marks=pytest.mark.proof) if one in later else one for one in names]


def is_proof(request: pytest.FixtureRequest) -> bool:
    """Whether this run asks for the proofs too, so that a shared fixture has to make what they need."""
    return request.config.option.markexpr != "not proof"
