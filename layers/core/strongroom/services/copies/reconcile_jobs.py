"""Read AWS's own lists of jobs, and let each job mean what its event means: events are lost, lists are not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from strongroom.domain.copies.promises import Learnt
from strongroom.domain.copies.reconciling import JobKind, after_page, first_mark, window_of
from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    MalformedError,
    NotFoundError,
    RefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.health.metrics import Metric
from strongroom.services.copies.known_jobs import unknown_of
from strongroom.services.copies.open_promises import open_promises
from strongroom.services.copies.verify_copy import CopyVerificationNeeds, verify_copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from strongroom.domain.copies.backup_jobs import BackupJob, BackupVerdict
    from strongroom.domain.copies.found import CopyNotice
    from strongroom.domain.copies.reconciling import JobPage
    from strongroom.domain.copies.verification import CopyVerdict
    from strongroom.domain.identifiers import Region
    from strongroom.ports.copies import OrganizationJobs, ReconciliationBook, Standings

# Less than the function has time for, by more than one page takes.
LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
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


@dataclass(slots=True)
class _Tally:
    """What was read so far."""

    states: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def told(self, *, is_complete: bool) -> Reconciled:
        return Reconciled(counts=dict(+self.states), is_complete=is_complete, found=dict(self.found))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationNeeds(CopyVerificationNeeds):
    """What reading the lists needs of the world: all that verifying takes, the lists, and what is known of them."""

    listed: OrganizationJobs
    standings: Standings
    marks: ReconciliationBook


def reconcile_jobs(
    *, needs: ReconciliationNeeds, regions: tuple[Region, ...], now: datetime, clock: Callable[[], datetime]
) -> Reconciled:
    """Read every list from where it was left, for `LASTS` by the clock; what is left over is read next time.

    A job that cannot be looked at is counted; where another time may mend that, it is in the next window again.
    """
    total, ends = _Tally(), now + LASTS
    for region in regions:
        for kind in JobKind:
            if not _read_list(kind, region, total=total, ends=ends, needs=needs, clock=clock):
                return total.told(is_complete=False)
    return total.told(is_complete=True)


def _read_list(
    kind: JobKind,
    region: Region,
    *,
    total: _Tally,
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
        skipped_from = _work_off(page, total=total, needs=needs, now=now)
        following = after_page(mark, window, page, skipped_from=skipped_from, now=now)
        if not needs.marks.keep(following, was=known):
            return False
        if page.token is None:
            return True
        known = following
    return False


def _work_off(page: JobPage, *, total: _Tally, needs: ReconciliationNeeds, now: datetime) -> datetime | None:
    """Let each job of the page mean what it means; when the first ended that could not be looked at for now.

    Most are known by their events. That is read of all of them together, and costs nothing more.
    """
    listed, known = Learnt.RECONCILIATION, len(page.backups) + len(page.copies)
    page = unknown_of(page, needs=needs, now=now)
    total.states["KNOWN"] += known - len(page.backups) - len(page.copies)
    works: list[tuple[datetime | None, str, Callable[[], BackupVerdict | CopyVerdict]]] = [
        *(
            (job.completed_at, _place(job), partial(open_promises, job, needs=needs, now=now, learnt=listed))
            for job in page.backups
        ),
        *(
            (each.job.completed_at, _place(each), partial(verify_copy, each, needs=needs, now=now, learnt=listed))
            for each in page.copies
        ),
    ]
    skipped: list[datetime] = []
    for ended, place, work in works:
        try:
            verdict = work()
            total.states[verdict.state] += 1
            total.found.update(() if verdict.learnt is None else (place,))
        except (TemporarilyUnavailableError, AccessRefusedError):
            total.states["SKIPPED"] += 1
            skipped.append(ended or now)
        except (MalformedError, RefusedError, NotFoundError, CallRefusedError):
            total.states["SKIPPED"] += 1  # as it would be at any other time
    return min(skipped, default=None)


def _place(told: BackupJob | CopyNotice) -> str:
    return f"{told.account} {told.region}"
