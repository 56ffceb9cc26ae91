"""A ceremony ends once: recorded, sealed, and told to everybody whom it concerns."""

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError, NotFoundError, RestoreRefusedError
from strongroom.domain.evidence.chain import find_break, find_disorder
from strongroom.domain.restores.facts import RestoreClosed
from strongroom.domain.restores.steps import Closed, Restored, RestoreOutcome
from strongroom.services.restores.acting.close_restore import RestoreEnded, close_restore
from strongroom.services.restores.acting.recheck_restore import recheck_restore
from strongroom.services.restores.acting.start_restore import start_restore
from tests.builders.places import BACKUP_ACCOUNT, HOME, PAYMENTS
from tests.builders.restores import DATABASE, NOW, RESTORED
from tests.fakes.restores import World
from tests.unit.services.restores.acts import EXECUTION, ID, STREAM, click, come_to_approval, read_ticket, show


def _close(world: World, outcome: RestoreOutcome = RestoreOutcome.RESTORED, **more: str) -> RestoreEnded:
    said = {"reason": "restored as x", "error": ""} | more
    return close_restore(ID, outcome=outcome, needs=world.closing, now=world.now, **said)


def test_a_restore_that_succeeded_is_recorded_with_what_it_made_and_sealed(world: World) -> None:
    world.book.record(ID, Restored(created=RESTORED, at=NOW))
    ended = _close(world)
    assert (ended.outcome, ended.created) == (RestoreOutcome.RESTORED, RESTORED)
    closed = Closed(outcome=RestoreOutcome.RESTORED, reason="restored as x", created=RESTORED)
    assert world.book.recorded(ID, Closed) == closed
    last, seal = world.log.entries(STREAM)[-1], world.log.seal(STREAM)
    assert seal is not None
    assert (last.kind, last.digest, seal.number) == ("closed", ended.evidence, last.number)
    assert seal.digest == ended.evidence


def test_the_end_is_published_shown_on_the_board_and_told_in_the_ticket(world: World) -> None:
    show(world)
    world.book.record(ID, Restored(created=RESTORED, at=NOW))
    ended = _close(world)
    [fact] = world.facts
    assert isinstance(fact, RestoreClosed)
    assert (fact.account, fact.resource, fact.outcome, fact.created) == (PAYMENTS, DATABASE, "restored", RESTORED)
    text = f"Restore {ID}: restored. restored as x. Created: {RESTORED}. Evidence: {ended.evidence[:12]}."
    assert (world.board.closed, world.tickets.comments[-1]) == ([text], text)


def test_what_was_never_shown_is_closed_nowhere_but_in_the_ticket(world: World) -> None:
    _close(world, RestoreOutcome.EXPIRED, reason="nobody decided")
    assert world.board.closed == []
    assert "nobody decided" in world.tickets.comments[-1]


@pytest.mark.parametrize("outcome", RestoreOutcome)
def test_somebody_is_woken_where_a_restore_failed_and_nowhere_else(outcome: RestoreOutcome, world: World) -> None:
    _close(world, outcome, reason="because")
    complaints = [(alert.kind, alert.account, alert.subject) for alert in world.alerts.told]
    failed = [(AlertKind.RESTORE_FAILED, PAYMENTS, f"{ID} of {DATABASE}")]
    assert complaints == (failed if outcome is RestoreOutcome.FAILED else [])


def test_tags_that_failed_are_a_finding_of_their_own_and_the_restore_stands(world: World) -> None:
    world.book.record(ID, Restored(created=RESTORED, at=NOW))
    ended = _close(world, error="AccessRefusedError", reason="AccessRefusedError: no")
    assert (ended.outcome, ended.created) == (RestoreOutcome.RESTORED, RESTORED)
    assert ended.reason == f"restored as {RESTORED}, but not tagged: AccessRefusedError: no"
    [alert] = world.alerts.told
    assert (alert.kind, alert.subject, alert.account) == (AlertKind.RESOURCE_NOT_TAGGED, RESTORED, PAYMENTS)
    assert world.log.entries(STREAM)[-1].facts["reason"] == ended.reason


