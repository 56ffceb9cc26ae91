"""Drift: a change of our tags is put back or told, with the name of who did it; anything else costs no call."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.calls import ApiCall, Heard
from strongroom.domain.errors import AccessRefusedError, ResourceNotReadyError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent, OptOut
from strongroom.domain.tags.facts import TagEnforced
from strongroom.domain.tags.verdicts import TagState
from strongroom.services.tags.answer_drift import answer_drift
from tests.builders.accounts import IN_SANDBOX
from tests.builders.places import PAYMENTS
from tests.unit.services.tags.drifting import (
    DANA,
    DAY,
    DEVELOPER,
    answer,
    forget,
    noticed,
    protected,
    states_of,
    tagged,
    take_off,
    untagged,
)
from tests.unit.services.tags.world import (
    FIRST,
    NOW,
    ORDERS,
    SECOND,
    TABLE,
    VOLUME,
    Mode,
    World,
    a_table,
    busy_for,
    states,
)

OURS = "arn:aws:iam::222222222222:role/strongroom/strongroom-tagging"


@pytest.fixture
def world(intent: Intent) -> World:
    """Payments, whose database is in its tier."""
    return protected(World(intent))


def in_mode(world: World, mode: Mode) -> None:
    (target, *others) = world.intent.targets
    world.intent = replace(world.intent, targets=(replace(target, mode=mode), *others))


def test_a_tag_that_was_taken_off_is_put_back_and_who_did_it_is_named(world: World) -> None:
    take_off(world)
    [verdict] = answer(world, untagged())
    assert verdict.state is TagState.TAGGED
    assert world.tags.tags[ORDERS] == {"team": "payments", "Backup": "daily-prod"}
    assert verdict.reason.endswith(
        f"Backup was changed by {DANA} under the role {DEVELOPER}, with rds:RemoveTagsFromResource at"
        " 2026-09-01 10:00:00 UTC"
    )
    (fact,) = world.alerts.of(TagEnforced)
    assert (fact.state, fact.tier, fact.reason) == ("TAGGED", "daily-prod", verdict.reason)
    assert world.alerts.told == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"caller": "arn:aws:iam::222222222222:user/omar", "role": None}, "user/omar, with", id="a user"),
        pytest.param({"source_identity": "dana"}, f"role {DEVELOPER} for dana, with", id="a source identity"),
        pytest.param({"invoked_by": "cloudformation.amazonaws.com"}, "through cloudformation.amazonaws", id="through"),
        pytest.param({"caller": "arn:aws:iam::222222222222:root", "role": None}, ":root, with", id="the root user"),
    ],
)
def test_everybody_is_named_as_the_record_names_them(world: World, changed: dict[str, Any], said: str) -> None:
    take_off(world)
    [verdict] = answer(world, untagged(**changed))
    assert said in verdict.reason


def test_a_tier_other_than_the_default_is_put_back(world: World) -> None:
    world.tags.tags[ORDERS]["Backup"] = "compliance-7y"
    assert states_of(world, tagged("compliance-7y")) == [TagState.COMPLIANT]
    take_off(world)
    [verdict] = answer(world, untagged(2))
    assert (verdict.state, verdict.tier) == (TagState.TAGGED, "compliance-7y")
    assert "the tier that it had" in verdict.reason


def test_a_value_that_names_no_tier_is_changed_back(world: World) -> None:
    world.tags.tags[ORDERS]["Backup"] = "none"
    [verdict] = answer(world, tagged("none"))
    assert (verdict.state, verdict.previous, verdict.tier) == (TagState.CORRECTED, "none", "daily-prod")


def test_another_tier_on_offer_is_the_owner_s_to_choose_and_is_remembered(world: World) -> None:
    world.tags.tags[ORDERS]["Backup"] = "monthly-prod"
    [verdict] = answer(world, tagged("monthly-prod"))
    assert (verdict.state, world.tags.written, world.item()["tier"]) == (TagState.COMPLIANT, [], "monthly-prod")
    assert DANA in verdict.reason


@pytest.mark.parametrize(
    ("mode", "off", "changed", "told"),
    [
        ("observe", TagState.TAG, TagState.CORRECT, 0),
        ("tag", TagState.TAGGED, TagState.CORRECT, 1),
        ("correct", TagState.TAGGED, TagState.CORRECTED, 0),
        ("quarantine", TagState.TAG, TagState.CORRECT, 1),
    ],
)
def test_the_mode_of_the_target_says_what_is_put_back_and_what_is_told(
    intent: Intent, mode: Mode, off: TagState, changed: TagState, told: int
) -> None:
    for told_change, state in ((untagged(), off), (tagged("none"), changed)):
        world = protected(World(intent))
        in_mode(world, mode)
        world.tags.tags[ORDERS] = {} if told_change.name.startswith("Remove") else {"Backup": "none"}
        [verdict] = answer(world, told_change)
        assert verdict.state is state
        assert bool(world.tags.written) == (state in {TagState.TAGGED, TagState.CORRECTED})
        assert all(DANA in alert.reason for alert in world.alerts.told)
    assert len(world.alerts.told) == told


def test_who_tags_what_people_were_told_of_settles_that(world: World) -> None:
    in_mode(world, "quarantine")
    take_off(world)
    answer(world, untagged())
    world.tags.tags[ORDERS]["Backup"] = "monthly-prod"
    assert states_of(world, tagged("monthly-prod", 2)) == [TagState.COMPLIANT]
    assert [alert.kind for alert in world.alerts.settled] == [AlertKind.RESOURCE_NOT_TAGGED]


NOTHING_OF_OURS: dict[str, Any] = {
    "another key is taken off": untagged(request={"resourceName": ORDERS, "tagKeys": ["team"]}),
    "another key is set": tagged("x", request={"resourceName": ORDERS, "tags": [{"key": "team", "value": "x"}]}),
    "a lookalike": tagged("x", request={"resourceName": ORDERS, "tags": [{"key": "backup", "value": "x"}]}),
    "the call failed": untagged(error_code="DBInstanceNotFound"),
    "we wrote it": tagged("daily-prod", role=OURS),
    "a ceremony wrote it": tagged("daily-prod", role=OURS.replace("tagging", "restore-after")),
    "a notice of another key": noticed({}, keys=("team",)),
    "a call that changes no tags": untagged(name="ModifyDBInstance"),
    "of another service's name": untagged(source="glue.amazonaws.com"),
    "told by another source": untagged(told_by="aws.ec2"),
    "it names nothing": untagged(request={"tagKeys": ["Backup"]}),
}


@pytest.mark.parametrize("told", NOTHING_OF_OURS.values(), ids=NOTHING_OF_OURS)
def test_what_changes_no_tag_of_ours_costs_no_call_at_all(
    world: World, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_off(world)
    monkeypatch.setattr(world.table, "get_many", None)
    [verdict] = answer(world, told)
    assert verdict.state in {TagState.IGNORED, TagState.UNREADABLE, TagState.REFUSED}
    assert (world.tags.visits, world.organization.asked, world.alerts.facts) == ([], [], [])


def test_a_role_of_our_name_in_another_account_is_not_ours(world: World) -> None:
    take_off(world)
    stranger = OURS.replace("222222222222", "333333333333")
    assert states_of(world, untagged(role=stranger)) == [TagState.TAGGED]


WELL: dict[str, Any] = {
    "the same value is set again": tagged("daily-prod"),
    "a notice with the tag there": noticed({"Backup": "daily-prod", "team": "payments"}),
}


@pytest.mark.parametrize("told", WELL.values(), ids=WELL)
def test_what_says_itself_that_all_is_well_costs_no_call_in_the_member(world: World, told: Any) -> None:
    assert states_of(world, told) == [TagState.IGNORED]
    assert (world.tags.visits, world.alerts.facts) == ([], [])


BAD: dict[str, tuple[Any, TagState, int]] = {
    "an account outside the organisation": (untagged(account=AccountId("333333333333")), TagState.REFUSED, 1),
    "an ARN of another account": (
        untagged(request={"resourceName": ORDERS.replace("2" * 12, "3" * 12), "tagKeys": ["Backup"]}),
        TagState.REFUSED,
        1,
    ),
    "an ARN of another Region": (
        untagged(request={"resourceName": ORDERS.replace("eu-west-1", "us-east-1"), "tagKeys": ["Backup"]}),
        TagState.REFUSED,
        1,
    ),
    "an ARN of another partition": (
        untagged(request={"resourceName": ORDERS.replace("arn:aws:", "arn:aws-cn:"), "tagKeys": ["Backup"]}),
        TagState.REFUSED,
        1,
    ),
    "an ARN with an odd Region": (
        untagged(request={"resourceName": ORDERS.replace("eu-west-1", "nowhere"), "tagKeys": ["Backup"]}),
        TagState.REFUSED,
        1,
    ),
    "an account of thirteen digits in it": (
        untagged(request={"resourceName": ORDERS.replace("2" * 12, "2" * 13), "tagKeys": ["Backup"]}),
        TagState.REFUSED,
        1,
    ),
    "no ARN at all": (untagged(request={"resourceName": "orders", "tagKeys": ["Backup"]}), TagState.REFUSED, 1),
    "an odd name": (
        untagged(request={"resourceName": f"{ORDERS}/../other", "tagKeys": ["Backup"]}),
        TagState.REFUSED,
        1,
    ),
    "a snapshot, which is no resource of ours": (
        untagged(request={"resourceName": ORDERS.replace(":db:", ":snapshot:"), "tagKeys": ["Backup"]}),
        TagState.IGNORED,
        0,
    ),
    "a Region that is not governed": (
        untagged(
            region=Region("ap-south-1"),
            request={"resourceName": ORDERS.replace("eu-west-1", "ap-south-1"), "tagKeys": ["Backup"]},
        ),
        TagState.NOT_GOVERNED,
        0,
    ),
    "a notice of somebody else's ARN": (
        noticed({}, resources=(ORDERS.replace("2" * 12, "3" * 12),)),
        TagState.REFUSED,
        1,
    ),
    "a notice that names nothing": (noticed({}, resources=()), TagState.UNREADABLE, 0),
}


@pytest.mark.parametrize(("told", "state", "alerts"), BAD.values(), ids=BAD)
def test_what_cannot_be_is_left_alone_with_a_stated_outcome(
    world: World, told: Any, state: TagState, alerts: int
) -> None:
    take_off(world)
    [verdict] = answer(world, told)
    assert verdict.state is state, verdict.reason
    assert len(world.alerts.told) == alerts
    assert world.tags.visits == []


def test_what_is_in_no_governed_unit_is_not_looked_at(world: World) -> None:
    world.organization.memberships[PAYMENTS] = IN_SANDBOX
    world.intent = replace(world.intent, targets=world.intent.targets[:1])
    assert states_of(world, untagged()) == [TagState.NOT_GOVERNED]
    assert world.tags.visits == []


def test_of_a_call_on_many_things_each_is_judged_and_what_is_not_ours_is_left_out(world: World) -> None:
    world.tags.tags |= {FIRST: {}, SECOND: {"Backup": "daily-prod"}}
    named = [{"resourceId": each} for each in ("i-1", "i-2", "vpc-1", "snap-1")]
    request = {"resourcesSet": {"items": named}, "tagSet": {"items": [{"key": "Backup"}]}}
    verdicts = answer(world, untagged(source="ec2.amazonaws.com", name="DeleteTags", request=request))
    assert [(each.resource, each.state) for each in verdicts] == [
        (FIRST, TagState.TAGGED),
        (SECOND, TagState.COMPLIANT),
    ]
    assert world.tags.visits == [("look", FIRST, SECOND), ("put", FIRST), ("shown", FIRST)]


def test_taking_off_all_tags_without_a_key_is_taking_off_ours(world: World) -> None:
    world.tags.tags[FIRST] = {}
    request = {"resourcesSet": {"items": [{"resourceId": "i-1"}]}}
    [verdict] = answer(world, untagged(source="ec2.amazonaws.com", name="DeleteTags", request=request))
    assert verdict.state is TagState.TAGGED
    assert "its tags were changed by" in verdict.reason


def test_what_failed_in_a_call_of_the_tagging_service_was_not_changed(world: World) -> None:
    world.tags.tags |= {FIRST: {}, SECOND: {}}
    request = {"resourceARNList": [FIRST, SECOND], "tagKeys": ["Backup"]}
    response = {"failedResourcesMap": {SECOND: {"errorCode": "InternalServiceException"}}}
    call = untagged(source="tagging.amazonaws.com", name="UntagResources", request=request, response=response)
    assert [each.resource for each in answer(world, call)] == [FIRST]
    assert SECOND not in world.tags.asked


def test_many_changes_are_read_and_written_together(world: World) -> None:
    arns = [f"arn:aws:ec2:eu-west-1:222222222222:instance/i-{number}" for number in range(1, 10)]
    world.tags.tags |= {arn: {} for arn in arns}
    calls = [
        untagged(
            number,
            source="ec2.amazonaws.com",
            name="DeleteTags",
            request={
                "resourcesSet": {"items": [{"resourceId": f"i-{number}"}]},
                "tagSet": {"items": [{"key": "Backup"}]},
            },
        )
        for number in range(1, 10)
    ]
    assert states_of(world, *calls) == [TagState.TAGGED] * 9
    assert [visit[0] for visit in world.tags.visits] == ["look", "put", "shown"]
    assert len(world.organization.asked) == 1


def test_a_call_and_its_notice_are_one_look_and_the_actor_is_named(world: World) -> None:
    take_off(world)
    verdicts = answer(world, noticed({"team": "payments"}), untagged())
    assert [each.state for each in verdicts] == [TagState.TAGGED] * 2
    assert all(DANA in each.reason for each in verdicts)
    assert len(world.tags.written) == len(world.alerts.of(TagEnforced)) == 1


def test_a_notice_alone_is_enough_and_names_nobody(world: World) -> None:
    take_off(world)
    [verdict] = answer(world, noticed({"team": "payments"}))
    assert verdict.state is TagState.TAGGED
    assert "changed by somebody whom no event names" in verdict.reason


def test_a_doubled_event_has_no_second_effect(world: World) -> None:
    take_off(world)
    assert states_of(world, untagged()) == [TagState.TAGGED]
    assert states_of(world, untagged()) == [TagState.IGNORED]
    assert world.tags.visits.count(("look", ORDERS)) == 1


def test_the_event_of_a_bucket_whose_set_lacks_ours_is_enough(world: World) -> None:
    bucket = "arn:aws:s3:::orders"
    world.tags.tags[bucket] = {"team": "a"}
    for tags in ({"Tag": {"Key": "team", "Value": "a"}}, {"Tag": [{"Key": "team", "Value": "a"}]}):
        take_off(world, bucket)
        request = {"bucketName": "orders", "Tagging": {"TagSet": tags}}
        call = untagged(len(tags), source="s3.amazonaws.com", name="PutBucketTagging", request=request)
        assert states_of(world, replace(call, event_id=str(tags))) == [TagState.TAGGED]
    assert world.tags.tags[bucket] == {"team": "a", "Backup": "daily-prod"}


def test_what_nobody_has_judged_and_may_be_part_of_a_cluster_is_left_to_the_sweep(world: World) -> None:
    member = ORDERS.replace(":orders", ":member-1")
    world.tags.tags[member] = {}
    call = untagged(request={"resourceName": member, "tagKeys": ["Backup"]})
    [verdict] = answer(world, call)
    assert (verdict.state, world.tags.visits) == (TagState.IGNORED, [])
    assert "the sweep will" in verdict.reason


def test_a_volume_that_nobody_has_judged_is_judged_now(world: World) -> None:
    world.tags.tags[VOLUME] = {}
    request = {"resourcesSet": {"items": [{"resourceId": "vol-1"}]}, "tagSet": {"items": [{"key": "Backup"}]}}
    call = untagged(source="ec2.amazonaws.com", name="DeleteTags", request=request)
    assert states_of(world, call) == [TagState.TAGGED]
    world.tags.attached[VOLUME] = "i-1"
    take_off(world, VOLUME)
    assert states_of(world, replace(call, event_id="d-2")) == [TagState.COVERED]


def test_limits_that_the_creation_showed_are_known_still(world: World) -> None:
    world.tags.tags["arn:aws:rds:eu-west-1:222222222222:cluster:aurora"] = {}
    arn = "arn:aws:rds:eu-west-1:222222222222:cluster:aurora"
    world.enforce(
        name="CreateDBCluster",
        event_id="e-9",
        request={"dBClusterIdentifier": "aurora", "engine": "mysql"},
        response={"dBClusterArn": arn, "engine": "mysql"},
    )
    assert world.item(arn)["tag_state"] == TagState.CANNOT
    take_off(world, arn)
    [verdict] = answer(world, untagged(request={"resourceName": arn, "tagKeys": ["Backup"]}))
    assert (verdict.state, verdict.tier) == (TagState.CANNOT, "daily-prod")
    assert world.tags.tags[arn] == {"Backup": "daily-prod"}


def test_an_opt_out_with_a_reason_is_left_alone(world: World) -> None:
    way = OptOut(value="none", reason_key="BackupReason")
    targets = tuple(replace(each, opt_out=True) for each in world.intent.targets)
    world.intent = replace(world.intent, opt_out=way, targets=targets)
    world.tags.tags[ORDERS] = {"Backup": "none", "BackupReason": "thrown away"}
    assert states_of(world, tagged("none")) == [TagState.EXEMPT]
    world.tags.tags[ORDERS] = {"Backup": "none"}
    call = untagged(2, request={"resourceName": ORDERS, "tagKeys": ["BackupReason"]})
    assert states_of(world, call) == [TagState.CORRECTED]


def test_a_table_that_is_being_changed_waits_and_the_actor_is_named_later(world: World) -> None:
    world.tags.tags[TABLE] = {"Backup": "daily-prod"}
    world.enforce_all(a_table(event_id="e-7"))
    forget(world)
    world.tags.failing[TABLE] = ResourceNotReadyError("updating")
    request = {"resourceArn": TABLE, "tagKeys": ["Backup"]}
    call = untagged(source="dynamodb.amazonaws.com", name="UntagResource", request=request)
    assert states_of(world, call) == [TagState.WAITING]
    world.tags.failing.clear()
    take_off(world, TABLE)
    world.revisit(after=timedelta(seconds=20))
    world.revisit(after=timedelta(minutes=1))
    assert world.tags.tags[TABLE] == {"Backup": "daily-prod"}
    *_, fact = world.alerts.of(TagEnforced)
    assert (fact.state, fact.tier) == ("TAGGED", "daily-prod")
    assert DANA in fact.reason


def test_a_tagging_role_that_is_refused_alerts_people(world: World) -> None:
    world.tags.failing[ORDERS] = AccessRefusedError("the role is gone")
    assert states_of(world, untagged()) == [TagState.WAITING]
    assert [alert.kind for alert in world.alerts.told] == [AlertKind.RESOURCE_NOT_TAGGED]


def test_what_is_gone_is_gone(world: World) -> None:
    del world.tags.tags[ORDERS]
    world.now += timedelta(minutes=5)
    assert states_of(world, untagged()) == [TagState.GONE]


def test_an_organisation_that_is_too_busy_leaves_the_event_on_its_queue(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.organization, "units_of", busy_for(PAYMENTS, world))
    other = untagged(2, error_code="AccessDenied")
    answers = answer_drift([Heard(subject=untagged()), Heard(subject=other)], needs=world.needs, now=NOW)
    assert isinstance(answers[0], TemporarilyUnavailableError)
    assert states(answers)[1] == [TagState.IGNORED]


def test_an_event_from_yesterday_is_answered_by_what_is_there_now(world: World) -> None:
    world.now += DAY
    old: ApiCall = untagged()
    assert states_of(world, old) == [TagState.COMPLIANT]
    assert world.tags.written == []


def test_our_own_write_that_is_told_before_it_is_read_back_does_not_take_its_place(world: World) -> None:
    world.tags.tags[TABLE] = {"Backup": "daily-prod"}
    world.enforce_all(a_table(event_id="e-7"))
    take_off(world, TABLE)
    request = {"resourceArn": TABLE, "tagKeys": ["Backup"]}
    call = untagged(source="dynamodb.amazonaws.com", name="UntagResource", request=request)
    assert states_of(world, call) == [TagState.WAITING]
    assert states_of(world, noticed({"Backup": "daily-prod"}, resources=(TABLE,))) == [TagState.IGNORED]
    assert world.revisit(after=timedelta(minutes=1)) == [TagState.TAGGED]
    assert [each["by"] for each in world.item(TABLE)["quarrels"]] == [DEVELOPER]


def test_the_volumes_of_an_instance_are_not_looked_at_for_a_change_of_its_own_tags(world: World) -> None:
    targets = tuple(replace(each, attached_volumes=True) for each in world.intent.targets)
    world.intent = replace(world.intent, targets=targets)
    world.tags.tags |= {FIRST: {}, VOLUME: {}}
    world.tags.volumes[FIRST] = (VOLUME,)
    request = {"resourcesSet": {"items": [{"resourceId": "i-1"}]}, "tagSet": {"items": [{"key": "Backup"}]}}
    assert states_of(world, untagged(source="ec2.amazonaws.com", name="DeleteTags", request=request)) == [
        TagState.TAGGED
    ]
    assert VOLUME not in world.tags.asked
