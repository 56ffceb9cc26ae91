"""How a restore ceremony ends, by what its evidence holds."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import ForeignExecutionError, TicketRefusedError, TicketWithdrawnError
from strongroom.domain.proofs.decisions import DecisionState
from strongroom.domain.restores.jobs import restored_as
from strongroom.domain.restores.kinds.finishing import StepOutcome
from strongroom.domain.restores.left_off.steps import asked_call, said_done

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from strongroom.domain.proofs.decisions import Verdict


class RestoreOutcome(StrEnum):
    """How a ceremony can end."""

    RESTORED = "restored"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class RestoreEnd(Struct, frozen=True, kw_only=True):
    """How it ended, in words; `created` is empty where nothing was restored, `faults` what the job did not do."""

    outcome: RestoreOutcome
    reason: str
    created: str = ""
    faults: tuple[str, ...] = ()


_DONE: Final = "done"
_COMPARED: Final[Mapping[str, str]] = {
    StepOutcome.DIFFERENT: ", with differences",
    StepOutcome.FAILED: ", not compared",
    StepOutcome.SKIPPED: ", compared in part",
}


def said_outcome(outcome: str, *, faults: Collection[str], call: str = "", settings: str = "") -> str:
    """The outcome as people read it; of a `call` that follows a restore it is done.

    `settings` is how the comparison with what was noted of the original came out, empty where there was none.
    """
    if outcome != RestoreOutcome.RESTORED:
        return outcome
    if asked_call(call) is not None:
        return _DONE
    told = f"{outcome} with faults" if faults else outcome
    return f"{told}{_COMPARED.get(settings, '')}"


_OF_TICKET: Final = (TicketRefusedError.__name__, TicketWithdrawnError.__name__)
_DECIDED: Final = {
    DecisionState.DENIED: RestoreOutcome.DENIED,
    DecisionState.CANCELLED: RestoreOutcome.CANCELLED,
    DecisionState.EXPIRED: RestoreOutcome.EXPIRED,
}


def judge_end(
    verdict: Verdict | None,
    *,
    created: str,
    error: str,
    reason: str,
    is_late: bool = False,
    faults: tuple[str, ...] = (),
    call: str = "",
) -> RestoreEnd:
    """How it ended: what is there stays restored, whatever failed then; nobody's word is taken for anything else.

    `verdict` is what people decided, None once the restore has started; `created` names what a job made that was
    described as completed, with `faults`, or what `call` was made on; `error` is what ended the execution, and
    `is_late` whether the time to approve is over.
    ForeignExecutionError where nothing has ended.
    """
    if created:
        said = said_done(call, created) or restored_as(created, faults=faults)
        return RestoreEnd(
            outcome=RestoreOutcome.RESTORED,
            reason=f"{said}, but not tagged: {reason}" if error else said,
            created=created,
            faults=faults,
        )
    if verdict is not None and verdict.state in _DECIDED:
        return RestoreEnd(outcome=_DECIDED[verdict.state], reason=verdict.reason)
    if not error and verdict is not None and is_late:
        # Signed in time, and arrived when the judge had given up.
        return RestoreEnd(outcome=RestoreOutcome.FAILED, reason=f"it came too late: {verdict.reason}")
    if not error:
        raise ForeignExecutionError("there is no end to this ceremony yet")
    outcome = RestoreOutcome.WITHDRAWN if error in _OF_TICKET else RestoreOutcome.FAILED
    return RestoreEnd(outcome=outcome, reason=reason)
