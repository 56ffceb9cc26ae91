"""What was restored gets the tags of its recovery point, so that it is protected again."""

import pytest

from strongroom.domain.errors import ApprovalVoidError
from strongroom.domain.restores.steps import Copied, Restored
from strongroom.services.restores.acting.tag_restored import RestoredTagged, tag_restored
from tests.builders.restores import NOW, POINT, RESTORED
from tests.fakes.restores import World
from tests.unit.services.restores.acts import ID, STREAM


def _tag(world: World) -> RestoredTagged:
    return tag_restored(ID, needs=world.tagging, now=world.now)


def test_what_was_created_gets_the_recovery_point_s_tags(world: World) -> None:
    world.book.record(ID, Restored(created=RESTORED, at=NOW))
    tagged = _tag(world)
    assert world.tags.added == {RESTORED: {"Backup": "daily-prod", "team": "payments"}}
    assert (tagged.resource, tagged.keys, tagged.reason) == (RESTORED, ("Backup", "team"), "carries Backup, team")
    entry = world.log.entries(STREAM)[-1]
    assert (entry.kind, entry.facts) == ("tagged", {"resource": RESTORED, "keys": "Backup, team"})


def test_a_recovery_point_without_tags_gives_none_and_that_is_said(world: World) -> None:
    world.book.record(ID, Restored(created=RESTORED, at=NOW))
    world.points.kept_tags.clear()
    tagged = _tag(world)
    assert world.tags.added == {}
    assert (tagged.keys, tagged.reason) == ((), "the recovery point has no tags")
    assert world.kinds(ID)[-1] == "tagged"


def test_tags_of_what_was_copied_back_are_read_of_the_copy(copying: World) -> None:
    copying.book.record(ID, Copied(recovery_point=POINT, at=NOW))
    copying.book.record(ID, Restored(created=RESTORED, at=NOW))
    _tag(copying)
    assert copying.points.asked == [POINT]


def test_before_anything_was_restored_nothing_is_tagged(world: World) -> None:
    with pytest.raises(ApprovalVoidError, match="nothing was restored"):
        _tag(world)
    assert (world.tags.added, world.kinds(ID)) == ({}, ["requested"])