def test_tags_that_failed_of_what_nobody_saw_are_a_restore_that_failed(world: World) -> None:
    ended = _close(world, error="ApprovalVoidError", reason="nothing was restored")
    assert (ended.outcome, ended.created) == (RestoreOutcome.FAILED, "")
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.RESTORE_FAILED]


def test_the_first_outcome_stands_however_often_the_end_is_tried(world: World) -> None:
    first = _close(world)
    assert _close(world, RestoreOutcome.FAILED, reason="another") == first
    assert world.alerts.told == []
    assert world.kinds(ID).count("closed") == 1


def test_a_second_execution_notes_nothing_and_ends_nothing(world: World) -> None:
    come_to_approval(world)
    before = world.kinds(ID)
    for other in ("arn:execution:by-hand", f"arn:another:{ID}"):
        with pytest.raises(ForeignExecutionError):
            read_ticket(world, other)
        with pytest.raises(ForeignExecutionError):
            start_restore(ID, execution=other, needs=world.restoring, now=world.now)
    ended = _close(world, RestoreOutcome.FAILED, error="ForeignExecutionError", reason="by hand")
    assert (ended.outcome, world.kinds(ID), world.book.recorded(ID, Closed)) == ("failed", before, None)
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.TAMPERING_ATTEMPTED]
    assert not [fact for fact in world.facts if isinstance(fact, RestoreClosed)]
    assert world.restores.started == []
    recheck_restore(ID, execution=EXECUTION, needs=world.rechecking, now=world.now)


def test_closing_what_nobody_asked_for_leaves_nothing_behind(world: World, ledger_table: MemoryTable) -> None:
    before = ledger_table.everything()
    with pytest.raises(NotFoundError):
        close_restore(
            "r-zzzzzzzzzzzz", outcome=RestoreOutcome.FAILED, reason="-", error="", needs=world.closing, now=world.now
        )
    assert ledger_table.everything() == before


def test_a_request_that_was_tampered_with_is_closed_and_says_nothing_that_is_believed(world: World) -> None:
    show(world)
    item = world.table.get(Key(f"RESTORE#{ID}", "REQUEST")) or {}
    world.table.put(item | {"text": item["text"].replace("payments-db-0200", "payments-db-evil")})
    ended = _close(world, RestoreOutcome.FAILED, reason="void")
    assert world.kinds(ID)[-1] == "closed"
    assert world.log.seal(STREAM) is not None
    [alert] = world.alerts.told
    assert (alert.kind, alert.account, alert.region, alert.subject) == (
        AlertKind.RESTORE_FAILED,
        BACKUP_ACCOUNT,
        HOME,
        ID,
    )
    assert (world.facts, world.board.closed, len(world.tickets.comments)) == ([], [], 1)
    assert ended.outcome is RestoreOutcome.FAILED


def test_nothing_follows_the_end_of_the_evidence(world: World) -> None:
    come_to_approval(world)
    ended = _close(world)
    with pytest.raises(ApprovalVoidError, match="closed"):
        world.evidence.note(ID, "tagged", at=world.now)
    with pytest.raises(RestoreRefusedError):
        click(world, "sana")
    assert _close(world, RestoreOutcome.FAILED).evidence == ended.evidence
    entries = world.log.entries(STREAM)
    assert (find_break(entries, stream=STREAM), find_disorder(entries, stream=STREAM)) == ("", "")
    assert entries[-1].kind == "closed"


def test_a_crash_between_record_and_evidence_is_made_good_by_the_retry(world: World) -> None:
    come_to_approval(world)
    closed = Closed(outcome=RestoreOutcome.RESTORED, reason="restored as x", created=RESTORED)
    world.book.record(ID, closed)
    _close(world, RestoreOutcome.FAILED)
    last = world.log.entries(STREAM)[-1]
    facts = {"outcome": "restored", "reason": "restored as x", "created": RESTORED}
    assert (last.kind, last.facts) == ("closed", facts)
