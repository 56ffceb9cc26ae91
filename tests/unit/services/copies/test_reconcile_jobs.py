"""What AWS lists counts as what its events tell, and a reading that breaks off is gone on with."""

from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched

import pytest

from strongroom.adapters.ledger.copies.arrivals import LedgerArrivals
from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.copies.reconciliation import LedgerReconciliation
from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.found import CopyNotice
from strongroom.domain.copies.promises import Learnt, PromiseState
from strongroom.domain.copies.reconciling import JobKind, JobPage, Mark, Window
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.health.metrics import Metric
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.ports.copies import ReconciliationBook
from strongroom.services.copies.reconcile_jobs import LASTS, Reconciled, ReconciliationNeeds, reconcile_jobs
from tests.builders.copies import (
    COMPLETED_AT,
    COPY,
    IN_TIME,
    SOURCE,
    a_backup_job,
    a_copy,
    a_copy_job,
    a_source,
    a_vault,
)
from tests.builders.places import CENTRAL_VAULT, HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeCopyJobs,
    FakeExpectedBackups,
    FakeGroups,
    FakePromises,
    FakeProtection,
    FakeStandings,
    FakeTruth,
)

ENDED = a_backup_job(completed_at=COMPLETED_AT)
ELSEWHERE = Region("eu-south-1")
COPIED = CopyNotice(account=PAYMENTS, region=HOME, job=a_copy_job(completed_at=IN_TIME))


@dataclass
class FakeLists:
    """AWS's lists, a job to the page, by when they ended; `refusal` is raised at a page of this number."""

    backups: list[JobPage] = field(default_factory=lambda: [JobPage(backups=(ENDED,))])
    copies: list[JobPage] = field(default_factory=lambda: [JobPage(copies=(COPIED,))])
    asked: list[tuple[JobKind, Window]] = field(default_factory=list)
    asked_of: list[AccountId] = field(default_factory=list)
    refusal: dict[tuple[JobKind, Region] | AccountId, StrongroomError] = field(default_factory=dict)

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        refusal = self.refusal.get(account or (kind, region))
        if refusal is not None:
            raise refusal
        self.asked.append((kind, window))
        self.asked_of += [] if account is None else [account]
        pages = self.backups if kind is JobKind.BACKUPS else self.copies
        number = int(window.token or "0")
        page = pages[number]
        token = str(number + 1) if number + 1 < len(pages) else None
        return JobPage(
            backups=tuple(job for job in page.backups if _is_within(window, job.completed_at)),
            copies=tuple(notice for notice in page.copies if _is_within(window, notice.job.completed_at)),
            token=token,
        )


def _is_within(window: Window, ended: datetime | None) -> bool:
    return ended is not None and window.since < ended <= window.until


@dataclass
class Night:
    intent: Intent
    lists: FakeLists = field(default_factory=FakeLists)
    truth: FakeTruth = field(
        default_factory=lambda: FakeTruth(
            points=[a_source(), a_copy()], vaults={CENTRAL_VAULT: a_vault()}, tagged={SOURCE: {"Backup": "daily-prod"}}
        )
    )
    jobs: FakeCopyJobs = field(default_factory=FakeCopyJobs)
    promises: FakePromises = field(default_factory=FakePromises)
    expected: FakeExpectedBackups = field(default_factory=FakeExpectedBackups)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    marks: ReconciliationBook = field(default_factory=lambda: LedgerReconciliation(MemoryTable()))

    rounds: LedgerRounds = field(default_factory=lambda: LedgerRounds(MemoryTable()))
    arrivals: LedgerArrivals = field(default_factory=lambda: LedgerArrivals(MemoryTable()))

    def __post_init__(self) -> None:
        for kind in JobKind:
            self.marks.keep(Mark(kind=kind, region=HOME, reached=IN_TIME - timedelta(hours=12)), was=None)

    def read(self, now: datetime = IN_TIME, *, pages: int = 1000, regions: tuple[Region, ...] = (HOME,)) -> Reconciled:
        # The clock is asked before each page.
        moments: Iterator[datetime] = iter([now] * pages)
        needs = ReconciliationNeeds(
            intent=self.intent,
            backups=FakeBackupJobs(),
            expected=self.expected,
            points=self.truth,
            vaults=self.truth,
            jobs=self.jobs,
            promises=self.promises,
            groups=FakeGroups(),
            protection=FakeProtection(),
            alerts=self.alerts.notifier,
            publisher=self.alerts,
            listed=self.lists,
            contents=self.truth,
            rounds=self.rounds,
            kept=LedgerKeptCopies(MemoryTable()),
            older=LedgerRounds(MemoryTable(), are_older=True),
            arrivals=self.arrivals,
            standings=FakeStandings(self.promises, self.expected),
            marks=self.marks,
        )
        return reconcile_jobs(needs=needs, regions=regions, now=now, clock=lambda: next(moments, now + LASTS))


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(intent)


