"""The step that looks at the copy job."""

import pytest

from strongroom.domain.errors import ApprovalVoidError, CopyBackFailedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.proofs.statements import Decision
from tests.builders.restores import CENTRAL_POINT, COPIED_POINT, a_wish
from tests.fakes.ceremony import Functions


def _copying(functions: Functions) -> str:
    request = functions.world.come_to_approval(a_wish(recovery_point=CENTRAL_POINT))
    functions.step("start_copy_back", request)
    return request


def test_the_copied_point_is_written_down(functions: Functions) -> None:
    request = _copying(functions)
    answer = functions.step("check_copy_back", request)
    assert (answer["state"], answer["made"]) == ("completed", COPIED_POINT)
    assert functions.world.kept(request).last(EntryKind.COPIED_BACK) == {
        "job": "started-1",
        "recovery_point": COPIED_POINT,
    }


def test_a_copy_that_runs_is_waited_for(functions: Functions) -> None:
    request = _copying(functions)
    functions.central.state = "RUNNING"
    assert functions.step("check_copy_back", request)["state"] == "running"
    assert not functions.world.kept(request).has(EntryKind.COPIED_BACK)


def test_a_copy_that_failed_ends_it_by_name(functions: Functions) -> None:
    request = _copying(functions)
    functions.central.state = "FAILED"
    with pytest.raises(CopyBackFailedError):
        functions.step("check_copy_back", request)


def test_whoever_denies_while_the_copy_runs_ends_it(functions: Functions) -> None:
    request = _copying(functions)
    functions.world.sign(request, "sana", Decision.DENY)
    with pytest.raises(ApprovalVoidError, match="denied"):
        functions.step("check_copy_back", request)
