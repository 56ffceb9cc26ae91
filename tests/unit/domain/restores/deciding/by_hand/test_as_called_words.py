"""People read what is wrong with each parameter of a service's own call, by its name and what it must be."""

import json
from collections.abc import Mapping
from copy import replace
from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.by_hand.as_called import decide_as_called
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Danger, RestoreDecision
from strongroom.domain.restores.kinds.finishing import SENTENCES, MachineStep
from strongroom.domain.restores.kinds.model import Condition
from strongroom.domain.restores.kinds.table import kind_named
from tests.builders.deciding import called
from tests.builders.deciding.restore_cases import a_restore

KIND: Final = "FSx OpenZFS"
CALL: Final = "fsx:CreateFileSystemFromBackup"
KEY: Final = "arn:aws:kms:eu-west-1:111122223333:key/1"
WRITTEN: Final = {**called.WRITTEN, "KmsKeyId": KEY, "SecurityGroupIds": '["sg-0b1"]'}
PROFILE: Final = {
    "keys": [KEY],
    "SubnetIds": ["subnet-0r1", "subnet-0r2"],
    "OpenZFSConfiguration.PreferredSubnetId": ["subnet-0r1", "subnet-0r2"],
    "SecurityGroupIds": [["sg-0a1", "sg-0a2"], ["sg-0b1"]],
}
SETTINGS: Final = "OpenZFSConfiguration"
NEEDED: Final = "is not written, and is needed"
UNKNOWN: Final = "is no parameter that this call is given"
TWO: Final = "SubnetIds must be the ids of two subnets, and nothing else"
ELSE: Final = f"{SETTINGS}.DeploymentType begins with MULTI_AZ, and all else by its table"


def decided(wishes: Mapping[str, str], *, kind: str = KIND, native: tuple[str, ...] = (CALL,), **said: Any) -> Any:
    """What is decided where the place's profile lets these calls be made."""
    usual = {"wishes": wishes, "native": True, "limits": {"native": list(native)}, "profile": PROFILE}
    return decide_restore(a_restore(kind, **usual | said))


def with_settings(**changes: Any) -> dict[str, str]:
    """What is written, with other settings of OpenZFS; None leaves one out."""
    said = {**json.loads(WRITTEN[SETTINGS]), **changes}
    return {**WRITTEN, SETTINGS: json.dumps({name: value for name, value in said.items() if value is not None})}


def told(decision: RestoreDecision) -> list[tuple[str, str, str]]:
    """What is refused, by its class, its key and its words."""
    return [(str(each.fault), each.key, each.sentence) for each in decision.refusals]


@pytest.mark.parametrize(
    ("said", "refusals"),
    [
        ({"Tags": "[]"}, [("unknown-key", "Tags", f"Tags {UNKNOWN}")]),
        ({"T" * 90: "x"}, [("unknown-key", "T" * 80, f"{'T' * 80} {UNKNOWN}")]),
        ({"StorageCapacity": "-1"}, [("bad-value", "StorageCapacity", "StorageCapacity must be a whole number")]),
        (
            {"StorageCapacity": "many"},
            [("bad-value", "StorageCapacity", "StorageCapacity must be a whole number, in JSON, each key once")],
        ),
        ({"SubnetIds": '["subnet-0r1"]'}, [("bad-value", "SubnetIds", TWO)]),
        ({"SubnetIds": '["subnet-0r1","subnet-0r1"]'}, [("bad-value", "SubnetIds", TWO)]),
        ({"SubnetIds": '["subnet-0r1","subnet-0r2","subnet-0r1"]'}, [("bad-value", "SubnetIds", TWO)]),
        ({"SubnetIds": '["subnet-0r1","Subnet"]'}, [("bad-value", "SubnetIds", TWO)]),
        (
            {"SubnetIds": '["subnet-0r1",7]'},
            [("bad-value", "SubnetIds", TWO), ("bad-value", "SubnetIds", "SubnetIds must be a list of texts")],
        ),
    ],
    ids=str,
)
def test_each_parameter_that_is_wrong_is_named(said: dict[str, str], refusals: list[tuple[str, str, str]]) -> None:
    assert sorted(told(decided({**WRITTEN, **said}))) == sorted(refusals)


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        (
            {"CopyTagsToVolumes": "true"},
            [("bad-value", f"{SETTINGS}.CopyTagsToVolumes", f"{SETTINGS}.CopyTagsToVolumes must be true or false")],
        ),
        (
            {"PreferredSubnetId": None},
            [("bad-value", f"{SETTINGS}.PreferredSubnetId", f"{SETTINGS}.PreferredSubnetId {NEEDED}")],
        ),
        (
            {"ReadCacheConfiguration": {"Mode": "x"}},
            [
                (
                    "unknown-key",
                    f"{SETTINGS}.ReadCacheConfiguration.Mode",
                    f"{SETTINGS}.ReadCacheConfiguration.Mode {UNKNOWN}",
                )
            ],
        ),
        (
            {"DeploymentType": "SINGLE_AZ_2"},
            [("not-by-hand", f"{SETTINGS}.DeploymentType", f"{KIND} is restored by {CALL} where {ELSE}")],
        ),
        (
            {"DeploymentType": 7},
            [
                ("bad-value", f"{SETTINGS}.DeploymentType", f"{SETTINGS}.DeploymentType must be a text"),
                ("not-by-hand", f"{SETTINGS}.DeploymentType", f"{KIND} is restored by {CALL} where {ELSE}"),
            ],
        ),
    ],
    ids=str,
)
def test_so_is_each_inside_of_a_record(changes: dict[str, Any], refusals: list[tuple[str, str, str]]) -> None:
    assert told(decided(with_settings(**changes))) == refusals


