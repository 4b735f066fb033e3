"""How far an order has come, and when its state may follow an export.

The line is open → completed → partly refunded → refunded. An order that was never paid ends beside it: void
or lapsed are reached from open alone.

- In a cell that still holds what an import put there, a newer export's word counts, whatever it is.
- An export that is no newer only moves it forward on the line; so does any export in a cell that no import is
  known to have filled.
- A cell that differs from what the last import put there is the seller's own: it stays.

Newer is an export whose latest order is later than that of the export the cell comes from
(`exported.age_of`). A platform's list that knows nothing of refunds takes no part refund back.
"""

from __future__ import annotations

from typing import Literal

from sheetkit.model.lists import lists

Stage = Literal["open", "completed", "part", "refunded", "void", "lapsed"]
LINE: tuple[Stage, ...] = ("open", "completed", "part", "refunded")
UNPAID: tuple[Stage, ...] = ("void", "lapsed")


def stage_of(code: int | None, refund_cents: int | None, amount_cents: int | None) -> Stage | None:
    """The stage of an order in this state; None for a state without a meaning."""
    meanings = {one.code: one.key for one in lists()["trade_state"].meanings.values()}
    found = meanings.get(code or 0)
    if found == "completed" and refund_cents:
        return "refunded" if amount_cents is not None and refund_cents >= amount_cents > 0 else "part"
    for stage in (*LINE, *UNPAID):
        if stage == found:
            return stage
    return None


def follows(held: Stage, now: Stage, *, newer: bool) -> bool:
    """Whether a state that is the platform's to say moves on. ``newer``: the cell holds what an import put
    there, and this export is newer."""
    if held == now or (held == "part" and now == "completed"):
        return False
    if newer:
        return True
    if now in UNPAID:
        return held == "open"
    return held in LINE and LINE.index(now) > LINE.index(held)
