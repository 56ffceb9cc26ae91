"""Resources in the ledger: `RESOURCE#<arn>` / `STATE`; other capabilities add their own attributes to the same item."""

from datetime import datetime

from strongroom.adapters.ledger.table import LedgerTable, to_text
from strongroom.domain.tags import TagVerdict

_NAMES = {"#account": "account", "#region": "region"}
_SET = (
    "SET #account = :account, #region = :region, tag_state = :state, tag_reason = :reason, decided_at = :now, "
    "tier = :tier"
)


class LedgerResources:
    """The resource book, kept in the ledger."""

    def __init__(self, table: LedgerTable) -> None:
        """`table` is the ledger's."""
        self._table = table

    def record_tag(self, verdict: TagVerdict, *, now: datetime) -> None:
        """Remember the verdict, unless a later one is there already.

        A resource that was left alone at the tier we know keeps the reason why it has that tier.
        """
        values = {
            ":account": verdict.account,
            ":region": verdict.region,
            ":state": verdict.state,
            ":reason": verdict.reason,
            ":now": to_text(now),
            ":tier": verdict.tier or "",
        }
        condition = "(attribute_not_exists(decided_at) OR decided_at <= :now)"
        if not verdict.needs_writing:
            condition += " AND (attribute_not_exists(tier) OR tier <> :tier)"
        self._table.change(
            _pk(verdict.resource), "STATE", update=_SET, values=values, condition=condition, names=_NAMES
        )

    def tier_of(self, arn: str) -> str | None:
        """The tier that the resource had when it was judged last, None for one that was not."""
        item = self._table.get(_pk(arn), "STATE")
        return None if item is None else item.get("tier") or None


def _pk(arn: str) -> str:
    return f"RESOURCE#{arn}"
