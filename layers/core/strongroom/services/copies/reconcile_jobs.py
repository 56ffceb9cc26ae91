"""Read AWS's own lists of jobs, and let each job mean what its event means: events are lost, lists are not."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from strongroom.domain.copies.promises import Learnt
from strongroom.domain.copies.reconciling import (
    JobKind,
    after_page,
    caught_up,
    first_mark,
    is_over,
    window_behind,
    window_of,
)
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.health.metrics import Metric
from strongroom.services.copies.comparing.compare_vaults import compare_vaults
from strongroom.services.copies.comparing.find_arrivals import ArrivalNeeds, find_arrivals
from strongroom.services.copies.comparing.tell_comparison import tell_list, tell_list_read
from strongroom.services.copies.known_jobs import unknown_of
from strongroom.services.copies.open_promises import open_promises
from strongroom.services.copies.verify_copy import verify_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from strongroom.domain.copies.backup_jobs import BackupJob, BackupVerdict
    from strongroom.domain.copies.found import CopyNotice
    from strongroom.domain.copies.reconciling import JobPage, Mark
    from strongroom.domain.copies.verification import CopyVerdict
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.ports.copies import ReconciliationBook

# Less than the function has time for, by more than one page takes.
LASTS: Final = timedelta(minutes=10)
# By these a list cannot be read, now or ever.
_UNREADABLE: Final = (MalformedError, RefusedError, NotFoundError, CallRefusedError, TemporarilyUnavailableError)


class Reconciled(Struct, frozen=True, kw_only=True):
    """How many jobs came to what, those that could not be looked at among them, and whether all lists were read.

    `found` is how much of it no event had told, by account and Region.
    """

    counts: dict[str, int]
    is_complete: bool
    found: dict[str, int] = field(default_factory=dict)

    @property
    def measures(self) -> dict[Metric, float]:
        """What no event had told."""
        return {Metric.FOUND_WITHOUT_EVENT: sum(self.found.values())} if self.found else {}


class _Work(Protocol):
    """Lets one job mean what it means."""

    def __call__(self, *, learnt: Learnt) -> BackupVerdict | CopyVerdict: ...


class _Tally(Struct):
    """What was read so far."""

    states: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def told(self, *, is_complete: bool) -> Reconciled:
        return Reconciled(counts=dict(+self.states), is_complete=is_complete, found=dict(self.found))


class ReconciliationNeeds(ArrivalNeeds, frozen=True, kw_only=True):
    """What reading the lists needs of the world: all that verifying takes, the lists, and what is known of them."""

    marks: ReconciliationBook


def reconcile_jobs(
    *, needs: ReconciliationNeeds, regions: tuple[Region, ...], now: datetime, clock: Callable[[], datetime]
) -> Reconciled:
    """Read every list from where it was left, for `LASTS` by the clock; what is left over is read next time.

    A list that cannot be read keeps nobody from the others, and is told when that lasts. A job that cannot be looked
    at is counted; where another time may mend that, it is in the next window again. Then
    the central vaults are read, for what arrived there without a job; and in the time that is left, what is verified is
    held against the vaults, each week once.
    """
    total, ends = _Tally(), now + LASTS
    lists = [(kind, region) for region in regions for kind in JobKind]
    are_read = [
        _is_read(kind, region, total=total, now=now, ends=ends, needs=needs, clock=clock) for kind, region in lists
    ]
    for kind, region in lists:
        _catch_up(kind, region, total=total, ends=ends, needs=needs, clock=clock)

    def work_off(page: JobPage, now: datetime) -> dict[AccountId, datetime]:
        return _work_off(page, total=total, needs=needs, now=now)

    is_read = find_arrivals(needs=needs, regions=regions, now=now, ends=ends, clock=clock, work_off=work_off)
    total.states["DOUBTED"] += compare_vaults(
        needs=needs, regions=regions, now=now, ends=ends, clock=clock, work_off=work_off
    )
    return total.told(is_complete=is_read and all(are_read))


def _is_read(
    kind: JobKind,
    region: Region,
    *,
    total: _Tally,
    now: datetime,
    ends: datetime,
    needs: ReconciliationNeeds,
    clock: Callable[[], datetime],
) -> bool:
    """Whether the list was read to its end; whatever keeps that from being so for long is told."""
    cause = None
    try:
        if _read_list(kind, region, total=total, begun=now, ends=ends, needs=needs, clock=clock):
            tell_list_read(kind, region, alerts=needs.alerts, now=now)
            return True
    except _UNREADABLE as error:
        cause = str(error)
    known, account = needs.marks.find(kind, region), needs.intent.organization.backup_account
    tell_list(kind, region, known=known, cause=cause, account=account, alerts=needs.alerts, now=now)
    return False


def _read_list(
    kind: JobKind,
    region: Region,
    *,
    total: _Tally,
    begun: datetime,
    ends: datetime,
    needs: ReconciliationNeeds,
    clock: Callable[[], datetime],
) -> bool:
    """Whether the list was read to its end; somebody else who reads it, too, ends this reading.

    Each page has a moment of its own: what is told for it is claimed from then on.
    """
    known = needs.marks.find(kind, region)
    while (now := clock()) < ends:
        mark = known or first_mark(kind, region, now=now)
        window = window_of(mark, now=now)
        page = needs.listed.page(kind, window, region=region)
        skipped = _work_off(page, total=total, needs=needs, now=now)
        following = after_page(mark, window, page, skipped=skipped, now=now)
        if not needs.marks.keep(following, was=known):
            return False
        if is_over(window, page, now=begun):
            return True
        known = following
    return False


def _catch_up(
    kind: JobKind,
    region: Region,
    *,
    total: _Tally,
    ends: datetime,
    needs: ReconciliationNeeds,
    clock: Callable[[], datetime],
) -> None:
    """Read the list of each account that is behind, as long as there is time; one may be closed still."""
    mark = needs.marks.find(kind, region)
    for account in sorted(mark.behind) if mark else ():
        try:
            if mark is None or not _read_account(account, mark, total=total, ends=ends, needs=needs, clock=clock):
                continue
        except _UNREADABLE:
            continue  # it stays behind
        following = caught_up(mark, account)
        mark = following if needs.marks.keep(following, was=mark) else None


def _read_account(
    account: AccountId,
    mark: Mark,
    *,
    total: _Tally,
    ends: datetime,
    needs: ReconciliationNeeds,
    clock: Callable[[], datetime],
) -> bool:
    """Whether all of its jobs that wait could be looked at."""
    window = window_behind(mark, account, now=clock())
    while (now := clock()) < ends:
        page = needs.listed.page(mark.kind, window, region=mark.region, account=account)
        if _work_off(page, total=total, needs=needs, now=now):
            return False
        if page.token is None:
            return True
        window = replace(window, token=page.token)
    return False


def _work_off(page: JobPage, *, total: _Tally, needs: ReconciliationNeeds, now: datetime) -> dict[AccountId, datetime]:
    """Let each job of the page mean what it means; when the first ended that could not be looked at, by account.

    Most are known by their events. That is read of all of them together, and costs nothing more.
    """
    listed, known = Learnt.RECONCILIATION, len(page.backups) + len(page.copies)
    page = unknown_of(page, needs=needs, now=now)
    total.states["KNOWN"] += known - len(page.backups) - len(page.copies)
    backups = ((job, job.completed_at, partial(open_promises, job, needs=needs, now=now)) for job in page.backups)
    copies = ((each, each.job.completed_at, partial(verify_copy, each, needs=needs, now=now)) for each in page.copies)
    works: Iterator[tuple[BackupJob | CopyNotice, datetime | None, _Work]] = chain(backups, copies)
    skipped: dict[AccountId, datetime] = {}
    for told, ended, work in works:
        try:
            verdict = work(learnt=listed)
            total.states[verdict.state] += 1
            total.found.update(() if verdict.learnt is None else (f"{told.account} {told.region}",))
        except (TemporarilyUnavailableError, AccessRefusedError):
            total.states["SKIPPED"] += 1
            skipped[told.account] = min(skipped.get(told.account, now), ended or now)
        except (MalformedError, RefusedError, NotFoundError, CallRefusedError):
            total.states["SKIPPED"] += 1  # as it would be at any other time
    return skipped
