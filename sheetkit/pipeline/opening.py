"""A workbook opened for changing, with what the seller allows."""

from __future__ import annotations

from collections.abc import Collection

from sheetkit.errors import Permit
from sheetkit.opc import Surgery


def open_host(data: bytes, permits: Collection[Permit], *, verified: bool = False) -> Surgery:
    """Raises UnreadableError, NotPermitted where a permit is wanting.

    ``verified``: the caller sees to it that every part is inflated once.
    """
    return Surgery(
        data, allow_signed="signed" in permits, allow_locked="locked" in permits, verified=verified
    )
