"""Verdicts on tags and inventories as they go out as JSON."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from strongroom.domain.accounts.membership import KnownAccount
from strongroom.domain.tags.decided import Decided
from strongroom.domain.tags.inventory.runs import Mark, Run


def shown_decision(decided: Decided) -> dict[str, Any]:
    """The last verdict on a resource's tags."""
    return {
        "state": decided.state,
        "reason": decided.reason,
        "tier": decided.tier,
        "event": decided.event_id,
        "decided_at": decided.decided_at,
        "waits_until": decided.until,
    }


def shown_standing(account: KnownAccount) -> dict[str, Any]:
    """How an account stands."""
    return {
        "account": account.account,
        "account_name": account.name,
        "state": account.state,
        "reason": account.reason,
        "missing": list(account.missing),
        "units": list(account.units),
        "assessed_at": account.assessed_at,
    }


def shown_inventory(run: Run) -> dict[str, Any]:
    """How far an inventory is, and what of it no event had told."""
    return {
        "inventory": run.id,
        "begun_at": run.begun_at,
        "ended_at": run.ended_at,
        "places": run.places,
        "done": run.done,
        "partly": run.partly,
        "listed": run.listed,
        "found": dict(run.found),
    }


def shown_marks(run: Run, marks: Iterable[Mark], *, refused: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """How far an inventory is in each Region of an account; `refused` are lists in Regions, and since when."""
    return [
        {
            "inventory": run.id,
            "region": mark.place.region,
            "seen_at": mark.seen_at,
            "ended_at": mark.ended_at,
            "left": list(mark.left),
            "listed": mark.listed,
            "states": dict(mark.states),
            "found": dict(mark.found),
            "unread": dict(mark.unread),
            "refused_since": {
                name: refused[key] for name in mark.refused if (key := f"{name} in {mark.place.region}") in refused
            },
        }
        for mark in marks
    ]
