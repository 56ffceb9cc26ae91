"""Forty copies that one key stops are one alert, which opens with the first and is over with the last."""

from copy import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.groups.standing import GroupState, joined
from strongroom.domain.copies.obstacles import Cause, GroupKey, GroupKind, of_account
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.copies.transitions import failed, vanished, verified
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.conclude import conclude, tell
from strongroom.services.copies.remediation.diagnose_copy import LastTry, diagnose_copy
from strongroom.services.copies.tell_groups import group_of_words, join_group, leave_group
from strongroom.wiring.copies.sweeping import due_list
from tests.builders.copies import COPY, TOO_LATE, a_promise, a_source
from tests.builders.places import PAYMENTS
from tests.builders.remediation import OWN_KEY, a_key
from tests.fakes.copies import FakeTruth, LateNight

KEY = GroupKey(GroupKind.KEY, OWN_KEY)
SOON = TOO_LATE + timedelta(minutes=20)
REFUSED = "Given key ID is not accessible"
BY_KEY, BY_ACCOUNT = AlertKind.COPIES_STOPPED_BY_KEY, AlertKind.COPIES_STOPPED_BY_ACCOUNT


class Night(LateNight):
    """A night on which one cause stops many copies."""

    def promises_of(self, count: int) -> list[Promise]:
        here = "arn:aws:ec2:eu-west-1"
        made = [
            a_promise(recovery_point=f"{here}::snapshot/{n}", resource=f"{here}:222222222222:volume/vol-{n}")
            for n in range(count)
        ]
        for promise in made:
            self.promises.open(promise)
        return made

    def fail(self, promise: Promise, *, group: GroupKey | None = KEY, cause: str = "copy-1") -> None:
        deadlines = self.intent.deadlines
        step = partial(
            failed, cause=cause, reason=REFUSED, learnt=Learnt.EVENT, group=group, deadlines=deadlines, now=TOO_LATE
        )
        conclude(self.now(promise), step, needs=self.start_needs, now=TOO_LATE)

    def verify(self, promise: Promise) -> None:
        deadlines = self.intent.deadlines
        step = partial(verified, copy=COPY, reason="arrived", learnt=Learnt.EVENT, deadlines=deadlines, now=SOON)
        conclude(self.now(promise), step, needs=self.start_needs, now=SOON)

    def now(self, promise: Promise) -> Promise:
        return self.promises.held[promise.key]

    def tell_what_is_due(self, at: datetime = SOON) -> None:
        """A sweep that finds nothing due but groups."""
        self.promises.held = {key: replace(each, due_at=None) for key, each in self.promises.held.items()}
        self.sweep(at)

    @property
    def over(self) -> list[AlertKind]:
        return [alert.kind for alert in self.alerts.settled]


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(intent)


def test_forty_copies_that_a_key_stops_are_one_alert(night: Night) -> None:
    for promise in night.promises_of(40):
        night.fail(promise)
    assert night.told == []
    night.tell_what_is_due()
    [told] = night.alerts.told
    assert (told.kind, told.subject) == (BY_KEY, OWN_KEY)
    assert "40 resources have no copy: " in told.reason
    assert told.reason.count("vol-") == 5
    assert not any(promise.untold for promise in night.promises.held.values())


def test_it_is_over_with_the_last_of_them_and_nothing_else_is_said(night: Night) -> None:
    stopped = night.promises_of(3)
    for promise in stopped:
        night.fail(promise)
    night.tell_what_is_due()
    for promise in stopped[:2]:
        night.verify(promise)
    assert night.over == []
    night.verify(stopped[2])
    assert (night.told, night.over) == ([BY_KEY], [BY_KEY])
    assert all(night.now(promise).group is None for promise in stopped)


