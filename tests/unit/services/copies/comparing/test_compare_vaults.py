"""What is verified is held against its vault each week, and missed where neither a list nor the vault shows it."""

from collections.abc import Callable, Iterator
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.copies.rounds import LedgerRounds
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.comparing.kept import day_of
from strongroom.domain.copies.comparing.rounds import PointPage, Round, before_the_first
from strongroom.domain.copies.found import CopyNotice, RecoveryPointFound
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.copies.reconciling import JobKind, JobPage, Window
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.comparing.compare_vaults import VaultComparisonNeeds, compare_vaults
from tests.builders.copies import COPY, CREATED_AT, IN_TIME, SOURCE, a_copy, a_copy_job, a_promise
from tests.builders.places import CENTRAL_VAULT, HOME, PAYMENTS
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeCopyJobs,
    FakeExpectedBackups,
    FakeProtection,
    FakeStandings,
    FakeTruth,
    LateNight,
)

MONDAY = datetime(2026, 9, 7, 0, 7, tzinfo=UTC)
ENDS = MONDAY + timedelta(minutes=10)
COPIES = 5
BEFORE = before_the_first(MONDAY - timedelta(days=3))
OFF = Region("eu-south-1")
KEPT = a_promise(state=PromiseState.VERIFIED, due_at=None, settled_at=IN_TIME)


@dataclass
class Lists:
    """Five copy jobs, two to the page, and the vault, three to the page; a vault that is `slow` shows nothing."""

    truth: FakeTruth
    jobs: list[CopyNotice] = field(default_factory=list)
    is_slow: bool = False
    listed: list[Window] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    refusal: dict[str, StrongroomError] = field(default_factory=dict)

    def jobs_page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        assert kind is JobKind.COPIES
        if region == OFF:
            raise AccessRefusedError("the Region is off")
        ended = [each for each in self.jobs if window.since < (each.job.completed_at or MONDAY) <= window.until]
        begins = int(window.token or "0")
        return JobPage(
            copies=tuple(ended[begins : begins + 2]), token=str(begins + 2) if begins + 2 < len(ended) else None
        )

    def page(self, vault: str, window: Window) -> PointPage:
        self.listed.append(window)
        self.asked.append(vault)
        held = () if self.is_slow else self.truth.page(vault, window).points
        self.truth.page(vault, window)
        begins = int(window.token or "0")
        return PointPage(points=held[begins : begins + 3], token=str(begins + 3) if begins + 3 < len(held) else None)

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        self.looked_at.append(recovery_point)
        if recovery_point in self.refusal:
            raise self.refusal[recovery_point]
        return self.truth.find(recovery_point, vault=vault)


@dataclass
class Jobs:
    lists: Lists

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        return self.lists.jobs_page(kind, window, region=region, account=account)


class Points(FakeTruth):
    lists: Lists

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPointFound | None:
        return self.lists.find(recovery_point, vault=vault)


