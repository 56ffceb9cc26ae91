"""The step that judges: by today's intent, and by the evidence as it lies in its bucket."""

import pytest

from strongroom.domain.errors import ApprovalVoidError, NotFoundError
from strongroom.domain.evidence.object_keys import request_key
from strongroom.domain.proofs.statements import Decision
from tests.builders.restores import CENTRAL_POINT, a_wish
from tests.fakes.ceremony import Functions


def test_a_request_is_pending_until_somebody_has_signed_it(functions: Functions) -> None:
    request = functions.world.open()
    assert functions.step("judge_approval", request) == {
        "request_id": request,
        "state": "pending",
        "plan": "local",
        "reason": "still needed: approvers",
    }
    functions.world.sign(request, "maria")
    assert functions.step("judge_approval", request)["state"] == "approved"


def test_the_machine_is_told_the_way_back(functions: Functions) -> None:
    request = functions.world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    assert functions.step("judge_approval", request)["plan"] == "copy-back"


@pytest.mark.parametrize(
    ("person", "decision", "state"),
    [("sana", Decision.DENY, "denied"), ("omar", Decision.CANCEL, "cancelled")],
    ids=["somebody denies", "its requester takes it back"],
)
def test_what_was_stopped_after_its_approval_is_not_approved(
    person: str, decision: Decision, state: str, functions: Functions
) -> None:
    request = functions.world.come_to_approval()
    functions.world.sign(request, person, decision)
    assert functions.step("judge_approval", request)["state"] == state


def test_a_request_that_nobody_approved_in_time_has_expired(functions: Functions) -> None:
    request = functions.world.open()
    functions.world.later(hours=5)
    assert functions.step("judge_approval", request)["state"] == "expired"


def test_it_needs_no_table_and_no_secret(functions: Functions) -> None:
    """It writes nowhere and knows nobody: whatever it answers comes from the bucket."""
    request = functions.world.come_to_approval()
    functions.clients.made.clear()
    functions.step("judge_approval", request)
    assert functions.clients.made == ["s3"]


def test_evidence_that_was_tampered_with_is_void(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    functions.world.shelf.tampered.add(request_key(request))
    with pytest.raises(ApprovalVoidError, match="tampered"):
        functions.step("judge_approval", request)


def test_an_unknown_request_is_not_found(functions: Functions) -> None:
    with pytest.raises(NotFoundError):
        functions.step("judge_approval", "r-bbbbbbbbbbbb")
