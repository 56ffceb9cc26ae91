"""Windows of AWS's lists follow one another without a gap, and one that was half read is gone on with."""

from datetime import timedelta

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
    window_behind,
    window_of,
)
from tests.builders.copies import IN_TIME as NOW
from tests.builders.places import HOME, PAYMENTS

HOUR = timedelta(hours=1)
KIND = JobKind.COPIES
LAST = JobPage()
MORE = JobPage(token="2")


def read(mark: Mark, page: JobPage = LAST, *, at: timedelta = timedelta(), skipped: timedelta | None = None) -> Mark:
    """The mark after one page, of which a job that ended so long ago could not be looked at."""
    now = NOW + at
    left = {} if skipped is None else {PAYMENTS: now - skipped}
    return after_page(mark, window_of(mark, now=now), page, skipped=left, now=now)


def test_what_was_never_read_is_read_as_far_back_as_aws_lists_it() -> None:
    window = window_of(first_mark(KIND, HOME, now=NOW), now=NOW)
    assert (window.since, window.until, window.token) == (NOW - LISTED_FOR, NOW, None)


def test_each_window_begins_an_hour_before_the_last_one_ended() -> None:
    mark = read(first_mark(KIND, HOME, now=NOW))
    assert mark.reached == NOW
    assert window_of(mark, now=NOW + HOUR) == Window(since=NOW - OVERLAP, until=NOW + HOUR, token=None)


def test_the_mark_moves_after_the_last_page_alone_and_the_next_reading_goes_on_there() -> None:
    first = first_mark(KIND, HOME, now=NOW)
    half = read(first, MORE)
    assert half.reached == first.reached
    resumed = window_of(half, now=NOW + HOUR / 2)
    assert (resumed.until, resumed.token) == (NOW, "2")
    assert read(half, at=HOUR / 2).reached == NOW


def test_a_token_that_is_older_than_an_hour_is_not_used_any_more() -> None:
    half = read(first_mark(KIND, HOME, now=NOW), MORE)
    assert window_of(half, now=NOW + HOUR).token is None


def test_the_mark_never_moves_back() -> None:
    mark = read(first_mark(KIND, HOME, now=NOW))
    assert read(mark, at=-HOUR).reached == NOW


def test_a_job_that_could_not_be_looked_at_is_in_the_next_window_again() -> None:
    mark = read(first_mark(KIND, HOME, now=NOW), skipped=3 * HOUR)
    assert mark.reached == NOW - 3 * HOUR
    assert window_of(mark, now=NOW).since < NOW - 3 * HOUR
    assert read(mark, at=HOUR).reached == NOW + HOUR


def test_one_that_can_never_be_looked_at_holds_the_mark_back_for_a_day_at_most() -> None:
    mark = read(first_mark(KIND, HOME, now=NOW), skipped=timedelta(days=20))
    assert mark.reached == NOW - HELD_BACK_FOR


def test_of_an_account_that_was_passed_over_it_is_remembered_from_when_on_its_jobs_wait() -> None:
    waits_from = NOW - timedelta(days=20)
    passed = read(first_mark(KIND, HOME, now=NOW), skipped=timedelta(days=20))
    later = read(passed, skipped=timedelta(days=19))
    assert [mark.behind for mark in (passed, later)] == [{PAYMENTS: waits_from}] * 2
    assert caught_up(later, PAYMENTS).behind == {}


def test_whoever_is_in_the_next_window_again_is_not_behind() -> None:
    mark = read(first_mark(KIND, HOME, now=NOW), skipped=HELD_BACK_FOR + OVERLAP / 2)
    assert (mark.reached, mark.behind) == (NOW - HELD_BACK_FOR, {})
    assert window_of(mark, now=NOW).since < NOW - HELD_BACK_FOR - OVERLAP / 2


def test_the_window_of_an_account_that_is_behind_ends_where_everybodys_begins() -> None:
    mark = read(first_mark(KIND, HOME, now=NOW), skipped=timedelta(days=20))
    window = window_behind(mark, PAYMENTS, now=NOW)
    assert window.since < NOW - timedelta(days=20) < window.until == mark.reached
    assert window_behind(mark, PAYMENTS, now=NOW + LISTED_FOR).since == NOW


def test_one_that_was_skipped_on_an_earlier_page_holds_the_mark_back_too() -> None:
    half = read(first_mark(KIND, HOME, now=NOW), MORE, skipped=3 * HOUR)
    mark = read(half)
    assert (mark.reached, mark.skipped) == (NOW - 3 * HOUR, {})


def test_where_we_were_away_for_longer_than_aws_lists_the_rest_is_lost_to_the_lists() -> None:
    mark = read(first_mark(KIND, HOME, now=NOW))
    later = NOW + timedelta(days=90)
    assert window_of(mark, now=later).since == later - LISTED_FOR
