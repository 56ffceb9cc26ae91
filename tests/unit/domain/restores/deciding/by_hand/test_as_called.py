"""Parameters of a service's own call that a person writes: known ones, and nothing that no restore may say."""

import json
from typing import Any, Final

import pytest
from botocore.session import get_session

from strongroom.domain.catalogue.rows import OWN_CALLS
from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.by_hand.parameters import PARAMETERS, Form, Parameter
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Danger, RestoreDecision, Verdict
from strongroom.domain.restores.kinds.table import KINDS
from tests.builders.deciding.restore_cases import a_restore

KIND: Final = "FSx OpenZFS"
CALL: Final = "fsx:CreateFileSystemFromBackup"
KEY: Final = "arn:aws:kms:eu-west-1:111122223333:key/1"
PROFILE: Final = {
    "keys": [KEY],
    "SubnetIds": ["subnet-0r1", "subnet-0r2"],
    "OpenZFSConfiguration.PreferredSubnetId": ["subnet-0r1", "subnet-0r2"],
    "SecurityGroupIds": [["sg-0a1", "sg-0a2"], ["sg-0b1"]],
}
SETTINGS: Final = {
    "DeploymentType": "MULTI_AZ_1",
    "PreferredSubnetId": "subnet-0r1",
    "ThroughputCapacity": 160,
    "AutomaticBackupRetentionDays": 0,
}
WRITTEN: Final = {
    "SubnetIds": '[ "subnet-0r2","subnet-0r1" ]',
    "SecurityGroupIds": '["sg-0b1"]',
    "KmsKeyId": KEY,
    "OpenZFSConfiguration": json.dumps(SETTINGS),
}


def decided(wishes: dict[Any, Any], *, kind: str = KIND, native: Any = (CALL,), **said: Any) -> RestoreDecision:
    """What is decided where the place's profile lets these calls be made."""
    usual = {"wishes": wishes, "native": True, "limits": {"native": list(native)}, "profile": PROFILE}
    return decide_restore(a_restore(kind, **usual | said))


def faults(decision: RestoreDecision) -> set[str]:
    """The classes of what is wrong; of what is refused nothing is sent."""
    assert (decision.verdict, decision.metadata) == (Verdict.REFUSED, ())
    return {str(each.fault) for each in decision.refusals}


def with_settings(**changes: Any) -> dict[str, str]:
    """What is written, with other settings of OpenZFS; None leaves one out."""
    said = {name: value for name, value in (SETTINGS | changes).items() if value is not None}
    return WRITTEN | {"OpenZFSConfiguration": json.dumps(said)}


def test_what_is_written_is_sent_letter_by_letter_and_the_call_and_each_parameter_are_risks() -> None:
    decision = decided(WRITTEN)
    assert (decision.verdict, dict(decision.metadata), decision.refusals) == (Verdict.ELEVATED, WRITTEN, ())
    told = {risk.sentence for risk in decision.risks if risk.danger is Danger.AS_WRITTEN}
    assert told == {
        f"{CALL} makes it, and no job of AWS Backup's.",
        *(f"{key} is sent as it is written: {value}" for key, value in WRITTEN.items()),
    }


def test_the_call_is_given_what_was_written_in_the_types_that_it_takes() -> None:
    given = parameters_of(CALL, tuple(decided(WRITTEN).metadata))
    assert given == WRITTEN | {
        "SubnetIds": ["subnet-0r2", "subnet-0r1"],
        "SecurityGroupIds": ["sg-0b1"],
        "OpenZFSConfiguration": SETTINGS,
    }


def test_without_the_word_of_the_profile_nothing_is_called() -> None:
    decision = decided(WRITTEN, native=[])
    assert faults(decision) == {"hand-not-allowed"}
    assert f"`native: [{CALL}]`" in decision.refusals[0].sentence


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if not kind.calls])
def test_no_other_kind_is_restored_by_a_call(kind: str) -> None:
    assert "not-by-hand" in faults(decided(WRITTEN, kind=kind))


@pytest.mark.parametrize("deployment", ["SINGLE_AZ_2", "SINGLE_AZ_HA_2", "multi_az_1", "X_MULTI_AZ", ""])
def test_what_aws_backup_restores_is_not_restored_past_its_table(deployment: str) -> None:
    assert faults(decided(with_settings(DeploymentType=deployment))) == {"not-by-hand"}


def test_without_the_word_native_it_goes_by_hand_and_the_way_is_told() -> None:
    asked = a_restore(KIND, wishes={"OpenZFSConfiguration": '{"DeploymentType": "MULTI_AZ_1"}'}, profile=PROFILE)
    decision = decide_restore(asked)
    assert (decision.verdict, decision.metadata) == (Verdict.BY_HAND, ())
    assert "--native FILE" in decision.refusals[0].sentence


