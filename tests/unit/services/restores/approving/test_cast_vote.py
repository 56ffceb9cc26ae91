"""A click becomes a question of presence, or is refused with a reason; it never counts by itself."""

from datetime import timedelta

import pytest

from strongroom.domain.errors import NotFoundError, RestoreRefusedError
from strongroom.domain.restores.steps import Closed, RestoreOutcome
from strongroom.domain.restores.votes import Decision, VoteState
from strongroom.services.restores.approving.cast_vote import cast_vote, vote_on_request
from tests.builders.restores import NOW, a_request, a_vote, an_approval_closed
from tests.fakes.restores import World
from tests.unit.services.restores.acts import ID, click, question_of, show


def test_a_click_alone_counts_for_nothing(world: World) -> None:
    show(world)
    assert click(world).startswith("https://strongroom.example/v1/presence/")
    assert world.tasks.answered == {}


def test_a_click_is_kept_as_a_vote_that_awaits_its_proof_and_written_down(world: World) -> None:
    click(world)
    [vote] = world.book.cast_on(ID)
    assert (vote.person, vote.decision, vote.state, vote.cast_at) == (
        "maria",
        Decision.APPROVE,
        VoteState.AWAITING_PRESENCE,
        NOW,
    )
    entry = world.log.entries(f"restore-{ID}")[-1]
    assert (entry.kind, entry.facts["person"], entry.facts["decision"]) == (
        "vote-awaiting-presence",
        "maria",
        "approve",
    )
    assert entry.facts["digest"] == world.book.read(ID).digest


def test_the_question_is_for_this_person_this_request_and_this_decision_and_lives_five_minutes(world: World) -> None:
    question = question_of(click(world, decision=Decision.DENY))
    asked = world.challenges.read(question, now=NOW)
    assert (asked.person, asked.decision, asked.request_id) == ("maria", Decision.DENY, ID)
    assert asked.digest == world.book.read(ID).digest
    assert asked.expires_at == NOW + timedelta(minutes=5)


def test_every_click_asks_a_question_of_its_own(world: World) -> None:
    first, second = (question_of(click(world)) for _ in range(2))
    assert first != second
    verifiers = {world.challenges.read(question, now=NOW).verifier for question in (first, second)}
    assert len(verifiers) == 2


def test_until_it_is_proven_whoever_clicked_may_think_again(world: World) -> None:
    click(world)
    click(world, decision=Decision.DENY)
    assert [vote.decision for vote in world.book.cast_on(ID)] == [Decision.DENY]


def test_a_click_takes_nothing_from_a_vote_that_was_counted(world: World) -> None:
    world.book.cast(ID, a_vote())
    click(world, decision=Decision.DENY)
    assert [(vote.decision, vote.state) for vote in world.book.cast_on(ID)] == [(Decision.APPROVE, VoteState.COUNTED)]


def test_the_requester_s_own_click_is_refused_and_written_down(world: World) -> None:
    answer = cast_vote(world.book.read(ID), Decision.APPROVE, person="omar", needs=world.voting, now=world.now)
    assert (answer.state, answer.presence_url) == ("refused", "")
    assert world.kinds(ID) == ["requested", "vote-refused"]


@pytest.mark.parametrize(
    ("person", "why"),
    [("", "nobody here is known"), ("ada", "only members of approvers"), ("omar", "your own request")],
    ids=["somebody unknown", "somebody of no group", "the requester"],
)
def test_whose_click_cannot_count_is_asked_nothing_and_keeps_no_vote(person: str, why: str, world: World) -> None:
    answer = cast_vote(world.book.read(ID), Decision.APPROVE, person=person, needs=world.voting, now=world.now)
    assert (answer.state, answer.presence_url) == (VoteState.REFUSED, "")
    assert why in answer.reason
    assert world.book.cast_on(ID) == ()


def test_nobody_votes_after_the_request_expired(world: World) -> None:
    world.now = a_request().approval_expires_at
    with pytest.raises(RestoreRefusedError, match="expired"):
        click(world)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (an_approval_closed(), "already approved: approved by maria"),
        (Closed(outcome=RestoreOutcome.WITHDRAWN, reason="-", created=""), "closed: withdrawn"),
    ],
    ids=["decided", "closed"],
)
def test_nobody_votes_on_what_is_over(step: Closed, why: str, world: World) -> None:
    world.book.record(ID, step)
    with pytest.raises(RestoreRefusedError, match=why):
        click(world)
    assert world.kinds(ID) == ["requested"]


def test_a_vote_by_the_request_s_id_is_the_same_vote(world: World) -> None:
    answer = vote_on_request(ID, Decision.APPROVE, person="maria", needs=world.voting, now=world.now)
    assert (answer.request_id, answer.state) == (ID, VoteState.AWAITING_PRESENCE)


@pytest.mark.parametrize("request_id", ["r-aaaaaaaaaaaa", "../TOKEN", ""], ids=["unknown", "no id", "empty"])
def test_a_vote_on_nothing_is_not_found(request_id: str, world: World) -> None:
    with pytest.raises(NotFoundError):
        vote_on_request(request_id, Decision.APPROVE, person="maria", needs=world.voting, now=world.now)
