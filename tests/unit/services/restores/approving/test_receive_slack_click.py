"""A click in Slack decides nothing of a restore: it is taken once, and only from our own workspace and app."""

from copy import replace

import pytest

from strongroom.domain.chat import SlackClick
from strongroom.domain.errors import PermissionRefusedError
from strongroom.services.restores.approving.receive_slack_click import receive_slack_click
from tests.fakes.restores.world import CeremonyWorld
from tests.fakes.slack import a_signed_click


def _click(world: CeremonyWorld) -> SlackClick:
    slack = world.ceremony.slack
    return SlackClick(
        user="U0MARIA",
        user_team=slack.team_id,
        team=slack.team_id,
        app=slack.app_id,
        action="review",
        value="r-abcdefgh2345.abc",
        response_url="https://hooks.slack.example/1",
    )


def test_a_click_is_taken_and_changes_nothing(world: CeremonyWorld) -> None:
    request = world.open()
    before = dict(world.shelf.kept)
    taken = receive_slack_click(_click(world), signed=a_signed_click("v0=1"), needs=world.clicking, now=world.now)
    assert (taken.state, world.shelf.kept, world.kept(request).proofs) == ("taken", before, ())


def test_attack_01_the_same_signed_click_counts_once(world: CeremonyWorld) -> None:
    states = [
        receive_slack_click(_click(world), signed=a_signed_click("v0=1"), needs=world.clicking, now=world.now).state
        for _ in range(2)
    ]
    assert states == ["taken", "replayed"]


@pytest.mark.parametrize("name", ["team", "user_team", "app"])
def test_attack_08_a_click_from_elsewhere_is_refused(name: str, world: CeremonyWorld) -> None:
    click = replace(_click(world), **{name: "T0ELSEWHERE"})
    with pytest.raises(PermissionRefusedError):
        receive_slack_click(click, signed=a_signed_click("v0=1"), needs=world.clicking, now=world.now)


def test_a_click_on_an_alert_is_handed_on_as_it_was_signed_once(world: CeremonyWorld) -> None:
    click, signed = replace(_click(world), action="acknowledge", value=f"{'0' * 32}@1"), a_signed_click("v0=1")
    taken = [receive_slack_click(click, signed=signed, needs=world.clicking, now=world.now).state for _ in range(2)]
    assert (taken, world.takers.handed_on) == (["handed-on", "replayed"], [signed])


def test_no_other_click_is_handed_on(world: CeremonyWorld) -> None:
    receive_slack_click(_click(world), signed=a_signed_click("v0=1"), needs=world.clicking, now=world.now)
    with pytest.raises(PermissionRefusedError):
        receive_slack_click(
            replace(_click(world), action="acknowledge", team="T0ELSEWHERE"),
            signed=a_signed_click("v0=2"),
            needs=world.clicking,
            now=world.now,
        )
    assert world.takers.handed_on == []
