"""The sentence: what it says, and when it says that nothing is known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.status.nights import NightSum, night_of
from strongroom.domain.status.sentence import answer_of, say_age
from strongroom.domain.status.states import Protection
from strongroom.domain.status.totals import Summary, Totals

NOW = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
LAST_NIGHT = NightSum(night=date(2026, 11, 26), backups=11, copies=12)


def a_summary(states: dict[Protection, int] | None = None, *, sums: Any = (LAST_NIGHT,), **changes: Any) -> Summary:
    fields: dict[str, Any] = {"counted_at": NOW - timedelta(minutes=4), "compared_until": NOW - timedelta(hours=1)}
    totals = Totals(states=states or {Protection.PROTECTED: 11}, sums=sums)
    return Summary(totals=totals, accounts=4, **fields | changes)


GOOD = "11 of 11 resources are protected; last night 11 backups, 12 copies verified, 0 missed; data 4 minutes old"


@pytest.mark.parametrize(
    ("summary", "sentence", "is_well"),
    [
        pytest.param(a_summary(), GOOD, True, id="all is well"),
        pytest.param(
            a_summary({Protection.PROTECTED: 1, Protection.ENDED: 3}, sums=()),
            "1 of 1 resource is protected; no backup has been settled yet; data 4 minutes old",
            True,
            id="what ended does not count",
        ),
        pytest.param(
            a_summary({Protection.PROTECTED: 8, Protection.NO_BACKUP: 2, Protection.LOST: 1}),
            GOOD.replace(
                "11 of 11 resources are protected",
                "8 of 11 resources are protected (1 a copy vanished, 2 not backed up)",
            ),
            False,
            id="the worst is named first",
        ),
        pytest.param(
            a_summary({Protection.PROTECTED: 10, Protection.AWAITED: 1}),
            GOOD.replace(
                "11 of 11 resources are protected", "10 of 11 resources are protected (1 first backup awaited)"
            ),
            True,
            id="what is new is awaited, and no fault",
        ),
        pytest.param(
            a_summary(compared_until=None),
            f"{GOOD}; not compared with AWS's own lists yet",
            True,
            id="before the lists",
        ),
        pytest.param(
            a_summary(counted_at=NOW - timedelta(minutes=16)),
            "Not known: nothing was counted since 2026-11-26 06:44 UTC; data 16 minutes old",
            None,
            id="not counted",
        ),
        pytest.param(
            a_summary(overdue_since=NOW - timedelta(minutes=31)),
            "Not known: what is overdue since 2026-11-26 06:29 UTC was not looked at; data 4 minutes old",
            None,
            id="not swept",
        ),
        pytest.param(
            a_summary(compared_until=NOW - timedelta(hours=3, minutes=1)),
            "Not known: AWS's own lists of jobs were not read since 2026-11-26 03:59 UTC; data 4 minutes old",
            None,
            id="not compared",
        ),
        pytest.param(None, "Not known: nothing was counted yet", None, id="nothing yet"),
    ],
)
def test_the_sentence(summary: Summary | None, sentence: str, is_well: bool | None) -> None:  # noqa: FBT001 - a row of the table
    answer = answer_of(summary, now=NOW)
    assert (answer.sentence, answer.is_well) == (sentence, is_well)


@pytest.mark.parametrize(
    ("hour", "night"),
    [(0, 26), (11, 26), (12, 27), (23, 27)],
    ids=["at midnight", "before noon", "at noon", "in the evening"],
)
def test_a_night_goes_from_noon_to_noon_and_is_called_by_its_morning(hour: int, night: int) -> None:
    assert night_of(datetime(2026, 11, 26, hour, tzinfo=UTC)).day == night


@pytest.mark.parametrize(
    ("night", "said"),
    [(26, "last night"), (27, "tonight"), (3, "in the night of 3 Nov")],
    ids=["this morning", "since noon", "long ago"],
)
def test_the_night_is_called_by_where_it_is(night: int, said: str) -> None:
    sums = (NightSum(night=date(2026, 11, night), backups=1, copies=1, missed=2),)
    assert f"; {said} 1 backup, 1 copy verified, 2 missed; " in answer_of(a_summary(sums=sums), now=NOW).sentence


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=-3), "0 seconds"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=3, minutes=55), "3 hours 55 minutes"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(days=29, hours=3), "29 days 3 hours"),
    ],
    ids=str,
)
def test_an_age_is_told_in_two_units_at_most(age: timedelta, said: str) -> None:
    assert say_age(age) == said
