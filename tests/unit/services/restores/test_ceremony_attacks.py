"""What somebody who means harm would try on a ceremony: race it, run it twice, exchange what it is about."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import Table
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import (
    ApprovalVoidError,
    ForeignExecutionError,
    NotFoundError,
    RestoreRefusedError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.evidence.chain import find_break, find_disorder
from strongroom.domain.facts import Fact
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.facts import RestoreApproved, RestoreClosed
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.restores.steps import ApprovalClosed, CeremonyStep, Closed, RestoreOutcome
from strongroom.domain.restores.votes import Decision, VoteState
from strongroom.services.restores.acting.close_restore import RestoreEnded, close_restore
from strongroom.services.restores.acting.recheck_restore import recheck_restore
from strongroom.services.restores.acting.start_restore import start_restore
from strongroom.services.restores.approving.cast_vote import cast_vote
from strongroom.services.restores.approving.confirm_presence import PresenceAnswer, confirm_presence
from strongroom.services.restores.approving.open_approval import open_approval
from strongroom.services.restores.approving.snapshot_ticket import snapshot_ticket
from tests.builders.restores import NOW, RESTORED, a_request, a_vote, an_approval_closed
from tests.fakes.restores import World

ID = a_request().id
EXECUTION = f"arn:execution:{ID}"
STREAM = f"restore-{ID}"


@pytest.fixture
def world(ledger_table: MemoryTable, intent: Intent) -> World:
    made = World(ledger_table, intent)
    sealed = seal_request(a_request())
    made.book.add(sealed)
    made.evidence.note(ID, "requested", at=NOW, request=sealed.text, digest=sealed.digest)
    return made


def _answer(world: World, person: str = "maria", decision: Decision = Decision.APPROVE) -> tuple[str, str]:
    """A question of presence, and the code of the login that answers it."""
    answer = cast_vote(world.book.read(ID), decision, person=person, needs=world.voting, now=world.now)
    return answer.presence_url.rpartition("/")[2], world.prove(answer.presence_url, subject=f"idp|{person}")


def _confirm(world: World, challenge: str, code: str) -> PresenceAnswer:
    return confirm_presence(challenge, code=code, needs=world.proving, now=world.now)


def _approve(world: World) -> None:
    snapshot_ticket(ID, execution=EXECUTION, needs=world.reading, now=world.now)
    open_approval(ID, token="token-1", needs=world.opening, now=world.now)
    assert _confirm(world, *_answer(world)).counted


def _recheck(world: World, execution: str = EXECUTION) -> None:
    recheck_restore(ID, execution=execution, needs=world.rechecking, now=world.now)


def _close(world: World, outcome: RestoreOutcome = RestoreOutcome.RESTORED, **more: str) -> RestoreEnded:
    said = {"reason": "restored as x", "error": ""} | more
    return close_restore(ID, outcome=outcome, needs=world.closing, now=world.now, **said)


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
    ended = _at_once(*(lambda answer=answer: _confirm(meeting, *answer) for answer in answers))
    assert all(isinstance(each, PresenceAnswer) and each.counted for each in ended)
    assert meeting.tasks.calls == 1
    assert meeting.tasks.answered["token-1"]["decision"] == "approved"
    assert [type(fact) for fact in meeting.facts] == [RestoreApproved]
    assert meeting.kinds(ID).count("approval-approved") == 1
    assert find_break(meeting.log.entries(STREAM), stream=STREAM) == ""


def test_one_answer_sent_twice_at_once_counts_once(world: World, meeting: World) -> None:
    world.book = LedgerRestores(world.table)
    challenge, code = _answer(world)
    ended = _at_once(*[lambda: _confirm(world, challenge, code)] * 2)
    assert sum(isinstance(each, PresenceAnswer) and each.counted for each in ended) == 1
    assert world.tasks.calls == 1
    assert world.kinds(ID).count("vote-counted") == 1


def test_a_denial_that_meets_an_approval_stops_the_restore(meeting: World) -> None:
    snapshot_ticket(ID, execution=EXECUTION, needs=meeting.reading, now=meeting.now)
    answers = [_answer(meeting), _answer(meeting, "sana", Decision.DENY)]
    _at_once(*(lambda answer=answer: _confirm(meeting, *answer) for answer in answers))
    assert meeting.tasks.calls == 1
    with pytest.raises(ApprovalVoidError, match=r"no longer holds: denied by sana|nobody has recorded an approval"):
        _recheck(meeting)


# run twice


def test_a_second_execution_notes_nothing_and_ends_nothing(world: World) -> None:
    _approve(world)
    before = world.kinds(ID)
    for other in ("arn:execution:by-hand", f"arn:another:{ID}"):
        with pytest.raises(ForeignExecutionError):
            snapshot_ticket(ID, execution=other, needs=world.reading, now=world.now)
        with pytest.raises(ForeignExecutionError):
            start_restore(ID, execution=other, needs=world.restoring, now=world.now)
    ended = _close(world, RestoreOutcome.FAILED, error="ForeignExecutionError", reason="by hand")
    assert (ended.outcome, world.kinds(ID), world.book.recorded(ID, Closed)) == ("failed", before, None)
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.TAMPERING_ATTEMPTED]
    assert not [fact for fact in world.facts if isinstance(fact, RestoreClosed)]
    assert world.restores.started == []
    _recheck(world)


def test_an_ended_ceremony_is_not_run_again_by_its_own_execution(world: World) -> None:
    _approve(world)
    _close(world)
    with pytest.raises(ApprovalVoidError, match="closed"):
        _recheck(world)


@pytest.mark.parametrize("days", [1, 13])
def test_an_execution_redriven_later_is_refused(days: int, world: World) -> None:
    _approve(world)
    world.later(days=days)
    with pytest.raises(ApprovalVoidError, match="run out"):
        start_restore(ID, execution=EXECUTION, needs=world.restoring, now=world.now)
    assert world.restores.started == []


def test_closing_what_nobody_asked_for_leaves_nothing_behind(world: World, ledger_table: MemoryTable) -> None:
    before = ledger_table.everything()
    with pytest.raises(NotFoundError):
        close_restore(
            "r-zzzzzzzzzzzz", outcome=RestoreOutcome.FAILED, reason="-", error="", needs=world.closing, now=world.now
        )
    assert ledger_table.everything() == before


# exchanged


def test_a_request_exchanged_together_with_its_digest_is_not_carried_out(world: World) -> None:
    _approve(world)
    forged = seal_request(a_request(target_name="payments-db-evil"))
    item = world.table.get(Key(f"RESTORE#{ID}", "REQUEST")) or {}
    world.table.put(item | {"text": forged.text, "digest": forged.digest})
    with pytest.raises(ApprovalVoidError, match="not the one that was approved"):
        start_restore(ID, execution=EXECUTION, needs=world.restoring, now=world.now)
    assert world.restores.started == []


def test_a_vote_written_into_the_ledger_does_not_open_the_way(world: World) -> None:
    snapshot_ticket(ID, execution=EXECUTION, needs=world.reading, now=world.now)
    world.book.cast(ID, a_vote())
    with pytest.raises(ApprovalVoidError, match="nobody has recorded"):
        _recheck(world)


def test_an_approval_written_into_the_ledger_is_none_without_votes(world: World) -> None:
    snapshot_ticket(ID, execution=EXECUTION, needs=world.reading, now=world.now)
    world.book.record(ID, an_approval_closed(digest=world.book.read(ID).digest))
    with pytest.raises(ApprovalVoidError, match="no longer holds"):
        _recheck(world)


def test_a_requester_who_left_the_group_ends_the_approval(world: World) -> None:
    _approve(world)
    groups = world.intent.restores.groups | {"oncall": ("piet",)}
    world.intent = replace(world.intent, restores=replace(world.intent.restores, groups=groups))
    with pytest.raises(ApprovalVoidError, match="omar, who asked for it, is no longer one of oncall"):
        _recheck(world)


def test_a_voter_who_is_not_known_any_more_is_refused_and_written_down(world: World) -> None:
    challenge, code = _answer(world)
    world.intent = replace(
        world.intent, people={name: person for name, person in world.intent.people.items() if name != "maria"}
    )
    answer = _confirm(world, challenge, code)
    assert (answer.counted, "not known here any more" in answer.reason) == (False, True)
    assert world.kinds(ID)[-1] == "presence-refused"


def test_a_login_from_before_the_question_is_no_proof(world: World) -> None:
    answer = cast_vote(world.book.read(ID), Decision.APPROVE, person="maria", needs=world.voting, now=world.now)
    code = world.prove(answer.presence_url, authenticated_at=world.now - timedelta(minutes=3))
    refused = _confirm(world, answer.presence_url.rpartition("/")[2], code)
    assert (refused.counted, refused.reason) == (False, "the login is older than the question")


def test_a_login_for_one_question_answers_no_other(world: World) -> None:
    approval, denial = _answer(world), _answer(world, "maria", Decision.DENY)
    refused = _confirm(world, denial[0], approval[1])
    assert (refused.counted, refused.reason) == (False, "the login was made for another question")


# evidence and telling


def test_nothing_follows_the_end_of_the_evidence(world: World) -> None:
    _approve(world)
    ended = _close(world)
    with pytest.raises(ApprovalVoidError, match="closed"):
        world.evidence.note(ID, "tagged", at=world.now)
    with pytest.raises(RestoreRefusedError):
        _answer(world, "sana")
    assert _close(world, RestoreOutcome.FAILED).evidence == ended.evidence
    entries = world.log.entries(STREAM)
    assert (find_break(entries, stream=STREAM), find_disorder(entries, stream=STREAM)) == ("", "")
    assert entries[-1].kind == "closed"


def test_a_crash_between_record_and_evidence_is_made_good_by_the_retry(world: World) -> None:
    _approve(world)
    closed = Closed(outcome=RestoreOutcome.RESTORED, reason="restored as x", created=RESTORED)
    world.book.record(ID, closed)
    _close(world, RestoreOutcome.FAILED)
    last = world.log.entries(STREAM)[-1]
    facts = {"outcome": "restored", "reason": "restored as x", "created": RESTORED}
    assert (last.kind, last.facts) == ("closed", facts)


def test_a_decider_who_died_after_recording_is_followed_by_an_opener_who_writes_it_down_and_goes_on(
    world: World,
) -> None:
    world.book.record(ID, an_approval_closed(digest="d"))
    for token in ("token-1", "token-2"):
        open_approval(ID, token=token, needs=world.opening, now=world.now)
    [entry] = [entry for entry in world.log.entries(STREAM) if entry.kind == "approval-approved"]
    assert entry.facts == {"decision": "approved", "reason": "approved by maria", "people": "maria", "digest": "d"}
    assert set(world.tasks.answered) == {"token-1", "token-2"}


class DeadBus:
    def publish(self, fact: Fact) -> None:
        raise TemporarilyUnavailableError("the bus is down")


def test_a_bus_that_is_down_does_not_keep_the_machine_waiting(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    world.book.cast(ID, a_vote())
    with pytest.raises(TemporarilyUnavailableError):
        replace(world.decider, publisher=DeadBus()).settle(world.book.read(ID), now=world.now)
    assert world.tasks.answered["token-1"]["decision"] == "approved"


def test_a_vote_that_awaits_its_proof_never_settles_anything(world: World) -> None:
    world.book.keep_token(ID, "token-1")
    world.book.cast(ID, a_vote(state=VoteState.AWAITING_PRESENCE))
    world.decider.settle(world.book.read(ID), now=world.now)
    assert world.tasks.calls == 0
