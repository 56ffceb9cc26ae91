"""The step that looks at the copy job."""

from typing import Any

from strongroom.domain.restores.steps import Copied, CopyJobStarted
from tests.builders.restores import POINT
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


class FakeBackup:
    def __init__(self) -> None:
        self.calls: list[str] = []

    def start_copy_job(self, **request: Any) -> dict[str, Any]:
        self.calls.append(request["RecoveryPointArn"])
        return {"CopyJobId": "copy-1"}

    def describe_copy_job(self, **request: Any) -> dict[str, Any]:
        return {"CopyJob": {"State": "COMPLETED", "DestinationRecoveryPointArn": POINT}}


def test_the_copied_point_is_remembered(functions: Functions) -> None:
    functions.add()
    functions.world.book.record(ID, CopyJobStarted(job="copy-1"))
    functions.clients.own["backup"] = FakeBackup()
    answer = load_handler("check_copy_back")({"request_id": ID}, None)
    assert (answer["state"], answer["made"]) == ("completed", POINT)
    copied = functions.world.book.recorded(ID, Copied)
    assert copied is not None
    assert copied.recovery_point == POINT
