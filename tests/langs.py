"""The languages a slow test runs in."""

import pytest

ENGLISH_IN_PROOF = ("zh", pytest.param("en", marks=pytest.mark.proof))
"""Where the other language takes the same way through the code, and that way takes seconds."""
