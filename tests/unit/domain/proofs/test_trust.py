"""What was enrolled counts from its first second until just before its last."""

from datetime import datetime, timedelta

import pytest

from strongroom.domain.proofs.trust import Period, Periods
from tests.builders.proving.signed_requests import SOON

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("period", "holds"),
    [
        (Period(), True),
        (Period(since=SOON), True),
        (Period(since=SOON + SECOND), False),
        (Period(until=SOON), False),
        (Period(until=SOON + SECOND), True),
        (Period(since=SOON, until=SOON + SECOND), True),
        (Period(since=SOON + SECOND, until=SOON), False),
    ],
    ids=["unbounded", "since now", "from now on", "until now", "to now", "just now", "never"],
)
def test_a_period_holds_from_its_start_until_before_its_end(period: Period, *, holds: bool) -> None:
    moment: datetime = SOON
    assert period.holds(moment) is holds


def test_what_was_taken_away_and_came_back_counts_in_between_not() -> None:
    periods = Periods((Period(until=SOON), Period(since=SOON + SECOND)))
    assert [periods.holds(SOON + SECOND * number) for number in (-1, 0, 1)] == [True, False, True]
    assert not Periods().holds(SOON)
