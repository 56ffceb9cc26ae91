"""The step that looks at the restore job."""

from strongroom.domain.restores.steps import RestoreJobStarted
from tests.builders.places import PAYMENTS
from tests.builders.restores import RESTORED, a_request
from tests.fakes.backup import FakeBackup, a_restore_job_answer
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def test_a_restore_as_approved_is_completed(functions: Functions) -> None:
    functions.add()
    functions.world.book.record(ID, RestoreJobStarted(job="restore-1"))
    functions.clients.member[PAYMENTS, "backup"] = FakeBackup(
        restore_jobs=[a_restore_job_answer(Metadata=dict(a_request().metadata))]
    )
    answer = load_handler("check_restore")({"request_id": ID}, None)
    assert (answer["state"], answer["made"]) == ("completed", RESTORED)
    role = "arn:aws:iam::222222222222:role/strongroom/strongroom-inspection"
    assert functions.clients.own["sts"].assumed == [role]