@dataclass
class Week:
    """A week after a night with five copies that were verified, none of them to be read again."""

    intent: Intent
    late: LateNight = field(init=False)
    lists: Lists = field(init=False)
    rounds: LedgerRounds = field(default_factory=lambda: LedgerRounds(MemoryTable()))
    worked_off: list[str | None] = field(default_factory=list)
    listed: Jobs = field(init=False)
    kept: LedgerKeptCopies = field(default_factory=lambda: LedgerKeptCopies(MemoryTable()))
    older: LedgerRounds = field(default_factory=lambda: LedgerRounds(MemoryTable(), are_older=True))

    def __post_init__(self) -> None:
        self.late = LateNight(self.intent)
        self.lists = Lists(self.late.truth)
        self.listed = Jobs(self.lists)
        for number in range(COPIES):
            self.late.truth.points.append(a_copy(arn=f"{COPY}-{number}"))
            promise = replace(KEPT, recovery_point=f"{SOURCE}-{number}", copy=f"{COPY}-{number}")
            self.late.promises.open(promise)
            self.lists.jobs.append(self.a_notice(number))

    @staticmethod
    def a_notice(number: int) -> CopyNotice:
        job = a_copy_job(
            id=f"copy-{number}",
            recovery_point=f"{SOURCE}-{number}",
            destination_recovery_point=f"{COPY}-{number}",
            completed_at=IN_TIME,
        )
        return CopyNotice(account=PAYMENTS, region=HOME, job=job)

    def lose(self, number: int) -> None:
        self.late.truth.points = [each for each in self.late.truth.points if each.arn != f"{COPY}-{number}"]

    def state(self, number: int) -> PromiseState:
        return self.late.promise(f"{SOURCE}-{number}").state

    def compare(self, now: datetime = MONDAY, *, clock: Callable[[], datetime] | None = None) -> int:
        points = Points()
        points.lists = self.lists
        needs = VaultComparisonNeeds(
            intent=self.intent,
            backups=FakeBackupJobs(),
            expected=FakeExpectedBackups(),
            points=points,
            vaults=self.late.truth,
            jobs=FakeCopyJobs(),
            promises=self.late.promises,
            groups=self.late.groups,
            protection=FakeProtection(),
            alerts=self.late.alerts.notifier,
            publisher=self.late.alerts,
            listed=self.listed,
            contents=self.lists,
            standings=FakeStandings(self.late.promises, FakeExpectedBackups()),
            rounds=self.rounds,
            kept=self.kept,
            older=self.older,
        )

        def work_off(page: JobPage, _now: datetime) -> None:
            self.worked_off += [each.job.id for each in page.copies]

        return compare_vaults(
            needs=needs,
            regions=(OFF, HOME),
            now=now,
            ends=now + (ENDS - MONDAY),
            clock=clock or (lambda: now),
            work_off=work_off,
        )

    def begin_older(self) -> None:
        """As if it came a week ago."""
        self.older = LedgerRounds(MemoryTable(), are_older=True)
        self.older.keep(BEFORE, was=None)

    @property
    def round(self) -> Round:
        found = self.rounds.find()
        assert found is not None
        return found


@pytest.fixture
def week(intent: Intent) -> Week:
    week = Week(intent)
    week.rounds.keep(BEFORE, was=None)
    return week


def test_in_the_week_in_which_it_comes_nothing_is_compared_and_all_in_the_next(intent: Intent) -> None:
    """Even if nobody is awake on the first Monday."""
    week = Week(intent)
    week.lose(0)
    assert week.compare(MONDAY - timedelta(days=1)) == 0
    assert week.lists.listed == []
    assert week.compare(MONDAY + timedelta(days=1)) == 1


def test_what_its_vault_lists_costs_no_call_and_no_write(week: Week) -> None:
    known = dict(week.late.promises.held)
    assert week.compare() == 0
    assert week.round.is_over
    assert (week.late.promises.held, week.lists.looked_at, week.worked_off) == (known, [], [])


@pytest.mark.parametrize("number", range(COPIES))
def test_a_copy_that_is_gone_is_told_by_the_next_sweep_whichever_it_is(number: int, week: Week) -> None:
    week.lose(number)
    assert week.compare() == 1
    assert week.lists.looked_at == [f"{COPY}-{number}"]
    assert (week.state(number), week.late.told) == (PromiseState.VERIFIED, [])
    grace = week.intent.deadlines.grace
    assert week.late.sweep(MONDAY + grace - timedelta.resolution).verdicts == ()
    week.late.sweep(MONDAY + grace)
    assert week.late.promises.changes == [PromiseState.VANISHED]
    assert week.state(number) is PromiseState.VANISHED
    assert week.late.told == ["copy-vanished"]
    assert week.late.remediation.begun == []


def test_a_copy_that_only_the_list_lacks_is_there(week: Week) -> None:
    week.lists.is_slow = True
    assert week.compare() == 0
    assert sorted(week.lists.looked_at) == [f"{COPY}-{number}" for number in range(COPIES)]
    assert all(promise.due_at is None for promise in week.late.promises.held.values())


