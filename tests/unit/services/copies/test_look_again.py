"""A copy of the sample is read once more: what is gone, or changed, is the loudest alert, and is never made again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.deadlines import OverdueState
from strongroom.domain.copies.facts import CopyVanished
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.look_again import look_again
from tests.builders.copies import COPY, IN_TIME, a_copy, a_promise
from tests.fakes.copies import Concluding, FakeTruth

A_DAY_LATER = IN_TIME + timedelta(days=1)
VERIFIED = a_promise(state=PromiseState.VERIFIED, copy=COPY, settled_at=IN_TIME, due_at=A_DAY_LATER)


@dataclass
class Night(Concluding):
    truth: FakeTruth = field(default_factory=lambda: FakeTruth(points=[a_copy()]))

    def look(self, now: datetime = A_DAY_LATER) -> OverdueState:
        return look_again(self.promise, points=self.truth, needs=self, now=now).state


@pytest.fixture
def night(intent: Intent) -> Night:
    return Night(intent, VERIFIED)


def test_a_copy_that_is_as_it_was_is_not_looked_at_again(night: Night) -> None:
    assert night.look() is OverdueState.SEEN_AGAIN
    assert (night.promise.due_at, night.promise.state, night.people.told) == (None, PromiseState.VERIFIED, [])


def test_one_that_two_looks_do_not_find_is_told_at_once_and_for_good(night: Night) -> None:
    night.truth.points = []
    assert night.look() is OverdueState.WATCH
    assert night.people.told == []
    assert night.promise.due_at == A_DAY_LATER + night.intent.deadlines.grace
    assert night.look(A_DAY_LATER + night.intent.deadlines.grace) is OverdueState.VANISHED
    assert night.people.kinds == [AlertKind.COPY_VANISHED]
    assert "it is not in its vault any more" in night.people.told[0].reason
    assert len(night.people.of(CopyVanished)) == 1
    assert night.promise.state is PromiseState.VANISHED
    assert night.promise.due_at is None


def test_one_that_hides_for_a_moment_is_no_alert(night: Night) -> None:
    night.truth.points = []
    night.look()
    night.truth.points = [a_copy()]
    assert night.look() is OverdueState.SEEN_AGAIN
    assert night.people.told == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"retention_days": 35}, "it is kept 35 days instead of 2555"),
        ({"status": "EXPIRED"}, "its status is EXPIRED"),
        ({"resource": "arn:other"}, "it is a backup of arn:other"),
    ],
)
def test_one_that_is_not_as_it_was_is_told(changes: dict[str, Any], fault: str, night: Night) -> None:
    night.truth.points = [a_copy(**changes)]
    assert night.look() is OverdueState.VANISHED
    assert fault in night.people.told[0].reason