def test_a_night_whose_every_event_was_lost_is_promised_and_verified(night: Night) -> None:
    assert night.read() == Reconciled(
        counts={"PROMISED": 1, "VERIFIED": 1}, is_complete=True, found={f"{PAYMENTS} {HOME}": 2}
    )
    (promise,) = night.promises.held.values()
    assert (promise.state, promise.opened_by, promise.learnt) == (
        PromiseState.VERIFIED,
        Learnt.RECONCILIATION,
        Learnt.RECONCILIATION,
    )


def test_a_copy_whose_backup_is_not_listed_yet_opens_its_promise(night: Night) -> None:
    night.lists.backups = [JobPage()]
    assert night.read().counts == {"VERIFIED": 1}


def test_failures_that_aws_lists_are_believed_as_they_are(night: Night) -> None:
    refused = a_copy_job(id="copy-0", state="FAILED", message="no", completed_at=IN_TIME)
    night.lists.copies = [JobPage(copies=(CopyNotice(account=PAYMENTS, region=HOME, job=refused),))]
    gone = a_backup_job(id="backup-0", state="EXPIRED", resource="arn:other", completed_at=IN_TIME)
    night.lists.backups = [JobPage(backups=(ENDED, gone))]
    night.read()
    assert night.alerts.kinds == [AlertKind.BACKUP_EXPIRED, AlertKind.COPY_FAILED]


def test_a_second_reading_of_the_same_jobs_changes_nothing(night: Night) -> None:
    first = night.read()
    known, facts = dict(night.promises.held), len(night.alerts.facts)
    second = night.read(IN_TIME + timedelta(minutes=30))
    assert (night.promises.held, len(night.alerts.facts)) == (known, facts)
    assert (first.measures, second.measures) == ({Metric.FOUND_WITHOUT_EVENT: 2}, {})


def test_a_reading_that_runs_out_of_time_is_gone_on_with_at_its_page(night: Night) -> None:
    night.lists.backups = [JobPage(backups=(ENDED,)), JobPage(), JobPage()]
    assert not night.read(pages=2).is_complete
    assert night.read(IN_TIME + timedelta(minutes=5)).is_complete
    tokens = [window.token for kind, window in night.lists.asked if kind is JobKind.BACKUPS]
    # What ended since, that window does not have.
    assert tokens == [None, "1", "2", None, "1", "2"]


class KilledError(BaseException):
    """The function's process is gone."""


@dataclass
class Killing:
    """Marks of a function that is killed once it has worked a page off, before it can note that; by its number."""

    marks: ReconciliationBook
    at: int

    def find(self, kind: JobKind, region: Region) -> Mark | None:
        return self.marks.find(kind, region)

    def keep(self, mark: Mark, *, was: Mark | None) -> bool:
        self.at -= 1
        if self.at < 0:
            raise KilledError
        return self.marks.keep(mark, was=was)


def a_long_night(intent: Intent) -> Night:
    """Six backups on three pages, and their copies on three others."""
    night = Night(intent)
    night.truth.points, night.lists.backups, night.lists.copies = [], [], []
    for pair in batched(range(6), 2, strict=True):
        backups, copies = [], []
        for number in pair:
            source, copy = f"{SOURCE}-{number}", f"{COPY}-{number}"
            night.truth.points += [a_source(arn=source), a_copy(arn=copy)]
            night.truth.tagged[source] = {"Backup": "daily-prod"}
            backups.append(a_backup_job(id=f"backup-{number}", recovery_point=source, completed_at=COMPLETED_AT))
            job = replace(COPIED.job, id=f"copy-{number}", recovery_point=source, destination_recovery_point=copy)
            copies.append(replace(COPIED, job=job))
        night.lists.backups.append(JobPage(backups=tuple(backups)))
        night.lists.copies.append(JobPage(copies=tuple(copies)))
    return night


@pytest.mark.parametrize("page", range(6))
def test_a_reading_that_is_killed_at_any_page_and_begun_again_leaves_what_one_in_peace_does(
    page: int, intent: Intent
) -> None:
    whole, broken = a_long_night(intent), a_long_night(intent)
    assert whole.read().counts == {"PROMISED": 6, "VERIFIED": 6}
    marks, broken.marks = broken.marks, Killing(broken.marks, at=page)
    with pytest.raises(KilledError):
        broken.read()
    broken.marks = marks
    assert broken.read().is_complete
    assert broken.promises.held == whole.promises.held
    assert broken.expected.held == whole.expected.held


def test_a_job_that_cannot_be_looked_at_is_counted_and_read_again(night: Night) -> None:
    night.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    assert night.read().counts == {"PROMISED": 1, "SKIPPED": 1}
    night.truth.refusal.clear()
    assert night.read(IN_TIME + timedelta(hours=20)).counts["VERIFIED"] == 1


