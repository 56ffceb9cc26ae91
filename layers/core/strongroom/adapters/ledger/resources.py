"""Resources in the ledger: `RESOURCE#<arn>` / `STATE`; other capabilities add their own attributes to the same item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.changes import AllOf, AnyOf, AtMost, Change, Equals, Key, Not, absent
from strongroom.adapters.ledger.promises import COPY
from strongroom.adapters.ledger.table import Table, to_text

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.tags.verdicts import TagVerdict


class LedgerResources:
    """The resource book, kept in the ledger."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def record_tag(self, verdict: TagVerdict, *, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already.

        A resource that was left alone at the tier we know keeps the reason why it has that tier.
        """
        tier = verdict.tier or ""
        judged = {
            "account": verdict.account,
            "region": verdict.region,
            "tag_state": verdict.state,
            "tag_reason": verdict.reason,
            "decided_at": to_text(now),
            "tier": tier,
        }
        is_latest = AnyOf(absent("decided_at"), AtMost("decided_at", to_text(now)))
        is_news = AllOf(is_latest, Not(Equals("tier", tier))) if verdict.found_right else is_latest
        self._table.change(_key(verdict.resource), Change(set=judged, when=is_news))

    def tier_of(self, arn: str) -> str | None:
        """The tier of a resource, or of what a recovery point was made of, as far as it is remembered."""
        known = (self._table.get(_key(arn)) or {}).get("tier")
        if known:
            return str(known)
        promised = next(iter(self._table.under(f"{COPY}{arn}")), {}).get("tier")
        return None if promised is None else str(promised)


def _key(arn: str) -> Key:
    return Key(f"RESOURCE#{arn}", "STATE")