def test_one_that_shows_itself_again_is_not_told(week: Week) -> None:
    (gone,) = (each for each in week.late.truth.points if each.arn == f"{COPY}-3")
    week.lose(3)
    week.compare()
    week.late.truth.points.append(gone)
    week.late.sweep(MONDAY + week.intent.deadlines.grace)
    assert (week.state(3), week.late.told) == (PromiseState.VERIFIED, [])


def test_a_job_that_is_not_known_is_worked_off(week: Week) -> None:
    week.lists.jobs.append(week.a_notice(9))
    week.compare()
    assert week.worked_off == ["copy-9"]


@pytest.mark.parametrize("is_older", [False, True], ids=["of thirty days", "older"])
def test_a_vault_that_may_not_be_listed_is_asked_once_a_reading_and_compared_when_it_may(
    week: Week, *, is_older: bool
) -> None:
    now = MONDAY
    if is_older:
        for now in (MONDAY + timedelta(days=7 * number) for number in range(4)):
            week.compare(now)
        week.begin_older()
    rounds = week.older if is_older else week.rounds
    week.lose(0)
    week.late.truth.refusal[CENTRAL_VAULT] = AccessRefusedError("no")
    for hour in range(3):
        week.lists.asked.clear()
        assert week.compare(now + timedelta(hours=hour)) == 0
        assert week.lists.asked.count(CENTRAL_VAULT) == 1
    known = rounds.find()
    assert known is not None
    assert known.has_seen_all
    assert {each.vault for each in known.left} == {CENTRAL_VAULT}
    assert len(known.left) == 1
    week.late.truth.refusal.clear()
    assert week.compare(now + timedelta(hours=3)) == 1
    known = rounds.find()
    assert known is not None
    assert known.is_over
    assert week.late.told == [AlertKind.VAULTS_NOT_COMPARED]


def test_what_is_too_busy_is_asked_again_the_next_hour(week: Week) -> None:
    week.lose(0)
    week.late.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    assert week.compare() == 0
    assert not week.round.is_over
    week.late.truth.refusal.clear()
    assert week.compare(MONDAY + timedelta(hours=1)) == 1
    assert week.round.is_over
    assert week.late.told == []


def test_a_vault_that_may_not_be_listed_is_told(week: Week) -> None:
    week.late.truth.refusal[CENTRAL_VAULT] = CallRefusedError("not accepted")
    week.compare()
    assert week.late.told == [AlertKind.VAULTS_NOT_COMPARED]


@dataclass
class Failing(Jobs):
    """The lists of jobs, of which that of some days cannot be had."""

    fails: Callable[[Window], bool]

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        if self.fails(window):
            raise TemporarilyUnavailableError("busy")
        return super().page(kind, window, region=region, account=account)


def test_a_day_that_can_never_be_compared_keeps_nobody_from_the_others_and_is_told_until_a_round_is_over(
    week: Week,
) -> None:
    bad = MONDAY - timedelta(days=20)
    week.listed = Failing(week.lists, lambda window: window.since <= bad < window.until)
    week.lose(2)
    hours = [MONDAY + timedelta(hours=hour) for hour in range(26)]
    assert [week.compare(now) for now in hours] == [1, *[0] * 25]
    assert [begins <= bad < ends for begins, ends, _ in week.round.left] == [True]
    assert week.late.told == [AlertKind.VAULTS_NOT_COMPARED]
    assert "2026-08-18" in week.late.alerts.told[0].reason
    # The next week's round begins nevertheless, and what was bad may be good then.
    week.listed = Jobs(week.lists)
    week.compare(MONDAY + timedelta(days=7))
    assert week.round.is_over
    assert week.round.week > MONDAY
    assert [alert.kind for alert in week.late.alerts.settled] == [AlertKind.VAULTS_NOT_COMPARED]