def test_an_account_that_was_closed_for_days_is_caught_up_with_by_its_own_list(night: Night) -> None:
    night.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    for days in range(4):
        night.read(IN_TIME + timedelta(days=days))
    waiting = night.marks.find(JobKind.COPIES, HOME)
    assert waiting is not None
    assert waiting.behind == {PAYMENTS: IN_TIME}
    night.truth.refusal.clear()
    night.lists.asked_of.clear()
    # Everybody's list does not go as far back any more.
    night.lists.asked.clear()
    assert night.read(IN_TIME + timedelta(days=4)).counts["VERIFIED"] == 1
    assert night.lists.asked_of == [PAYMENTS]
    since, until = night.lists.asked[-1][1].since, night.lists.asked[-1][1].until
    assert since < IN_TIME < until
    caught_up = night.marks.find(JobKind.COPIES, HOME)
    assert caught_up is not None
    assert caught_up.behind == {}


def test_a_job_that_no_other_time_mends_does_not_hold_the_others_back(night: Night) -> None:
    night.truth.refusal[CENTRAL_VAULT] = CallRefusedError("not accepted")
    assert night.read().counts == {"PROMISED": 1, "SKIPPED": 1}
    mark = night.marks.find(JobKind.COPIES, HOME)
    assert mark is not None
    assert mark.reached == IN_TIME


def test_days_away_are_read_half_a_day_at_a_time_in_one_reading(night: Night) -> None:
    late = IN_TIME + timedelta(days=3)
    assert night.read(late).is_complete
    mark = night.marks.find(JobKind.COPIES, HOME)
    assert mark is not None
    assert mark.reached == late
    windows = [window for kind, window in night.lists.asked if kind is JobKind.COPIES]
    assert max(window.until - window.since for window in windows[:-1]) == timedelta(hours=13)


def test_a_list_for_which_there_is_never_time_is_told_after_a_day_until_there_is(night: Night) -> None:
    night.read(IN_TIME, pages=0)
    assert night.alerts.kinds == []
    night.read(IN_TIME + timedelta(hours=20), pages=0)
    told = [alert for alert in night.alerts.told if alert.subject.startswith("the list of")]
    assert [alert.subject for alert in told] == [f"the list of backups of {HOME}", f"the list of copies of {HOME}"]
    assert {alert.kind for alert in told} == {AlertKind.VAULTS_NOT_COMPARED}
    assert "up to 2026-08-31 15:10 UTC only: there is not time enough for it" in told[0].reason
    night.read(IN_TIME + timedelta(hours=21))
    assert all(alert in night.alerts.settled for alert in told)


REFUSALS = [AccessRefusedError("not enabled"), CallRefusedError("not accepted"), TemporarilyUnavailableError("busy")]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_region_that_was_never_listed_is_told_and_keeps_nobody_from_the_others(
    refusal: StrongroomError, night: Night
) -> None:
    for kind in JobKind:
        night.lists.refusal[kind, ELSEWHERE] = refusal
    for hours in range(2):
        came_to = night.read(IN_TIME + timedelta(hours=hours), regions=(ELSEWHERE, HOME))
        assert not came_to.is_complete
    assert [promise.state for promise in night.promises.held.values()] == [PromiseState.VERIFIED]
    assert night.arrivals.find(CENTRAL_VAULT) is not None
    assert night.rounds.find() is not None
    told = night.alerts.told
    assert [(alert.subject, alert.region) for alert in told] == [
        (f"the list of {kind} of {ELSEWHERE}", ELSEWHERE) for kind in JobKind
    ]
    assert told[0].reason == f"it could never be read: {refusal}"
    night.lists.refusal.clear()
    assert night.read(IN_TIME + timedelta(hours=2), regions=(ELSEWHERE, HOME)).is_complete
    assert night.alerts.settled == told


def test_a_list_that_is_busy_is_told_after_a_day_and_the_other_one_is_read(night: Night) -> None:
    night.read()
    night.lists.refusal[JobKind.BACKUPS, HOME] = TemporarilyUnavailableError("busy")
    night.read(IN_TIME + timedelta(hours=26))
    assert night.alerts.kinds == []
    late = IN_TIME + timedelta(hours=27)
    night.read(late)
    assert [alert.subject for alert in night.alerts.told] == [f"the list of backups of {HOME}"]
    mark = night.marks.find(JobKind.COPIES, HOME)
    assert mark is not None
    assert mark.reached == late


def test_an_account_whose_own_list_is_refused_stays_behind_and_ends_nothing(night: Night) -> None:
    night.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    for days in range(4):
        night.read(IN_TIME + timedelta(days=days))
    night.truth.refusal.clear()
    night.lists.refusal[PAYMENTS] = AccessRefusedError("closed")
    assert night.read(IN_TIME + timedelta(days=4)).is_complete
    night.lists.refusal.clear()
    assert night.read(IN_TIME + timedelta(days=4, hours=1)).counts["VERIFIED"] == 1


def test_somebody_else_who_reads_the_same_list_ends_this_reading(night: Night) -> None:
    marks = night.marks

    class Overtaken(LedgerReconciliation):
        def keep(self, mark: object, *, was: object) -> bool:
            return False

    night.marks = Overtaken(MemoryTable())
    assert not night.read().is_complete
    night.marks = marks
    assert night.read().is_complete
