"""The step that looks at the copy job."""

from strongroom.domain.restores.steps import Copied, CopyJobStarted
from tests.builders.restores import POINT
from tests.fakes.backup import FakeBackup, a_copy_job_answer
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


def test_the_copied_point_is_remembered(functions: Functions) -> None:
    functions.add()
    functions.world.book.record(ID, CopyJobStarted(job="copy-1"))
    functions.clients.own["backup"] = FakeBackup(copy_jobs=[a_copy_job_answer(DestinationRecoveryPointArn=POINT)])
    answer = load_handler("check_copy_back")({"request_id": ID}, None)
    assert (answer["state"], answer["made"]) == ("completed", POINT)
    copied = functions.world.book.recorded(ID, Copied)
    assert copied is not None
    assert copied.recovery_point == POINT
