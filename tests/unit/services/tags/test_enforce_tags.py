"""Enforcing tags: read from the service, one key written, read back, told."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.calls import Heard
from strongroom.domain.errors import (
    AccessRefusedError,
)
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Exemption, Intent, OptOut, Target
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.verdicts import TagState
from strongroom.domain.tags.waiting import NOT_SHOWN_FOR
from strongroom.services.tags.answering import EnforcementVerdict
from tests.builders.accounts import IN_PRODUCTION, IN_SANDBOX
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.tags.world import CREATED, FIRST, NOW, ORDERS, SECOND, Mode, World


def with_tags(intent: Intent, tier: str, tag: dict[str, str | tuple[str, ...]]) -> Intent:
    """The intent with a tier that is chosen by these tags."""
    return replace(intent, tiers={**intent.tiers, tier: replace(intent.tiers[tier], tag=tag)})


@pytest.fixture
def world(intent: Intent) -> World:
    return World(intent)


def test_an_untagged_resource_gets_the_default_tier_and_keeps_its_other_tags(world: World) -> None:
    assert world.enforce() == [TagState.TAGGED]
    assert world.tags.tags[ORDERS] == {"team": "payments", "Backup": "daily-prod"}
    assert world.tags.written == [(ORDERS, {"Backup": "daily-prod"}, "eu-west-1")]


def test_what_was_done_is_remembered_and_published_with_the_old_value(world: World) -> None:
    world.tags.tags[ORDERS] = {"Backup": "weekly"}
    assert world.enforce() == [TagState.CORRECTED]
    (fact,) = world.alerts.of(TagEnforced)
    assert (fact.resource, fact.state, fact.tier, fact.previous) == (ORDERS, "CORRECTED", "daily-prod", "weekly")
    assert (world.item()["tier"], world.item()["tag_state"]) == ("daily-prod", "CORRECTED")


def test_a_right_tag_is_left_alone_whatever_the_event_says(world: World) -> None:
    world.tags.tags[ORDERS] = {"Backup": "monthly-prod"}
    assert world.enforce(request={"tags": [{"key": "Backup", "value": "weekly"}]}) == [TagState.COMPLIANT]
    assert world.tags.written == []


def test_a_duplicate_event_has_no_second_effect(world: World) -> None:
    assert [world.enforce(), world.enforce()] == [[TagState.TAGGED], [TagState.IGNORED]]
    assert (len(world.tags.written), world.tags.visits.count(("look", ORDERS)), len(world.alerts.facts)) == (1, 1, 1)


def test_an_event_that_comes_again_because_nobody_could_deal_with_it_is_acted_on(world: World) -> None:
    world.enforce()
    [verdict] = world.enforce_all(Heard(subject=CREATED, is_again=True))
    assert isinstance(verdict, EnforcementVerdict)
    assert [each.state for each in verdict.verdicts] == [TagState.COMPLIANT]


def test_a_failed_call_does_nothing(world: World) -> None:
    assert world.enforce(error_code="AccessDenied", response=None) == [TagState.IGNORED]
    assert (world.tags.written, world.alerts.facts, world.item()) == ([], [], {})


def test_an_unknown_call_is_unreadable_and_alarms_nobody(world: World) -> None:
    assert world.enforce(source="glue.amazonaws.com", name="CreateTable") == [TagState.UNREADABLE]
    assert world.alerts.told == []


def test_a_call_that_does_not_say_what_it_created_is_told_to_people(world: World) -> None:
    states = world.enforce(source="ec2.amazonaws.com", name="CreateVolume", response=None)
    assert states == [TagState.UNREADABLE]
    (alert,) = world.alerts.told
    assert "CreateVolume" in alert.subject
    assert CREATED.caller in alert.reason


def test_a_resource_of_an_ungoverned_account_is_not_touched(world: World) -> None:
    world.organization.memberships[PAYMENTS] = IN_SANDBOX
    assert world.enforce() == [TagState.NOT_GOVERNED]
    assert (world.tags.written, world.alerts.facts) == ([], [])


def test_an_account_of_no_organisation_is_refused_and_told(world: World) -> None:
    world.organization.memberships.clear()
    assert world.enforce() == [TagState.REFUSED]
    (alert,) = world.alerts.told
    assert f"account {PAYMENTS} is not in the organisation" in alert.reason
    assert (world.tags.written, world.tags.asked) == ([], [])


def test_a_thing_of_another_account_is_left_alone_and_told(world: World) -> None:
    response = {"dBInstanceArn": ORDERS.replace(PAYMENTS, "333333333333")}
    assert world.enforce(response=response) == [TagState.REFUSED]
    assert len(world.alerts.told) == 1
    assert (world.tags.written, world.tags.asked) == ([], [])


def test_a_replica_in_another_account_is_left_to_that_account_and_told_to_nobody(world: World) -> None:
    destination = {"fileSystemId": "fs-1", "region": HOME, "ownerId": "333333333333"}
    states = world.enforce(
        source="elasticfilesystem.amazonaws.com",
        name="CreateReplicationConfiguration",
        response={"destinations": [destination]},
    )
    assert (states, world.alerts.told, world.tags.asked) == ([TagState.REFUSED], [], [])


def test_what_lies_where_no_plan_runs_is_not_looked_at(world: World) -> None:
    request = {"bucketName": "b", "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}}
    states = world.enforce(source="s3.amazonaws.com", name="CreateBucket", request=request, response=None)
    assert (states, world.tags.asked) == ([TagState.NOT_GOVERNED], [])


def test_a_database_that_is_a_member_of_a_cluster_is_covered(world: World) -> None:
    request = {"dBInstanceIdentifier": "orders", "dBClusterIdentifier": "shop"}
    assert (world.enforce(request=request), world.tags.asked) == ([TagState.COVERED], [])


NAMESPACE = f"arn:aws:redshift-serverless:eu-west-1:{PAYMENTS}:namespace/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
STACK = f"arn:aws:cloudformation:eu-west-1:{PAYMENTS}:stack/shop/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"


def test_what_is_copied_nowhere_is_tagged_all_the_same_and_that_is_said(world: World) -> None:
    world.tags.tags = {NAMESPACE: {}}
    response = {"namespace": {"namespaceArn": NAMESPACE}}
    call = replace(CREATED, source="redshift-serverless.amazonaws.com", name="CreateNamespace", response=response)
    assert world.enforce(call) == [TagState.CANNOT]
    assert world.tags.written == [(NAMESPACE, {"Backup": "daily-prod"}, HOME)]
    (fact,) = world.alerts.of(TagEnforced)
    assert (fact.state, fact.tier) == ("CANNOT", "daily-prod")
    assert "stay in its own account and Region (what would lift it: " in fact.reason
    assert world.alerts.told == []


def test_a_stack_is_never_touched(world: World) -> None:
    states = world.enforce(source="cloudformation.amazonaws.com", name="CreateStack", response={"stackId": STACK})
    assert (states, world.tags.asked, world.tags.written) == ([TagState.CANNOT], [], [])
    (fact,) = world.alerts.of(TagEnforced)
    assert "the tag in the stack's own deployment" in fact.reason
    assert world.alerts.told == []


def test_what_has_no_backups_at_all_is_told_and_not_tagged(world: World) -> None:
    arn = f"arn:aws:fsx:eu-west-1:{PAYMENTS}:file-system/fs-0123456789abcdef0"
    file_system = {"resourceARN": arn, "lustreConfiguration": {"deploymentType": "SCRATCH_2"}}
    states = world.enforce(source="fsx.amazonaws.com", name="CreateFileSystem", response={"fileSystem": file_system})
    assert (states, world.tags.asked, world.tags.written) == ([TagState.CANNOT], [], [])
    (alert,) = world.alerts.told
    assert (alert.subject, "a persistent deployment type" in alert.reason) == (arn, True)


def in_mode(world: World, mode: Mode) -> World:
    (target, *others) = world.intent.targets
    world.intent = replace(world.intent, targets=(replace(target, mode=mode), *others))
    return world


MODES: list[tuple[Mode, str, TagState]] = [
    ("observe", "missing", TagState.TAG),
    ("observe", "wrong", TagState.CORRECT),
    ("observe", "right", TagState.COMPLIANT),
    ("tag", "missing", TagState.TAGGED),
    ("tag", "wrong", TagState.CORRECT),
    ("correct", "missing", TagState.TAGGED),
    ("correct", "wrong", TagState.CORRECTED),
    ("quarantine", "missing", TagState.TAG),
    ("quarantine", "wrong", TagState.CORRECT),
    ("quarantine", "right", TagState.COMPLIANT),
]


@pytest.mark.parametrize(("mode", "tag", "state"), MODES, ids=str)
def test_a_mode_says_what_is_done_and_what_is_only_said(world: World, mode: Mode, tag: str, state: TagState) -> None:
    world.tags.tags[ORDERS] = {"missing": {}, "wrong": {"Backup": "weekly"}, "right": {"Backup": "daily-prod"}}[tag]
    assert in_mode(world, mode).enforce() == [state]
    assert len(world.tags.written) == (state in {TagState.TAGGED, TagState.CORRECTED})
    left = f"the mode of Production is {mode}"
    is_left = state in {TagState.TAG, TagState.CORRECT}
    assert [left in fact.reason for fact in world.alerts.of(TagEnforced)] == [is_left]
    # Who observes alerts nobody.
    assert [left in alert.reason for alert in world.alerts.told] == [True] * (is_left and mode != "observe")


def test_every_instance_of_one_call_is_judged(world: World) -> None:
    world.tags.tags = {FIRST: {}, SECOND: {"Backup": "daily-prod"}}
    response = {"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}}
    states = world.enforce(source="ec2.amazonaws.com", name="RunInstances", response=response)
    assert states == [TagState.TAGGED, TagState.COMPLIANT]


def test_a_bucket_is_tagged_in_its_own_region(world: World) -> None:
    regions = (HOME, Region("eu-central-1"))
    organization = replace(world.intent.organization, governed_regions=regions)
    world.intent = replace(world.intent, organization=organization)
    world.tags.tags = {"arn:aws:s3:::b": {}}
    request = {"bucketName": "b", "CreateBucketConfiguration": {"LocationConstraint": "eu-central-1"}}
    world.enforce(source="s3.amazonaws.com", name="CreateBucket", request=request, response=None)
    assert world.tags.written == [("arn:aws:s3:::b", {"Backup": "daily-prod"}, "eu-central-1")]


def test_a_resource_that_was_deleted_meanwhile_is_gone(world: World) -> None:
    world.tags.tags.clear()
    assert world.enforce(at=NOW - NOT_SHOWN_FOR) == [TagState.GONE]
    assert world.tags.written == []


def test_what_is_not_found_at_once_is_not_shown_yet(world: World) -> None:
    tags = world.tags.tags.pop(ORDERS)
    assert world.enforce(at=NOW - timedelta(seconds=59)) == [TagState.WAITING]
    world.tags.tags[ORDERS] = tags
    assert world.revisit(after=timedelta(seconds=19)) == []
    assert world.revisit(after=timedelta(seconds=1)) == [TagState.TAGGED]


def test_a_tag_that_does_not_show_yet_is_looked_at_again_and_not_believed(world: World) -> None:
    world.tags.slow.add(ORDERS)
    assert world.enforce() == [TagState.WAITING]
    assert "it does not show Backup=daily-prod yet: it is looked at again at 10:00:20 UTC" in world.item()["tag_reason"]
    assert (world.alerts.facts, world.item()["tier"], world.expected()) == ([], "", [])


def test_every_tag_of_the_tier_is_written_at_once_and_read_back(world: World) -> None:
    world.intent = with_tags(world.intent, "daily-prod", {"Backup": "daily", "Stage": "live"})
    world.tags.slow.add(ORDERS)
    assert world.enforce() == [TagState.WAITING]
    assert "does not show Backup=daily and Stage=live yet" in world.item()["tag_reason"]
    world.tags.slow.clear()
    assert world.revisit(after=timedelta(seconds=20)) == [TagState.TAGGED]
    assert world.tags.tags[ORDERS] == {"team": "payments", "Backup": "daily", "Stage": "live"}
    assert (world.item()["tag_state"], world.item()["tier"]) == ("TAGGED", "daily-prod")


def test_what_is_left_untagged_is_told_and_settled_once_it_is_in_a_tier(world: World) -> None:
    (target, *others) = world.intent.targets
    world.intent = replace(world.intent, targets=(replace(target, default_tier="none"), *others))
    assert world.enforce() == [TagState.UNTAGGED]
    assert (world.tags.written, world.tags.tags[ORDERS]) == ([], {"team": "payments"})
    (fact,) = world.alerts.of(TagEnforced)
    assert (fact.state, fact.tier) == ("UNTAGGED", None)
    (alert,) = world.alerts.told
    assert (alert.kind, alert.subject, alert.reason) == (AlertKind.RESOURCE_NOT_TAGGED, ORDERS, fact.reason)
    world.tags.tags[ORDERS] |= {"Backup": "daily-prod"}
    assert world.enforce(event_id="e-2") == [TagState.COMPLIANT]
    assert world.alerts.settled == [alert]


def test_who_opts_out_with_a_reason_is_told_to_nobody(world: World) -> None:
    (target, *others) = world.intent.targets
    way = OptOut(value="none", reason_key="BackupReason")
    world.intent = replace(world.intent, opt_out=way, targets=(replace(target, opt_out=True), *others))
    world.tags.tags[ORDERS] = {"Backup": "none", "BackupReason": "scratch data"}
    assert world.enforce() == [TagState.EXEMPT]
    assert (world.tags.written, world.alerts.told) == ([], [])
    (fact,) = world.alerts.of(TagEnforced)
    assert (fact.state, fact.tier, fact.previous) == ("EXEMPT", None, "none")
    assert fact.reason.endswith("opted out: scratch data")


def test_a_refusal_is_told_once_tried_again_and_settled_by_success(world: World) -> None:
    world.tags.failing[ORDERS] = AccessRefusedError("no way in")
    assert world.enforce() == [TagState.WAITING]
    assert world.revisit(after=timedelta(seconds=20)) == [TagState.WAITING]
    assert [(alert.subject, "no way in" in alert.reason) for alert in world.alerts.told] == [(ORDERS, True)]
    world.tags.failing.clear()
    assert world.revisit(after=timedelta(seconds=40)) == [TagState.TAGGED]
    assert [alert.subject for alert in world.alerts.settled] == [ORDERS]


def exempt(intent: Intent, *, until: timedelta, **subject: Any) -> Intent:
    """The intent with one exemption that ends so long after now."""
    last_day = (NOW + until).date()
    exemption = Exemption(**subject, until=last_day, reason="thrown away each night", granted_by="sana")
    return replace(intent, exceptions=(exemption,))


@pytest.mark.parametrize(
    "subject", [{"resource": ORDERS}, {"account": PAYMENTS}], ids=["the resource itself", "its account"]
)
def test_what_is_exempted_is_left_as_it_is_and_told_with_the_reason(world: World, subject: dict[str, Any]) -> None:
    world.intent = exempt(world.intent, until=timedelta(), **subject)
    assert world.enforce() == [TagState.EXEMPT]
    assert (world.tags.written, world.tags.tags[ORDERS]) == ([], {"team": "payments"})
    (fact,) = world.alerts.of(TagEnforced)
    assert (fact.state, fact.tier) == ("EXEMPT", None)
    for word in ("2026-09-01", "sana", "thrown away each night"):
        assert word in fact.reason


def test_an_exemption_that_has_ended_has_no_effect(world: World) -> None:
    world.intent = exempt(world.intent, until=timedelta(days=-1), resource=ORDERS)
    assert world.enforce() == [TagState.TAGGED]


def test_nobody_is_told_of_an_exempted_account_that_cannot_be_read(world: World) -> None:
    world.intent = exempt(world.intent, until=timedelta(days=30), account=PAYMENTS)
    world.tags.failing[ORDERS] = AccessRefusedError("no way in")
    assert world.enforce() == [TagState.EXEMPT]
    assert world.alerts.told == []


def test_the_target_of_the_account_itself_gives_the_default(world: World) -> None:
    own = Target(account=PAYMENTS, tiers=("monthly-prod",), default_tier="monthly-prod")
    world.intent = replace(world.intent, targets=(*world.intent.targets, own))
    world.remember(IN_PRODUCTION.units, age=timedelta(seconds=1))
    assert world.enforce() == [TagState.TAGGED]
    assert world.tags.tags[ORDERS]["Backup"] == "monthly-prod"


def test_what_is_in_a_tier_is_to_be_backed_up_and_what_is_in_none_is_not(world: World) -> None:
    world.enforce(error_code="AccessDenied")
    assert world.expected() == []
    world.enforce()
    assert world.expected() == [(ORDERS, "daily-prod")]


def test_what_was_restored_gets_the_tier_of_its_source(world: World) -> None:
    source = "arn:aws:rds:eu-west-1:222222222222:db:shop"
    world.table.put({"pk": f"RESOURCE#{source}", "sk": "STATE", "tier": "monthly-prod"})
    request = {"sourceDBInstanceIdentifier": "shop"}
    assert world.enforce(name="RestoreDBInstanceToPointInTime", request=request) == [TagState.TAGGED]
    assert world.tags.tags[ORDERS]["Backup"] == "monthly-prod"
    (fact,) = world.alerts.of(TagEnforced)
    assert f"the tier of {source}, of which it was made" in fact.reason


def test_what_is_created_asks_for_no_source(world: World) -> None:
    world.table.put(
        {"pk": "RESOURCE#arn:aws:rds:eu-west-1:222222222222:db:shop", "sk": "STATE", "tier": "monthly-prod"}
    )
    assert world.enforce(request={"sourceDBInstanceIdentifier": "shop"}) == [TagState.TAGGED]
    assert world.tags.tags[ORDERS]["Backup"] == "daily-prod"
