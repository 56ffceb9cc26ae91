"""A visit to resources of one service: what is in the way of one keeps none of the others from its end."""

from copy import replace
from datetime import timedelta

import pytest

from strongroom.domain.calls import Heard
from strongroom.domain.errors import (
    CallRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.verdicts import TagState
from tests.unit.services.tags.world import (
    CREATED,
    NOW,
    ORDERS,
    OTHER_VOLUME,
    TABLE,
    VOLUME,
    World,
    a_table,
    made_volume,
    states,
)


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_one_that_cannot_be_seen_keeps_none_of_the_others_from_its_end(world: World) -> None:
    world.tags.tags |= {VOLUME: {}, OTHER_VOLUME: {}}
    world.tags.failing = {VOLUME: CallRefusedError("no such thing"), ORDERS: TemporarilyUnavailableError("busy")}
    answers = world.enforce_all(made_volume(1), made_volume(2), Heard(subject=CREATED))
    assert states(answers) == [[TagState.WAITING], [TagState.TAGGED], [TagState.WAITING]]
    assert world.paces.slowed == ["rds"]
    world.tags.failing.clear()
    assert world.revisit(after=timedelta(seconds=20)) == [TagState.TAGGED, TagState.TAGGED]


def test_without_leave_to_write_it_waits_until_there_is_some(world: World) -> None:
    world.paces.later["rds"] = NOW + timedelta(seconds=7)
    assert world.enforce() == [TagState.WAITING]
    assert world.tags.written == []
    assert world.item()["due_at"] == "2026-09-01T10:00:07.000000Z"
    world.paces.later.clear()
    assert world.revisit(after=timedelta(seconds=7)) == [TagState.TAGGED]


def test_a_table_shows_what_was_written_seconds_later_and_is_believed_then(world: World) -> None:
    world.tags.tags[TABLE] = {"Backup": "weekly"}
    assert states(world.enforce_all(a_table())) == [[TagState.WAITING]]
    assert ("shown", TABLE) not in world.tags.visits
    assert (world.item(TABLE)["tag_state"], world.alerts.facts) == ("WAITING", [])
    assert world.revisit(after=timedelta(seconds=4)) == []
    assert world.revisit(after=timedelta(seconds=1)) == [TagState.CORRECTED]
    (fact,) = world.alerts.of(TagEnforced)
    assert (fact.state, fact.tier, fact.previous) == ("CORRECTED", "daily-prod", "weekly")
    assert (world.item(TABLE)["due_bucket"], world.expected(TABLE)) == ("tag-written", [(TABLE, "daily-prod")])
    assert len(world.tags.written) == 1


def test_what_was_written_and_does_not_show_is_written_again(world: World) -> None:
    world.tags.tags[TABLE] = {}
    world.tags.slow.add(TABLE)
    world.enforce_all(a_table())
    world.tags.slow.clear()
    assert world.revisit(after=timedelta(seconds=5)) == [TagState.WAITING]
    assert world.revisit(after=timedelta(seconds=5)) == [TagState.TAGGED]
    assert len(world.tags.written) == 2


def test_what_its_service_says_of_backups_is_part_of_the_verdict(world: World) -> None:
    bucket = "arn:aws:s3:::orders"
    world.tags.tags[bucket] = {}
    world.tags.answers[bucket] = {"GetBucketVersioning": {}}
    made = replace(CREATED, source="s3.amazonaws.com", name="CreateBucket", request={"bucketName": "orders"})
    assert world.enforce(made, response=None) == [TagState.CANNOT]
    assert world.tags.tags[bucket] == {"Backup": "daily-prod"}
    assert world.expected(bucket) == []
    (alert,) = world.alerts.told
    assert "what would lift it: versioning" in alert.reason
