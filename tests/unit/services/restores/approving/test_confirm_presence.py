"""A vote counts once its caster has proven to be there, for this very question, just now."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import Table
from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreRefusedError, StrongroomError
from strongroom.domain.evidence.chain import find_break
from strongroom.domain.restores.facts import RestoreApproved
from strongroom.domain.restores.steps import ApprovalClosed, CeremonyStep
from strongroom.domain.restores.votes import Decision
from strongroom.services.restores.acting.recheck_restore import recheck_restore
from strongroom.services.restores.approving.confirm_presence import PresenceAnswer, send_to_login
from tests.builders.intents import with_restores
from tests.builders.restores import NOW, a_vote
from tests.fakes.restores import World
from tests.unit.services.restores.acts import (
    EXECUTION,
    ID,
    STREAM,
    approve,
    click,
    confirm,
    question_of,
    read_ticket,
    show,
)


def test_a_proven_vote_counts_and_lets_the_machine_go_on_once(world: World) -> None:
    show(world)
    assert approve(world).counted
    assert world.tasks.answered == {"token-1": {"decision": "approved", "reason": "approved by maria"}}
    assert [type(fact) for fact in world.facts] == [RestoreApproved]
    assert world.kinds(ID)[-3:] == ["vote-awaiting-presence", "vote-counted", "approval-approved"]


def test_the_proof_is_written_down_with_whoever_gave_it_and_how(world: World) -> None:
    answer = approve(world)
    assert answer.reason == "proven by mfa; approved by maria"
    facts = next(entry.facts for entry in world.log.entries(STREAM) if entry.kind == "vote-counted")
    assert (facts["person"], facts["subject"], facts["methods"]) == ("maria", "idp|maria", "mfa")
    assert facts["authenticated_at"] == NOW.isoformat()


def test_a_denial_closes_the_approval(world: World) -> None:
    show(world)
    url = click(world, decision=Decision.DENY)
    assert confirm(world, url, world.prove(url)).counted
    assert world.tasks.answered["token-1"]["decision"] == "denied"
    with pytest.raises(RestoreRefusedError, match="already denied"):
        click(world, "sana")


# what is no proof


@pytest.mark.parametrize(
    "claims",
    [
        {"subject": "idp|omar"},
        {"methods": ("pwd",)},
        {"nonce": "x"},
        {"authenticated_at": None},
        {"authenticated_at": NOW - timedelta(minutes=6)},
    ],
    ids=str,
)
def test_a_proof_that_is_none_leaves_the_vote_waiting(claims: dict[str, Any], world: World) -> None:
    url = click(world)
    answer = confirm(world, url, world.prove(url, **claims))
    assert not answer.counted
    assert world.book.recorded(ID, ApprovalClosed) is None
    assert world.kinds(ID)[-1] == "presence-refused"


def test_a_login_from_before_the_question_is_no_proof(world: World) -> None:
    url = click(world)
    code = world.prove(url, authenticated_at=world.now - timedelta(minutes=3))
    refused = confirm(world, url, code)
    assert (refused.counted, refused.reason) == (False, "the login is older than the question")


def test_a_login_for_one_question_answers_no_other(world: World) -> None:
    approval, denial = click(world), click(world, decision=Decision.DENY)
    code = world.prove(approval)
    world.prove(denial)
    refused = confirm(world, denial, code)
    assert (refused.counted, refused.reason) == (False, "the login was made for another question")


def test_a_voter_who_is_not_known_any_more_is_refused_and_written_down(world: World) -> None:
    url = click(world)
    code = world.prove(url)
    people = {name: person for name, person in world.intent.people.items() if name != "maria"}
    world.intent = replace(world.intent, people=people)
    answer = confirm(world, url, code)
    assert (answer.counted, "not known here any more" in answer.reason) == (False, True)
    assert world.kinds(ID)[-1] == "presence-refused"


def test_a_voter_who_left_the_group_since_the_click_is_refused(world: World) -> None:
    url = click(world)
    code = world.prove(url)
    rules = tuple(replace(rule, group="security") for rule in world.ceremony.restores.rules)
    groups = world.ceremony.restores.groups | {"approvers": ("sana",)}
    world.intent = with_restores(world.intent, rules=rules, groups=groups)
    answer = confirm(world, url, code)
    assert (answer.counted, answer.reason) == (False, "only members of approvers or security approve this restore")


def test_a_question_about_another_request_is_no_proof_for_this_one(world: World) -> None:
    url = click(world)
    asked = world.challenges.read(question_of(url), now=world.now)
    world.challenges.open("forged", replace(asked, digest="0" * 64))
    refused = confirm(world, "/forged", world.prove("/forged"))
    assert (refused.counted, refused.reason) == (False, "the question was about another request")


# the question


def test_looking_at_a_question_changes_nothing_however_often(world: World, ledger_table: MemoryTable) -> None:
    question = question_of(click(world))
    before = ledger_table.everything()
    addresses = {send_to_login(question, needs=world.proving, now=world.now) for _ in range(9)}
    assert len(addresses) == 1
    assert ledger_table.everything() == before


def test_a_question_is_answered_once(world: World) -> None:
    url = click(world)
    code = world.prove(url)
    assert confirm(world, url, code).counted
    with pytest.raises(NotFoundError):
        confirm(world, url, code)


def test_guessing_stops_after_five_attempts(world: World) -> None:
    url = click(world)
    for _ in range(5):
        assert not confirm(world, url, "guess").counted
    with pytest.raises(NotFoundError):
        confirm(world, url, "guess")


def test_a_question_runs_out_after_five_minutes(world: World) -> None:
    url = click(world)
    world.later(minutes=5)
    with pytest.raises(NotFoundError):
        world.prove(url)


def test_a_proof_that_comes_after_the_decision_is_refused(world: World) -> None:
    url = click(world, "sana")
    code = world.prove(url, subject="idp|sana")
    approve(world)
    with pytest.raises(RestoreRefusedError, match="already approved"):
        confirm(world, url, code)


def test_a_denial_that_was_counted_stands(world: World) -> None:
    url = click(world)
    code = world.prove(url)
    world.book.cast(ID, a_vote(decision=Decision.DENY))
    with pytest.raises(RestoreRefusedError, match="your denial has been counted and stands"):
        confirm(world, url, code)
    assert [vote.decision for vote in world.book.cast_on(ID)] == [Decision.DENY]


def test_one_of_two_approvals_waits_for_the_other(world: World) -> None:
    world.intent = _two_approvals_needed(world)
    show(world)
    answer = approve(world)
    assert (answer.counted, "1 of 2 approvals" in answer.reason) == (True, True)
    assert world.tasks.answered == {}
    assert approve(world, "sana").counted
    assert world.tasks.answered["token-1"]["decision"] == "approved"


def _two_approvals_needed(world: World) -> Any:
    rules = tuple(replace(rule, needed=2) for rule in world.ceremony.restores.rules)
    return with_restores(world.intent, rules=rules)


# two at once


class MeetingBook(LedgerRestores):
    """Lets everybody arrive before anybody records the decision, so that they really meet."""

    def __init__(self, table: Table, *, people: int) -> None:
        super().__init__(table)
        self._barrier = threading.Barrier(people, timeout=10)

    def record(self, request_id: str, step: CeremonyStep) -> bool:
        if isinstance(step, ApprovalClosed):
            self._barrier.wait()
        return super().record(request_id, step)


@pytest.fixture
def meeting(world: World) -> World:
    """Two people's votes meet at the ledger, each of whose calls is atomic as DynamoDB's are."""
    world.book.keep_token(ID, "token-1")
    world.book = MeetingBook(world.table, people=2)
    return world


def _answer(world: World, person: str = "maria", decision: Decision = Decision.APPROVE) -> tuple[str, str]:
    """A question of presence, and the code of the login that answers it."""
    url = click(world, person, decision)
    return url, world.prove(url, subject=f"idp|{person}")


def _at_once(*acts: Callable[[], PresenceAnswer]) -> list[PresenceAnswer | StrongroomError]:
    def outcome(act: Callable[[], PresenceAnswer]) -> PresenceAnswer | StrongroomError:
        try:
            return act()
        except StrongroomError as error:
            return error

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return list(pool.map(outcome, acts))


def test_two_approvals_at_once_close_the_approval_once(meeting: World) -> None:
    answers = [_answer(meeting, person) for person in ("maria", "sana")]
    ended = _at_once(*(lambda answer=answer: confirm(meeting, *answer) for answer in answers))
    assert all(isinstance(each, PresenceAnswer) and each.counted for each in ended)
    assert meeting.tasks.calls == 1
    assert meeting.tasks.answered["token-1"]["decision"] == "approved"
    assert [type(fact) for fact in meeting.facts] == [RestoreApproved]
    assert meeting.kinds(ID).count("approval-approved") == 1
    assert find_break(meeting.log.entries(STREAM), stream=STREAM) == ""


def test_one_answer_sent_twice_at_once_counts_once(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    url, code = _answer(world)
    ended = _at_once(*[lambda: confirm(world, url, code)] * 2)
    assert sum(isinstance(each, PresenceAnswer) and each.counted for each in ended) == 1
    assert world.tasks.calls == 1
    assert world.kinds(ID).count("vote-counted") == 1


def test_a_denial_that_meets_an_approval_stops_the_restore(meeting: World) -> None:
    read_ticket(meeting)
    answers = [_answer(meeting), _answer(meeting, "sana", Decision.DENY)]
    _at_once(*(lambda answer=answer: confirm(meeting, *answer) for answer in answers))
    assert meeting.tasks.calls == 1
    with pytest.raises(ApprovalVoidError, match=r"no longer holds: denied by sana|nobody has recorded an approval"):
        recheck_restore(ID, execution=EXECUTION, needs=meeting.rechecking, now=meeting.now)
