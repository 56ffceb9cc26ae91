"""A sweep that came to its end says so, and goes on where nobody outside hears it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.health.facts import SweepEnded
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.end_sweep import SweepEndNeeds, end_sweep
from strongroom.services.copies.sweep_overdue_copies import SweepVerdict
from tests.builders.copies import TOO_LATE
from tests.builders.places import BACKUP_ACCOUNT, HOME
from tests.fakes.accounts_and_tags import FakeAlerts

SWEPT = SweepVerdict(counts={}, verdicts=(), oldest=timedelta(minutes=3))


@dataclass
class FakeDeadMan:
    """Somebody outside; `is_deaf` does not hear."""

    is_deaf: bool = False
    calls: int = 0

    def call(self) -> None:
        self.calls += 1
        if self.is_deaf:
            raise TemporarilyUnavailableError("nobody answers")


@pytest.mark.parametrize(
    ("dead_man", "outside"),
    [
        pytest.param(None, "", id="no address"),
        pytest.param(FakeDeadMan(), "CALLED", id="an address"),
        pytest.param(FakeDeadMan(is_deaf=True), "UNREACHED: nobody answers", id="an address that does not answer"),
    ],
)
def test_the_end_of_a_sweep_is_said(dead_man: FakeDeadMan | None, outside: str, intent: Intent) -> None:
    people = FakeAlerts()
    needs = SweepEndNeeds(intent=intent, publisher=people, dead_man=dead_man)
    assert end_sweep(SWEPT, needs=needs, now=TOO_LATE).outside == outside
    [fact] = people.of(SweepEnded)
    assert (fact.account, fact.region, fact.oldest_due_seconds) == (BACKUP_ACCOUNT, HOME, 180)
    assert dead_man is None or dead_man.calls == 1
