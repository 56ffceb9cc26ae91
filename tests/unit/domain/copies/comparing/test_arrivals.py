"""What arrived in a vault is read once it may be known, window by window, and nothing between two of them."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.domain.copies.comparing.arrivals import (
    Arrivals,
    after_arrivals,
    announced_in,
    arrival_window,
    created_in,
    first_arrivals,
    has_arrived_in,
    is_unread,
)
from strongroom.domain.copies.reconciling import HELD_BACK_FOR, LISTED_FOR, Window
from strongroom.domain.intent.model import Intent
from tests.builders.copies import a_copy
from tests.builders.places import CENTRAL_VAULT

NOW = datetime(2026, 9, 7, 5, 7, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GRACE = 10 * MINUTE
READ = Arrivals(vault=CENTRAL_VAULT, reached=NOW - HOUR, revision=7)
HALF = replace(READ, until=NOW - 30 * MINUTE, token="page-2", read_at=NOW - 20 * MINUTE)
WINDOW = Window(since=NOW - 2 * HOUR, until=NOW - GRACE, token=None)


@pytest.mark.parametrize(
    ("known", "window"),
    [
        pytest.param(READ, WINDOW, id="an hour later, with the hour before"),
        pytest.param(HALF, replace(WINDOW, until=NOW - 30 * MINUTE, token="page-2"), id="half read: at its page"),
        pytest.param(replace(HALF, read_at=NOW - HOUR), WINDOW, id="half read long ago: anew"),
        pytest.param(
            replace(HALF, reached=NOW - 5 * DAY, until=NOW - 3 * DAY, read_at=NOW - HOUR),
            Window(since=NOW - 5 * DAY - HOUR, until=NOW - 4 * DAY, token=None),
            id="half read long ago, and long: its first half",
        ),
        pytest.param(
            replace(READ, reached=NOW - 5 * DAY),
            Window(since=NOW - 5 * DAY - HOUR, until=NOW - 3 * DAY, token=None),
            id="after days, two of them at once",
        ),
        pytest.param(
            replace(READ, reached=NOW - 90 * DAY),
            Window(since=NOW - LISTED_FOR, until=NOW - LISTED_FOR + HOUR + 2 * DAY, token=None),
            id="after months, as far back as there are jobs",
        ),
        pytest.param(
            replace(READ, reached=NOW + 2 * HOUR),
            Window(since=NOW + HOUR, until=NOW + HOUR, token=None),
            id="a clock was ahead: nothing",
        ),
    ],
)
def test_the_next_window_follows_the_last_one(known: Arrivals, window: Window) -> None:
    assert arrival_window(known, now=NOW, grace=GRACE) == window


def test_copies_were_created_when_their_backup_was(intent: Intent) -> None:
    """Four hours for the backup, four for each of at most three vaults that keep it, and four until it is stuck."""
    kept = max(len(tier.keep) for tier in intent.tiers.values())
    made = created_in(WINDOW, intent=intent)
    assert made == replace(WINDOW, since=WINDOW.since - (4 + 4 * kept + 4) * HOUR)
    learning = replace(intent, deadlines=replace(intent.deadlines, copy_verified_at_most=12 * HOUR))
    assert made.since - created_in(WINDOW, intent=learning).since == 8 * kept * HOUR


def test_a_job_may_be_dated_somewhat_before_or_after_what_it_brought() -> None:
    assert announced_in(replace(WINDOW, token="page-2"), grace=GRACE) == Window(
        since=NOW - 2 * HOUR - GRACE, until=NOW, token=None
    )


@pytest.mark.parametrize(
    ("arrived", "is_in"),
    [
        pytest.param(WINDOW.since, False, id="before it"),
        pytest.param(WINDOW.since + timedelta.resolution, True, id="as it begins"),
        pytest.param(WINDOW.until, True, id="as it ends"),
        pytest.param(WINDOW.until + timedelta.resolution, False, id="after it: next time"),
        pytest.param(None, False, id="not there yet"),
    ],
)
def test_what_has_arrived_is_told_by_when_it_was_completed(arrived: datetime | None, *, is_in: bool) -> None:
    assert has_arrived_in(WINDOW, a_copy(completed_at=arrived)) is is_in


def test_it_moves_on_after_the_last_page_only() -> None:
    half = after_arrivals(READ, WINDOW, token="page-2", skipped=None, now=NOW)
    assert half == replace(READ, until=WINDOW.until, token="page-2", read_at=NOW, revision=8)
    later = after_arrivals(half, replace(WINDOW, token="page-2"), token="page-3", skipped=None, now=NOW + MINUTE)
    assert later == replace(half, token="page-3", read_at=NOW + MINUTE, revision=9)
    over = after_arrivals(later, replace(WINDOW, token="page-3"), token=None, skipped=None, now=NOW + MINUTE)
    assert over == replace(READ, reached=WINDOW.until, revision=10)


@pytest.mark.parametrize("page", [1, 2], ids=["on the first page", "on the last page"])
def test_it_waits_for_what_could_not_be_looked_at(page: int) -> None:
    skipped = NOW - 100 * MINUTE
    half = after_arrivals(READ, WINDOW, token="page-2", skipped=skipped if page == 1 else None, now=NOW)
    last = replace(WINDOW, token="page-2")
    over = after_arrivals(half, last, token=None, skipped=skipped if page == 2 else None, now=NOW)
    assert (over.reached, over.skipped) == (READ.reached, None)
    later = after_arrivals(half, last, token=None, skipped=NOW - 20 * MINUTE, now=NOW)
    assert later.reached == (READ.reached if page == 1 else NOW - 20 * MINUTE)


def test_it_waits_a_day_and_no_longer() -> None:
    known = replace(READ, reached=NOW - 4 * DAY)
    window = arrival_window(known, now=NOW, grace=GRACE)
    over = after_arrivals(known, window, token=None, skipped=window.since + MINUTE, now=NOW)
    assert over.reached == window.until - HELD_BACK_FOR > known.reached


def test_the_half_of_a_window_that_was_too_long_moves_on_whatever_is_waited_for() -> None:
    known = replace(HALF, reached=NOW - 5 * DAY, until=NOW - 3 * DAY, read_at=NOW - HOUR)
    window = arrival_window(known, now=NOW, grace=GRACE)
    over = after_arrivals(known, window, token=None, skipped=window.since + MINUTE, now=NOW)
    assert known.reached + 11 * HOUR < over.reached < window.until


@pytest.mark.parametrize(
    ("known", "is_told"),
    [
        pytest.param(None, False, id="it was never read"),
        pytest.param(first_arrivals(CENTRAL_VAULT, now=NOW), False, id="it is read for the first time"),
        pytest.param(replace(READ, reached=NOW - DAY - GRACE - HOUR), False, id="it waits for a closed account"),
        pytest.param(replace(READ, reached=NOW - DAY - 3 * HOUR), True, id="for more than a day"),
    ],
)
def test_a_vault_that_nobody_could_read_for_a_day_is_told(known: Arrivals | None, *, is_told: bool) -> None:
    assert is_unread(known, now=NOW) is is_told