def test_what_is_over_before_it_was_told_is_never_told(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    night.verify(promise)
    night.tell_what_is_due()
    assert (night.told, night.over) == ([], [])


def test_whoever_dies_before_joining_is_made_up_for_by_the_sweep(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    night.groups.held.clear()
    night.promises.held[promise.key] = replace(night.now(promise), untold=True, due_at=SOON)
    night.sweep(SOON)
    assert night.groups.held[KEY].size == 1
    assert not night.now(promise).untold


def test_a_teller_who_comes_late_brings_nobody_back(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    late = replace(night.now(promise), untold=True)
    night.verify(promise)
    tell(late, needs=night.start_needs, now=SOON)
    assert night.groups.held[KEY].state is GroupState.RESOLVED
    assert night.groups.held[KEY].size == 0


def test_an_alert_of_its_own_is_over_once_the_cause_is_found_to_stop_others_too(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise, group=None)
    assert night.told == [AlertKind.COPY_FAILED]
    night.sources.points = [a_source(arn=promise.recovery_point, encryption_key=OWN_KEY, type="RDS")]
    night.surroundings.held = {OWN_KEY: a_key(statements=())}
    diagnose_copy(promise.key, last_try=LastTry(), needs=night.diagnosis_needs, now=TOO_LATE)
    assert (night.now(promise).group, night.now(promise).diagnosis) == (KEY, Cause.KEY_POLICY)
    assert night.over == [AlertKind.COPY_FAILED]
    night.tell_what_is_due()
    assert night.told == [AlertKind.COPY_FAILED, BY_KEY]
    assert "cannot: key policy" in night.alerts.told[1].reason


def test_a_promise_with_another_cause_after_all_is_told_by_itself_and_the_group_is_over(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    night.tell_what_is_due()
    words = "the recovery point does not exist"
    diagnose_copy(promise.key, last_try=LastTry(words=words), needs=night.diagnosis_needs, now=SOON)
    assert (night.now(promise).group, night.now(promise).left_groups) == (None, ())
    assert (night.told, night.over) == ([BY_KEY, AlertKind.COPY_FAILED], [BY_KEY])


def test_a_group_is_exchanged_for_another(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    night.fail(promise, group=of_account(PAYMENTS), cause="copy-2")
    assert night.groups.held[KEY].size == 0
    assert night.groups.held[of_account(PAYMENTS)].size == 1
    night.tell_what_is_due()
    assert night.told == [BY_ACCOUNT]


def test_a_failure_that_says_nothing_new_leaves_the_group_as_it_was(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    night.fail(promise, group=None, cause="copy-2")
    assert night.now(promise).group == KEY
    night.tell_what_is_due()
    assert night.told == [BY_KEY]


def test_a_copy_that_vanishes_is_told_by_itself(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    night.promises.held[promise.key] = replace(night.now(promise), state=PromiseState.VERIFIED)
    step = partial(vanished, reason="it is gone", deadlines=night.intent.deadlines, now=SOON)
    conclude(night.now(promise), step, needs=night.start_needs, now=SOON)
    assert night.told == [AlertKind.COPY_VANISHED]
    assert night.groups.held[KEY].size == 0


def test_what_cannot_be_told_gives_way_to_others_and_is_told_later(night: Night) -> None:
    [promise] = night.promises_of(1)
    night.fail(promise)
    night.alerts.is_down = True
    night.tell_what_is_due()
    assert night.groups.held[KEY].untold
    night.alerts.is_down = False
    night.tell_what_is_due(SOON + timedelta(hours=1))
    assert (night.told, night.groups.held[KEY].untold) == ([BY_KEY], False)


def test_who_joins_at_the_same_moment_is_not_lost(night: Night) -> None:
    first, second = night.promises_of(2)
    other = joined(None, KEY, first, within=timedelta(minutes=15), now=TOO_LATE)
    assert other is not None
    night.groups.overtaken = [other]
    join_group(KEY, second, needs=night.start_needs, now=TOO_LATE)
    assert night.groups.held[KEY].size == 2


def test_a_group_that_others_change_all_the_time_is_left_for_later(night: Night) -> None:
    [promise] = night.promises_of(1)
    other = joined(None, KEY, a_promise(), within=timedelta(minutes=15), now=TOO_LATE)
    assert other is not None
    night.groups.overtaken = [replace(other, revision=number) for number in range(20)]
    with pytest.raises(TemporarilyUnavailableError):
        leave_group(KEY, promise, needs=night.start_needs, now=TOO_LATE)


@pytest.mark.parametrize(
    ("words", "group"),
    [
        (REFUSED, KEY),
        ("the account is not a member of the organization", of_account(PAYMENTS)),
        ("EBS is not opted in", of_account(PAYMENTS)),
        ("it is in cold storage", None),
        ("Internal failure", None),
        (None, None),
    ],
)
def test_the_words_of_a_failed_copy_say_what_stops_others_too(words: str | None, group: GroupKey | None) -> None:
    points = FakeTruth(points=[a_source(encryption_key=OWN_KEY)])
    assert group_of_words(a_promise(), words, points=points) == group


def test_where_the_backup_cannot_be_read_the_copy_is_told_by_itself() -> None:
    promise = a_promise()
    refused = FakeTruth(refusal={promise.source_vault: AccessRefusedError("no")})
    assert group_of_words(promise, REFUSED, points=refused) is None
    assert group_of_words(promise, REFUSED, points=FakeTruth()) is None


def test_in_the_ledger_it_stands_among_what_is_due_until_it_was_told(ledger_table: MemoryTable, night: Night) -> None:
    promises, groups = LedgerPromises(ledger_table), LedgerGroups(ledger_table)
    promises.open(a_promise(due_at=None))
    needs = replace(night.start_needs, promises=promises, groups=groups)
    step = partial(
        failed,
        cause="copy-1",
        reason=REFUSED,
        learnt=Learnt.EVENT,
        group=KEY,
        deadlines=night.intent.deadlines,
        now=TOO_LATE,
    )
    conclude(a_promise(due_at=None), step, needs=needs, now=TOO_LATE)
    assert KEY in list(due_list(ledger_table).due(SOON))
    night.sweep_over(ledger_table, SOON)
    assert night.told == [BY_KEY]
    assert KEY not in list(due_list(ledger_table).due(SOON))
