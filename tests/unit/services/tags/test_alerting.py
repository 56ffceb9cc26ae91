"""What one call takes out of its tier is one alert, which ends with the last that is mended."""

from copy import replace
from typing import Any

import pytest

from strongroom.adapters.ledger.telling.alerts import LedgerOpenAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.calls import ApiCall
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from tests.unit.services.tags.drifting import DANA, answer, states_of, untagged
from tests.unit.services.tags.world import FIRST, SECOND, Mode, World

IN_TIER = {"Backup": "daily-prod"}
MANY = [f"arn:aws:ec2:eu-west-1:222222222222:instance/i-{number}" for number in range(1, 31)]


@pytest.fixture
def world(intent: Intent) -> World:
    """Payments, whose owners tag for themselves, with instances that nobody has tagged."""
    world = World(intent)
    in_mode(world, "quarantine")
    world.tags.tags |= {arn: {} for arn in MANY}
    return world


def in_mode(world: World, mode: Mode) -> None:
    (target, *others) = world.intent.targets
    world.intent = replace(world.intent, targets=(replace(target, mode=mode), *others))


def taken_off(*arns: str, number: int = 1, **changed: Any) -> ApiCall:
    """One call that takes our tag off all of them."""
    request = {"resourceARNList": list(arns), "tagKeys": ["Backup"]}
    return untagged(number, source="tagging.amazonaws.com", name="UntagResources", request=request, **changed)


def put_back(world: World, arn: str, *, number: int) -> list[TagState]:
    """Its owner tags one of them."""
    world.tags.tags[arn] |= IN_TIER
    request = {"resourceARNList": [arn], "tags": IN_TIER}
    return states_of(world, untagged(number, source="tagging.amazonaws.com", name="TagResources", request=request))


def open_alerts(world: World) -> list[Alert]:
    return [state.alert for state in LedgerOpenAlerts(world.table).open()]


def test_one_call_on_many_things_is_one_alert_which_names_them_and_who_it_was(world: World) -> None:
    assert states_of(world, taken_off(FIRST, SECOND)) == [TagState.TAG] * 2
    (alert,) = world.alerts.told
    assert (alert.kind, alert.subject) == (
        AlertKind.RESOURCE_NOT_TAGGED,
        "222222222222 tagging:UntagResources d-1",
    )
    assert alert.reason.startswith(
        f"one call took 2 resources out of their tiers: {FIRST}, {SECOND}; EC2 instance {FIRST}: "
    )
    assert DANA in alert.reason
    assert alert.resources == (FIRST, SECOND)


def test_of_very_many_the_first_are_named_and_the_alert_is_about_all(world: World) -> None:
    answer(world, taken_off(*MANY))
    (alert,) = world.alerts.told
    assert f"{MANY[19]} and 10 more; " in alert.reason
    assert MANY[20] not in alert.reason
    assert alert.resources == tuple(MANY)


def test_two_calls_are_two_alerts_and_one_thing_is_its_own(world: World) -> None:
    answer(world, taken_off(*MANY[:2]), taken_off(*MANY[2:4], number=2), taken_off(MANY[4], number=3))
    assert sorted(alert.subject for alert in world.alerts.told) == [
        "222222222222 tagging:UntagResources d-1",
        "222222222222 tagging:UntagResources d-2",
        MANY[4],
    ]


def test_it_names_what_is_left_and_is_over_with_the_last(world: World) -> None:
    answer(world, taken_off(FIRST, SECOND))
    assert put_back(world, FIRST, number=2) == [TagState.COMPLIANT]
    assert world.alerts.settled == []
    assert [alert.resources for alert in open_alerts(world)] == [(SECOND,)]
    put_back(world, SECOND, number=3)
    assert [alert.subject for alert in world.alerts.settled] == ["222222222222 tagging:UntagResources d-1"]
    assert open_alerts(world) == []
    assert all("told_in" not in world.item(arn) for arn in (FIRST, SECOND))


def test_both_that_are_mended_at_once_end_it(world: World) -> None:
    answer(world, taken_off(FIRST, SECOND))
    in_mode(world, "correct")
    assert states_of(world, taken_off(FIRST, SECOND, number=2)) == [TagState.TAGGED] * 2
    assert open_alerts(world) == []


def test_who_takes_it_off_again_is_no_news_while_the_alert_is_open(world: World) -> None:
    answer(world, taken_off(FIRST, SECOND))
    answer(world, taken_off(FIRST, number=2))
    assert len(world.alerts.told) == len(open_alerts(world)) == 1


def test_what_people_knew_of_before_keeps_its_own_alert(world: World) -> None:
    answer(world, taken_off(FIRST))
    answer(world, taken_off(FIRST, SECOND, *MANY[4:6], number=2))
    assert [(alert.subject, alert.resources) for alert in world.alerts.told] == [
        (FIRST, ()),
        ("222222222222 tagging:UntagResources d-2", (SECOND, *MANY[4:6])),
    ]
    put_back(world, FIRST, number=3)
    assert [alert.subject for alert in world.alerts.settled] == [FIRST]


def test_a_refused_role_is_one_alert_for_all_that_one_call_named(world: World) -> None:
    in_mode(world, "correct")
    world.tags.failing |= dict.fromkeys((FIRST, SECOND), AccessRefusedError("no such role"))
    assert states_of(world, taken_off(FIRST, SECOND)) == [TagState.WAITING] * 2
    assert [alert.resources for alert in world.alerts.told] == [(FIRST, SECOND)]


def test_what_one_call_names_of_others_is_one_alert_with_every_reason(world: World) -> None:
    strangers = [arn.replace("2" * 12, "3" * 12) for arn in MANY[:2]]
    assert states_of(world, taken_off(*strangers)) == [TagState.REFUSED] * 2
    (alert,) = world.alerts.told
    assert all(stranger in alert.reason for stranger in strangers)


def test_an_end_that_could_not_be_told_is_told_when_the_event_comes_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(world, taken_off(FIRST, SECOND))
    put_back(world, FIRST, number=2)

    def fail(*_: Any, **__: Any) -> None:
        raise TemporarilyUnavailableError("the topic is down")

    with monkeypatch.context() as patched:
        patched.setattr(world.alerts, "announce_resolved", fail)
        world.tags.tags[SECOND] |= IN_TIER
        with pytest.raises(AssertionError, match="the topic is down"):
            put_back(world, SECOND, number=3)
    assert world.item(SECOND)["told_in"] == "222222222222 tagging:UntagResources d-1"
    request = {"resourceARNList": [SECOND], "tags": IN_TIER}
    again = untagged(3, source="tagging.amazonaws.com", name="TagResources", request=request)
    assert [each.state for each in answer(world, again, is_again=True)] == [TagState.COMPLIANT]
    assert [alert.subject for alert in world.alerts.settled] == ["222222222222 tagging:UntagResources d-1"]
    assert "told_in" not in world.item(SECOND)
