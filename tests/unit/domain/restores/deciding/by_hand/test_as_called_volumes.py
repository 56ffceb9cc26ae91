"""A volume of EBS by EC2's own call: what AWS Backup cannot give it, and nothing that its table restores."""

from typing import Any, Final

import pytest

from strongroom.domain.restores.deciding.by_hand.as_called import parameters_of
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Danger, RestoreDecision, Verdict
from tests.builders.deciding.restore_cases import a_restore

CALL: Final = "ec2:CreateVolume"
KEY: Final = "arn:aws:kms:eu-west-1:111122223333:key/1"
PROFILE: Final = {"keys": [KEY], "availabilityZone": ["eu-west-1a", "eu-west-1b"]}
WRITTEN: Final = {"AvailabilityZone": "eu-west-1b", "KmsKeyId": KEY, "VolumeInitializationRate": "300"}
MORE: Final = {"VolumeType": "gp3", "Size": "512", "Iops": "6000", "Throughput": "500"}


def decided(wishes: dict[Any, Any], **said: Any) -> RestoreDecision:
    """What is decided where the place's profile lets the call be made."""
    usual = {"wishes": wishes, "native": True, "limits": {"native": [CALL]}, "profile": PROFILE}
    return decide_restore(a_restore("EBS", **usual | said))


def faults(decision: RestoreDecision) -> set[str]:
    """The classes of what is wrong; of what is refused nothing is sent."""
    assert (decision.verdict, decision.metadata) == (Verdict.REFUSED, ())
    return {str(each.fault) for each in decision.refusals}


def test_what_is_written_is_sent_letter_by_letter_and_the_call_and_each_parameter_are_risks() -> None:
    decision = decided(WRITTEN | MORE)
    assert (decision.verdict, dict(decision.metadata), decision.refusals) == (Verdict.ELEVATED, WRITTEN | MORE, ())
    told = {risk.sentence for risk in decision.risks if risk.danger is Danger.AS_WRITTEN}
    assert f"{CALL} makes it, and no job of AWS Backup's." in told
    assert "VolumeInitializationRate is sent as it is written: 300" in told
    assert len(told) == 1 + len(WRITTEN | MORE)


def test_the_call_is_given_what_was_written_in_the_types_that_it_takes() -> None:
    given = parameters_of(CALL, tuple(decided(WRITTEN | MORE).metadata))
    numbers = {"VolumeInitializationRate": 300, "Size": 512, "Iops": 6000, "Throughput": 500}
    assert given == {**WRITTEN, **MORE, **numbers}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_the_call_needs_is_written_and_without_a_rate_the_table_restores_it(name: str) -> None:
    decision = decided({key: value for key, value in WRITTEN.items() if key != name})
    assert faults(decision) == {"bad-value"}
    assert [each.sentence for each in decision.refusals] == [f"{name} is not written, and is needed"]


HARMFUL: Final[dict[str, tuple[dict[str, str], str]]] = {
    "the snapshot": ({"SnapshotId": "snap-0bb2"}, "unknown-key"),
    "the token": ({"ClientToken": "again"}, "unknown-key"),
    "the tags": ({"TagSpecifications": "[]"}, "unknown-key"),
    "no encryption": ({"Encrypted": "false"}, "forbidden-key"),
    "an outpost": ({"OutpostArn": "arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"}, "unknown-key"),
    "more than one machine": ({"MultiAttachEnabled": "true"}, "unknown-key"),
    "another zone": ({"AvailabilityZone": "eu-west-1c"}, "not-in-profile"),
    "a zone by its id": ({"AvailabilityZoneId": "euw1-az1"}, "unknown-key"),
    "another key": ({"KmsKeyId": KEY.replace("key/1", "key/2")}, "not-in-profile"),
    "a foreign key": ({"KmsKeyId": KEY.replace("111122223333", "999999999999")}, "foreign-place"),
    "AWS's key": ({"KmsKeyId": "alias/aws/ebs"}, "aws-key"),
    "a rate below what EC2 takes": ({"VolumeInitializationRate": "99"}, "bad-value"),
    "a rate above what EC2 takes": ({"VolumeInitializationRate": "301"}, "bad-value"),
    "a rate in letters": ({"VolumeInitializationRate": '"300"'}, "bad-value"),
    "a size below nothing": ({"Size": "-1"}, "bad-value"),
}


@pytest.mark.parametrize("harm", HARMFUL)
def test_what_no_restore_may_say_and_what_the_call_does_not_take_nobody_writes(harm: str) -> None:
    said, fault = HARMFUL[harm]
    assert fault in faults(decided(WRITTEN | said))


@pytest.mark.parametrize("rate", ["100", "300"])
def test_the_rates_at_both_ends_are_let(rate: str) -> None:
    assert decided(WRITTEN | {"VolumeInitializationRate": rate}).verdict is Verdict.ELEVATED


def test_without_the_word_of_the_profile_nothing_is_called() -> None:
    assert faults(decided(WRITTEN, limits={"native": ["fsx:CreateFileSystemFromBackup"]})) == {"hand-not-allowed"}


def test_out_of_the_archive_ec2_makes_nothing() -> None:
    decision = decided(WRITTEN, point={"storage": "COLD"})
    assert faults(decision) == {"cold"}
    assert "let AWS Backup restore it" in decision.refusals[0].sentence
