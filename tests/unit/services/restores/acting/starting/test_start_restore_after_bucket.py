"""Whom a bucket calls and where it is replicated goes through every gate: letter by letter as it was approved."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from strongroom.domain.errors import ApprovalPendingError, ApprovalVoidError, RestoreRefusedError
from strongroom.domain.evidence.entries import EntryKind
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import RestoreLimits
from strongroom.domain.restores.asked.deciding import SettingFound
from strongroom.domain.restores.left_off.steps import AskedStep
from tests.builders.deciding.afterwards import (
    DOCS,
    FAR,
    NOTIFICATIONS,
    NOTIFIED,
    REPLICATED,
    REPLICATING,
    REPLICATION,
    RESTORED_BUCKET,
    UPLOADS,
    an_after_wish,
)
from tests.builders.intents import with_restores
from tests.builders.places import PAYMENTS
from tests.fakes.restores.tables import BucketWorld

STRANGER = "123123123123"
TO_A_STRANGER = {name: text.replace(PAYMENTS, STRANGER) for name, text in NOTIFIED.items()}
NOTIFY, REPLICATE = AskedStep.NOTIFICATIONS, AskedStep.REPLICATION


@pytest.fixture
def world(intent: Intent) -> BucketWorld:
    """A bucket was backed up that calls a queue and is replicated."""
    return BucketWorld(intent)


def test_notifications_are_set_as_the_original_has_them_and_approvers_read_who_is_called(world: BucketWorld) -> None:
    request = world.carried_out_after(world.restored_bucket(), step=NOTIFY)
    [set_] = world.settings.calls
    assert (set_.call, set_.resource, dict(set_.metadata)) == (NOTIFICATIONS, RESTORED_BUCKET, NOTIFIED)
    assert set_.risks == ()
    assert (
        set_.risk_sentences[0]
        == f"S3 sends a message to the queue {UPLOADS} at each s3:ObjectCreated:* of every object."
    )
    closed = world.kept(request).last(EntryKind.CLOSED) or {}
    assert closed["reason"] == f"notifications of {RESTORED_BUCKET} set as approved"


def test_what_is_called_already_is_not_asked_for_though_backups_have_it_tell_eventbridge(world: BucketWorld) -> None:
    there = json.loads(NOTIFIED["NotificationConfiguration"]) | {"EventBridgeConfiguration": {}}
    parameters = (("NotificationConfiguration", json.dumps(there)),)
    world.settings.known[RESTORED_BUCKET, NOTIFICATIONS] = SettingFound(parameters=parameters)
    with pytest.raises(RestoreRefusedError, match="is so already"):
        world.open_after(world.restored_bucket(), an_after_wish(step=NOTIFY))


def test_replication_is_the_stricter_rule_s_and_names_the_role_and_the_bucket(world: BucketWorld) -> None:
    request = world.approved_after(world.restored_bucket(), step=REPLICATE)
    with pytest.raises(ApprovalPendingError):
        world.start(request)
    world.sign(request, "sana")
    world.start(request)
    [set_] = world.settings.calls
    assert (set_.call, dict(set_.metadata), set_.risks, set_.original) == (REPLICATION, REPLICATED, ("elevated",), FAR)
    assert any(REPLICATING in sentence for sentence in set_.risk_sentences)


def test_attack_20_a_stranger_is_called_only_by_the_stricter_rule(world: BucketWorld) -> None:
    request = world.approved_after(world.restored_bucket(), step=NOTIFY, parameters=TO_A_STRANGER)
    with pytest.raises(ApprovalPendingError):
        world.start(request)
    assert world.settings.calls == []
    world.sign(request, "sana")
    world.start(request)
    [set_] = world.settings.calls
    assert set_.risks == ("elevated", "as-written")
    assert f"This queue belongs to account {STRANGER}" in set_.risk_sentences[1]


def test_attack_20_an_original_that_calls_somebody_else_by_now_is_asked_for_anew(world: BucketWorld) -> None:
    request = world.approved_after(world.restored_bucket(), step=NOTIFY)
    world.settings.known[DOCS, NOTIFICATIONS] = SettingFound(parameters=tuple(TO_A_STRANGER.items()))
    with pytest.raises(ApprovalVoidError, match="has another setting by now than the one that was approved"):
        world.start(request)
    assert world.settings.calls == []


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [
        pytest.param(
            lambda world: world.settings.known.update(
                {(RESTORED_BUCKET, REPLICATION): SettingFound(facts=(("shop-docs-far lies in", "ap-south-1"),))}
            ),
            "it is not as approvers were told: shop-docs-far lies in ap-south-1",
            id="the bucket lies elsewhere",
        ),
        pytest.param(
            lambda world: world.settings.known.update(
                {(RESTORED_BUCKET, REPLICATION): SettingFound(facts=FAR, obstacle="it is a stranger's")}
            ),
            "it is a stranger's",
            id="the bucket is a stranger's",
        ),
        pytest.param(
            lambda world: setattr(world, "intent", with_restores(world.intent, limits=RestoreLimits())),
            f"{REPLICATING} is no role that a profile lends",
            id="the role is lent no more",
        ),
        pytest.param(
            lambda world: world.settings.known.update(
                {
                    (DOCS, REPLICATION): SettingFound(
                        parameters=(
                            ("ReplicationConfiguration", REPLICATED["ReplicationConfiguration"].replace("far", "mine")),
                        )
                    )
                }
            ),
            "has another setting by now than the one that was approved",
            id="the original is replicated elsewhere",
        ),
    ],
)
def test_attack_20_nothing_is_replicated_that_is_not_as_it_was_approved(
    world: BucketWorld, meanwhile: Callable[[BucketWorld], Any], why: str
) -> None:
    request = world.approved_by_two(world.restored_bucket(), step=REPLICATE)
    meanwhile(world)
    with pytest.raises(ApprovalVoidError, match=why):
        world.start(request)
    assert world.settings.calls == []


def test_where_no_profile_lends_the_role_nobody_asks_for_it(intent: Intent) -> None:
    world = BucketWorld(intent, lends=False)
    of = world.restored_bucket()
    with pytest.raises(RestoreRefusedError, match="is no role that a profile lends"):
        world.open_after(of, an_after_wish(step=REPLICATE))


def test_what_backups_switched_on_meanwhile_is_added_to_and_never_lost(world: BucketWorld) -> None:
    bridge: dict[str, Any] = {"EventBridgeConfiguration": {}}
    of = world.restored_bucket()
    world.settings.known[RESTORED_BUCKET, NOTIFICATIONS] = SettingFound(
        parameters=(("NotificationConfiguration", json.dumps(bridge, separators=(",", ":"))),)
    )
    with pytest.raises(RestoreRefusedError, match="has another setting by now"):
        world.open_after(of, an_after_wish(step=NOTIFY))
    both = json.dumps(bridge | json.loads(NOTIFIED["NotificationConfiguration"]))
    world.carried_out_after(of, step=NOTIFY, parameters={"NotificationConfiguration": both})
    assert len(world.settings.calls) == 1
