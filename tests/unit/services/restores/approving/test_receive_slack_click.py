"""A click in Slack decides nothing: it is acknowledged, once, and only from our own workspace and app."""

from dataclasses import replace

import pytest

from strongroom.domain.errors import PermissionRefusedError
from strongroom.domain.restores.approving.clicks import SlackClick
from strongroom.services.restores.approving.receive_slack_click import receive_slack_click
from tests.fakes.restores import CeremonyWorld


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
    taken = receive_slack_click(_click(world), signature="v0=1", needs=world.clicking, now=world.now)
    assert (taken.state, world.shelf.kept, world.kept(request).proofs) == ("taken", before, ())


def test_attack_01_the_same_signed_click_counts_once(world: CeremonyWorld) -> None:
    states = [
        receive_slack_click(_click(world), signature="v0=1", needs=world.clicking, now=world.now).state
        for _ in range(2)
    ]
    assert states == ["taken", "replayed"]


@pytest.mark.parametrize("name", ["team", "user_team", "app"])
def test_attack_08_a_click_from_elsewhere_is_refused(name: str, world: CeremonyWorld) -> None:
    click = replace(_click(world), **{name: "T0ELSEWHERE"})
    with pytest.raises(PermissionRefusedError):
        receive_slack_click(click, signature="v0=1", needs=world.clicking, now=world.now)
