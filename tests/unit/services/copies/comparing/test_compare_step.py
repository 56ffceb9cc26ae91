"""One step of the comparison: a vault that says nothing is no reason to doubt its copies, and time is kept to."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.copies.kept import LedgerKeptCopies
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.comparing.kept import KeptCopy, day_of
from strongroom.domain.copies.comparing.rounds import PointPage
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.copies.reconciling import JobKind, JobPage, Window
from strongroom.domain.errors import CallRefusedError, StrongroomError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.comparing.compare_step import (
    Found,
    ReadingTime,
    StepNeeds,
    compare_listed,
    compare_noted,
)
from tests.builders.copies import COPY, CREATED_AT, IN_TIME, a_promise
from tests.builders.places import CENTRAL_VAULT, HOME
from tests.fakes.copies import (
    FakeBackupJobs,
    FakeCopyJobs,
    FakeExpectedBackups,
    FakeProtection,
    FakeStandings,
    LateNight,
)

MONDAY = datetime(2026, 9, 7, 0, 7, tzinfo=UTC)
ENDS = MONDAY + timedelta(minutes=10)
STEP = Window(since=day_of(CREATED_AT), until=day_of(CREATED_AT) + timedelta(days=1), token=None)
KEPT = a_promise(state=PromiseState.VERIFIED, copy=COPY, due_at=None, settled_at=IN_TIME)


@dataclass
class Step:
    """The lists of jobs are empty, and so are those of the vaults, where they do not refuse to say."""

    intent: Intent
    refusal: StrongroomError | None = None
    now: datetime = MONDAY
    asked: list[str] = field(default_factory=list)
    kept: LedgerKeptCopies = field(default_factory=lambda: LedgerKeptCopies(MemoryTable()))
    late: LateNight = field(init=False)

    def __post_init__(self) -> None:
        self.late = LateNight(self.intent)
        self.late.promises.open(KEPT)

    def page(self, vault: str, window: Window) -> PointPage:
        self.asked.append(vault)
        if self.refusal is not None:
            raise self.refusal
        return PointPage()

    def time(self) -> ReadingTime:
        return ReadingTime(lambda: self.now, MONDAY, ENDS)

    def note(self) -> None:
        """The copy was verified, and its vault does not list it."""
        self.kept.note(CENTRAL_VAULT, STEP.since, [KeptCopy(KEPT.key, COPY, MONDAY + timedelta(days=99))])

    def compare_noted(self) -> Found:
        return compare_noted(STEP, None, time=self.time(), needs=self.needs())

    def compare_listed(self, *, only: str | None = None) -> Found:
        time, needs = self.time(), self.needs()
        return compare_listed(STEP, only, regions=(HOME,), time=time, needs=needs, work_off=lambda _page, _now: None)

    def needs(self) -> StepNeeds:
        return StepNeeds(
            intent=self.intent,
            backups=FakeBackupJobs(),
            expected=FakeExpectedBackups(),
            points=self.late.truth,
            vaults=self.late.truth,
            jobs=FakeCopyJobs(),
            promises=self.late.promises,
            groups=self.late.groups,
            protection=FakeProtection(),
            alerts=self.late.alerts.notifier,
            publisher=self.late.alerts,
            listed=NoJobs(),
            contents=self,
            standings=FakeStandings(self.late.promises, FakeExpectedBackups()),
            kept=self.kept,
        )


class NoJobs:
    """No copy ended."""

    def page(self, kind: JobKind, window: Window, *, region: Region, account: AccountId | None = None) -> JobPage:
        return JobPage()


@pytest.fixture
def step(intent: Intent) -> Step:
    return Step(intent)


def test_a_day_of_which_nothing_is_noted_costs_no_list(step: Step) -> None:
    assert (step.compare_noted(), step.asked) == (Found(doubted=0, is_whole=True), [])


def test_what_is_noted_and_neither_listed_nor_there_is_doubted(step: Step) -> None:
    step.note()
    assert (step.compare_noted(), step.asked) == (Found(doubted=1, is_whole=True), [CENTRAL_VAULT])


@pytest.mark.parametrize(
    ("refusal", "found", "told"),
    [
        pytest.param(
            CallRefusedError("denied"),
            Found(doubted=0, is_whole=True, refused=frozenset({CENTRAL_VAULT})),
            [AlertKind.VAULTS_NOT_COMPARED],
            id="never: told, and left for the round to come back to",
        ),
        pytest.param(TemporarilyUnavailableError("busy"), Found(doubted=0, is_whole=False), [], id="not now"),
    ],
)
def test_of_a_vault_that_does_not_say_nothing_is_doubted(
    refusal: StrongroomError, found: Found, told: list[AlertKind], step: Step
) -> None:
    step.note()
    step.refusal = refusal
    assert step.compare_noted() == found
    assert step.late.told == told
    assert step.compare_listed(only=CENTRAL_VAULT) == found


def test_a_step_for_which_there_is_no_time_is_not_whole(step: Step) -> None:
    step.now = ENDS
    assert step.compare_listed() == Found(doubted=0, is_whole=False)
    assert step.asked == []


@pytest.mark.parametrize(("minutes", "is_most"), [(0, True), (4, True), (5, False), (10, False)])
def test_most_of_the_time_is_left_in_its_first_half(minutes: int, step: Step, *, is_most: bool) -> None:
    step.now = MONDAY + timedelta(minutes=minutes)
    assert step.time().is_most_left() is is_most
