"""Whose the key is that something lies under: asked after the tag is there, and where nobody says, that is said."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import (
    AccessRefusedError,
    CallRefusedError,
    NotFoundError,
    ResourceNotReadyError,
    StrongroomError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.key_managers import KeyManager
from strongroom.domain.tags.verdicts import TagState
from tests.unit.services.tags.drifting import states_of, take_off, untagged
from tests.unit.services.tags.inventoried import DAILY, Inventoried, database
from tests.unit.services.tags.world import (
    INSTANCE,
    ORDERS,
    OTHER_VOLUME,
    VOLUME,
    World,
    made_volume,
    started,
    states,
)

ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY, OTHER = (f"arn:aws:kms:eu-west-1:222222222222:key/{name}" for name in (ID, f"{ID[:-1]}c"))
FSX = "arn:aws:fsx:eu-west-1:222222222222:file-system/fs-0123456789abcdef0"
CLUSTER = "arn:aws:rds:eu-west-1:222222222222:cluster:orders"
UNDER = {"dBInstanceIdentifier": "orders", "kmsKeyId": ID}
# The call, its request, its answer, and what it makes.
MADE: dict[str, tuple[str, dict[str, Any], dict[str, Any] | None, str]] = {
    "database, by the answer": (
        "rds:CreateDBInstance", {"kmsKeyId": "x"}, {"dBInstanceArn": ORDERS, "kmsKeyId": KEY}, ORDERS,
    ),
    "database, by an answer that is nested": (
        "rds:CreateDBInstance", {}, {"dBInstance": {"dBInstanceArn": ORDERS, "kmsKeyId": KEY}}, ORDERS,
    ),
    "database, by the ARN in the request": (
        "rds:CreateDBInstance", {"dBInstanceIdentifier": "orders", "kmsKeyId": KEY}, None, ORDERS,
    ),
    "restored database": (
        "rds:RestoreDBInstanceFromDBSnapshot", {}, {"dBInstanceArn": ORDERS, "kmsKeyId": KEY}, ORDERS,
    ),
    "Aurora cluster": (
        "rds:CreateDBCluster", {"engine": "aurora-mysql"}, {"dBClusterArn": CLUSTER, "kmsKeyId": KEY}, CLUSTER,
    ),
    "DocumentDB cluster": (
        "rds:CreateDBCluster", {"engine": "docdb"}, {"dBClusterArn": CLUSTER, "kmsKeyId": KEY}, CLUSTER,
    ),
    "Neptune cluster": (
        "rds:RestoreDBClusterFromSnapshot", {"engine": "neptune"}, {"dBClusterArn": CLUSTER, "kmsKeyId": KEY}, CLUSTER,
    ),
    "file system of FSx": ("fsx:CreateFileSystem", {}, {"fileSystem": {"resourceARN": FSX, "kmsKeyId": KEY}}, FSX),
}  # fmt: skip


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def make(world: World, made: str) -> list[TagState]:
    call, request, response, arn = MADE[made]
    world.tags.tags.setdefault(arn, {})
    service, name = call.split(":")
    return world.enforce(source=f"{service}.amazonaws.com", name=name, request=request, response=response)


@pytest.mark.parametrize("made", MADE)
def test_what_lies_under_a_key_of_aws_is_said_when_it_is_made(made: str, world: World) -> None:
    world.keys.managers[KEY] = KeyManager.AWS
    assert make(world, made) == [TagState.CANNOT]
    assert world.keys.asked == [KEY]
    [(arn, written, _)] = world.tags.written
    assert (arn, written) == (MADE[made][3], DAILY)
    item = world.item(arn)
    assert (item["tag_state"], item["tier"]) == ("CANNOT", "daily-prod")
    assert "copied to no other account (what would lift it: a key of yours)" in item["tag_reason"]


@pytest.mark.parametrize("made", MADE)
def test_what_lies_under_a_key_of_its_own_is_tagged_without_more(made: str, world: World) -> None:
    world.keys.managers[KEY] = KeyManager.CUSTOMER
    assert make(world, made) == [TagState.TAGGED]
    assert "key" not in world.item(MADE[made][3])["tag_reason"]


@pytest.mark.parametrize("error", [AccessRefusedError, CallRefusedError, NotFoundError, TemporarilyUnavailableError])
@pytest.mark.parametrize("made", MADE)
def test_where_nobody_says_whose_the_key_is_the_tag_is_there_and_that_is_said(
    made: str, error: type[StrongroomError], world: World
) -> None:
    world.keys.managers[KEY] = error("KMS says no")
    assert make(world, made) == [TagState.TAGGED]
    assert len(world.tags.written) == 1
    item = world.item(MADE[made][3])
    assert item["key_untold"] is True
    assert f"whether AWS manages the key {KEY} is not known (KMS says no)" in item["tag_reason"]


@pytest.mark.parametrize("key", ["alias/orders", "arn:aws:kms:eu-west-1:333333333333:key/" + ID, "HIDDEN", "****", ""])
def test_kms_is_asked_for_nothing_that_a_name_tells_or_that_names_no_key(key: str, world: World) -> None:
    assert world.enforce(request={"dBInstanceIdentifier": "orders", "kmsKeyId": key}, response=None) == [
        TagState.TAGGED
    ]
    assert world.keys.asked == []
    assert ("is not known" in world.item()["tag_reason"]) == (key in {"HIDDEN", "****"})


def test_the_alias_of_a_request_spares_the_question_that_the_answer_would_need(world: World) -> None:
    request = {"dBInstanceIdentifier": "orders", "kmsKeyId": "alias/orders"}
    assert world.enforce(request=request, response={"dBInstanceArn": ORDERS, "kmsKeyId": KEY}) == [TagState.TAGGED]
    request["kmsKeyId"] = "alias/aws/rds"
    answer = {"dBInstanceArn": ORDERS, "kmsKeyId": KEY}
    assert world.enforce(event_id="e-2", request=request, response=answer) == [TagState.CANNOT]
    assert world.keys.asked == []
    assert world.item()["tag_reason"].count("copied to no other account") == 1


def test_a_replica_of_a_cluster_lies_under_the_key_of_its_source_and_not_under_the_default(world: World) -> None:
    world.tags.tags[CLUSTER] = {}
    world.keys.managers[KEY] = KeyManager.CUSTOMER
    request = {"engine": "aurora-mysql", "storageEncrypted": True, "replicationSourceIdentifier": "shop"}
    answer = {"dBClusterArn": CLUSTER, "kmsKeyId": KEY}
    assert world.enforce(name="CreateDBCluster", request=request, response=answer) == [TagState.TAGGED]


def test_what_waits_is_asked_about_when_it_has_its_tag(world: World) -> None:
    world.keys.managers[KEY] = KeyManager.AWS
    world.tags.failing[ORDERS] = ResourceNotReadyError("creating")
    assert world.enforce(request=UNDER, response={"dBInstanceArn": ORDERS, "kmsKeyId": KEY}) == [TagState.WAITING]
    assert world.keys.asked == []
    world.tags.failing.clear()
    assert world.revisit(after=timedelta(seconds=20)) == [TagState.CANNOT]
    assert world.keys.asked == [KEY]


def test_volumes_and_instances_show_their_keys_when_they_are_looked_at(world: World) -> None:
    world.tags.tags |= {INSTANCE: {}, VOLUME: {}, OTHER_VOLUME: {}}
    world.tags.keys = {INSTANCE: (OTHER, KEY), VOLUME: (KEY,), OTHER_VOLUME: (OTHER,)}
    world.keys.managers = {KEY: KeyManager.AWS, OTHER: KeyManager.CUSTOMER}
    answers = world.enforce_all(started(), made_volume(1), made_volume(2))
    assert states(answers) == [[TagState.CANNOT], [TagState.CANNOT], [TagState.TAGGED]]


def test_of_several_keys_one_of_aws_counts_although_nobody_tells_of_another(world: World) -> None:
    world.tags.tags[INSTANCE] = {}
    world.tags.keys[INSTANCE] = (OTHER, KEY)
    world.keys.managers[KEY] = KeyManager.AWS
    assert states(world.enforce_all(started())) == [[TagState.CANNOT]]


def test_what_gets_no_tier_costs_no_question(intent: Intent) -> None:
    targets = tuple(replace(target, mode="observe") for target in intent.targets)
    world = World(replace(intent, targets=targets))
    world.keys.managers[KEY] = KeyManager.AWS
    assert make(world, "database, by the answer") == [TagState.TAG]
    assert world.keys.asked == []


def test_a_later_event_that_names_the_key_again_settles_what_was_open(world: World) -> None:
    answer = {"dBInstanceArn": ORDERS, "kmsKeyId": KEY}
    world.enforce(request=UNDER, response=answer)
    assert world.item()["key_untold"] is True
    world.keys.managers[KEY] = KeyManager.CUSTOMER
    assert world.enforce(event_id="e-2", request=UNDER, response=answer) == [TagState.COMPLIANT]
    assert "key_untold" not in world.item()


@pytest.mark.parametrize("manager", [KeyManager.AWS, AccessRefusedError("no")], ids=["limited", "open"])
def test_drift_forgets_neither_the_limit_nor_that_it_is_open(
    manager: KeyManager | StrongroomError, world: World
) -> None:
    world.keys.managers[KEY] = manager
    [before] = make(world, "database, by the answer")
    was_open = "key_untold" in world.item()
    take_off(world)
    [after] = states_of(world, untagged())
    assert (before, after) in {(TagState.CANNOT, TagState.CANNOT), (TagState.TAGGED, TagState.TAGGED)}
    assert ("key_untold" in world.item(), world.keys.asked) == (was_open, [KEY])


@pytest.fixture
def estate(world: World) -> Inventoried:
    return Inventoried(world)


def test_an_inventory_asks_for_the_key_of_what_is_new_and_never_again(estate: Inventoried) -> None:
    estate.world.keys.managers[KEY] = KeyManager.AWS
    estate.has(database("orders", KmsKeyId=KEY), database("bills", KmsKeyId=OTHER), tags=DAILY)
    estate.world.keys.managers[OTHER] = KeyManager.CUSTOMER
    estate.begin()
    assert estate.take().states == {"CANNOT": 1, "COMPLIANT": 1}
    assert (estate.world.keys.asked, estate.world.tags.visits) == ([KEY, OTHER], [])
    estate.begin(after=timedelta(days=1))
    taken = estate.take()
    assert (taken.states, taken.found) == ({"CANNOT": 1, "COMPLIANT": 1}, {})
    assert estate.world.keys.asked == [KEY, OTHER]


def test_an_inventory_asks_again_for_what_nobody_said_and_says_nothing_until_somebody_does(estate: Inventoried) -> None:
    estate.has(database("orders", KmsKeyId=KEY), tags=DAILY)
    estate.begin()
    assert estate.take().states == {"COMPLIANT": 1}
    facts = len(estate.world.alerts.facts)
    for _ in range(2):
        estate.begin(after=timedelta(days=1))
        assert (estate.take().found, estate.world.item()["key_untold"]) == ({}, True)
    said = [fact for fact in estate.world.alerts.facts[facts:] if fact.resource == ORDERS]
    assert (len(estate.world.keys.asked), said) == (3, [])
    estate.world.keys.managers[KEY] = KeyManager.AWS
    estate.begin(after=timedelta(days=1))
    assert (estate.take().states, estate.world.item()["tag_state"]) == ({"CANNOT": 1}, "CANNOT")
    assert "key_untold" not in estate.world.item()
