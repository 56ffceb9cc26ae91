"""What was noted of an original is held against what is set on what was restored: each difference has its reason."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from strongroom.domain.restores.kinds.finishing import StepOutcome, is_different
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
    return compare_settings(_note(kind, was), _note(kind, now, 1), request=_request(kind, **metadata), done=done)


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
            ("instance: DBInstanceClass", "UNAPPROVED"),
            id="neither as before nor as approved",
        ),
        pytest.param(
            "RDS",
            {"instance": {"EngineVersion": "16.1"}},
            {"instance": {"EngineVersion": "16.2"}},
            {},
            ("instance: EngineVersion", "UNAPPROVED"),
            id="of what a restore brings back, unasked",
        ),
        pytest.param(
            "RDS",
            {"instance": {"MultiAZ": True}},
            {"instance": {}},
            {"MultiAZ": "true"},
            ("instance: MultiAZ", "UNAPPROVED"),
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
            ("instance: VpcSecurityGroups/VpcSecurityGroupId", "UNAPPROVED"),
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
    ],
)  # fmt: skip
def test_a_setting_stands_as_it_does_for_a_reason(
    kind: str, was: dict[str, Any], now: dict[str, Any], metadata: dict[str, str], told: tuple[str, str]
) -> None:
    assert told in _told(_compare(kind, was, now, **metadata))


@pytest.mark.parametrize(
    ("what", "was", "now", "step"),
    [
        pytest.param("protection", {"x": False}, {"x": True}, "deletion-protection", id="protection"),
        pytest.param("continuous backups", {"x": "a"}, {"x": "b"}, "continuous-backups", id="continuous"),
        pytest.param("tags", [{"name": "a", "value": "1"}], [{"name": "a", "value": "2"}], "tags", id="tags"),
    ],
)
def test_what_the_machine_has_set_is_its_own_doing_and_else_left_to_people(
    what: str, was: Any, now: Any, step: str
) -> None:
    for done, standing in (((step,), Standing.DONE), ((), Standing.PERSON)):
        [compared] = _compare("DynamoDB", {what: was}, {what: now}, *done)
        assert compared.standing is standing


def test_the_protection_of_a_cluster_is_the_machine_s() -> None:
    was, now = ({"cluster": {"DeletionProtection": each}} for each in (False, True))
    assert _told(_compare("Aurora", was, now, "deletion-protection")) == [("cluster: DeletionProtection", "DONE")]
    assert _told(_compare("Aurora", was, now)) == [("cluster: DeletionProtection", "UNAPPROVED")]


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
        pytest.param([_alarm("a", on=False)], [_alarm("r-a", on=False)], [], id="off before"),
        pytest.param([_alarm("a")], [_alarm("r-a")], [], id="on again"),
        pytest.param(
            [_alarm("a")],
            [_alarm("r-a", on=False)],
            ["the actions of 1 are off until somebody turns them on"],
            id="off",
        ),
        pytest.param([_alarm("a"), _alarm("b")], [_alarm("r-b")], ["1 of 2 are not made anew"], id="one is missing"),
        pytest.param([], [_alarm("r-a", on=False)], [], id="none noted"),
    ],
)
def test_alarms_are_told_apart_by_their_names_anew(
    was: list[dict[str, Any]], now: list[dict[str, Any]], reasons: list[str]
) -> None:
    request = _request("RDS")
    made = [each | {"AlarmName": each["AlarmName"].replace("r-", f"{request.id}-")} for each in now]
    compared = _compare("RDS", {"alarms": was} if was else {}, {"alarms": made})
    assert [(each.standing, each.reason) for each in compared] == [(Standing.PERSON, reason) for reason in reasons]


def test_what_could_not_be_read_then_or_now_is_told_and_not_compared() -> None:
    was, now = {"tags": [], "policy": {"a": 1}}, {"policy": {"a": 2}}
    compared = compare_settings(
        _note("S3", was, alarms="denied"), _note("S3", now, 1, policy="refused"), request=_request("S3"), done=()
    )
    unread = [(each.what, each.reason) for each in compared if each.standing is Standing.UNREAD]
    assert unread == [("alarms", "denied"), ("policy", "refused")]


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
    assert is_different([step])


def test_what_is_as_before_or_as_approved_is_done() -> None:
    was, now = ({"instance": {"DBInstanceClass": each, "Iops": 1}, "tags": ["a"]} for each in "ab")
    step = step_of(_compare("RDS", was, now, DBInstanceClass="b"))
    assert (step.outcome, step.reason) == (
        StepOutcome.DONE,
        "nothing is left to be set that was noted of the original",
    )
    assert step.parts == ("other than before, as approved: instance: DBInstanceClass", "as before: tags")
    assert not is_different([step])


def test_of_many_the_first_are_named() -> None:
    was = {"instance": {f"k{number:02}": 1 for number in range(20)}}
    [part] = step_of(_compare("RDS", was, {"instance": {"other": ""}})).parts
    assert part.endswith("instance: k11, and 8 more")


@pytest.mark.parametrize("kind", STEPS)
def test_a_step_that_is_done_explains_nothing_else(kind: str) -> None:
    assert _told(_compare("S3", {"policy": {"a": 1}}, {}, kind)) == [("policy", "PERSON")]
