"""Every sample in `events/` against the rules of the template, and against the contract behind each rule."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from moto.events.models import EventPattern

from sandbox.seams.host import lets_in
from strongroom.domain.accounts.events import ACCOUNT_EVENTS
from strongroom.runtime.contracts.envelope import Event
from tests.contract.apps import FUNCTIONS, app
from tests.contract.templates import (
    CONTROL_PLANE,
    MANAGEMENT,
    MANAGEMENT_HOME,
    MEMBER,
    ROOT,
    VAULT_FORWARDER,
    Resources,
    of_type,
)

SAMPLES = {
    path.relative_to(ROOT / "events").with_suffix("").as_posix(): path.read_bytes()
    for path in sorted(ROOT.glob("events/*/*.json"))
}
RULES = of_type(CONTROL_PLANE, "AWS::Events::Rule")
ON_THE_BUS = {name: rule for name, rule in RULES.items() if "EventBusName" in rule["Properties"]}
SCHEDULED = {name: rule for name, rule in RULES.items() if "EventPattern" not in rule["Properties"]}
# The audit account counts them, and no function of ours reads them.
TO_OTHERS = {"SweepEndsRule"}
HEARTBEAT = "aws.events/heartbeat"
MANAGEMENT_ACCOUNT = "111111111111"

MATCHED = {
    "AccountMovesRule": {f"aws.{row.service}/{row.name}" for row in ACCOUNT_EVENTS},
    "MemberStackRule": {"aws.cloudformation/StackStatusChange", "aws.cloudformation/StackStatusChange__deleted"},
    "ReassessAccountsSchedule": {"aws.events/tick"},
    "RevisitResourcesSchedule": {"aws.events/tick"},
    "BeginInventorySchedule": {"aws.events/tick"},
    "InventoriesRule": {"strongroom/InventoryBegun"},
    "TellDigestSchedule": {"aws.events/tick"},
    "ResourceCreationRule": {
        "aws.cloudformation/CreateStack",
        "aws.dynamodb/CreateTable",
        "aws.ec2/CreateVolume",
        "aws.ec2/RunInstances",
        "aws.eks/CreateCluster",
        "aws.elasticfilesystem/CreateFileSystem",
        "aws.fsx/CreateFileSystem",
        "aws.rds/CreateDBCluster",
        "aws.rds/CreateDBInstance",
        "aws.redshift/CreateCluster",
        "aws.s3/CreateBucket",
    },
    "TagChangesRule": {
        "aws.dynamodb/UntagResource",
        "aws.ec2/DeleteTags",
        "aws.rds/AddTagsToResource",
        "aws.s3/PutBucketTagging",
        "aws.tag/TagChange",
        "aws.tagging/UntagResources",
    },
    "BackupJobsRule": {
        "aws.backup/backup_job__aborted",
        "aws.backup/backup_job__completed",
        "aws.backup/backup_job__expired",
        "aws.backup/backup_job__failed",
    },
    "CopyJobsRule": {
        "aws.backup/copy_job__completed",
        "aws.backup/copy_job__failed",
        "aws.backup/copy_job_cross_account__completed",
    },
    "ScanJobsRule": {
        "aws.backup/scan_job__canceled",
        "aws.backup/scan_job__completed",
        "aws.backup/scan_job__completed_with_issues",
        "aws.backup/scan_job__failed",
    },
    "SweepCeremoniesSchedule": {"aws.events/tick"},
    "RefreshCardsSchedule": {"aws.events/tick"},
    "SweepOverdueCopiesSchedule": {"aws.events/tick"},
    "ReconcileJobsSchedule": {"aws.events/tick"},
    "HeartbeatsRule": {HEARTBEAT},
    "TamperingRule": {
        "aws.backup/call_delete_recovery_point",
        "aws.dynamodb/UntagResource",
        "aws.ec2/DeleteTags",
        "aws.organizations/AttachPolicy",
        "aws.organizations/DeletePolicy",
        "aws.organizations/DetachPolicy",
        "aws.organizations/LeaveOrganization",
        "aws.organizations/UpdatePolicy",
        "aws.tagging/UntagResources",
    },
    "NativeCallsRule": set(),  # nor is any made under the role for calls of services: a test makes one of CreateVolume
    "SharesRule": {"aws.ram/DisassociateResourceShare"},
    "RefusalsRule": set(),  # no sample is a refused call: the tests make one out of CreateTable
    "NoteSettingsRule": {"strongroom/CopyVerified"},
    "RollUpStatusRule": {"strongroom/CopyVerified"},
    "RollUpStatusSchedule": {"aws.events/tick"},
    "SweepEndsRule": {"strongroom/SweepEnded"},
    "AlertsRule": {
        "strongroom/AlertAcknowledged",
        "strongroom/AlertOpened",
        "strongroom/AlertOpened__resource_not_tagged",
        "strongroom/AlertResolved",
        "strongroom/TicketOpened",
    },
    "TicketsRule": {"strongroom/AlertOpened__resource_not_tagged"},
}
# What waits for our own facts, which are put on the bus here.
OF_OUR_OWN = {"AlertsRule", "InventoriesRule", "NoteSettingsRule", "RollUpStatusRule", "TicketsRule"}
UNMATCHED = {
    "aws.backup/backup_job__created": "a backup that has not ended yet owes nothing",
    "aws.backup/backup_job__pending": "a backup that has not ended yet owes nothing",
    "aws.backup/backup_job__running": "a backup that has not ended yet owes nothing",
    "aws.backup/copy_job__created": "a copy that has not ended yet cannot be verified",
    "aws.backup/copy_job__running": "a copy that has not ended yet cannot be verified",
    "aws.backup/restore_job__completed": "the restore ceremony describes its job and believes no event",
    "aws.backup/restore_job__created": "the restore ceremony describes its job and believes no event",
    "aws.backup/restore_job__failed": "the restore ceremony describes its job and believes no event",
    "aws.backup/scan_job__created": "a scan that has not ended yet has found nothing",
    "aws.backup/scan_job__running": "a scan that has not ended yet has found nothing",
}


def matches(rule: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether the rule lets the event through: by its pattern, or because its schedule makes such events.

    A rule that has both is a forwarder, and its schedule makes heartbeats; other ticks stay where they are made.
    """
    properties = rule["Properties"]
    is_tick = event["detail-type"] == "Scheduled Event"
    is_beat: bool = is_tick and event["resources"] == json.loads(SAMPLES[HEARTBEAT])["resources"]
    if is_tick and "ScheduleExpression" in properties:
        return is_beat == ("EventPattern" in properties)
    if "EventPattern" not in properties or is_tick != is_beat:
        return False
    pattern: EventPattern = EventPattern.load(json.dumps(properties["EventPattern"]))
    matched: bool = pattern.matches_event(event)
    return matched


