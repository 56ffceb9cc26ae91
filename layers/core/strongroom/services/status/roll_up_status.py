"""Bring the views up to date: of the resource that a fact names, or else of every account that has changed since."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.status.answers import uncopied_rules
from strongroom.domain.status.nights import SUMMED, lines_of, sums_of
from strongroom.domain.status.resources import judge_resource
from strongroom.domain.status.totals import (
    UNIT_NOT_KNOWN,
    AccountLine,
    DayLine,
    Summary,
    UnitLine,
    count_resources,
    sum_totals,
)
from strongroom.ports.status import CountedViews, ResourceViews

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.status.hints import Hint
    from strongroom.domain.status.nights import BackupLine
    from strongroom.domain.status.resources import Known, ResourceStatus
    from strongroom.ports.status import ProtectionReading

# Everything is held against the ledger so often, and so many resources are looked at in one go.
RECOUNT_EVERY: Final = timedelta(hours=1)
LIMIT: Final = 2000
# So many of the latest backups are more than two nights of most resources, and so many two of a rule of each hour.
_FEW: Final = 6
_MOST: Final = 64
# So often somebody else may come between a look and the write that follows from it.
_TRIES: Final = 4


class StatusViews(ResourceViews, CountedViews, Protocol):
    """All views that are written."""


class StatusRollUpNeeds(Struct, frozen=True, kw_only=True):
    """What bringing the views up to date needs of the world."""

    intent: Intent
    ledger: ProtectionReading
    views: StatusViews


class RollUpVerdict(Struct, frozen=True, kw_only=True):
    """What was brought up to date: so many resources, and the accounts that were counted."""

    resources: int
    accounts: int
    is_whole: bool = False


def roll_up_status(hint: Hint | None, *, needs: StatusRollUpNeeds, now: datetime) -> RollUpVerdict:
    """Look at the resource of the fact; at a tick, count every account that has changed, and hourly all of them."""
    if hint is not None:
        points = (hint.recovery_point,) if hint.recovery_point else ()
        is_new = refresh(hint.resource, account=hint.account, points=points, needs=needs, now=now)
        return RollUpVerdict(resources=int(is_new), accounts=0)
    recounted = needs.views.recounted_at()
    if recounted is None or now - recounted >= RECOUNT_EVERY:
        return recount(needs=needs, now=now)
    changed = needs.views.dirty()
    _count(changed, needs=needs, now=now)
    return RollUpVerdict(resources=0, accounts=len(changed))


def refresh(
    resource: str,
    *,
    account: AccountId,
    points: Iterable[str] = (),
    needs: StatusRollUpNeeds,
    now: datetime,
    is_thorough: bool = False,
) -> bool:
    """Judge the resource by what the ledger has of it, and write what has changed; True when something was written.

    What a fact says is not believed, only looked up. Of a backup whose copies are still on their way nothing is
    written, as long as it changes no state. A look that `is_thorough` is written whatever it finds.
    """
    for _ in range(_TRIES):
        was, lines = _latest(resource, needs=needs)
        known = needs.ledger.known(resource, account=account)
        promises = _promises(known, was=was, points=points, needs=needs)
        if not known.expected and not promises and known.last_backup is None:
            return _forget(was, needs=needs)
        fresh = lines_of(promises, known.expected, uncopied=uncopied_rules(known, intent=needs.intent))
        every = {(line.at, line.tier, line.rule): line for line in (*lines, *fresh)}
        status = judge_resource(known, promises=promises, was=was, sums=sums_of(every.values()), now=now)
        if not is_thorough and was is not None and not _is_news(status, was=was):
            return False
        news = [line for line in fresh if line not in lines]
        if needs.views.keep(status, was=was, lines=news):
            return True
    raise TemporarilyUnavailableError(f"others change the status of {resource} all the time")


def recount(*, needs: StatusRollUpNeeds, now: datetime, limit: int = LIMIT) -> RollUpVerdict:
    """Hold every list against the ledger, look at what is not in it or may have changed unseen, and count all anew.

    No more than `limit` resources are looked at; the rest is left to the next tick.
    """
    expected = _expected(needs)
    accounts = {
        *expected,
        *(line.account for unit in needs.views.units() for line in needs.views.accounts_of(unit.unit)),
    }
    looked = 0
    for account in sorted(accounts):
        for resource in _doubtful(account, expected.get(account, set()), needs=needs, now=now):
            if looked == limit:
                break
            refresh(resource, account=account, needs=needs, now=now, is_thorough=True)
            looked += 1
    _count({**dict.fromkeys(accounts, ""), **needs.views.dirty()}, needs=needs, now=now)
    if looked < limit:
        needs.views.note_recount(now)
    return RollUpVerdict(resources=looked, accounts=len(accounts), is_whole=looked < limit)


def _latest(resource: str, *, needs: StatusRollUpNeeds) -> tuple[ResourceStatus | None, tuple[BackupLine, ...]]:
    """Its status, and its latest backups: all of the nights that are summed up, in as few as that takes."""
    was, lines = needs.views.find(resource, most=_FEW)
    if len(lines) < _FEW or len({line.night for line in lines}) > SUMMED:
        return was, lines
    return needs.views.find(resource, most=_MOST)


def _is_news(status: ResourceStatus, *, was: ResourceStatus) -> bool:
    """Whether there is something to write: while copies are on their way only a change of the state."""
    if status.state is was.state and any(each.state is PromiseState.OPEN for each in status.copies):
        return False
    return replace(status, seen_at=was.seen_at) != was


def _promises(
    known: Known, *, was: ResourceStatus | None, points: Iterable[str], needs: StatusRollUpNeeds
) -> tuple[Promise, ...]:
    """What the backups promised of which there may be news: of this resource alone, whatever a fact says."""
    last = (known.last_point,) if known.last_point else ()
    every = sorted({*points, *last, *(was.unsettled if was else ())})
    return tuple(
        promise for point in every for promise in needs.ledger.promises(point) if promise.resource == known.resource
    )


def _forget(was: ResourceStatus | None, *, needs: StatusRollUpNeeds) -> bool:
    if was is not None:
        needs.views.forget(was)
    return was is not None


def _expected(needs: StatusRollUpNeeds) -> dict[AccountId, set[str]]:
    found: dict[AccountId, set[str]] = {}
    for account, resource in needs.ledger.expected():
        found.setdefault(account, set()).add(resource)
    return found


def _doubtful(account: AccountId, expected: set[str], *, needs: StatusRollUpNeeds, now: datetime) -> Iterator[str]:
    """The resources of an account that its list does not have, or has as they may not be any more."""
    listed = list(needs.views.resources_of(account))
    yield from sorted(expected - {line.resource for line in listed})
    for line in listed:
        is_late = line.look_at is not None and line.look_at <= now
        if is_late or (line.look_at is not None and line.resource not in expected):
            yield line.resource


def _count(accounts: dict[AccountId, str], *, needs: StatusRollUpNeeds, now: datetime) -> None:
    """Count the accounts from their lists, then their units, then the whole."""
    units = {unit for account in sorted(accounts) for unit in _count_account(account, needs=needs)}
    for unit in sorted(units):
        _count_unit(unit, needs=needs)
    _count_whole(needs=needs, now=now)
    for account, mark in accounts.items():
        needs.views.clean(account, mark=mark)


def _count_account(account: AccountId, *, needs: StatusRollUpNeeds) -> set[str]:
    """Count one account; the units whose lists have changed with it."""
    was, lines = needs.views.account(account), tuple(needs.views.resources_of(account))
    touched = {was.unit} if was else set()
    if not lines:
        if was is not None:
            needs.views.drop_account(was)
        return touched
    known = needs.ledger.account(account)
    target = needs.intent.target_of(account, known.units) if known else None
    line = AccountLine(
        account=account,
        unit=target.name if target else UNIT_NOT_KNOWN,
        readiness=known.state if known else "",
        totals=count_resources(lines),
        name=known.name if known else "",
    )
    needs.views.keep_account(line, was=was)
    return {*touched, line.unit}


def _count_unit(unit: str, *, needs: StatusRollUpNeeds) -> None:
    accounts = tuple(needs.views.accounts_of(unit))
    if not accounts:
        needs.views.drop_unit(unit)
        return
    totals = sum_totals(line.totals for line in accounts)
    needs.views.keep_unit(UnitLine(unit=unit, accounts=len(accounts), totals=totals))


def _count_whole(*, needs: StatusRollUpNeeds, now: datetime) -> None:
    units = tuple(needs.views.units())
    totals = sum_totals(line.totals for line in units)
    compared = [needs.ledger.compared_until(region) for region in needs.intent.organization.regions]
    read = [each for each in compared if each is not None]
    summary = Summary(
        totals=totals,
        accounts=sum(line.accounts for line in units),
        counted_at=now,
        compared_until=min(read) if read and len(read) == len(compared) else None,
        overdue_since=needs.ledger.overdue_since(now),
    )
    needs.views.keep_summary(summary, day=DayLine(day=now.date(), counted_at=now, totals=totals))
