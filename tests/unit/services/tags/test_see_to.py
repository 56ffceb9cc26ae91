"""Seeing to many resources at once: grouped by account, Region and service, with what instances bring along."""

from copy import replace

import pytest

from strongroom.domain.calls import Heard
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.verdicts import TagState
from tests.unit.services.tags.world import (
    CREATED,
    INSTANCE,
    ORDERS,
    OTHER_VOLUME,
    VOLUME,
    World,
    made_volume,
    started,
    states,
)


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_what_is_at_one_service_is_read_written_and_read_back_together(world: World) -> None:
    world.tags.tags |= {INSTANCE: {}, VOLUME: {}, OTHER_VOLUME: {"Backup": "daily-prod"}}
    answers = world.enforce_all(started(), made_volume(1), made_volume(2), Heard(subject=CREATED))
    assert states(answers) == [[TagState.TAGGED], [TagState.TAGGED], [TagState.COMPLIANT], [TagState.TAGGED]]
    assert world.tags.visits == [
        ("look", INSTANCE, VOLUME, OTHER_VOLUME),
        ("put", INSTANCE, VOLUME),
        ("shown", INSTANCE, VOLUME),
        *((visit, ORDERS) for visit in ("look", "put", "shown")),
    ]


def test_what_another_account_or_region_has_is_another_visit(world: World) -> None:
    regions = (*world.intent.organization.regions, Region("eu-central-1"))
    world.intent = replace(world.intent, organization=replace(world.intent.organization, governed_regions=regions))
    elsewhere = VOLUME.replace("eu-west-1", "eu-central-1")
    world.tags.tags |= {VOLUME: {}, elsewhere: {}}
    there = Heard(subject=replace(made_volume(1).subject, region=Region("eu-central-1"), event_id="e-9"))
    world.enforce_all(made_volume(1), there)
    assert [visit for visit in world.tags.visits if visit[0] == "look"] == [("look", VOLUME), ("look", elsewhere)]


def test_an_attached_volume_is_covered_and_one_that_shall_have_a_tier_comes_along_with_its_instance(
    world: World,
) -> None:
    world.tags.tags |= {INSTANCE: {}, VOLUME: {}}
    world.tags.volumes[INSTANCE] = (VOLUME,)
    world.tags.attached[VOLUME] = "i-1"
    assert states(world.enforce_all(made_volume(1))) == [[TagState.COVERED]]
    assert states(world.enforce_all(started())) == [[TagState.TAGGED]]
    assert world.tags.tags[VOLUME] == {}
    (target, *others) = world.intent.targets
    world.intent = replace(world.intent, targets=(replace(target, attached_volumes=True), *others))
    world.enforce_all(started("e-2"))
    assert world.tags.tags[VOLUME] == {"Backup": "daily-prod"}
    assert world.item(VOLUME)["tag_state"] == "TAGGED"
