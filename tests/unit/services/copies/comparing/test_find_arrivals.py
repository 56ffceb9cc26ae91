"""A copy that neither an event nor a job tells of is found in the list of its vault, and counts as any other."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest

from strongroom.adapters.ledger.copies.arrivals import LedgerArrivals
from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.comparing.kept import KeptCopy, day_of
from strongroom.domain.copies.comparing.rounds import PointPage, there_until
from strongroom.domain.copies.found import CopyNotice, RecoveryPointFound
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.copies.reconciling import JobKind, JobPage, Window
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.destinations import destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.comparing.find_arrivals import ArrivalNeeds, find_arrivals
from tests.builders.copies import COPY, CREATED_AT, IN_TIME, SOURCE, a_copy, a_copy_job, a_promise, a_source
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, a_vault_arn
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeCopyJobs,
    FakeExpectedBackups,
    FakeProtection,
    FakeStandings,
    FakeTruth,
    LateNight,
)

NOW = IN_TIME + timedelta(minutes=30)
ARRIVED = a_copy(completed_at=IN_TIME, source_vault=LOCAL_VAULT)
FOREIGN = a_vault_arn("theirs", account=PAYMENTS)


class Vaults(FakeTruth):
    """Two recovery points to the page."""

    looked_up = 0

    def of_resource(self, resource: str, *, vault: str) -> tuple[RecoveryPointFound, ...]:
        self.looked_up += 1
        return super().of_resource(resource, vault=vault)

    def page(self, vault: str, window: Window) -> PointPage:
        held = super().page(vault, window).points
        begins = int(window.token or "0")
        return PointPage(points=held[begins : begins + 2], token=str(begins + 2) if begins + 2 < len(held) else None)


@dataclass
class Hour:
    """An hour in which one copy arrived; `told` are the copies of which jobs tell."""

    intent: Intent
    late: LateNight = field(init=False)
    truth: Vaults = field(default_factory=lambda: Vaults(points=[a_source(), ARRIVED]))
    told: list[str] = field(default_factory=list)
    arrivals: LedgerArrivals = field(default_factory=lambda: LedgerArrivals(MemoryTable()))
    kept: LedgerKeptCopies = field(default_factory=lambda: LedgerKeptCopies(MemoryTable()))
    becomes: list[Promise] = field(default_factory=list)
    worked_off: list[CopyNotice] = field(default_factory=list)
    skipped: dict[AccountId, datetime] = field(default_factory=dict)
    asked: list[Window] = field(default_factory=list)
    refusal: dict[Region, StrongroomError] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.late = LateNight(self.intent)

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        assert (kind, account) == (JobKind.COPIES, None)
        self.asked.append(window)
        if region in self.refusal:
            raise self.refusal[region]
        begins = int(window.token or "0")
        jobs = [a_copy_job(destination_recovery_point=copy) for copy in self.told[begins : begins + 1]]
        notices = tuple(CopyNotice(account=PAYMENTS, region=HOME, job=job) for job in jobs)
        return JobPage(copies=notices, token=str(begins + 1) if begins + 1 < len(self.told) else None)

    def read(self, now: datetime = NOW, *, clock: Callable[[], datetime] | None = None) -> bool:
        needs = ArrivalNeeds(
            intent=self.intent,
            backups=FakeBackupJobs(),
            expected=FakeExpectedBackups(),
            points=self.truth,
            vaults=self.truth,
            jobs=FakeCopyJobs(),
            promises=self.late.promises,
            groups=self.late.groups,
            protection=FakeProtection(),
            alerts=self.late.alerts.notifier,
            publisher=self.late.alerts,
            listed=self,
            contents=self.truth,
            standings=FakeStandings(self.late.promises, FakeExpectedBackups()),
            rounds=LedgerRounds(MemoryTable()),
            kept=self.kept,
            older=LedgerRounds(MemoryTable(), are_older=True),
            arrivals=self.arrivals,
        )

        def work_off(page: JobPage, _now: datetime) -> dict[AccountId, datetime]:
            self.worked_off += page.copies
            self.late.promises.held |= {promise.key: promise for promise in self.becomes}
            return self.skipped

        return find_arrivals(
            needs=needs,
            regions=(*self.refusal, HOME),
            now=now,
            ends=now + timedelta(minutes=10),
            clock=clock or (lambda: now),
            work_off=work_off,
        )

    def read_slowly(self, now: datetime) -> bool:
        self.truth.looked_up = 0
        return self.read(now, clock=lambda: now + self.truth.looked_up * timedelta(minutes=4))

    @property
    def found(self) -> list[str | None]:
        return [each.job.destination_recovery_point for each in self.worked_off]

    @property
    def kinds(self) -> list[AlertKind]:
        return self.late.alerts.kinds


@pytest.fixture
def hour(intent: Intent) -> Hour:
    return Hour(intent)


def test_a_copy_of_which_no_job_tells_is_worked_off_as_its_job_would_be(hour: Hour) -> None:
    assert hour.read()
    (notice,) = hour.worked_off
    assert (notice.account, notice.region) == (PAYMENTS, HOME)
    assert (notice.job.recovery_point, notice.job.source_vault) == (SOURCE, LOCAL_VAULT)
    assert (notice.job.destination, notice.job.destination_recovery_point) == (CENTRAL_VAULT, COPY)
    assert (notice.job.state, notice.job.completed_at) == ("COMPLETED", IN_TIME)
    assert hour.late.told == []


def test_a_copy_of_which_a_job_tells_is_left_to_that_and_asks_nobody(hour: Hour) -> None:
    hour.told = ["arn:other", COPY]
    hour.truth.refusal[LOCAL_VAULT] = AccessRefusedError("nobody is to ask")
    assert hour.read()
    assert hour.found == []
    assert [window.token for window in hour.asked] == [None, "1"]


@pytest.mark.parametrize("refusal", [AccessRefusedError("not enabled"), TemporarilyUnavailableError("busy")])
def test_a_region_whose_jobs_cannot_be_listed_keeps_no_vault_from_being_read(
    refusal: StrongroomError, hour: Hour
) -> None:
    hour.refusal = {Region("eu-south-1"): refusal}
    assert hour.read()
    assert hour.found == [COPY]
    hour.told = [COPY]
    assert hour.read(NOW + timedelta(minutes=10))
    assert hour.found == [COPY]
    assert hour.kinds == []


def test_an_hour_in_which_nothing_arrived_lists_each_vault_once_and_no_job(hour: Hour) -> None:
    hour.read()
    hour.read(NOW + timedelta(hours=2))
    hour.asked.clear()
    assert hour.read(NOW + timedelta(hours=3))
    assert hour.asked == []


def test_what_arrived_just_now_is_left_for_the_next_hour(hour: Hour) -> None:
    hour.read(IN_TIME + timedelta(minutes=9))
    assert hour.found == []
    hour.read(IN_TIME + timedelta(minutes=69))
    assert hour.found == [COPY]


@pytest.mark.parametrize(
    ("point", "sources"),
    [
        pytest.param(replace(ARRIVED, source_vault=None), [a_source()], id="AWS does not say where it is from"),
        pytest.param(replace(ARRIVED, source_vault=FOREIGN), [a_source(vault=FOREIGN)], id="from a vault not ours"),
        pytest.param(ARRIVED, [], id="its backup is gone"),
        pytest.param(
            ARRIVED, [a_source(created_at=CREATED_AT - timedelta(days=1))], id="only another night's backup is there"
        ),
        pytest.param(
            ARRIVED,
            [a_source(arn="arn:aws:backup:eu-west-1:222222222222:recovery-point:continuous:db")],
            id="of a continuous backup, whose night only its job tells",
        ),
    ],
)
def test_what_cannot_be_placed_waits_until_it_is_looked_for(
    point: RecoveryPointFound, sources: list[RecoveryPointFound], hour: Hour
) -> None:
    hour.truth.points = [point, *sources]
    assert hour.read()
    assert hour.found == []


@pytest.mark.parametrize("refusal", [AccessRefusedError("closed"), TemporarilyUnavailableError("busy")])
def test_what_could_not_be_looked_at_is_looked_at_the_next_hour(refusal: StrongroomError, hour: Hour) -> None:
    hour.truth.refusal[LOCAL_VAULT] = refusal
    assert hour.read()
    hour.truth.refusal.clear()
    assert hour.read(NOW + timedelta(hours=4))
    assert hour.found == [COPY]


VERIFIED = a_promise(state=PromiseState.VERIFIED, copy=COPY, due_at=None)


def test_what_is_verified_is_noted_for_the_weekly_comparison_and_looked_up_no_more(hour: Hour) -> None:
    hour.becomes = [VERIFIED]
    hour.read()
    hour.truth.refusal[LOCAL_VAULT] = AccessRefusedError("nobody is to ask")
    assert hour.read(NOW + timedelta(minutes=20))
    assert hour.found == [COPY]
    assert [*hour.kept.of_day(CENTRAL_VAULT, day_of(CREATED_AT))] == [
        KeptCopy(VERIFIED.key, COPY, there_until(VERIFIED))
    ]
    found = hour.arrivals.find(CENTRAL_VAULT)
    assert found is not None
    assert found.reached == NOW + timedelta(minutes=20) - hour.intent.deadlines.grace


@pytest.mark.parametrize(
    "promise",
    [
        pytest.param(replace(VERIFIED, state=PromiseState.MISSING), id="it is not verified"),
        pytest.param(replace(VERIFIED, copy=f"{COPY}-other"), id="by another copy"),
        pytest.param(replace(VERIFIED, untold=True), id="that has yet to be told"),
    ],
)
def test_what_is_not_to_be_there_for_certain_is_not_noted(promise: Promise, hour: Hour) -> None:
    hour.becomes = [promise]
    hour.read()
    assert hour.found == [COPY]
    assert [*hour.kept.of_day(CENTRAL_VAULT, day_of(CREATED_AT))] == []


def test_what_there_is_no_time_to_look_up_is_looked_at_the_next_hour(hour: Hour) -> None:
    """Each look-up takes four minutes, and there are ten."""
    arrived = [replace(ARRIVED, arn=f"{COPY}-{number}", resource=f"{number}") for number in range(5)]
    sources = [a_source(arn=f"{SOURCE}-{number}", resource=f"{number}") for number in range(5)]
    hour.truth.points = [*arrived, *sources]
    hour.becomes = [
        replace(VERIFIED, recovery_point=source.arn, copy=copy.arn)
        for source, copy in zip(sources, arrived, strict=True)
    ]
    read, found = [], []
    for hours in range(3):
        read.append(hour.read_slowly(NOW + timedelta(hours=hours)))
        found.append(len(hour.found))
    assert found == [3, 5, 5]
    assert read == [False, True, True]


def test_what_is_skipped_as_it_is_worked_off_comes_again(hour: Hour) -> None:
    hour.skipped = {PAYMENTS: IN_TIME}
    hour.read()
    hour.read(NOW + timedelta(hours=4))
    assert hour.found == [COPY, COPY]


def test_what_can_never_be_asked_holds_nothing_back(hour: Hour) -> None:
    hour.truth.refusal[LOCAL_VAULT] = CallRefusedError("no such thing")
    hour.read()
    found = hour.arrivals.find(CENTRAL_VAULT)
    assert found is not None
    assert found.reached == NOW - hour.intent.deadlines.grace


@pytest.mark.parametrize("moments", range(1, 14))
def test_a_reading_that_runs_out_of_time_anywhere_is_gone_on_with(moments: int, hour: Hour) -> None:
    """The clock is asked before each page, of vaults and of jobs, and before each look-up."""
    numbers = range(5)
    hour.told = ["arn:other"]
    hour.truth.points = [replace(ARRIVED, arn=f"{COPY}-{number}") for number in numbers] + [a_source()]
    asked = count()
    is_whole = hour.read(clock=lambda: NOW if next(asked) < moments else NOW + timedelta(hours=1))
    assert is_whole == (moments >= 3 + len(numbers) + len(destination_vaults(hour.intent)))
    assert hour.read(NOW + timedelta(minutes=5))
    assert {*hour.found} == {f"{COPY}-{number}" for number in numbers}


@pytest.mark.parametrize("refusal", [AccessRefusedError("no"), CallRefusedError("not accepted")])
def test_a_vault_that_may_not_be_listed_is_told_once_until_it_may_and_the_others_are_read(
    refusal: StrongroomError, hour: Hour
) -> None:
    hour.truth.refusal[CENTRAL_VAULT] = refusal
    for hours in range(3):
        assert not hour.read(NOW + timedelta(hours=hours))
    assert hour.kinds == [AlertKind.VAULTS_NOT_COMPARED]
    others = [vault.arn for vault in destination_vaults(hour.intent) if vault.arn != CENTRAL_VAULT]
    assert others
    assert all(hour.arrivals.find(vault) is not None for vault in others)
    hour.truth.refusal.clear()
    assert hour.read(NOW + timedelta(hours=3))
    assert hour.late.alerts.settled == hour.late.alerts.told


def test_a_vault_that_is_busy_is_told_after_a_day(hour: Hour) -> None:
    hour.read()
    hour.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    hour.read(NOW + timedelta(hours=24))
    assert hour.kinds == []
    hour.read(NOW + timedelta(hours=27))
    assert hour.kinds == [AlertKind.VAULTS_NOT_COMPARED]


def test_a_vault_for_which_there_is_never_time_is_told_after_a_day(hour: Hour) -> None:
    hour.read()
    late = NOW + timedelta(hours=27)
    assert not hour.read(late, clock=lambda: late + timedelta(minutes=10))
    assert hour.kinds == [AlertKind.VAULTS_NOT_COMPARED] * len(destination_vaults(hour.intent))


def test_somebody_else_who_reads_as_well_ends_this_reading(hour: Hour) -> None:
    class Overtaken(LedgerArrivals):
        def keep(self, *_: object, **__: object) -> bool:
            return False

    hour.arrivals = Overtaken(MemoryTable())
    assert not hour.read()
