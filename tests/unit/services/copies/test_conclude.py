"""What became of a promise is written before it is told, once, and told by whoever comes next."""

from copy import replace
from functools import partial

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.facts import CopyFailed, CopyVerified
from strongroom.domain.copies.promises import Learnt, Promise, PromiseState
from strongroom.domain.copies.transitions import failed, verified
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.conclude import conclude, tell
from tests.builders.copies import COPY, IN_TIME, a_promise
from tests.fakes.copies import Concluding

OPEN = a_promise()


class Night(Concluding):
    def fail(self, promise: Promise = OPEN, cause: str = "copy-1") -> Promise | None:
        deadlines = self.intent.deadlines
        step = partial(failed, cause=cause, reason="refused", learnt=Learnt.EVENT, deadlines=deadlines, now=IN_TIME)
        return conclude(promise, step, needs=self, now=IN_TIME)

    def verify(self, promise: Promise = OPEN) -> Promise | None:
        deadlines = self.intent.deadlines
        step = partial(verified, copy=COPY, reason="arrived", learnt=Learnt.EVENT, deadlines=deadlines, now=IN_TIME)
        return conclude(promise, step, needs=self, now=IN_TIME)


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(intent, OPEN)


def test_a_failure_is_written_told_and_noted_as_told(night: Night) -> None:
    night.fail()
    assert (night.promise.state, night.promise.untold, night.promise.revision) == (PromiseState.FAILED, False, 3)
    assert night.people.kinds == [AlertKind.COPY_FAILED]
    assert len(night.people.of(CopyFailed)) == 1


def test_a_good_copy_that_nobody_was_told_about_is_one_write(night: Night) -> None:
    night.verify()
    assert (night.promise.state, night.promise.revision) == (PromiseState.VERIFIED, 2)
    assert (night.people.told, night.people.settled, len(night.people.of(CopyVerified))) == ([], [], 1)


def test_what_is_known_is_neither_written_nor_published(night: Night) -> None:
    night.verify()
    assert night.fail(night.promise) is None
    assert len(night.people.facts) == 1


def test_what_somebody_else_wrote_meanwhile_is_decided_anew(night: Night) -> None:
    night.promises.overtaken = [replace(OPEN, restarts=1, revision=2)]
    night.fail()
    assert (night.promise.state, night.promise.restarts) == (PromiseState.FAILED, 1)


def test_what_somebody_else_settled_meanwhile_stays_so(night: Night) -> None:
    night.promises.overtaken = [replace(OPEN, state=PromiseState.VERIFIED, revision=2)]
    assert night.fail() is None
    assert (night.promise.state, night.people.told) == (PromiseState.VERIFIED, [])


def test_a_promise_that_others_change_all_the_time_is_left_for_later(night: Night) -> None:
    night.promises.overtaken = [replace(OPEN, looks=number, revision=number) for number in range(2, 9)]
    with pytest.raises(TemporarilyUnavailableError):
        night.fail()
    assert night.people.told == []


def test_what_could_not_be_told_is_told_by_whoever_comes_next_with_its_end_alone(night: Night) -> None:
    night.people.is_down = True
    with pytest.raises(TemporarilyUnavailableError):
        night.fail()
    night.people.is_down = False
    known = tell(night.promise, needs=night, now=IN_TIME)
    assert known == night.promise
    assert not known.untold
    night.verify(known)
    assert [alert.kind for alert in night.people.settled] == [AlertKind.COPY_FAILED]
    assert night.promise.alert is None


def test_where_nothing_is_to_be_told_nothing_is_written(night: Night) -> None:
    assert tell(OPEN, needs=night, now=IN_TIME) is OPEN
    assert night.promise == OPEN


def test_a_promise_that_was_told_by_somebody_else_meanwhile_is_theirs(night: Night) -> None:
    untold = replace(OPEN, state=PromiseState.FAILED, alert=AlertKind.COPY_FAILED, untold=True)
    night.promises.overtaken = [replace(untold, untold=False, revision=9)]
    tell(untold, needs=night, now=IN_TIME)
    assert night.promise.revision == 9
