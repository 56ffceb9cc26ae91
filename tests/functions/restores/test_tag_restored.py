"""The step that tags what was restored."""

from typing import Any

from strongroom.domain.restores.steps import Restored
from tests.builders.places import PAYMENTS
from tests.builders.restores import NOW, POINT, RESTORED
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]


class FakeRds:
    def __init__(self) -> None:
        self.tags: list[dict[str, str]] = []

    def add_tags_to_resource(self, **request: Any) -> None:
        self.tags.extend(request["Tags"])

    def list_tags_for_resource(self, **request: Any) -> dict[str, Any]:
        tags = {"Backup": "daily-prod", "aws:backup:source-resource": "x"} if request["ResourceName"] == POINT else {}
        return {"TagList": [{"Key": key, "Value": value} for key, value in tags.items()]}


def test_the_recovery_point_s_tags_are_put_on_what_was_created(functions: Functions) -> None:
    functions.add()
    functions.world.book.record(ID, Restored(created=RESTORED, at=NOW))
    rds = FakeRds()
    functions.clients.member[PAYMENTS, "rds"] = rds
    answer = load_handler("tag_restored")({"request_id": ID}, None)
    assert rds.tags == [{"Key": "Backup", "Value": "daily-prod"}]
    assert answer["keys"] == ("Backup",)
