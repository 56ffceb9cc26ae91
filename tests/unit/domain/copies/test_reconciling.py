"""Windows of AWS's lists follow one another without a gap, and one that was half read is gone on with."""

from copy import replace
from datetime import timedelta
from math import ceil

import pytest

from strongroom.domain.copies.reconciling import (
    HELD_BACK_FOR,
    LISTED_FOR,
    OVERLAP,
    JobKind,
    JobPage,
    Mark,
    Window,
    after_page,
    caught_up,
    first_mark,
    is_over,
    window_behind,
    window_of,
)
from tests.builders.copies import IN_TIME as NOW
from tests.builders.places import HOME, PAYMENTS

HOUR = timedelta(hours=1)
KIND = JobKind.COPIES
LAST = JobPage()
MORE = JobPage(token="2")
# As long ago as an account is waited for.
NEAR = Mark(kind=KIND, region=HOME, reached=NOW - HELD_BACK_FOR - OVERLAP)


def read(mark: Mark, page: JobPage = LAST, *, at: timedelta = timedelta(), skipped: timedelta | None = None) -> Mark:
    """The mark after one page, of which a job that ended so long ago could not be looked at."""
    now = NOW + at
    left = {} if skipped is None else {PAYMENTS: now - skipped}
    return after_page(mark, window_of(mark, now=now), page, skipped=left, now=now)


def test_what_was_never_read_is_read_as_far_back_as_aws_lists_it_half_a_day_at_a_time() -> None:
    first = first_mark(KIND, HOME, now=NOW)
    window = window_of(first, now=NOW)
    assert (window.since, window.until, window.token) == (NOW - LISTED_FOR, first.reached + 12 * HOUR, None)
    assert read(first).reached == first.reached + 12 * HOUR


def test_each_window_begins_an_hour_before_the_last_one_ended() -> None:
    mark = read(NEAR)
    assert mark.reached == NOW
    assert window_of(mark, now=NOW + HOUR) == Window(since=NOW - OVERLAP, until=NOW + HOUR, token=None)


def test_the_mark_moves_after_the_last_page_alone_and_the_next_reading_goes_on_there() -> None:
    first = NEAR
    half = read(first, MORE)
    assert half.reached == first.reached
    resumed = window_of(half, now=NOW + HOUR / 2)
    assert (resumed.until, resumed.token) == (NOW, "2")
    assert read(half, at=HOUR / 2).reached == NOW


def test_a_token_that_is_older_than_an_hour_is_not_used_any_more_and_the_window_halved() -> None:
    half = read(NEAR, MORE)
    window = window_of(half, now=NOW + HOUR)
    assert (window.until, window.token) == (NEAR.reached + (NOW - NEAR.reached) / 2, None)


def test_a_token_is_as_old_as_the_last_page() -> None:
    later = read(read(NEAR, MORE), MORE, at=HOUR / 2)
    assert window_of(later, now=NOW + 1.4 * HOUR).token == "2"
    assert window_of(later, now=NOW + 1.5 * HOUR).token is None


def test_no_window_is_halved_below_an_hour_nor_reaches_beyond_now() -> None:
    half = read(replace(NEAR, reached=NOW - HOUR), MORE)
    assert window_of(half, now=NOW + HOUR).until == NOW
    ahead = replace(half, until=NOW + 9 * HOUR)
    assert window_of(ahead, now=NOW + HOUR).until == NOW + HOUR


def test_what_is_far_behind_waits_for_nobody() -> None:
    far = replace(NEAR, reached=NOW - timedelta(days=3))
    mark = read(far, skipped=timedelta(days=3))
    assert (mark.reached, mark.behind) == (far.reached + 12 * HOUR, {PAYMENTS: NOW - timedelta(days=3)})


# A page of a thousand jobs a second, ten minutes in each hour.
_A_DAY = 300_000
_READING = 600


@pytest.mark.parametrize("is_kept_waiting", [False, True], ids=["each hour", "every other hour"])
@pytest.mark.parametrize("days", [3, 14, 29])
def test_days_away_are_caught_up_with_at_load(days: int, *, is_kept_waiting: bool) -> None:
    """Where readings are further apart than a token lives, none is ever gone on with."""
    mark, now, hours = replace(NEAR, reached=NOW - timedelta(days=days)), NOW, 0
    while True:
        begun, read_at, left = now, now, _READING
        while left:
            window = window_of(mark, now=read_at)
            pages = ceil((window.until - window.since) / timedelta(days=1) * _A_DAY / 1000)
            number = int(window.token or "1")
            page = JobPage(token=str(number + 1) if number < pages else None)
            read_at, left = read_at + timedelta(seconds=1), left - 1
            mark = after_page(mark, window, page, skipped={}, now=read_at)
            if is_over(window, page, now=begun):
                assert mark.reached >= begun
                return
        hours += 1
        assert hours <= 2 * days
        now += HOUR * (2 if is_kept_waiting else 1)


def test_the_mark_never_moves_back() -> None:
    mark = read(NEAR)
    assert read(mark, at=-HOUR).reached == NOW


def test_a_job_that_could_not_be_looked_at_is_in_the_next_window_again() -> None:
    mark = read(NEAR, skipped=3 * HOUR)
    assert mark.reached == NOW - 3 * HOUR
    assert window_of(mark, now=NOW).since < NOW - 3 * HOUR
    assert read(mark, at=HOUR).reached == NOW + HOUR


def test_one_that_can_never_be_looked_at_holds_the_mark_back_for_a_day_at_most() -> None:
    mark = read(NEAR, skipped=timedelta(days=20))
    assert mark.reached == NOW - HELD_BACK_FOR


def test_of_an_account_that_was_passed_over_it_is_remembered_from_when_on_its_jobs_wait() -> None:
    waits_from = NOW - timedelta(days=20)
    passed = read(NEAR, skipped=timedelta(days=20))
    later = read(passed, skipped=timedelta(days=19))
    assert [mark.behind for mark in (passed, later)] == [{PAYMENTS: waits_from}] * 2
    assert caught_up(later, PAYMENTS).behind == {}


def test_whoever_is_in_the_next_window_again_is_not_behind() -> None:
    mark = read(NEAR, skipped=HELD_BACK_FOR + OVERLAP / 2)
    assert (mark.reached, mark.behind) == (NOW - HELD_BACK_FOR, {})
    assert window_of(mark, now=NOW).since < NOW - HELD_BACK_FOR - OVERLAP / 2


def test_the_window_of_an_account_that_is_behind_ends_where_everybodys_begins() -> None:
    mark = read(NEAR, skipped=timedelta(days=20))
    window = window_behind(mark, PAYMENTS, now=NOW)
    assert window.since < NOW - timedelta(days=20) < window.until == mark.reached
    assert window_behind(mark, PAYMENTS, now=NOW + LISTED_FOR).since == NOW


def test_one_that_was_skipped_on_an_earlier_page_holds_the_mark_back_too() -> None:
    half = read(NEAR, MORE, skipped=3 * HOUR)
    mark = read(half)
    assert (mark.reached, mark.skipped) == (NOW - 3 * HOUR, {})


def test_where_we_were_away_for_longer_than_aws_lists_the_rest_is_lost_to_the_lists() -> None:
    mark = read(NEAR)
    later = NOW + timedelta(days=90)
    assert window_of(mark, now=later).since == later - LISTED_FOR