def with_keys(pattern: dict[str, Any]) -> dict[str, Any]:
    """The pattern as it is deployed: with the key of the example, where a member's stack is told them."""
    text = json.dumps(pattern).replace(json.dumps({"!Split": [",", {"!Ref": "TagKeys"}]}), json.dumps(["Backup"]))
    deployed: dict[str, Any] = json.loads(text)
    return deployed


def under_the_native_role(event: dict[str, Any]) -> dict[str, Any]:
    """The call, made under the role for calls of services."""
    role = MEMBER["RestoreNativeRole"]["Properties"]["RoleName"]
    identity = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"userName": role}}}
    return event | {"detail": event["detail"] | {"userIdentity": identity}}


def functions_behind(rule: dict[str, Any]) -> Iterator[str]:
    """The functions that read the queues which the rule feeds."""
    queues = [target["Arn"] for target in rule["Properties"]["Targets"]]
    for function in FUNCTIONS:
        resource = CONTROL_PLANE.get(app(function).logical_id, {"Properties": {}})
        events = resource["Properties"].get("Events", {}).values()
        if any(each["Properties"].get("Queue") in queues for each in events):
            yield function


def envelope_of(function: str) -> Any:
    """The event that the function reads: `@each_event(Contract)` or `@each_batch(Contract)` says of what."""
    envelope: Any = Event
    return envelope[app(function).contract("each_event", "each_batch")]