FOREIGN: Final = KEY.replace("111122223333", "999999999999")
HARMFUL: Final[dict[str, tuple[dict[Any, Any], str]]] = {
    "a parameter twice in other letters": ({"subnetids": WRITTEN["SubnetIds"]}, "doubled-key"),
    "a letter that only looks like one": ({"KmsKey\u0406d": KEY}, "unknown-key"),
    "the backup": ({"BackupId": "backup-0bb2"}, "unknown-key"),
    "the token": ({"ClientRequestToken": "again"}, "unknown-key"),
    "the tags": ({"Tags": "[]"}, "unknown-key"),
    "another kind's settings": ({"WindowsConfiguration": "{}"}, "unknown-key"),
    "another key": ({"KmsKeyId": KEY.replace("key/1", "key/2")}, "not-in-profile"),
    "a foreign key": ({"KmsKeyId": FOREIGN}, "foreign-place"),
    "AWS's key": ({"KmsKeyId": "alias/aws/fsx"}, "aws-key"),
    "another subnet": ({"SubnetIds": '["subnet-0r1","subnet-0evil"]'}, "not-in-profile"),
    "one subnet": ({"SubnetIds": '["subnet-0r1"]'}, "bad-value"),
    "one subnet twice": ({"SubnetIds": '["subnet-0r1","subnet-0r1"]'}, "bad-value"),
    "something beside the subnets": ({"SubnetIds": '["subnet-0r1","subnet-0r2","x"]'}, "bad-value"),
    "no list of subnets": ({"SubnetIds": "subnet-0r1"}, "bad-value"),
    "another group": ({"SecurityGroupIds": '["sg-0evil"]'}, "not-in-profile"),
    "half of a list of groups": ({"SecurityGroupIds": '["sg-0a1"]'}, "not-in-profile"),
    "no group": ({"SecurityGroupIds": "[]"}, "bad-value"),
    "a size in letters": ({"StorageCapacity": '"64"'}, "bad-value"),
    "a size below nothing": ({"StorageCapacity": "-1"}, "bad-value"),
    "JSON with a key twice": (
        {"OpenZFSConfiguration": '{"DeploymentType":"MULTI_AZ_1","deploymenttype":"x"}'},
        "bad-value",
    ),
    "an escape": ({"StorageType": "S\\u0053D"}, "bad-value"),
    "an address": ({"StorageType": "https://example.com"}, "foreign-place"),
}
SETTING_FAULTS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "AWS's own backups": ({"AutomaticBackupRetentionDays": 30}, "forbidden-key"),
    "exports to everybody": (
        {"RootVolumeConfiguration": {"NfsExports": [{"ClientConfigurations": [{"Clients": "*", "Options": ["rw"]}]}]}},
        "export",
    ),
    "addresses": ({"EndpointIpAddressRange": "198.19.0.0/24"}, "unknown-key"),
    "routes": ({"RouteTableIds": ["rtb-1"]}, "unknown-key"),
    "another preferred subnet": ({"PreferredSubnetId": "subnet-0evil"}, "not-in-profile"),
    "no preferred subnet": ({"PreferredSubnetId": None}, "bad-value"),
    "a flag in letters": ({"CopyTagsToVolumes": "true"}, "bad-value"),
    "a flag for a number": ({"ThroughputCapacity": True}, "bad-value"),
    "what nobody knows": ({"ReadCacheConfiguration": {"Mode": "x"}}, "unknown-key"),
    "no record": ({"DiskIopsConfiguration": "AUTOMATIC"}, "bad-value"),
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_no_restore_may_say_and_what_the_call_does_not_take_nobody_writes(harm: str) -> None:
    said, fault = HARMFUL[harm]
    assert fault in faults(decided(WRITTEN | said))


@pytest.mark.parametrize("harm", SETTING_FAULTS)
def test_so_is_it_inside_of_a_record(harm: str) -> None:
    said, fault = SETTING_FAULTS[harm]
    assert fault in faults(decided(with_settings(**said)))


@pytest.mark.parametrize("name", WRITTEN)
def test_what_the_call_needs_is_written(name: str) -> None:
    less = {key: value for key, value in WRITTEN.items() if key != name}
    decision = decided(less)
    assert "bad-value" in faults(decision)
    assert f"{name} is not written, and is needed" in [each.sentence for each in decision.refusals]


@pytest.mark.parametrize(
    "settings",
    [
        {"CopyTagsToVolumes": True, "WeeklyMaintenanceStartTime": "7:02:00"},
        {"DiskIopsConfiguration": {"Mode": "USER_PROVISIONED", "Iops": 3000}},
        {"ReadCacheConfiguration": {"SizingMode": "NO_CACHE"}},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_what_the_call_takes_is_let(settings: dict[str, Any]) -> None:
    assert decided(with_settings(**settings)).verdict is Verdict.ELEVATED
    assert decided(WRITTEN | {"StorageCapacity": "128", "StorageType": "SSD"}).verdict is Verdict.ELEVATED


def test_groups_that_go_together_are_one_choice_in_whatever_order_they_are_written() -> None:
    assert decided(WRITTEN | {"SecurityGroupIds": '["sg-0a2","sg-0a1"]'}).verdict is Verdict.ELEVATED


def test_the_point_is_judged_as_ever() -> None:
    point = {"status": "EXPIRED"}
    assert faults(decided(WRITTEN, point=point)) == {"bad-state"}


def test_every_call_has_its_parameters_and_one_kind() -> None:
    assert sorted(PARAMETERS) == sorted(OWN_CALLS) == sorted(each.call for kind in KINDS for each in kind.calls)


TYPES: Final = {
    Form.TEXT: {"string"},
    Form.NAME: {"string"},
    Form.PLACE: {"string"},
    Form.NUMBER: {"integer", "long"},
    Form.FLAG: {"boolean"},
    Form.TEXTS: {"list"},
    Form.RECORD: {"structure"},
}


def test_parameters_are_spelled_and_typed_as_aws_takes_them() -> None:
    def check(parameters: tuple[Parameter, ...], shape: Any) -> None:
        for each in parameters:
            assert shape.members[each.name].type_name in TYPES[each.form], each.name
            check(each.inner, shape.members[each.name])

    for call, parameters in PARAMETERS.items():
        service, _, operation = call.partition(":")
        check(parameters, get_session().get_service_model(service).operation_model(operation).input_shape)
