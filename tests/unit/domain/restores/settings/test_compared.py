"""What was noted of an original is held against what is set on what was restored: each difference has its reason."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from strongroom.domain.restores.kinds.finishing import StepOutcome, settings_outcome
from strongroom.domain.restores.left_off.steps import CALLS
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.settings.compared import Compared, Standing, compare_settings, step_of
from strongroom.domain.restores.settings.note import SettingsNote, make_note
from tests.builders.restores import a_request

HERE: Final = "eu-west-1:222222222222"
ARNS: Final = {
    "RDS": (f"arn:aws:rds:{HERE}:db:orders", f"arn:aws:rds:{HERE}:db:orders-0200"),
    "Aurora": (f"arn:aws:rds:{HERE}:cluster:orders", f"arn:aws:rds:{HERE}:cluster:orders-0200"),
    "DynamoDB": (f"arn:aws:dynamodb:{HERE}:table/orders", f"arn:aws:dynamodb:{HERE}:table/orders-0200"),
    "S3": ("arn:aws:s3:::orders", "arn:aws:s3:::orders-0200"),
    "EBS": (f"arn:aws:ec2:{HERE}:volume/vol-1", f"arn:aws:ec2:{HERE}:volume/vol-2"),
    "EC2": (f"arn:aws:ec2:{HERE}:instance/i-1", f"arn:aws:ec2:{HERE}:instance/i-2"),
    "EFS": (f"arn:aws:elasticfilesystem:{HERE}:file-system/fs-1", f"arn:aws:elasticfilesystem:{HERE}:file-system/fs-2"),
    "FSx": (f"arn:aws:fsx:{HERE}:file-system/fs-1", f"arn:aws:fsx:{HERE}:file-system/fs-2"),
}
KEY: Final = f"arn:aws:kms:{HERE}:key/1"
OURS: Final = {"name": "strongroom-restore", "value": "r-1"}
STEPS: Final = ("alarms", "continuous-backups", "deletion-protection", "readers", "tags")


def _request(kind: str, **metadata: str) -> RestoreRequest:
    return a_request(resource=ARNS[kind][0], resource_type=kind, metadata=tuple(sorted(metadata.items())))


def _note(kind: str, settings: Mapping[str, Any], number: int = 0, **unread: str) -> SettingsNote:
    return make_note(ARNS[kind][number], read=settings, unread=unread)


def _compare(
    kind: str, was: Mapping[str, Any], now: Mapping[str, Any], *done: str, **metadata: str
) -> tuple[Compared, ...]:
    request = _request(kind, **metadata)
    return compare_settings(_note(kind, was), _note(kind, now, 1), request=request, done=done)


def _told(compared: tuple[Compared, ...]) -> list[tuple[str, str]]:
    return [(each.what, each.standing.name) for each in compared]


@pytest.mark.parametrize(
    ("kind", "was", "now", "metadata", "told"),
    [
        pytest.param("RDS", {"instance": {"a": 1}}, {"instance": {"a": 1}}, {}, ("instance", "AS_BEFORE"), id="same"),
        pytest.param(
            "RDS",
            {"instance": {"DBInstanceClass": "a", "Iops": 1}},
            {"instance": {"DBInstanceClass": "b", "Iops": 1}},
            {"DBInstanceClass": "b"},
            ("instance: DBInstanceClass", "APPROVED"),
            id="as approved",
        ),
        pytest.param(
            "RDS",
            {"instance": {"DBInstanceClass": "a"}},
            {"instance": {"DBInstanceClass": "c"}},
            {"DBInstanceClass": "b"},
            ("instance: DBInstanceClass", "OTHER"),
            id="neither as before nor as approved",
        ),
        pytest.param(
            "RDS",
            {"instance": {"EngineVersion": "16.1"}},
            {"instance": {"EngineVersion": "16.2"}},
            {},
            ("instance: EngineVersion", "OTHER"),
            id="of what a restore brings back, unasked",
        ),
        pytest.param(
            "RDS",
            {"instance": {"MultiAZ": True}},
            {"instance": {}},
            {"MultiAZ": "true"},
            ("instance: MultiAZ", "OTHER"),
            id="approved and gone",
        ),
        pytest.param(
            "RDS",
            {"instance": {"VpcSecurityGroups/VpcSecurityGroupId": ["sg-1"]}},
            {"instance": {"VpcSecurityGroups/VpcSecurityGroupId": ["sg-3", "sg-2"]}},
            {"VpcSecurityGroupIds": '["sg-2","sg-3"]'},
            ("instance: VpcSecurityGroups/VpcSecurityGroupId", "APPROVED"),
            id="a list as approved",
        ),
        pytest.param(
            "RDS",
            {"instance": {"VpcSecurityGroups/VpcSecurityGroupId": ["sg-1"]}},
            {"instance": {"VpcSecurityGroups/VpcSecurityGroupId": ["sg-2", "sg-3"]}},
            {"VpcSecurityGroupIds": '["sg-2"]'},
            ("instance: VpcSecurityGroups/VpcSecurityGroupId", "OTHER"),
            id="one more than approved",
        ),
        pytest.param(
            "RDS",
            {"instance": {"DeletionProtection": False}},
            {"instance": {"DeletionProtection": True}},
            {"DeletionProtection": "true"},
            ("instance: DeletionProtection", "APPROVED"),
            id="a flag",
        ),
        pytest.param(
            "RDS",
            {"instance": {"Endpoint/Address": "orders.a"}},
            {"instance": {"Endpoint/Address": "orders-0200.a"}},
            {},
            ("instance", "AS_BEFORE"),
            id="an address of its own",
        ),
        pytest.param(
            "RDS",
            {"parameters": [{"name": "work_mem", "value": "1"}]},
            {},
            {},
            ("parameters", "PERSON"),
            id="what nobody brings back",
        ),
        pytest.param(
            "FSx",
            {"file system": {"WindowsConfiguration/ThroughputCapacity": 32}},
            {"file system": {"WindowsConfiguration/ThroughputCapacity": 64}},
            {"WindowsConfiguration": '{"ThroughputCapacity":64}'},
            ("file system: WindowsConfiguration/ThroughputCapacity", "APPROVED"),
            id="within a key",
        ),
        pytest.param(
            "EBS",
            {"volume": {"Size": 8}},
            {"volume": {"Size": 9}},
            {"volumeSize": "9"},
            ("volume: Size", "APPROVED"),
            id="called otherwise",
        ),
        pytest.param(
            "EC2",
            {"instance": {"Placement/AvailabilityZone": "a"}},
            {"instance": {"Placement/AvailabilityZone": "b"}},
            {"SubnetId": "subnet-1"},
            ("instance: Placement/AvailabilityZone", "APPROVED"),
            id="the zone of the subnet",
        ),
        pytest.param(
            "S3",
            {"encryption": {"ServerSideEncryptionConfiguration": {"Rules": [{"Algorithm": "AES256"}]}}},
            {"encryption": {"ServerSideEncryptionConfiguration": {"Rules": [{"Algorithm": "aws:kms", "Key": KEY}]}}},
            {"KMSKey": KEY},
            ("encryption: ServerSideEncryptionConfiguration", "APPROVED"),
            id="the key of a bucket",
        ),
        pytest.param(
            "S3",
            {"policy": {"Resource": "arn:aws:s3:::orders/*"}},
            {"policy": {"Resource": "arn:aws:s3:::orders-0200/*"}},
            {},
            ("policy", "AS_BEFORE"),
            id="its own name in a policy",
        ),
        pytest.param("S3", {"policy": {"Resource": "*"}}, {}, {}, ("policy", "PERSON"), id="a policy that is gone"),
        pytest.param("S3", {}, {"policy": {"a": 1}}, {}, ("policy", "PERSON"), id="a policy that is new"),
        pytest.param("S3", {"lifecycle": [{"ID": "a"}]}, {}, {}, ("lifecycle", "ASKED"), id="what is asked for"),
        pytest.param(
            "EFS",
            {"replication": [{"Destinations/Region": "eu-west-3"}]},
            {},
            {},
            ("replication", "PERSON"),
            id="what calls out and nobody can ask for",
        ),
        pytest.param(
            "DynamoDB",
            {"tags": [{"name": "a", "value": "1"}]},
            {"tags": [{"name": "a", "value": "1"}, OURS]},
            {},
            ("tags", "AS_BEFORE"),
            id="our own tag",
        ),
        pytest.param(
            "DynamoDB",
            {"local indexes": [{"IndexName": "a"}, {"IndexName": "b"}]},
            {"local indexes": [{"IndexName": "b"}, {"IndexName": "a"}]},
            {},
            ("local indexes", "AS_BEFORE"),
            id="another order",
        ),
        pytest.param(
            "DynamoDB",
            {"local indexes": [{"IndexName": "a", "KeySchema": "1"}, {"IndexName": "b", "KeySchema": "2"}]},
            {"local indexes": [{"IndexName": "a", "KeySchema": "2"}, {"IndexName": "b", "KeySchema": "1"}]},
            {},
            ("local indexes", "OTHER"),
            id="the same values of other entries",
        ),
        pytest.param(
            "RDS",
            {"instance": {"Iops": 1}},
            {"instance": {"Iops": 2}},
            {"": "x"},
            ("instance: Iops", "OTHER"),
            id="a key without a name approves nothing",
        ),
        pytest.param(
            "RDS",
            {"parameters": [{"name": "Port", "value": "1"}]},
            {"parameters": [{"name": "Port", "value": "2"}]},
            {"Port": "2"},
            ("parameters", "PERSON"),
            id="a parameter that is called like a key",
        ),
        pytest.param(
            "S3",
            {"policy": {"Resource": "arn:aws:s3:::orders-old/*"}},
            {"policy": {"Resource": "arn:aws:s3:::orders-old/*"}},
            {},
            ("policy", "AS_BEFORE"),
            id="a name that begins like its own",
        ),
        pytest.param("S3", {"CORS": ["a", {"b": 1}, 2]}, {"CORS": 3}, {}, ("CORS", "PERSON"), id="an odd list"),
        pytest.param("S3", {"tags": [{"value": "1"}]}, {"tags": 7}, {}, ("tags", "PERSON"), id="a tag without a name"),
    ],
)  # fmt: skip
def test_a_setting_stands_as_it_does_for_a_reason(
    kind: str, was: dict[str, Any], now: dict[str, Any], metadata: dict[str, str], told: tuple[str, str]
) -> None:
    assert told in _told(_compare(kind, was, now, **metadata))


LOST: Final = (
    *(("RDS", "instance", each) for each in ("AssociatedRoles/RoleArn", "MonitoringInterval", "MonitoringRoleArn")),
    *(("RDS", "instance", each) for each in ("KmsKeyId", "OptionGroupMemberships/OptionGroupName")),
    ("RDS", "instance", "ReadReplicaDBInstanceIdentifiers"),
    *(("Aurora", "cluster", each) for each in ("AssociatedRoles/RoleArn", "CustomEndpoints", "MonitoringInterval")),
    *(("EBS", "volume", each) for each in ("Attachments/Device", "Attachments/InstanceId")),
    ("EC2", "instance", "IamInstanceProfile/Arn"),
    *(("EFS", "file system", each) for each in ("Name", "ThroughputMode")),
    ("FSx", "file system", "KmsKeyId"),
)


@pytest.mark.parametrize(("kind", "what", "part"), LOST)
def test_a_part_that_a_restore_does_not_bring_back_is_left_to_people(kind: str, what: str, part: str) -> None:
    was, now = {what: {part: ["a"], "kept": 1}}, {what: {"kept": 1}}
    assert _told(_compare(kind, was, now)) == [(f"{what}: {part}", "PERSON")]


def test_a_part_that_comes_back_only_where_it_was_approved_is_told_as_approved() -> None:
    was, now = ({"instance": {"KmsKeyId": each}} for each in ("a", KEY))
    assert _told(_compare("RDS", was, now, KmsKeyId=KEY)) == [("instance: KmsKeyId", "APPROVED")]


@pytest.mark.parametrize(
    ("what", "part", "set_to", "step"),
    [
        pytest.param("protection", "DeletionProtectionEnabled", True, "deletion-protection", id="protection"),
        pytest.param(
            "continuous backups", "PointInTimeRecoveryStatus", "ENABLED", "continuous-backups", id="continuous"
        ),
    ],
)
def test_what_the_machine_has_set_is_its_own_doing_and_else_left_to_people(
    what: str, part: str, set_to: Any, step: str
) -> None:
    cases: list[tuple[tuple[str, ...], str, Any, Standing]] = [
        ((step,), part, set_to, Standing.DONE),
        ((), part, set_to, Standing.PERSON),
        ((step,), part, "other", Standing.PERSON),
        ((step,), "of another name", set_to, Standing.PERSON),
    ]
    for done, named, now, standing in cases:
        [compared] = _compare("DynamoDB", {what: {named: "before"}}, {what: {named: now}}, *done)
        assert compared.standing is standing


@pytest.mark.parametrize(
    ("now", "tagged", "told"),
    [
        pytest.param([{"name": "a", "value": "2"}], ("a",), ("tags: a", "DONE"), id="set"),
        pytest.param([{"name": "a", "value": "2"}], ("b",), ("tags", "PERSON"), id="others were set"),
        pytest.param([{"name": "a", "value": "2"}], (), ("tags", "PERSON"), id="none was set"),
        pytest.param([], ("a",), ("tags", "PERSON"), id="set and gone"),
    ],
)
def test_a_tag_is_the_machine_s_by_its_key(
    now: list[dict[str, str]], tagged: tuple[str, ...], told: tuple[str, str]
) -> None:
    was = _note("S3", {"tags": [{"name": "a", "value": "1"}]})
    request, found = _request("S3"), _note("S3", {"tags": now}, 1)
    assert _told(compare_settings(was, found, request=request, done=("tags",), tagged=tagged)) == [told]


def _instances(*classes: str, **more: Any) -> dict[str, Any]:
    return {"instances": [{"DBInstanceIdentifier": f"{each}-1", "DBInstanceClass": each} | more for each in classes]}


@pytest.mark.parametrize(
    ("was", "now", "done", "told"),
    [
        pytest.param(
            _instances("a"), _instances("b"), ("readers", "writer"), ("instances: DBInstanceClass", "DONE"), id="class"
        ),
        pytest.param(_instances("a"), _instances("b"), ("readers",), ("instances", "PERSON"), id="no writer"),
        pytest.param(_instances("a"), _instances("b"), ("writer",), ("instances", "PERSON"), id="no readers"),
        pytest.param(
            _instances("a"),
            _instances("a", "b"),
            ("readers", "writer"),
            ("instances: DBInstanceClass", "DONE"),
            id="more",
        ),
        pytest.param(
            _instances("a", "b"), _instances("a"), ("readers", "writer"), ("instances", "UNREAD"), id="on their way"
        ),
        pytest.param(_instances("a", "b"), {}, (), ("instances", "PERSON"), id="none"),
        pytest.param(
            _instances("a", PromotionTier=0),
            _instances("a", PromotionTier=1),
            ("readers", "writer"),
            ("instances", "PERSON"),
            id="tier",
        ),
    ],
)
def test_of_instances_number_and_class_are_the_machine_s(
    was: dict[str, Any], now: dict[str, Any], done: tuple[str, ...], told: tuple[str, str]
) -> None:
    assert _told(_compare("Aurora", was, now, *done)) == [told]


def test_the_protection_of_a_cluster_is_the_machine_s() -> None:
    was, now = ({"cluster": {"DeletionProtection": each}} for each in (False, True))
    assert _told(_compare("Aurora", was, now, "deletion-protection")) == [("cluster: DeletionProtection", "DONE")]
    assert _told(_compare("Aurora", was, now)) == [("cluster: DeletionProtection", "OTHER")]


@pytest.mark.parametrize("call", CALLS.values(), ids=lambda call: call.step)
def test_each_step_that_is_asked_for_is_told_with_its_command(call: Any) -> None:
    what, kind = call.step.replace("-", " "), call.resource_type
    [compared] = _compare(kind, {what: {"a": 1}}, {})
    said = f"strongroom restore after {_request(kind).id} {call.step}"
    assert (compared.standing, compared.reason) == (Standing.ASKED, said)


def test_of_another_type_nothing_is_asked_for_so() -> None:
    assert _told(_compare("EFS", {"lifecycle": [{"a": 1}]}, {})) == [("lifecycle", "PERSON")]


def _alarm(name: str, *, on: bool = True) -> dict[str, Any]:
    return {"AlarmName": name, "ActionsEnabled": on}


@pytest.mark.parametrize(
    ("was", "now", "reasons"),
    [
        pytest.param([_alarm("a", on=False)], [_alarm("r-a", on=False)], [(Standing.AS_BEFORE, "")], id="off before"),
        pytest.param([_alarm("a")], [_alarm("r-a")], [(Standing.AS_BEFORE, "")], id="on again"),
        pytest.param(
            [_alarm("a")],
            [_alarm("r-a", on=False)],
            [(Standing.OFF, "the actions of 1")],
            id="off",
        ),
        pytest.param(
            [_alarm("a"), _alarm("b")],
            [_alarm("r-b")],
            [(Standing.PERSON, "1 of 2 are not made anew")],
            id="one is missing",
        ),
        pytest.param([{"a": 1}, "b"], [], [(Standing.PERSON, "2 of 2 are not made anew")], id="without a name"),
        pytest.param([], [_alarm("r-a", on=False)], [], id="none noted"),
    ],
)
def test_alarms_are_told_apart_by_their_names_anew(
    was: list[Any], now: list[dict[str, Any]], reasons: list[tuple[Standing, str]]
) -> None:
    request = _request("RDS")
    made = [each | {"AlarmName": each["AlarmName"].replace("r-", f"{request.id}-")} for each in now]
    compared = _compare("RDS", {"alarms": was} if was else {}, {"alarms": made})
    assert [(each.standing, each.reason) for each in compared] == reasons


def test_what_could_not_be_read_then_or_now_is_told_and_not_compared() -> None:
    was, now = {"tags": [], "policy": {"a": 1}}, {"policy": {"a": 2}}
    compared = compare_settings(
        _note("S3", was, alarms="denied"), _note("S3", now, 1, policy="refused"), request=_request("S3"), done=()
    )
    unread = [(each.standing, each.what, each.reason) for each in compared if each.reason]
    assert unread == [(Standing.UNREAD, "policy", "refused"), (Standing.UNNOTED, "alarms", "denied")]


def test_a_secret_is_named_and_no_value_is_told() -> None:
    was = {"parameters": [{"name": "db_password", "value": "hidden-22"}], "policy": {"a": "hidden-33"}}
    step = step_of(_compare("RDS", was, {"policy": {"a": "hidden-44"}}))
    assert "hidden" not in step.told
    assert "parameters.db_password (its name tells of a secret)" in step.told


def test_what_differs_is_a_finding_and_no_failure() -> None:
    step = step_of(_compare("S3", {"policy": {"a": 1}, "lifecycle": [{"a": 1}], "CORS": {"a": 1}}, {"CORS": {"a": 1}}))
    assert (step.step, step.outcome) == ("settings", StepOutcome.DIFFERENT)
    assert step.reason == "2 settings are not as was noted of the original"
    assert step.parts == (
        f"to be asked for, if at all: lifecycle (strongroom restore after {_request('S3').id} lifecycle)",
        "left to people: policy",
        "as before: CORS",
    )
    assert settings_outcome([step]) == StepOutcome.DIFFERENT


@pytest.mark.parametrize(
    ("was", "now", "unread", "outcome", "reason"),
    [
        pytest.param(
            {"policy": 1}, {}, {"policy": "denied"}, StepOutcome.FAILED, "nothing could be compared", id="none"
        ),
        pytest.param(
            {"policy": 1, "CORS": 1},
            {"CORS": 1},
            {"policy": "denied"},
            StepOutcome.SKIPPED,
            "1 setting was not compared, and no other differs",
            id="some, and the others are as before",
        ),
        pytest.param(
            {"policy": 1, "CORS": 1, "logging": 1},
            {"CORS": 2},
            {"policy": "denied", "logging": "denied"},
            StepOutcome.DIFFERENT,
            "1 setting is not as was noted of the original; 2 settings were not compared",
            id="some, and another differs",
        ),
    ],
)
def test_what_could_not_be_read_is_never_called_done(
    was: dict[str, Any], now: dict[str, Any], unread: dict[str, str], outcome: StepOutcome, reason: str
) -> None:
    found = make_note(ARNS["S3"][1], read=now, unread=unread)
    step = step_of(compare_settings(_note("S3", was), found, request=_request("S3"), done=()))
    assert (step.outcome, step.reason) == (outcome, reason)


def test_where_nothing_noted_could_be_read_what_is_there_besides_is_no_difference() -> None:
    found = make_note(ARNS["S3"][1], read={"CORS": 1}, unread={"policy": "denied"})
    step = step_of(compare_settings(_note("S3", {"policy": 1}), found, request=_request("S3"), done=()))
    assert (step.outcome, step.parts) == (StepOutcome.FAILED, ("not compared: policy (denied)",))


def test_what_was_never_noted_is_told_with_what_is_done() -> None:
    notes = [make_note(arn, read={"tags": ["a"]}, unread={"policy": "denied"}) for arn in ARNS["S3"]]
    step = step_of(compare_settings(*notes, request=_request("S3"), done=()))
    assert (step.outcome, step.parts[-1]) == (StepOutcome.DONE, "neither noted nor compared: policy (denied)")
    assert step.reason.endswith("noted of the original; 1 setting was neither noted nor compared")


def test_what_nobody_reads_of_a_kind_leaves_nothing_undone() -> None:
    user_data = {"user data": "it may hold secrets, and code"}
    notes = [make_note(arn, read={"tags": ["a"]}, unread=user_data) for arn in ARNS["EC2"]]
    step = step_of(compare_settings(*notes, request=_request("EC2"), done=()))
    assert (step.outcome, step.parts[-1]) == (
        StepOutcome.DONE,
        "never compared: user data (it may hold secrets, and code)",
    )


def test_alarms_that_are_off_by_design_are_told_and_are_no_finding() -> None:
    made = [_alarm(f"{_request('RDS').id}-a", on=False)]
    step = step_of(_compare("RDS", {"alarms": [_alarm("a")]}, {"alarms": made}))
    assert (step.outcome, step.parts) == (
        StepOutcome.DONE,
        ("made, and off until somebody turns them on: alarms (the actions of 1)",),
    )
    assert step.reason.endswith("and its alarms are to be turned on")
    assert settings_outcome([step]) == StepOutcome.DONE


def test_what_is_as_before_or_as_approved_is_done() -> None:
    was, now = ({"instance": {"DBInstanceClass": each, "Iops": 1}, "tags": ["a"]} for each in "ab")
    step = step_of(_compare("RDS", was, now, DBInstanceClass="b"))
    assert (step.outcome, step.reason) == (
        StepOutcome.DONE,
        "nothing is left to be set that was noted of the original",
    )
    assert step.parts == ("other than before, as approved: instance: DBInstanceClass", "as before: tags")
    assert settings_outcome([step]) == StepOutcome.DONE


def test_of_many_the_first_are_named() -> None:
    was = {"instance": {f"k{number:02}": 1 for number in range(20)}}
    [part] = step_of(_compare("RDS", was, {"instance": {"other": ""}})).parts
    assert part.endswith("instance: k11, and 8 more")


@pytest.mark.parametrize("kind", STEPS)
def test_a_step_that_is_done_explains_nothing_else(kind: str) -> None:
    assert _told(_compare("S3", {"policy": {"a": 1}}, {}, kind)) == [("policy", "PERSON")]
