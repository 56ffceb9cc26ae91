"""How a ceremony ends is worked out from what is known, and from nobody's word."""

import pytest

from strongroom.domain.errors import ForeignExecutionError
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.steps import RestoreEnd, RestoreOutcome, judge_end, said_outcome

PENDING, APPROVED = DecisionState.PENDING, DecisionState.APPROVED


def _end(
    state: DecisionState, *, created: str = "", is_started: bool = False, error: str = "", is_late: bool = False
) -> RestoreEnd:
    verdict = None if is_started else Verdict(state=state, reason="so it stands")
    return judge_end(verdict, created=created, error=error, reason="so it ended", is_late=is_late)


@pytest.mark.parametrize("state", DecisionState)
def test_what_is_there_is_restored_whatever_was_said(state: DecisionState) -> None:
    assert _end(state, created="db", is_started=True).outcome is RestoreOutcome.RESTORED


def test_what_is_there_stays_restored_when_its_tags_fail() -> None:
    end = _end(APPROVED, created="db", is_started=True, error="AccessRefusedError")
    assert (end.outcome, end.reason) == (RestoreOutcome.RESTORED, "restored as db, but not tagged: so it ended")


def test_what_is_there_stays_restored_whatever_of_it_failed() -> None:
    end = judge_end(None, created="db", error="", reason="", faults=("some objects", "others"))
    assert (end.outcome, end.reason) == (RestoreOutcome.RESTORED, "restored as db, with faults: some objects; others")
    assert said_outcome(end.outcome, faults=end.faults) == "restored with faults"


@pytest.mark.parametrize(("outcome", "faults"), [("restored", ()), ("failed", ("some objects",))])
def test_no_other_outcome_has_faults(outcome: str, faults: tuple[str, ...]) -> None:
    assert said_outcome(outcome, faults=faults) == outcome


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (DecisionState.DENIED, RestoreOutcome.DENIED),
        (DecisionState.CANCELLED, RestoreOutcome.CANCELLED),
        (DecisionState.EXPIRED, RestoreOutcome.EXPIRED),
    ],
)
def test_what_people_decided_is_the_end_until_the_restore_has_started(
    state: DecisionState, outcome: RestoreOutcome
) -> None:
    assert _end(state).outcome is outcome
    assert _end(state, error="ApprovalVoidError").outcome is outcome
    assert _end(state, is_started=True, error="RestoreFailedError").outcome is RestoreOutcome.FAILED


@pytest.mark.parametrize("state", [PENDING, APPROVED])
@pytest.mark.parametrize("is_started", [True, False])
def test_what_has_not_ended_is_not_ended_by_a_call(state: DecisionState, *, is_started: bool) -> None:
    with pytest.raises(ForeignExecutionError, match="no end"):
        _end(state, is_started=is_started)


@pytest.mark.parametrize("error", ["TicketRefusedError", "TicketWithdrawnError"])
def test_a_ticket_withdraws(error: str) -> None:
    assert _end(APPROVED, error=error) == RestoreEnd(outcome=RestoreOutcome.WITHDRAWN, reason="so it ended")


def test_every_other_error_is_a_failure() -> None:
    assert _end(APPROVED, error="States.Timeout").outcome is RestoreOutcome.FAILED


@pytest.mark.parametrize("state", [PENDING, APPROVED])
def test_what_was_signed_in_time_and_came_too_late_is_a_failure(state: DecisionState) -> None:
    end = _end(state, is_late=True)
    assert (end.outcome, end.reason) == (RestoreOutcome.FAILED, "it came too late: so it stands")
    with pytest.raises(ForeignExecutionError, match="no end"):
        _end(state, is_started=True, is_late=True)


@pytest.mark.parametrize(
    ("outcome", "faults", "settings", "said"),
    [
        ("restored", (), "different", "restored, with differences"),
        ("restored", ("a",), "different", "restored with faults, with differences"),
        ("restored", (), "failed", "restored, not compared"),
        ("restored", (), "skipped", "restored, compared in part"),
        ("restored", (), "done", "restored"),
        ("restored", (), "", "restored"),
        ("failed", (), "different", "failed"),
    ],
)
def test_a_restore_is_said_to_be_as_the_comparison_of_its_settings_came_out(
    outcome: str, faults: tuple[str, ...], settings: str, said: str
) -> None:
    assert said_outcome(outcome, faults=faults, settings=settings) == said
