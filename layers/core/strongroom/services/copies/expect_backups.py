"""Write what became of a backup that must be made, then tell it: what is not told can be told by whoever comes next."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.copies.expected.backups import ExpectedBackup, ExpectedState
from strongroom.domain.copies.expected.runs import runs_of
from strongroom.domain.copies.expected.transitions import answered, awaited, told
from strongroom.domain.copies.facts import BackupFailed, BackupMissing
from strongroom.domain.intent.rules import rules_of
from strongroom.services.copies.take_step import take_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from strongroom.domain.copies.expected.backups import Answer
    from strongroom.domain.copies.facts import BackupFact
    from strongroom.domain.copies.origins import Origin
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.copies import ExpectedBackups
    from strongroom.ports.facts import Publisher
    from strongroom.services.alerts.tell_alerts import AlertNotifier

type BackupStep = Callable[[ExpectedBackup], ExpectedBackup | None]

# No page says how soon a plan takes a resource that is new; a firing before that is not held against it.
_CHOSEN_WITHIN: Final = timedelta(hours=1)


class ExpectationNeeds(Protocol):
    """What expecting backups takes of the world."""

    @property
    def intent(self) -> Intent:
        """When backups are made."""

    @property
    def expected(self) -> ExpectedBackups:
        """Where it is written which must be made."""

    @property
    def alerts(self) -> AlertNotifier:
        """Who tells people."""

    @property
    def publisher(self) -> Publisher:
        """Where facts go out."""


def answer_backup(
    answer: Answer,
    *,
    resource: str,
    origin: Origin,
    account: AccountId,
    region: Region,
    needs: ExpectationNeeds,
    now: datetime,
    known: ExpectedBackup | None = None,
) -> ExpectedBackup | None:
    """Let a job that ended answer what its rule owes the resource; None where that was known, or a newer one counts.

    With the first job of a rule its backups are expected from then on. What is `known` of them need not be read again.
    """
    fresh = ExpectedBackup(resource=resource, account=account, region=region, tier=origin.tier, rule=origin.rule.name)
    runs = runs_of(needs.intent, tier=fresh.tier, rule=fresh.rule)
    if runs is None:
        return None
    expected = tell_backup(known or needs.expected.find(fresh.key) or fresh, needs=needs, now=now)
    return conclude_backup(expected, partial(answered, answer=answer, runs=runs, now=now), needs=needs, now=now)


def await_backups(
    resource: str,
    *,
    tier: str,
    account: AccountId,
    region: Region,
    intent: Intent,
    expected: ExpectedBackups,
    now: datetime,
) -> None:
    """Expect the first backup of a resource that is new in its tier, of each rule; what is expected already stays."""
    for fresh, first in first_backups(resource, tier=tier, account=account, region=region, intent=intent, now=now):
        expected.keep(first, was=fresh)


def first_backups(
    resource: str, *, tier: str, account: AccountId, region: Region, intent: Intent, now: datetime
) -> Iterator[tuple[ExpectedBackup, ExpectedBackup]]:
    """The first backup of a resource that is new in its tier, by each rule: as nobody has written it, and as it is."""
    for rule in rules_of(intent.tiers[tier]):
        fresh = ExpectedBackup(resource=resource, account=account, region=region, tier=tier, rule=rule.name)
        runs = runs_of(intent, tier=tier, rule=rule.name)
        first = awaited(fresh, runs=runs, after=now + _CHOSEN_WITHIN) if runs else None
        if first is not None:
            yield fresh, first


def conclude_backup(
    expected: ExpectedBackup, step: BackupStep, *, needs: ExpectationNeeds, now: datetime
) -> ExpectedBackup | None:
    """What the step makes of the expected backup as it stands, written and told; None where it makes nothing of it."""

    def announce(moved: ExpectedBackup, was: ExpectedBackup) -> None:
        fact = _fact(moved) if moved.version > was.version else None
        if fact is not None:
            needs.publisher.publish(fact)

    moved = take_step(
        expected,
        step,
        announce=announce,
        keep=needs.expected.keep,
        read=lambda: needs.expected.find(expected.key),
        of=f"what is expected of {expected.subject}",
    )
    return None if moved is None else tell_backup(moved, needs=needs, now=now)


def tell_backup(expected: ExpectedBackup, *, needs: ExpectationNeeds, now: datetime) -> ExpectedBackup:
    """Tell people what they have not been told of it, if anything, and note that they were."""
    if not expected.untold or expected.alert is None:
        return expected
    alert = _alert(expected, expected.alert)
    if expected.is_well:
        needs.alerts.resolve(alert, reason=expected.reason, version=expected.version, now=now)
    else:
        needs.alerts.complain(alert, version=expected.version, now=now, is_same=True)
    known = told(expected, runs=runs_of(needs.intent, tier=expected.tier, rule=expected.rule))
    # Where somebody else has written it meanwhile, it is theirs to tell.
    return known if needs.expected.keep(known, was=expected) else expected


def _alert(expected: ExpectedBackup, kind: AlertKind) -> Alert:
    """The alert about the backups of a rule: one, whether they fail or never begin."""
    return Alert(
        kind=kind,
        subject=expected.subject,
        resource=expected.resource,
        account=expected.account,
        region=expected.region,
        reason=expected.reason,
    )


def _fact(expected: ExpectedBackup) -> BackupFact | None:
    match expected.state:
        case ExpectedState.FAILED:
            return _about(expected, BackupFailed, backup_job=expected.last_job)
        case ExpectedState.MISSING:
            return _about(expected, BackupMissing, firing=expected.missed.isoformat() if expected.missed else "")
        case ExpectedState.OK | ExpectedState.ENDED:
            return None
        case _:
            assert_never(expected.state)


def _about(expected: ExpectedBackup, kind: Callable[..., BackupFact], **more: str | None) -> BackupFact:
    return kind(
        account=expected.account,
        region=expected.region,
        resource=expected.resource,
        reason=expected.reason,
        tier=expected.tier,
        rule=expected.rule,
        **more,
    )
