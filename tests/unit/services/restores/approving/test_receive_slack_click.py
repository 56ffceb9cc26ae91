"""A click in Slack: from our workspace and app, taken once, answered to whoever clicked."""

from datetime import timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.errors import NotFoundError, PermissionRefusedError
from strongroom.domain.restores.clicks import SlackClick
from strongroom.domain.restores.votes import Decision
from strongroom.services.restores.approving.receive_slack_click import receive_slack_click
from tests.fakes.restores import World
from tests.unit.services.restores.acts import ID, approve


def _slack(world: World, *, signature: str = "v0=1", **changes: str) -> str:
    click = {
        "user": "U0MARIA",
        "user_team": "T0STRONG",
        "team": "T0STRONG",
        "app": "A0STRONG",
        "action": "approve",
        "value": f"{ID}.{world.book.read(ID).mark}",
        "response_url": "https://hooks.slack.com/actions/1",
    }
    return receive_slack_click(
        SlackClick(**(click | changes)),
        signature=signature,
        needs=world.clicking,
        now=world.now,
    ).state


def test_an_approver_who_clicks_is_told_where_to_prove_it(world: World) -> None:
    assert _slack(world) == "awaiting-presence"
    assert "/presence/" in world.board.said[0]


@pytest.mark.parametrize(("action", "decision"), [("approve", Decision.APPROVE), ("deny", Decision.DENY)])
def test_a_button_says_what_it_says(action: str, decision: Decision, world: World) -> None:
    _slack(world, action=action)
    assert [(vote.person, vote.decision) for vote in world.book.cast_on(ID)] == [("maria", decision)]


def test_the_requester_who_clicks_is_told_why_not(world: World) -> None:
    assert _slack(world, user="U0OMAR") == "refused"
    assert "your own request" in world.board.said[0]


def test_the_same_click_is_taken_once(world: World) -> None:
    _slack(world)
    assert _slack(world) == "replayed"
    assert len(world.board.said) == 1
    assert world.kinds(ID) == ["requested", "vote-awaiting-presence"]


def test_a_click_is_remembered_for_longer_than_its_signature_is_fresh(world: World, ledger_table: MemoryTable) -> None:
    _slack(world)
    [nonce] = [item for item in ledger_table.everything() if item["sk"] == "USE"]
    assert nonce["expires_at"] == int((world.now + timedelta(minutes=15)).timestamp())


def test_a_second_click_is_another_one(world: World) -> None:
    assert [_slack(world, signature=signature) for signature in ("v0=1", "v0=2")] == ["awaiting-presence"] * 2


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"user": "U0STRANGER"}, "refused"),
        ({"value": f"{ID}.000000000000"}, "refused"),
    ],
    ids=["a stranger", "another request's mark"],
)
def test_clicks_that_are_refused(changes: dict[str, str], state: str, world: World) -> None:
    assert _slack(world, **changes) == state
    assert world.book.cast_on(ID) == ()


def test_who_clicks_on_a_request_that_is_decided_is_told_so(world: World) -> None:
    approve(world)
    assert _slack(world, user="U0SANA") == "closed"
    assert "already approved: approved by maria" in world.board.said[0]


@pytest.mark.parametrize("changes", [{"team": "T1"}, {"user_team": "T1"}, {"app": "A1"}], ids=str)
def test_another_workspace_or_app_is_refused(changes: dict[str, str], world: World) -> None:
    with pytest.raises(PermissionRefusedError):
        _slack(world, **changes)
    assert _slack(world) == "awaiting-presence"


@pytest.mark.parametrize("changes", [{"value": "r-aaaaaaaaaaaa.x"}, {"value": ""}, {"action": "delete"}], ids=str)
def test_a_button_that_is_not_ours_is_not_found(changes: dict[str, str], world: World) -> None:
    with pytest.raises(NotFoundError):
        _slack(world, **changes)
