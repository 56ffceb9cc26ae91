"""The step that tags what was restored."""

from typing import Any

from strongroom.domain.restores.steps import Restored
from tests.builders.restores import NOW, RESTORED, a_request
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


class FakeBackup:
    def __init__(self) -> None:
        self.calls: list[str] = []

    def start_restore_job(self, **request: Any) -> dict[str, Any]:
        self.calls.append(request["RecoveryPointArn"])
        return {"RestoreJobId": "restore-1"}

    def describe_restore_job(self, **request: Any) -> dict[str, Any]:
        return {"Status": "COMPLETED", "CreatedResourceArn": RESTORED}

    def get_restore_job_metadata(self, **request: Any) -> dict[str, Any]:
        return {"Metadata": dict(a_request().metadata)}

    def list_tags(self, **request: Any) -> dict[str, Any]:
        return {"Tags": {"Backup": "daily-prod", "aws:x": "y"}}


class FakeRds:
    def __init__(self) -> None:
        self.tags: list[dict[str, str]] = []

    def add_tags_to_resource(self, **request: Any) -> None:
        self.tags.extend(request["Tags"])


def test_the_recovery_point_s_tags_are_put_on_what_was_created(functions: Functions) -> None:
    functions.add()
    functions.world.book.record(ID, Restored(created=RESTORED, at=NOW))
    rds = FakeRds()
    functions.clients.member |= {("222222222222", "backup"): FakeBackup(), ("222222222222", "rds"): rds}
    answer = load_handler("tag_restored")({"request_id": ID}, None)
    assert rds.tags == [{"Key": "Backup", "Value": "daily-prod"}]
    assert answer["keys"] == ("Backup",)
