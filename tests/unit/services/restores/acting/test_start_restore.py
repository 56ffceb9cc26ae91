"""The approved restore is started once, from the account's own vault, after everything was looked at again."""

from dataclasses import dataclass, replace

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError, TicketWithdrawnError
from strongroom.domain.restores.requests import RestoreRequest, seal_request
from strongroom.domain.restores.steps import Copied, RestoreJobStarted
from strongroom.services.restores.acting.start_restore import RestoreStarted, start_restore
from tests.builders.restores import POINT, a_request, a_ticket
from tests.fakes.restores import World
from tests.unit.services.restores.acts import EXECUTION, ID, STREAM, come_to_approval


def _start(world: World) -> RestoreStarted:
    return start_restore(ID, execution=EXECUTION, needs=world.restoring, now=world.now)


def test_an_approved_restore_is_started_from_the_point_that_was_asked_for(world: World) -> None:
    come_to_approval(world)
    assert _start(world).job == "restore-1"
    assert world.restores.started == [POINT]
    assert world.book.recorded(ID, RestoreJobStarted) == RestoreJobStarted(job="restore-1")


def test_what_shall_be_done_is_written_down_before_and_what_was_done_after(world: World) -> None:
    come_to_approval(world)
    _start(world)
    intended, started = world.log.entries(STREAM)[-2:]
    digest = world.book.read(ID).digest
    assert (intended.kind, intended.facts) == ("restore-intended", {"digest": digest, "recovery_point": POINT})
    assert (started.kind, started.facts) == ("restore-started", {"digest": digest, "job": "restore-1"})


def test_a_step_tried_again_starts_and_writes_nothing_more(world: World) -> None:
    come_to_approval(world)
    first = _start(world)
    before = world.kinds(ID)
    assert _start(world) == first
    assert (world.restores.started, world.kinds(ID)) == ([POINT], before)


def test_a_step_tried_again_still_looks_at_everything_first(world: World) -> None:
    come_to_approval(world)
    _start(world)
    world.tickets.ticket = a_ticket(status="Withdrawn")
    with pytest.raises(TicketWithdrawnError):
        _start(world)


@dataclass
class Refusal:
    """AWS Backup does not take the restore."""

    def start(self, request: RestoreRequest, *, recovery_point: str) -> str:
        raise RestoreFailedError("the subnet group is gone")


def test_a_restore_that_could_not_be_started_leaves_the_intention_and_no_job(world: World) -> None:
    come_to_approval(world)
    needs = replace(world.restoring, starter=Refusal())
    with pytest.raises(RestoreFailedError, match="subnet group"):
        start_restore(ID, execution=EXECUTION, needs=needs, now=world.now)
    assert world.kinds(ID)[-1] == "restore-intended"
    assert world.book.recorded(ID, RestoreJobStarted) is None


def test_what_was_copied_back_is_restored_from_its_copy(copying: World) -> None:
    come_to_approval(copying)
    copying.book.record(ID, Copied(recovery_point=POINT, at=copying.now))
    _start(copying)
    assert copying.restores.started == [POINT]


def test_what_was_not_copied_back_yet_is_not_restored(copying: World) -> None:
    come_to_approval(copying)
    with pytest.raises(ApprovalVoidError, match="not been copied back yet"):
        _start(copying)
    assert copying.restores.started == []


@pytest.mark.parametrize("days", [1, 13])
def test_an_execution_redriven_later_is_refused(days: int, world: World) -> None:
    come_to_approval(world)
    world.later(days=days)
    with pytest.raises(ApprovalVoidError, match="run out"):
        _start(world)
    assert world.restores.started == []


def test_a_request_exchanged_together_with_its_digest_is_not_carried_out(world: World) -> None:
    come_to_approval(world)
    forged = seal_request(a_request(target_name="payments-db-evil"))
    item = world.table.get(Key(f"RESTORE#{ID}", "REQUEST")) or {}
    world.table.put(item | {"text": forged.text, "digest": forged.digest})
    with pytest.raises(ApprovalVoidError, match="not the one that was approved"):
        _start(world)
    assert world.restores.started == []
