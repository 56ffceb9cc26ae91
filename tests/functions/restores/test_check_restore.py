"""The step that looks at the restore job."""

import pytest

from strongroom.domain.errors import ApprovalVoidError, RestoreFailedError
from strongroom.domain.evidence.entries import EntryKind
from tests.builders.restores import POINT, RESTORED, ROLE
from tests.fakes.ceremony import Functions


def _restoring(functions: Functions) -> str:
    request = functions.world.come_to_approval()
    functions.step("start_restore", request)
    return request


def test_a_restore_as_approved_is_completed_and_written_down(functions: Functions) -> None:
    request = _restoring(functions)
    answer = functions.step("check_restore", request)
    assert (answer["state"], answer["made"]) == ("completed", RESTORED)
    restored = functions.world.kept(request).last(EntryKind.RESTORED)
    assert restored is not None
    job = restored["job"]
    assert (restored["created"], job["RecoveryPointArn"], job["IamRoleArn"]) == (RESTORED, POINT, ROLE)


def test_it_looks_under_the_role_that_changes_nothing(functions: Functions) -> None:
    request = _restoring(functions)
    functions.clients.own["sts"].assumed.clear()
    functions.step("check_restore", request)
    assert set(functions.clients.own["sts"].assumed) <= {
        "arn:aws:iam::222222222222:role/strongroom/strongroom-inspection"
    }


def test_a_restore_that_runs_is_waited_for(functions: Functions) -> None:
    request = _restoring(functions)
    functions.member.state = "RUNNING"
    assert functions.step("check_restore", request)["state"] == "running"
    assert not functions.world.kept(request).has(EntryKind.RESTORED)


def test_a_restore_that_used_other_settings_ends_it_by_name(functions: Functions) -> None:
    request = _restoring(functions)
    functions.member.started[0]["Metadata"]["PubliclyAccessible"] = "true"
    with pytest.raises(RestoreFailedError, match="publiclyaccessible"):
        functions.step("check_restore", request)


def test_without_a_restore_there_is_nothing_to_look_at(functions: Functions) -> None:
    request = functions.world.come_to_approval()
    with pytest.raises(ApprovalVoidError, match="no restore"):
        functions.step("check_restore", request)
