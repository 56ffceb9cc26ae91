"""Judge one account: read where it is and what it has, remember the verdict, say it."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.accounts.facts import AccountAssessed
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, Placement, judge_membership
from strongroom.domain.accounts.protection_end import ends_protection
from strongroom.domain.accounts.readiness import judge_readiness
from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.health.heartbeats import forwarders_at_home, forwarders_of
from strongroom.services.accounts.first_signs import FirstSignNeeds, look_for_signs
from strongroom.services.accounts.tell_end import EndNeeds, tell_end
from strongroom.services.health.expect_heartbeats import HeartbeatNeeds, end_heartbeats, expect_heartbeats

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.accounts.membership import KnownAccount, Membership
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.ports.accounts import (
        AccountBook,
        AccountDirectory,
        AccountResources,
        MemberInspector,
        Memberships,
        PolicyValidity,
    )
    from strongroom.ports.facts import Publisher
    from strongroom.ports.health import HeartbeatBook
    from strongroom.ports.tags import FirstInventories
    from strongroom.services.alerts.tell_alerts import AlertNotifier


_DAY: Final = timedelta(days=1)
_SPREAD_MINUTES: Final = 360


class AccountAssessmentNeeds(Struct, frozen=True, kw_only=True):
    """What judging an account needs of the world; `central_bus` is the ARN that forwarders must aim at."""

    intent: Intent
    central_bus: str
    memberships: Memberships
    organization: AccountDirectory
    validity: PolicyValidity
    members: MemberInspector
    resources: AccountResources
    book: AccountBook
    beats: HeartbeatBook
    inventories: FirstInventories
    alerts: AlertNotifier
    publisher: Publisher

    @property
    def heartbeats(self) -> HeartbeatNeeds:
        """What expecting the forwarders of an account to be heard needs of the world."""
        return HeartbeatNeeds(intent=self.intent, beats=self.beats, accounts=self.book, alerts=self.alerts)

    @property
    def signs(self) -> FirstSignNeeds:
        """What looking for the first signs of an account needs of the world."""
        return FirstSignNeeds(intent=self.intent, beats=self.beats, inventories=self.inventories)

    @property
    def end(self) -> EndNeeds:
        """What telling that protection ends needs of the world."""
        return EndNeeds(intent=self.intent, resources=self.resources, alerts=self.alerts)


def assess_account(account: AccountId, *, needs: AccountAssessmentNeeds, now: datetime) -> AccountVerdict:
    """Read the account again, judge it, remember and publish the verdict, and settle the alert of a mended one."""
    known = needs.book.find(account)
    membership = needs.memberships.membership(account)
    verdict = judge_account(account, membership=membership, known=known, needs=needs, now=now)
    return conclude(verdict, known=known, needs=needs, now=now, again_at=again_at(verdict, now=now))


def judge_account(
    account: AccountId,
    *,
    membership: Membership | None,
    known: KnownAccount | None,
    needs: AccountAssessmentNeeds,
    now: datetime,
) -> AccountVerdict:
    """The verdict on an account that stands there; one that is governed is looked into.

    What becomes ready has every piece, and shows that they work; what was ready stays so while it has them.
    """
    placed = judge_membership(account, membership=membership, intent=needs.intent)
    if isinstance(placed, AccountVerdict):
        return named(placed, membership=membership, known=known)
    verdict = _judge_inside(account, placed, needs=needs, now=now)
    if verdict.state is AccountState.READY and (known is None or known.state is not AccountState.READY):
        since = (known.not_ready_since if known else None) or now
        verdict = look_for_signs(verdict, since=since, needs=needs.signs, now=now)
    return replace(verdict, name=membership.name if membership else "", owner=needs.organization.owner_of(account))


def named(verdict: AccountVerdict, *, membership: Membership | None, known: KnownAccount | None) -> AccountVerdict:
    """The verdict with the name that the account has now, or had, and the owner that it had."""
    name = membership.name if membership else (known.name if known else "")
    return replace(verdict, name=name, owner=known.owner if known else "")


def conclude(
    verdict: AccountVerdict,
    *,
    known: KnownAccount | None,
    needs: AccountAssessmentNeeds,
    now: datetime,
    again_at: datetime | None = None,
    is_news: bool = True,
    actor: str = "",
) -> AccountVerdict:
    """Remember the verdict and say it where it is news, unless a later one is there already.

    That protection ends is told before it is remembered, so that it is told however this ends; `actor` did it.
    """
    if known is not None and known.assessed_at <= now and ends_protection(verdict, known):
        tell_end(verdict, known=known, actor=actor, needs=needs.end, now=now)
    if not needs.book.record(verdict, not_ready_since=not_ready_since(verdict, known, now), now=now, again_at=again_at):
        return verdict
    if is_news:
        needs.publisher.publish(_fact(verdict, needs))
    if not verdict.needs_attention:
        for kind in (AlertKind.ACCOUNT_NOT_READY, AlertKind.ACCOUNT_SLOW):
            needs.alerts.settle(fingerprint(kind, verdict.account), reason=verdict.reason, now=now)
    if verdict.is_owed:
        needs.inventories.owe(verdict.account, now=now)
    if verdict.state is AccountState.READY:
        again = fingerprint(AlertKind.PROTECTION_ENDED, verdict.account)
        needs.alerts.settle(again, reason="it is protected again", now=now)
    _listen(verdict, needs=needs, now=now)
    return verdict


def _fact(verdict: AccountVerdict, needs: AccountAssessmentNeeds) -> AccountAssessed:
    return AccountAssessed(
        account=verdict.account,
        region=needs.intent.organization.home_region,
        resource=verdict.account,
        reason=verdict.reason,
        state=verdict.state,
        missing=verdict.missing,
    )


def again_at(verdict: AccountVerdict, *, now: datetime) -> datetime | None:
    """When the account is to be judged again, if nothing is heard of it: one that is ready within the day.

    Many may become ready at one moment, so that their numbers spread them over six hours.
    """
    match verdict.state:
        case AccountState.NOT_READY:
            return now
        case AccountState.READY:
            return now + _DAY - timedelta(minutes=int(verdict.account) % _SPREAD_MINUTES)
        case _:
            return None


def not_ready_since(verdict: AccountVerdict, known: KnownAccount | None, now: datetime) -> datetime | None:
    """Since when the account has lacked something."""
    if verdict.state is not AccountState.NOT_READY:
        return None
    return (known.not_ready_since if known else None) or now


def _judge_inside(
    account: AccountId, placed: Placement, *, needs: AccountAssessmentNeeds, now: datetime
) -> AccountVerdict:
    return judge_readiness(
        account,
        placement=placed,
        effective_policy=needs.organization.effective_backup_policy(account),
        inspection=needs.members.inspect(account),
        intent=needs.intent,
        central_bus=needs.central_bus,
        has_invalid_policy=needs.validity.has_invalid_policy(account),
        exemption=needs.intent.exemption_of(account, today=now.date()),
    )


def _listen(verdict: AccountVerdict, *, needs: AccountAssessmentNeeds, now: datetime) -> None:
    """Expect the forwarders of an account to be heard once its stack is in place, and no more once it is not ours."""
    wanted = forwarders_of(verdict.account, needs.intent)
    if verdict.state is AccountState.READY or verdict.awaits_signs:
        expect_heartbeats(wanted, needs=needs.heartbeats, now=now)
    if verdict.state is not AccountState.NOT_READY:
        governed = wanted if verdict.state is AccountState.READY else ()
        kept = (*governed, *forwarders_at_home(needs.intent))
        reason = f"nothing is expected there any more: {verdict.reason}"
        end_heartbeats(verdict.account, reason=reason, but=kept, needs=needs.heartbeats, now=now)
