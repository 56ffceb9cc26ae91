"""The step that looks at the restore job."""

from typing import Any

from strongroom.domain.restores.steps import RestoreJobStarted
from tests.builders.restores import RESTORED, a_request
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


class FakeBackup:
    def describe_restore_job(self, **request: Any) -> dict[str, Any]:
        return {"Status": "COMPLETED", "CreatedResourceArn": RESTORED}

    def get_restore_job_metadata(self, **request: Any) -> dict[str, Any]:
        return {"Metadata": dict(a_request().metadata)}


def test_a_restore_as_approved_is_completed(functions: Functions) -> None:
    functions.add()
    functions.world.book.record(ID, RestoreJobStarted(job="restore-1"))
    functions.clients.member["222222222222", "backup"] = FakeBackup()
    answer = load_handler("check_restore")({"request_id": ID}, None)
    assert (answer["state"], answer["made"]) == ("completed", RESTORED)
    role = "arn:aws:iam::222222222222:role/strongroom/strongroom-inspection"
    assert functions.clients.own["sts"].assumed == [role]