@pytest.mark.parametrize("rate", ["99", "301"])
def test_a_number_that_lies_elsewhere_is_told_where_it_may_lie(rate: str) -> None:
    key = "VolumeInitializationRate"
    case = {"native": True, "limits": {"native": ["ec2:CreateVolume"]}}
    wishes = {"AvailabilityZone": "eu-west-1b", key: rate}
    refusals = told(decide_restore(a_restore("EBS", wishes=wishes, **case)))
    assert ("bad-value", key, f"{key} must be from 100 to 300") in refusals


def test_what_has_no_call_says_so() -> None:
    decision = decided({"Note": "x"}, kind="EFS")
    assert ("not-by-hand", "", "EFS is restored by no call of its service's own") in told(decision)
    assert "A call makes it, and no job of AWS Backup's." in {risk.sentence for risk in decision.risks}


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({}, "no metadata are written, and AWS Backup restores nothing without"),
        ({f"Key{number}": "x" for number in range(31)}, "more than 30 keys are written, which nobody reads"),
    ],
    ids=["nothing", "more than people read"],
)
def test_something_is_written_and_no_more_than_people_read(wishes: dict[str, str], sentence: str) -> None:
    assert ("bad-value", "", sentence) in told(decided(wishes))


def test_a_call_that_is_for_several_beginnings_names_them_all() -> None:
    kind = kind_named(KIND)
    assert kind is not None
    wider = replace(kind, by_hand_when=Condition(f"{SETTINGS}.DeploymentType", ("MULTI_AZ", "MULTI_REGION")))
    case = a_restore(KIND, wishes=with_settings(DeploymentType="SINGLE_AZ_2"), native=True, profile=PROFILE)
    why = f"where {SETTINGS}.DeploymentType begins with MULTI_AZ or MULTI_REGION, and all else by its table"
    sentences = [refusal.sentence for refusal in decide_as_called(wider, case).refusals]
    assert f"{KIND} is restored by {CALL} {why}" in sentences


def test_what_the_profile_does_not_let_is_told_with_what_to_write() -> None:
    why = f"the profile of 111122223333 in eu-west-1 does not let {CALL} be made: write"
    wanted = ("hand-not-allowed", "", f"{why} `native: [{CALL}]` there, which two governors sign")
    assert told(decided(WRITTEN, native=())) == [wanted]


def test_out_of_cold_storage_no_call_restores() -> None:
    why = "it lies in cold storage, out of which no call of the service restores: let AWS Backup restore it"
    assert ("cold", "", why) in told(decided(WRITTEN, point={"storage": "COLD"}))


def test_what_is_made_anew_is_put_into_nothing() -> None:
    dangers = {risk.danger for risk in decided(WRITTEN).risks}
    assert not dangers & {Danger.ADDS_INTO_LIVE, Danger.OVERWRITES}
    assert decided(WRITTEN).steps == (SENTENCES[MachineStep.ALARMS], "Mount it under its new name.")
