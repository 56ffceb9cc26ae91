"""When somebody and we write against each other: counted by actor, ended by a day of quiet."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from strongroom.domain.tags.quarrels import Drift, Quarrel, after_drift, open_quarrel, standing, with_name

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
ROLE = "arn:aws:iam::222222222222:role/ci/terraform"
OMAR = "arn:aws:iam::222222222222:user/omar"


def drift(hours: float, *, by: str = ROLE) -> Drift:
    caller = f"{by}/run" if by == ROLE else by
    return Drift(act="ec2:DeleteTags", at=NOON + timedelta(hours=hours), caller=caller, role=by if by == ROLE else "")


def after(*drifts: Drift) -> tuple[Quarrel, ...]:
    return reduce(after_drift, drifts, ())


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        pytest.param([0, 1], False, id="twice"),
        pytest.param([0, 1, 2], True, id="three times"),
        pytest.param([0, 12, 24], True, id="the third time just within a day"),
        pytest.param([0, 12, 24.01], False, id="the third time later"),
        pytest.param([0, 20, 40, 60], False, id="each within a day of the one before"),
        pytest.param([0, 1, 2, 26, 50], True, id="a quarrel that goes on"),
        pytest.param([0, 1, 2, 26.01], False, id="a day of quiet, and once more"),
        pytest.param([2, 0, 1], True, id="told in another order"),
        pytest.param([0, 0, 1, 1], False, id="each told twice"),
    ],
)
def test_a_quarrel_is_the_third_time_in_a_day_and_all_that_follows(hours: list[float], *, is_open: bool) -> None:
    [quarrel] = after(*map(drift, hours))
    assert quarrel.is_open is is_open
    assert len(quarrel.times) <= 3


def test_it_lasts_until_a_day_after_the_last_time() -> None:
    quarrels = after(drift(0), drift(1), drift(2))
    end = NOON + timedelta(hours=26)
    quarrel = open_quarrel(quarrels, now=end - timedelta(seconds=1))
    assert quarrel is not None
    assert (quarrel.by, quarrel.until) == (ROLE, end)
    assert open_quarrel(quarrels, now=end) is None
    assert standing(quarrels, now=end) == ()


def test_sessions_of_one_role_are_one_actor_and_users_are_themselves() -> None:
    quarrels = after(drift(0), drift(1, by=OMAR), drift(2), drift(3, by=OMAR))
    assert {each.by: len(each.times) for each in quarrels} == {ROLE: 2, OMAR: 2}
    assert open_quarrel(quarrels, now=NOON) is None


def test_of_two_quarrels_the_longer_counts() -> None:
    quarrels = after(*(drift(hour, by=by) for hour in (0, 1, 2) for by in (ROLE, OMAR)), drift(5, by=OMAR))
    found = open_quarrel(quarrels, now=NOON + timedelta(hours=5))
    assert found is not None
    assert found.by == OMAR


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_an_event_without_a_name_beside_one_that_has_it_counts_once(minutes: int) -> None:
    named, unnamed = drift(1), drift(1 + minutes / 60, by="")
    assert [(each.by, len(each.times)) for each in after(named, unnamed)] == [(ROLE, 1)]
    assert [(each.by, len(each.times)) for each in after(unnamed, named)] == [(ROLE, 1)]
    assert with_name(after(unnamed), named) == after(named)


def test_an_event_without_a_name_much_later_is_another_change() -> None:
    assert [(each.by, len(each.times)) for each in after(drift(1), drift(2, by=""))] == [(ROLE, 1), ("", 1)]
    unnamed = after(drift(1, by=""), drift(2, by=""))
    assert [(each.by, len(each.times)) for each in after_drift(unnamed, drift(2))] == [("", 1), (ROLE, 1)]


def test_a_name_without_an_event_that_lacks_it_changes_nothing() -> None:
    assert with_name(after(drift(0)), drift(1)) == after(drift(0))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"keys": ("Backup",), "caller": OMAR}, f"Backup was changed by {OMAR}, with ec2:DeleteTags"),
        ({"keys": ("a", "b"), "caller": OMAR}, f"a and b were changed by {OMAR}, with"),
        ({}, "its tags were changed by somebody whom no event names, with"),
        ({"caller": f"{ROLE}/run", "role": ROLE, "person": "dana"}, f"{ROLE}/run under the role {ROLE} for dana, with"),
        ({"caller": "x.amazonaws.com", "through": "x.amazonaws.com"}, "by x.amazonaws.com, with"),
        ({"caller": OMAR, "through": "x.amazonaws.com"}, f"by {OMAR} through x.amazonaws.com, with"),
    ],
)
def test_who_it_was_is_said_in_one_sentence(told: dict[str, str], said: str) -> None:
    sentence = Drift(act="ec2:DeleteTags", at=NOON, **told).said  # type: ignore[arg-type]
    assert said in sentence
    assert sentence.endswith("at 2026-09-01 12:00:00 UTC")
