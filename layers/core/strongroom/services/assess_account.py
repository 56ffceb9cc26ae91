"""Judge one account: read where it is and what it has, remember the verdict, say it."""

from dataclasses import dataclass
from datetime import datetime

from strongroom.domain.accounts import (
    AccountNotice,
    AccountState,
    AccountVerdict,
    judge_membership,
    judge_readiness,
)
from strongroom.domain.alerts import AlertKind, fingerprint
from strongroom.domain.facts import AccountAssessed
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent import Intent
from strongroom.ports import AccountBook, AccountDirectory, MemberInspector
from strongroom.services.tell_alerts import AlertDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """Everything that judging an account takes; `central_bus` is the ARN that forwarders must aim at."""

    intent: Intent
    central_bus: str
    organization: AccountDirectory
    members: MemberInspector
    book: AccountBook
    desk: AlertDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconcerned:
    """The verdict on an event that says nothing about any account."""

    reason: str


def assess_notice(notice: AccountNotice, *, assessor: Assessor, now: datetime) -> AccountVerdict | Unconcerned:
    """Judge the account that an event hints at, if it hints at one."""
    if notice.account is None:
        return Unconcerned(reason=notice.reason)
    return assess_account(notice.account, assessor=assessor, now=now)


def assess_account(account: AccountId, *, assessor: Assessor, now: datetime) -> AccountVerdict:
    """Read the account again, judge it, remember and publish the verdict, and settle the alert of a mended one."""
    verdict = _judge(account, assessor, now)
    assessor.book.record(verdict, not_ready_since=_not_ready_since(verdict, assessor.book, now), now=now)
    assessor.desk.publisher.publish(
        AccountAssessed(
            account=account,
            region=assessor.intent.organization.home_region,
            resource=account,
            reason=verdict.reason,
            state=verdict.state,
            missing=verdict.missing,
        )
    )
    if not verdict.needs_attention:
        assessor.desk.settle(fingerprint(AlertKind.ACCOUNT_NOT_READY, account), reason=verdict.reason, now=now)
    return verdict


def _judge(account: AccountId, assessor: Assessor, now: datetime) -> AccountVerdict:
    intent = assessor.intent
    membership = assessor.organization.membership(account)
    placed = judge_membership(account, membership=membership, intent=intent)
    if isinstance(placed, AccountVerdict):
        return placed
    return judge_readiness(
        account,
        placement=placed,
        effective_policy=assessor.organization.effective_backup_policy(account),
        inspection=assessor.members.inspect(account),
        intent=intent,
        central_bus=assessor.central_bus,
        exemption=intent.exemption_of(account, today=now.date()),
    )


def _not_ready_since(verdict: AccountVerdict, book: AccountBook, now: datetime) -> datetime | None:
    if verdict.state is not AccountState.NOT_READY:
        return None
    known = book.find(verdict.account)
    return (known.not_ready_since if known else None) or now
