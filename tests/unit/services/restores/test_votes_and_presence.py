"""From a click to a vote that counts, and everything that stops it on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.errors import (
    ApprovalVoidError,
    ForeignExecutionError,
    NotFoundError,
    PermissionRefusedError,
    RestoreRefusedError,
    TicketWithdrawnError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.clicks import SlackClick
from strongroom.domain.restores.facts import RestoreApproved
from strongroom.domain.restores.requests import SealedRequest, seal_request
from strongroom.domain.restores.steps import ApprovalClosed
from strongroom.domain.restores.votes import Decision
from strongroom.services.restores.acting.recheck_restore import recheck_restore
from strongroom.services.restores.approving.cancel_restore import cancel_restore
from strongroom.services.restores.approving.cast_vote import cast_vote
from strongroom.services.restores.approving.confirm_presence import PresenceAnswer, confirm_presence
from strongroom.services.restores.approving.open_approval import open_approval
from strongroom.services.restores.approving.receive_slack_click import receive_slack_click
from strongroom.services.restores.approving.snapshot_ticket import snapshot_ticket
from tests.builders import restores as a
from tests.fakes.restores import World

ID = a.request().id


@pytest.fixture
def world(ledger_table: MemoryTable, intent: Intent) -> World:
    made = World(ledger_table, intent)
    made.book.add(seal_request(a.request()))
    return made


def _open(world: World, *, token: str = "token-1") -> SealedRequest:  # noqa: S107 no secret
    open_approval(ID, token=token, needs=world.opening, now=world.now)
    return world.book.read(ID)


def _click(world: World, person: str = "maria", decision: Decision = Decision.APPROVE) -> str:
    sealed = world.book.read(ID)
    return cast_vote(sealed, decision, person=person, needs=world.voting, now=world.now).presence_url


def _confirm(world: World, url: str, code: str) -> PresenceAnswer:
    return confirm_presence(
        url.rpartition("/")[2],
        code=code,
        needs=world.proving,
        now=world.now,
    )


def _approve(world: World) -> PresenceAnswer:
    url = _click(world)
    return _confirm(world, url, world.prove(url))


def test_a_click_alone_counts_for_nothing(world: World) -> None:
    _open(world)
    assert _click(world).startswith("https://strongroom.example/v1/presence/")
    assert world.tasks.answered == {}


def test_a_proven_vote_counts_and_lets_the_machine_go_on_once(world: World) -> None:
    _open(world)
    assert _approve(world).counted
    assert world.tasks.answered == {"token-1": {"decision": "approved", "reason": "approved by maria"}}
    assert [type(fact) for fact in world.facts] == [RestoreApproved]
    assert world.kinds(ID)[-3:] == ["vote-awaiting-presence", "vote-counted", "approval-approved"]


def test_a_decision_before_the_token_is_released_by_whoever_opens(world: World) -> None:
    assert _approve(world).counted
    assert world.tasks.answered == {}
    _open(world)
    assert world.tasks.answered["token-1"]["decision"] == "approved"


def test_a_task_tried_again_shows_the_request_once(world: World) -> None:
    _open(world)
    _open(world, token="token-2")
    assert len(world.board.shown) == 1
    _approve(world)
    assert set(world.tasks.answered) == {"token-2"}


def test_the_requester_s_own_click_is_refused_and_written_down(world: World) -> None:
    answer = cast_vote(world.book.read(ID), Decision.APPROVE, person="omar", needs=world.voting, now=world.now)
    assert (answer.state, answer.presence_url) == ("refused", "")
    assert world.kinds(ID) == ["vote-refused"]


@pytest.mark.parametrize(
    "claims",
    [
        {"subject": "idp|omar"},
        {"methods": ("pwd",)},
        {"nonce": "x"},
        {"authenticated_at": None},
        {"authenticated_at": a.NOW - timedelta(minutes=6)},
    ],
    ids=str,
)
def test_a_proof_that_is_none_leaves_the_vote_waiting(claims: dict[str, Any], world: World) -> None:
    url = _click(world)
    answer = _confirm(world, url, world.prove(url, **claims))
    assert not answer.counted
    assert world.book.recorded(ID, ApprovalClosed) is None
    assert world.kinds(ID)[-1] == "presence-refused"


def test_a_question_is_answered_once(world: World) -> None:
    url = _click(world)
    code = world.prove(url)
    assert _confirm(world, url, code).counted
    with pytest.raises(NotFoundError):
        _confirm(world, url, code)


def test_guessing_stops_after_five_attempts(world: World) -> None:
    url = _click(world)
    for _ in range(5):
        assert not _confirm(world, url, "guess").counted
    with pytest.raises(NotFoundError):
        _confirm(world, url, "guess")


def test_a_question_runs_out_after_five_minutes(world: World) -> None:
    url = _click(world)
    world.later(minutes=5)
    with pytest.raises(NotFoundError):
        world.prove(url)


def test_a_denial_closes_the_approval(world: World) -> None:
    _open(world)
    url = _click(world, decision=Decision.DENY)
    assert _confirm(world, url, world.prove(url)).counted
    assert world.tasks.answered["token-1"]["decision"] == "denied"
    with pytest.raises(RestoreRefusedError, match="already denied"):
        _click(world, "sana")


def test_nobody_votes_after_the_request_expired(world: World) -> None:
    world.now = a.request().approval_expires_at
    with pytest.raises(RestoreRefusedError, match="expired"):
        _click(world)


def test_only_the_requester_takes_a_request_back(world: World) -> None:
    _open(world)
    with pytest.raises(PermissionRefusedError):
        cancel_restore(ID, person="maria", needs=world.cancelling, now=world.now)
    cancel_restore(ID, person="omar", needs=world.cancelling, now=world.now)
    assert world.tasks.answered["token-1"]["decision"] == "cancelled"


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


def test_the_requester_who_clicks_is_told_why_not(world: World) -> None:
    assert _slack(world, user="U0OMAR") == "refused"
    assert "your own request" in world.board.said[0]


def test_the_same_click_is_taken_once(world: World) -> None:
    _slack(world)
    assert _slack(world) == "replayed"
    assert len(world.board.said) == 1
    assert world.kinds(ID) == ["vote-awaiting-presence"]


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


@pytest.mark.parametrize("changes", [{"team": "T1"}, {"user_team": "T1"}, {"app": "A1"}], ids=str)
def test_another_workspace_or_app_is_refused(changes: dict[str, str], world: World) -> None:
    with pytest.raises(PermissionRefusedError):
        _slack(world, **changes)


@pytest.mark.parametrize("changes", [{"value": "r-aaaaaaaaaaaa.x"}, {"value": ""}, {"action": "delete"}], ids=str)
def test_a_button_that_is_not_ours_is_not_found(changes: dict[str, str], world: World) -> None:
    with pytest.raises(NotFoundError):
        _slack(world, **changes)


def test_the_token_goes_nowhere_but_to_the_ledger(world: World) -> None:
    _open(world, token="very-secret-token")
    _slack(world)
    _approve(world)
    outbound = f"{world.board.shown} {world.board.said} {world.tickets.comments} {world.facts} {world.login.asked}"
    evidence = str(world.log.entries(f"restore-{ID}"))
    assert "very-secret-token" not in outbound + evidence
    assert "very-secret-token" in world.tasks.answered


EXECUTION = f"arn:execution:{ID}"


def _recheck(world: World, execution: str = EXECUTION) -> None:
    recheck_restore(ID, execution=execution, needs=world.rechecking, now=world.now)


def _ready(world: World) -> None:
    snapshot_ticket(ID, execution=EXECUTION, needs=world.reading, now=world.now)
    _approve(world)


def test_an_approval_that_holds_is_acted_upon(world: World) -> None:
    _ready(world)
    _recheck(world)


def test_another_execution_cannot_carry_the_request(world: World) -> None:
    _ready(world)
    with pytest.raises(ApprovalVoidError, match="this execution"):
        _recheck(world, "arn:other")
    for other in ("arn:other", f"arn:other:{ID}"):
        with pytest.raises(ForeignExecutionError, match="another execution"):
            snapshot_ticket(ID, execution=other, needs=world.reading, now=world.now)


def test_an_execution_started_by_hand_cannot_take_the_request_first(world: World) -> None:
    with pytest.raises(ForeignExecutionError, match="by hand"):
        snapshot_ticket(ID, execution="arn:execution:mine", needs=world.reading, now=world.now)
    snapshot_ticket(ID, execution=EXECUTION, needs=world.reading, now=world.now)


def test_without_an_approval_nothing_is_done(world: World) -> None:
    snapshot_ticket(ID, execution=EXECUTION, needs=world.reading, now=world.now)
    with pytest.raises(ApprovalVoidError, match="nobody has recorded"):
        _recheck(world)


def test_an_approver_who_left_the_group_voids_the_approval(world: World) -> None:
    _ready(world)
    groups = world.intent.restores.groups | {"approvers": ("sana",)}
    world.intent = replace(world.intent, restores=replace(world.intent.restores, groups=groups))
    with pytest.raises(ApprovalVoidError, match="no longer holds"):
        _recheck(world)


def test_a_late_execution_is_refused(world: World) -> None:
    _ready(world)
    world.later(hours=1)
    with pytest.raises(ApprovalVoidError, match="run out"):
        _recheck(world)


@pytest.mark.parametrize(
    "changes", [{"status": "Withdrawn"}, {"approver": "piet"}, {"labels": (), "text": "x"}], ids=str
)
def test_a_ticket_that_changed_stops_the_act(changes: dict[str, Any], world: World) -> None:
    _ready(world)
    world.tickets.ticket = a.ticket(**changes)
    with pytest.raises(TicketWithdrawnError):
        _recheck(world)


def test_a_ticket_that_is_gone_stops_the_act(world: World) -> None:
    _ready(world)
    world.tickets.ticket = None
    with pytest.raises(TicketWithdrawnError):
        _recheck(world)
