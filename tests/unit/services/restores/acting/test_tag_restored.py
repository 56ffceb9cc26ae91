"""What was restored gets the tags of its recovery point."""

import pytest

from strongroom.domain.errors import ApprovalVoidError, ForeignExecutionError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.services.restores.acting.tag_restored import RestoredTagged, tag_restored
from tests.builders.restores import POINT, RESTORED
from tests.fakes.restores import CeremonyWorld


def _tag(world: CeremonyWorld, request: str, *, execution: str = "") -> RestoredTagged:
    execution = execution or world.execution(request)
    return tag_restored(request, execution=execution, needs=world.tagging, now=world.now)


def _restored(world: CeremonyWorld) -> str:
    request = world.come_to_restore()
    world.restores.states = ["COMPLETED"]
    check_restore(request, execution=world.execution(request), needs=world.checking_restore, now=world.now)
    return request


def test_the_tags_of_the_point_are_put_on_what_was_made(world: CeremonyWorld) -> None:
    request = _restored(world)
    tagged = _tag(world, request)
    assert (tagged.keys, tagged.reason) == (("Backup", "team"), "carries Backup, team")
    assert world.tagged == [(RESTORED, {"Backup": "daily-prod", "team": "payments"})]
    assert world.points.asked == [POINT]
    assert world.kinds(request)[-1] == "tagged"
    assert world.kept(request).last(EntryKind.TAGGED) == {"resource": RESTORED, "keys": ["Backup", "team"]}


def test_it_is_written_down_once(world: CeremonyWorld) -> None:
    request = _restored(world)
    _tag(world, request)
    _tag(world, request)
    assert world.kinds(request).count("tagged") == 1


def test_a_point_without_tags_tags_nothing(world: CeremonyWorld) -> None:
    request = _restored(world)
    world.points.kept_tags = {}
    assert _tag(world, request).reason == "the recovery point has no tags"
    assert world.tagged == []


def test_nothing_is_tagged_before_it_is_restored(world: CeremonyWorld) -> None:
    request = world.come_to_restore()
    with pytest.raises(ApprovalVoidError, match=r"^nothing was restored for this request yet$"):
        _tag(world, request)


def test_another_execution_is_turned_away(world: CeremonyWorld) -> None:
    request = _restored(world)
    with pytest.raises(ForeignExecutionError):
        _tag(world, request, execution="arn:other:by-hand")
