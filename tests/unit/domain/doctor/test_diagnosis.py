"""A line of the doctor, and how many lines become one."""

import json
from collections.abc import Iterator

import pytest

from strongroom.domain.doctor.checks import CHECKS, LOCKS, ORIGINS, OTHERS, every_call
from strongroom.domain.doctor.diagnosis import Diagnosis, Outcome, listed, summed


def test_only_what_protects_and_is_off_alarms() -> None:
    assert LOCKS.fails("v", "no lock").is_alarming
    assert not OTHERS.fails("ou-1", "theirs").is_alarming
    assert not LOCKS.holds("v", "locked").is_alarming
    assert not LOCKS.unseen("v", "no rights").is_alarming


def test_a_line_says_what_to_do_unless_it_holds() -> None:
    assert LOCKS.holds("v", "e").remedy == ""
    assert LOCKS.fails("v", "e").remedy == LOCKS.remedy
    assert LOCKS.fails("v", "e", remedy="this").remedy == "this"
    assert ORIGINS.unseen("v", "e").remedy == ORIGINS.shown_by
    assert LOCKS.unseen("v", "e").remedy == LOCKS.least_policy


def test_the_least_policy_allows_the_calls_of_the_check_and_nothing_else() -> None:
    allowed = json.loads(LOCKS.least_policy.removeprefix("grant "))
    assert allowed == {"Effect": "Allow", "Action": ["backup:ListBackupVaults"], "Resource": "*"}


def test_what_is_wrong_is_the_evidence() -> None:
    assert LOCKS.judged("v", "fine", wrong=[]).evidence == "fine"
    judged = LOCKS.judged("v", "fine", wrong=["this", "that"])
    assert (judged.outcome, judged.evidence) == (Outcome.FAILS, "this; that")


def test_failures_come_at_once_and_the_rest_in_one_line_each() -> None:
    looked: list[str] = []

    def found() -> Iterator[Diagnosis]:
        for where in ("a", "b", "c", "d", "e"):
            looked.append(where)
            yield {"b": LOCKS.fails, "c": LOCKS.unseen, "d": LOCKS.unseen}.get(where, LOCKS.holds)(where, "seen")

    lines = summed(found())
    first = next(lines)
    assert (first.where, looked) == ("b", ["a", "b"])
    assert [(line.outcome, line.where, line.evidence) for line in lines] == [
        (Outcome.HOLDS, "2 places", "a, e; the first: seen"),
        (Outcome.UNSEEN, "2 places", "c, d; the first: seen"),
    ]


def test_a_single_place_stays_as_it_is() -> None:
    assert [each.where for each in summed([LOCKS.holds("v", "e")])] == ["v"]


@pytest.mark.parametrize(
    ("names", "told"),
    [([], "none"), (["a"], "a"), (list("abcdefg"), "a, b, c, d, e and 2 more")],
    ids=["none", "one", "many"],
)
def test_many_names_are_counted(names: list[str], told: str) -> None:
    assert listed(names) == told


def test_checks_have_names_of_their_own_and_read_only() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    operations = {call.partition(":")[2] for call in every_call()} - {"AssumeRole"}
    assert {each for each in operations if not each.startswith(("Describe", "Get", "List"))} == set()