def test_a_day_for_which_there_is_not_time_enough_is_compared_in_parts(week: Week) -> None:
    """A list of more than six hours takes longer than a whole reading has time."""
    passed = [MONDAY]

    class Long(Jobs):
        def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
            is_long = window.until - window.since > timedelta(hours=6) and window.since < IN_TIME <= window.until
            passed[0] += timedelta(minutes=11 if is_long else 0)
            return super().page(kind, window, region=region, account=account)

    week.listed = Long(week.lists)
    week.lose(1)
    doubted = 0
    for hour in range(5):
        passed[0] = MONDAY + timedelta(hours=hour)
        doubted += week.compare(passed[0], clock=lambda: passed[0])
    assert week.round.is_over
    assert doubted == 1
    assert week.late.told == []


@pytest.mark.parametrize("pages", [1, 2, 30, 77, 78, 79, 80])
def test_a_round_whose_time_runs_out_anywhere_is_gone_on_with(pages: int, week: Week) -> None:
    """The clock is asked before and after each page."""
    week.lose(4)

    def clock() -> datetime:
        return MONDAY if next(asked) < pages else ENDS

    asked: Iterator[int] = count()
    doubted = week.compare(clock=clock)
    assert week.round == BEFORE or not week.round.is_over
    doubted += week.compare(MONDAY + timedelta(hours=1))
    doubted += week.compare(MONDAY + timedelta(hours=2))
    assert week.round.is_over
    assert week.late.promise(f"{SOURCE}-4").looks == 1
    assert doubted <= 1


def test_somebody_else_who_compares_as_well_ends_this_comparison(week: Week) -> None:
    class Overtaken(LedgerRounds):
        def keep(self, current: Round, *, was: Round | None) -> bool:
            return False

    week.rounds = Overtaken(MemoryTable())
    LedgerRounds.keep(week.rounds, BEFORE, was=None)
    week.compare()
    assert len({window.since for window in week.lists.listed}) == 1


def test_nothing_is_asked_but_once_a_week(week: Week) -> None:
    week.compare()
    week.lists.listed.clear()
    week.compare(MONDAY + timedelta(days=3))
    assert week.lists.listed == []
    week.compare(MONDAY + timedelta(days=7))
    assert week.lists.listed != []


def test_a_copy_that_vanishes_when_no_job_tells_of_it_any_more_is_told_by_the_next_sweep_and_once(week: Week) -> None:
    """It is noted while its job is listed still, four Mondays after its night."""
    week.older.keep(BEFORE, was=None)
    mondays = [MONDAY + timedelta(days=7 * number) for number in range(9)]
    for monday in mondays[:5]:
        assert week.compare(monday) == 0
    week.lists.jobs.clear()
    week.lose(2)
    assert week.compare(mondays[5]) == 1
    week.late.sweep(mondays[5] + week.intent.deadlines.grace)
    assert (week.state(2), week.late.told) == (PromiseState.VANISHED, ["copy-vanished"])
    for monday in mondays[6:]:
        assert week.compare(monday) == 0
    assert week.late.told == ["copy-vanished"]


def test_older_days_that_cannot_be_compared_are_tried_again_and_told_after_a_week(week: Week) -> None:
    week.older.keep(BEFORE, was=None)
    mondays = [MONDAY + timedelta(days=7 * number) for number in range(9)]
    for monday in mondays[:5]:
        week.compare(monday)
    week.lists.jobs.clear()
    week.lose(2)
    week.late.truth.refusal[CENTRAL_VAULT] = TemporarilyUnavailableError("busy")
    assert week.compare(mondays[5]) == 0
    older = week.older.find()
    assert older is not None
    assert (older.has_seen_all, older.is_over) == (True, False)
    week.late.truth.refusal.clear()
    assert week.compare(mondays[5] + timedelta(hours=1)) == 1


