"""How a mark moves from page to page, and how far a run is by its marks."""

from datetime import timedelta

from strongroom.domain.tags.inventory.runs import (
    TRIES,
    Mark,
    Place,
    Run,
    Tally,
    after_failure,
    after_page,
    after_try,
    count_run,
    left_alone,
)
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.tags.world import NOW

PLACE = Place("run", PAYMENTS, HOME)
LATER = NOW + timedelta(minutes=1)
MARK = Mark(place=PLACE, left=("one", "two"), seen_at=NOW)
PAGE = Tally(listed=2, states={"TAGGED": 2}, found={"RDS instance": 1})


def test_a_page_that_is_not_the_last_leaves_its_list_where_it_is() -> None:
    mark = after_page(MARK, PAGE, token="here", now=LATER)
    assert (mark.left, mark.token, mark.ended_at, mark.revision) == (("one", "two"), "here", None, 1)
    assert (mark.listed, mark.states, mark.found, mark.seen_at) == (2, {"TAGGED": 2}, {"RDS instance": 1}, LATER)


def test_the_last_page_of_the_last_list_ends_it_with_everything_summed() -> None:
    mark = after_page(after_page(MARK, PAGE, token=None, now=NOW), PAGE, token=None, now=LATER)
    assert (mark.left, mark.ended_at, mark.listed, mark.found) == ((), LATER, 4, {"RDS instance": 2})
    assert not mark.is_partly_read


def test_what_may_mend_comes_last_and_is_forgotten_once_it_is_read() -> None:
    mark = after_failure(MARK, "busy", may_mend=True, now=LATER)
    assert (mark.left, mark.unread) == (("two", "one"), {"one": "busy"})
    mark = after_page(mark, PAGE, token=None, now=LATER)
    assert after_page(mark, PAGE, token=None, now=LATER).unread == {}


def test_a_failure_begins_its_list_anew() -> None:
    halfway = after_page(MARK, PAGE, token="here", now=NOW)
    assert after_failure(halfway, "busy", may_mend=True, now=LATER).token is None


def test_what_will_not_mend_is_named_and_left_out() -> None:
    mark = after_failure(MARK, "not allowed", may_mend=False, now=LATER)
    assert (mark.left, mark.unread, mark.ended_at) == (("two",), {"one": "not allowed"}, None)
    ended = after_failure(mark, "not allowed", may_mend=False, now=LATER)
    assert (ended.ended_at, ended.is_partly_read) == (LATER, True)


def test_trying_in_vain_ends_some_time() -> None:
    mark = after_failure(MARK, "busy", may_mend=True, now=NOW)
    for _ in range(TRIES - 1):
        mark = after_try(mark, now=NOW)
        assert mark.ended_at is None
    ended = after_try(mark, now=LATER)
    assert (ended.ended_at, ended.left, ended.unread) == (LATER, (), {"one": "busy"})


def test_a_place_into_which_nobody_looks_says_so_of_every_list() -> None:
    mark = left_alone(MARK, "not governed", now=LATER)
    assert (mark.ended_at, mark.unread) == (LATER, {"one": "not governed", "two": "not governed"})


def test_a_run_has_ended_once_every_place_has() -> None:
    run = Run(id="run", begun_at=NOW)
    done = after_failure(after_page(MARK, PAGE, token=None, now=NOW), "no", may_mend=False, now=NOW)
    part = count_run(run, [done, MARK], places=2, now=LATER)
    assert (part.done, part.partly, part.listed, part.found, part.ended_at) == (1, 1, 2, {"RDS instance": 1}, None)
    assert count_run(run, [done, done], places=2, now=LATER).ended_at == LATER
    assert count_run(run, [], places=0, now=LATER).ended_at == LATER
