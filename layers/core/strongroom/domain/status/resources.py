"""How well one resource is protected: judged from what is expected of its rules and promised to its vaults."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.expected.backups import ExpectedBackup, ExpectedState
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.status.nights import NightSum
from strongroom.domain.status.states import Protection

# A copy that vanished is what a resource is known by for so long, whatever was copied since.
_LOST_FOR: Final = timedelta(days=30)
# Once a run was due so long ago, and each day, a resource is looked at anew, whether or not anything was told of it.
_SETTLED_WITHIN: Final = timedelta(hours=8)
_DAILY: Final = timedelta(days=1)


class Known(Struct, frozen=True, kw_only=True):
    """What the ledger knows of a resource; of one that it does not know, nothing."""

    resource: str
    account: AccountId
    region: Region
    tier: str | None = None
    last_backup: datetime | None = None
    last_point: str | None = None
    expected: tuple[ExpectedBackup, ...] = ()


class RunStatus(Struct, frozen=True, kw_only=True):
    """What is expected of one rule: the state and reason of its last run, and when the next one is."""

    tier: str
    rule: str
    state: ExpectedState
    reason: str
    last_created: datetime | None = None
    next_firing: datetime | None = None


class VerifiedCopy(Struct, frozen=True, kw_only=True):
    """A copy that was read in its vault: when, how it came that we read it, and of when the backup is."""

    copy: str
    at: datetime
    of: datetime
    learnt: Learnt | None = None


class CopyStatus(Struct, frozen=True, kw_only=True):
    """The newest backup of one rule as one vault has it, and the last copy there that was verified."""

    tier: str
    rule: str
    destination: str
    recovery_point: str
    created_at: datetime
    state: PromiseState
    reason: str
    opened_by: Learnt
    verified: VerifiedCopy | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """Which rule owes it to which vault."""
        return self.tier, self.rule, self.destination


class Lost(Struct, frozen=True, kw_only=True):
    """A copy that was verified and is not there any more, or not as it was."""

    destination: str
    recovery_point: str
    reason: str
    verified_at: datetime


class ResourceStatus(Struct, frozen=True, kw_only=True):
    """How well a resource is protected, since when and why, and what was judged; `seen_at` is when."""

    resource: str
    account: AccountId
    region: Region
    tier: str
    state: Protection
    reason: str
    since: datetime
    seen_at: datetime
    last_backup: datetime | None = None
    runs: tuple[RunStatus, ...] = ()
    copies: tuple[CopyStatus, ...] = ()
    lost: tuple[Lost, ...] = ()
    sums: tuple[NightSum, ...] = ()

    @property
    def restorable_to(self) -> datetime | None:
        """The moment to which every vault can bring it back; None where one of them cannot, or nothing is owed."""
        verified = [each.verified.of for each in self.copies if each.verified is not None]
        return min(verified, default=None) if len(verified) == len(self.copies) else None

    @property
    def look_at(self) -> datetime | None:
        """When there may be news that nobody told: at once while something is not as it should be; never once ended."""
        if self.state is Protection.ENDED:
            return None
        if self.state is not Protection.PROTECTED or self.unsettled:
            return self.seen_at
        firings = [each.next_firing for each in self.runs if each.next_firing is not None]
        return min((*(each + _SETTLED_WITHIN for each in firings), self.seen_at + _DAILY))

    @property
    def unsettled(self) -> frozenset[str]:
        """The recovery points of which there may be news."""
        return frozenset(each.recovery_point for each in self.copies if each.state is not PromiseState.VERIFIED)


def judge_resource(
    known: Known,
    *,
    promises: tuple[Promise, ...],
    was: ResourceStatus | None,
    sums: tuple[NightSum, ...],
    now: datetime,
) -> ResourceStatus:
    """How well it is protected; `promises` are what was read of its backups, and `was` what was judged before."""
    ended = {(each.tier, each.rule) for each in known.expected if each.state is ExpectedState.ENDED}
    copies = tuple(each for each in _newest(promises, was=was) if (each.tier, each.rule) not in ended)
    lost = _lost(promises, was=was, now=now)
    state, reason = _judge(known, copies=copies, lost=lost, is_unseen=_is_unseen(known, promises))
    since = was.since if was is not None and was.state is state else now
    return ResourceStatus(
        resource=known.resource,
        account=known.account,
        region=known.region,
        tier=known.tier or next(iter((*(each.tier for each in known.expected), *(each.tier for each in copies))), ""),
        state=state,
        reason=reason,
        since=since,
        seen_at=now,
        last_backup=known.last_backup,
        runs=tuple(_run(each) for each in known.expected if each.state is not ExpectedState.ENDED),
        copies=copies,
        lost=lost,
        sums=sums,
    )


def _judge(
    known: Known, *, copies: tuple[CopyStatus, ...], lost: tuple[Lost, ...], is_unseen: bool
) -> tuple[Protection, str]:
    """The worst that is true of it, and why."""
    live = [each for each in known.expected if each.state is not ExpectedState.ENDED]
    if lost:
        return Protection.LOST, lost[0].reason
    if known.expected and not live:
        return Protection.ENDED, known.expected[0].reason
    if missed := next((each for each in live if not each.is_well), None):
        return Protection.NO_BACKUP, missed.reason
    if short := next((each for each in copies if each.state in {PromiseState.MISSING, PromiseState.FAILED}), None):
        return Protection.COPY_SHORT, short.reason
    if is_unseen:
        return Protection.NOT_KNOWN, "its account cannot be looked into at the moment"
    if awaited := _awaited(known, live, copies):
        return Protection.AWAITED, awaited
    return Protection.PROTECTED, "its last backup is there, and so is each copy"


def _awaited(known: Known, live: Iterable[ExpectedBackup], copies: Iterable[CopyStatus]) -> str:
    """What of its first night is still to come; empty where nothing is."""
    first = next((each for each in live if each.last_created is None), None)
    if first is not None and known.last_backup is None:
        return f"its first backup is due {moment(first.firing)}" if first.firing else "its first backup is to come"
    if known.last_backup is None and not any(each.last_created for each in live):
        return "no backup of it is known yet"
    if any(each.verified is None for each in copies):
        return "its first copies are on their way"
    return ""


def _is_unseen(known: Known, promises: Iterable[Promise]) -> bool:
    return any(each.unseen for each in known.expected) or any(each.unseen for each in promises)


def _newest(promises: Iterable[Promise], *, was: ResourceStatus | None) -> Iterator[CopyStatus]:
    """For each rule and vault its newest promise, which remembers the last one there that was verified."""
    standing = {each.place: each for each in (was.copies if was else ())}
    for promise in sorted(promises, key=lambda each: each.created_at):
        before = standing.get(_place(promise))
        if before is None or before.created_at <= promise.created_at:
            standing[_place(promise)] = _copy(promise, before=before)
    yield from (standing[place] for place in sorted(standing))


def _place(promise: Promise) -> tuple[str, str, str]:
    return promise.tier, promise.rule or "", promise.destination


def _copy(promise: Promise, *, before: CopyStatus | None) -> CopyStatus:
    tier, rule, destination = _place(promise)
    return CopyStatus(
        tier=tier,
        rule=rule,
        destination=destination,
        recovery_point=promise.recovery_point,
        created_at=promise.created_at,
        state=promise.state,
        reason=promise.reason,
        opened_by=promise.opened_by,
        verified=_verified(promise) or (before.verified if before else None),
    )


def _verified(promise: Promise) -> VerifiedCopy | None:
    if promise.state is not PromiseState.VERIFIED:
        return None
    at = promise.settled_at or promise.deadline  # Releases before this one did not say when.
    return VerifiedCopy(copy=promise.copy or "", at=at, of=promise.created_at, learnt=promise.learnt)


def _lost(promises: Iterable[Promise], *, was: ResourceStatus | None, now: datetime) -> tuple[Lost, ...]:
    found = {(each.recovery_point, each.destination): each for each in (was.lost if was else ())}
    for promise in promises:
        if promise.state is PromiseState.VANISHED:
            found[promise.recovery_point, promise.destination] = Lost(
                destination=promise.destination,
                recovery_point=promise.recovery_point,
                reason=promise.reason,
                verified_at=promise.settled_at or promise.created_at,
            )
    return tuple(each for each in found.values() if now - each.verified_at < _LOST_FOR)


def _run(expected: ExpectedBackup) -> RunStatus:
    return RunStatus(
        tier=expected.tier,
        rule=expected.rule,
        state=expected.state,
        reason=expected.reason,
        last_created=expected.last_created,
        next_firing=expected.firing,
    )