def refused(event: dict[str, Any]) -> dict[str, Any]:
    """The call as it is recorded when it is refused."""
    detail = event["detail"] | {"errorCode": "AccessDenied", "errorMessage": "explicit deny", "responseElements": None}
    return event | {"detail": detail}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_matched_by_exactly_the_rules_that_wait_for_it(sample: str) -> None:
    matched = {name for name, rule in (ON_THE_BUS | SCHEDULED).items() if matches(rule, json.loads(SAMPLES[sample]))}
    assert matched == {name for name, samples in MATCHED.items() if sample in samples}
    assert bool(matched) != (sample in UNMATCHED), "either a rule waits for it, or a reason says why none does"


def test_the_tables_name_every_rule_and_no_sample_that_is_not_there() -> None:
    assert MATCHED.keys() == ON_THE_BUS.keys() | SCHEDULED.keys()
    assert set().union(*MATCHED.values()) | UNMATCHED.keys() == set(SAMPLES)


@pytest.mark.parametrize(
    ("rule", "sample"),
    [
        pytest.param(rule, sample, id=f"{rule}-{sample}")
        for rule in sorted(MATCHED.keys() - TO_OTHERS)
        for sample in sorted(MATCHED[rule])
    ],
)
def test_a_sample_is_parsed_by_the_contract_behind_its_rule(rule: str, sample: str) -> None:
    (function,) = functions_behind(RULES[rule])
    event = msgspec.json.decode(SAMPLES[sample], type=envelope_of(function))
    assert event.id


@pytest.mark.parametrize("sample", ["aws.dynamodb/CreateTable", "aws.elasticfilesystem/CreateFileSystem"])
def test_a_refused_creation_is_tampering_and_nothing_to_tag(sample: str) -> None:
    event = refused(json.loads(SAMPLES[sample]))
    assert {name for name, rule in ON_THE_BUS.items() if matches(rule, event)} == {"RefusalsRule"}
    (function,) = functions_behind(RULES["RefusalsRule"])
    assert msgspec.convert(event, envelope_of(function), strict=False).detail.error_code == "AccessDenied"


def test_a_volume_that_the_role_for_calls_of_services_makes_is_looked_at_and_its_forwarder_sends_it() -> None:
    event = under_the_native_role(json.loads(SAMPLES["aws.ec2/CreateVolume"]))
    heard = {name for name, rule in ON_THE_BUS.items() if matches(rule, event)}
    assert heard == {"NativeCallsRule", "ResourceCreationRule"}
    assert any(matches(rule, event) for rule in of_type(MEMBER, "AWS::Events::Rule").values())
    (function,) = functions_behind(RULES["NativeCallsRule"])
    assert function == "report_tampering"


def test_a_refused_move_is_no_move() -> None:
    event = refused(json.loads(SAMPLES["aws.organizations/MoveAccount"]))
    assert [name for name, rule in ON_THE_BUS.items() if matches(rule, event)] == ["RefusalsRule"]


@pytest.mark.parametrize(
    "sample", sorted(sample for rule in ON_THE_BUS.keys() - OF_OUR_OWN - TO_OTHERS for sample in MATCHED[rule])
)
def test_a_sample_that_a_rule_waits_for_is_forwarded_from_where_it_happens(sample: str) -> None:
    event = json.loads(SAMPLES[sample])
    rules = of_type(stack_of(event), "AWS::Events::Rule")
    # moto does not walk lists of objects, as this rule needs it.
    by_key = rules.get("TagChangeForwarderRule")
    told = by_key is not None and lets_in(with_keys(by_key["Properties"]["EventPattern"]), event)
    assert told or any(matches(rule, event) for rule in rules.values())


def stack_of(event: dict[str, Any]) -> Resources:
    """The stack whose forwarder stands where the event happens."""
    if event["source"] == "aws.ram":
        return VAULT_FORWARDER
    if event["account"] != MANAGEMENT_ACCOUNT:
        return MEMBER
    return MANAGEMENT_HOME if event["region"] != "us-east-1" else MANAGEMENT


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_backup_accounts_own_events_join_unless_they_are_there_already(sample: str) -> None:
    event = json.loads(SAMPLES[sample])
    joins = matches(RULES["OwnEventsRule"], event)
    is_foreign_tick = event["detail-type"] == "Scheduled Event" and sample != HEARTBEAT
    assert joins == (event["source"] != "strongroom" and not is_foreign_tick)