def test_a_day_of_which_nothing_is_to_be_kept_any_more_is_not_listed(week: Week) -> None:
    """The copies are kept for thirty-five days, and what was noted of them may still be there."""
    for monday in (MONDAY + timedelta(days=7 * number) for number in range(5)):
        week.compare(monday)
    assert [*week.kept.of_day(CENTRAL_VAULT, day_of(CREATED_AT))] != []
    week.begin_older()
    week.lists.listed.clear()
    ended = CREATED_AT + timedelta(days=KEPT.lifecycle.retention_days)
    week.compare(ended)
    assert all(window.until > CREATED_AT + timedelta(days=4) for window in week.lists.listed)
    older = week.older.find()
    assert older is not None
    assert older.is_over


@pytest.mark.parametrize(
    ("taken", "left"), [(6, 0), (1, 1)], ids=["the rest of a reading", "most of a reading, and it was too short"]
)
def test_an_older_day_is_passed_over_only_when_most_of_a_reading_was_not_enough(
    taken: int, left: int, week: Week
) -> None:
    for monday in (MONDAY + timedelta(days=7 * number) for number in range(4)):
        week.compare(monday)
    week.begin_older()
    now = MONDAY + timedelta(days=24)
    passed = [now + timedelta(minutes=taken)]

    class Long(Lists):
        def page(self, vault: str, window: Window) -> PointPage:
            passed[0] += timedelta(minutes=11)
            return super().page(vault, window)

    week.lists = Long(week.late.truth)
    week.compare(now, clock=lambda: passed[0])
    older = week.older.find()
    assert older is not None
    assert [ends - begins for begins, ends, _ in older.left] == [timedelta(days=1)] * left
    assert older.reached <= CREATED_AT + timedelta(days=left)


def test_each_older_day_is_listed_once(week: Week) -> None:
    """The five copies that are noted have their night as their creation date, and their vault lists three to a page."""
    for monday in (MONDAY + timedelta(days=7 * number) for number in range(4)):
        week.compare(monday)
    week.begin_older()
    week.lists.listed.clear()
    assert week.compare(MONDAY + timedelta(days=24)) == 0
    day = day_of(CREATED_AT)
    assert [(each.since, each.token) for each in week.lists.listed] == [
        (day - timedelta.resolution, None),
        (day - timedelta.resolution, "3"),
    ]
    assert week.lists.looked_at == []


def test_what_nobody_could_note_while_nothing_was_compared_is_told_until_the_next_reading(week: Week) -> None:
    week.compare()
    week.compare(MONDAY + timedelta(days=14))
    assert week.late.told == []
    late = MONDAY + timedelta(days=14 + 21)
    week.compare(late)
    assert week.round.is_over
    assert week.late.told == [AlertKind.VAULTS_NOT_COMPARED]
    (alert,) = week.late.alerts.told
    assert "no job tells of the copies of 2026-09-06 00:07 UTC to 2026-09-12 00:07 UTC any more" in alert.reason
    assert week.late.alerts.settled == []
    week.compare(late + timedelta(hours=1))
    assert week.late.alerts.settled == [alert]


@pytest.mark.parametrize("is_older", [False, True], ids=["of thirty days", "older"])
@pytest.mark.parametrize(
    "refusal", [CallRefusedError("no"), AccessRefusedError("no"), TemporarilyUnavailableError("busy")], ids=repr
)
def test_a_copy_that_cannot_be_looked_at_keeps_nobody_from_the_others(
    refusal: StrongroomError, week: Week, *, is_older: bool
) -> None:
    now = MONDAY
    if is_older:
        for now in (MONDAY + timedelta(days=7 * number) for number in range(4)):
            week.compare(now)
        week.begin_older()
    for number in (1, 3):
        week.lose(number)
    week.lists.refusal[f"{COPY}-1"] = refusal
    assert week.compare(now) == 1
    rounds = week.older if is_older else week.rounds
    known = rounds.find()
    assert known is not None
    assert (known.has_seen_all, len(known.left)) == (True, 1)
    week.compare(now + timedelta(hours=26))
    assert week.late.told == ([] if is_older else [AlertKind.VAULTS_NOT_COMPARED])
    week.lists.refusal.clear()
    assert week.compare(now + timedelta(hours=27)) == 1
    known = rounds.find()
    assert known is not None
    assert known.is_over
