"""Quarrels about tags of ours: whether there is one, what is remembered of it, and what people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.alerts.complaints import Alert, AlertKind, fingerprint
from strongroom.domain.tags.quarrels import after_drift, open_quarrel, standing, with_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.tags.quarrels import Quarrel
    from strongroom.domain.tags.remembered import Remembered
    from strongroom.domain.tags.verdicts import TagVerdict
    from strongroom.domain.tags.waiting import Task
    from strongroom.services.tags.tagging_needs import TaggingNeeds


def find_quarrel(task: Task, known: Remembered | None, *, needs: TaggingNeeds, now: datetime) -> Quarrel | None:
    """The quarrel in which nothing is written to the resource, if there is one; this change of it may begin it."""
    return open_quarrel(quarrels_after(task, known, is_undone=True, needs=needs, now=now), now=now)


def quarrels_after(
    task: Task, known: Remembered | None, *, is_undone: bool, needs: TaggingNeeds, now: datetime
) -> tuple[Quarrel, ...]:
    """What is known of those who take it out of its tier, where this change of it has done so, and where it has not.

    An open quarrel is over once somebody looks after its alert: what comes later counts anew.
    """
    before = () if known is None else standing(known.quarrels, now=now)
    account = task.made.resource.account
    kept = tuple(each for each in before if not (each.is_open and _is_looked_after(each, account, needs=needs)))
    if task.drift is None:
        return kept
    return standing(after_drift(kept, task.drift) if is_undone else with_name(kept, task.drift), now=now)


def alert_of_quarrel(verdict: TagVerdict) -> Alert:
    """The alert about an actor, one for all resources of the account that they undo our tags of."""
    return Alert(
        kind=AlertKind.TAGS_FOUGHT_OVER,
        subject=_subject(verdict.account, verdict.quarrels_with or ""),
        account=verdict.account,
        region=verdict.region,
        reason=verdict.reason,
        resource=verdict.resource,
    )


def settle_quarrels(over: Iterable[Quarrel], verdict: TagVerdict, *, needs: TaggingNeeds, now: datetime) -> None:
    """Settle the alerts about the actors who leave the resource alone now."""
    for each in over:
        if each.is_open:
            ended = fingerprint(AlertKind.TAGS_FOUGHT_OVER, _subject(verdict.account, each.by))
            needs.alerts.settle(ended, reason=verdict.reason, now=now)


def _is_looked_after(quarrel: Quarrel, account: AccountId, *, needs: TaggingNeeds) -> bool:
    alert = needs.alerts.book.find(fingerprint(AlertKind.TAGS_FOUGHT_OVER, _subject(account, quarrel.by)))
    return alert is not None and alert.acknowledged_at is not None and alert.acknowledged_at > quarrel.times[-1]


def _subject(account: AccountId, by: str) -> str:
    return f"{account} {by or 'unnamed'}"
