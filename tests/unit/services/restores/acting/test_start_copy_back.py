"""The approved copy back is started once, after everything was looked at again."""

from dataclasses import dataclass, replace

import pytest

from strongroom.domain.errors import ApprovalVoidError, CopyBackFailedError, ForeignExecutionError, TicketWithdrawnError
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.steps import CopyJobStarted
from strongroom.services.restores.acting.start_copy_back import CopyBackStarted, start_copy_back
from tests.builders.places import CENTRAL_VAULT
from tests.builders.restores import CENTRAL_POINT, a_ticket
from tests.fakes.restores import FakeCopyBackJobs, World
from tests.unit.services.restores.acts import EXECUTION, ID, STREAM, come_to_approval


def _start(world: World, execution: str = EXECUTION) -> CopyBackStarted:
    return start_copy_back(ID, execution=execution, needs=world.copying, now=world.now)


def test_an_approved_copy_back_brings_the_point_that_was_asked_for(copying: World) -> None:
    come_to_approval(copying)
    assert _start(copying).job == "copy-1"
    assert copying.copies.started == [CENTRAL_POINT]
    assert copying.book.recorded(ID, CopyJobStarted) == CopyJobStarted(job="copy-1")


def test_what_shall_be_done_is_written_down_before_and_what_was_done_after(copying: World) -> None:
    come_to_approval(copying)
    _start(copying)
    intended, started = copying.log.entries(STREAM)[-2:]
    digest = copying.book.read(ID).digest
    assert (intended.kind, intended.facts) == ("copy-back-intended", {"digest": digest, "source": CENTRAL_VAULT})
    assert (started.kind, started.facts) == ("copy-back-started", {"digest": digest, "job": "copy-1"})


def test_a_step_tried_again_starts_and_writes_nothing_more(copying: World) -> None:
    come_to_approval(copying)
    first = _start(copying)
    before = copying.kinds(ID)
    assert _start(copying) == first
    assert (copying.copies.started, copying.kinds(ID)) == ([CENTRAL_POINT], before)


@dataclass
class Refusal(FakeCopyBackJobs):
    """AWS Backup does not take the copy."""

    def start(self, request: RestoreRequest) -> str:
        raise CopyBackFailedError("the local vault is locked for less")


def test_a_copy_that_could_not_be_started_leaves_the_intention_and_no_job(copying: World) -> None:
    come_to_approval(copying)
    with pytest.raises(CopyBackFailedError, match="locked for less"):
        start_copy_back(ID, execution=EXECUTION, needs=replace(copying.copying, jobs=Refusal()), now=copying.now)
    assert copying.kinds(ID)[-1] == "copy-back-intended"
    assert copying.book.recorded(ID, CopyJobStarted) is None


def test_a_plan_that_copies_nothing_back_starts_no_copy(world: World) -> None:
    come_to_approval(world)
    with pytest.raises(ApprovalVoidError, match="copies nothing back"):
        _start(world)
    assert world.copies.started == []


def test_a_ticket_that_was_withdrawn_stops_the_copy(copying: World) -> None:
    come_to_approval(copying)
    copying.tickets.ticket = a_ticket(status="Withdrawn")
    with pytest.raises(TicketWithdrawnError):
        _start(copying)
    assert copying.copies.started == []


def test_another_execution_starts_no_copy(copying: World) -> None:
    come_to_approval(copying)
    with pytest.raises(ForeignExecutionError):
        _start(copying, f"arn:another:{ID}")
    assert copying.copies.started == []
