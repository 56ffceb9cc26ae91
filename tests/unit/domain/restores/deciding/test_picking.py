"""What the profile gives for a key: its first choice, another that is named, or why none."""

from typing import Any

import pytest

from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import RestoreDecision
from tests.builders.deciding.restore_cases import PROFILE, a_restore

TOGETHER = PROFILE | {"SubnetIds": [["subnet-1", "subnet-2"], "subnet-3"]}


def _decide(kind: str, **said: Any) -> RestoreDecision:
    return decide_restore(a_restore(kind, **said))


@pytest.mark.parametrize(
    ("wishes", "sent"),
    [
        pytest.param({}, '["subnet-1","subnet-2"]', id="the first"),
        pytest.param({"SubnetIds": '["subnet-3"]'}, '["subnet-3"]', id="one alone, of which a list is made"),
        pytest.param({"SubnetIds": '["subnet-2", "subnet-1"]'}, '["subnet-1","subnet-2"]', id="in another order"),
    ],
)
def test_a_list_is_one_choice_in_whatever_order_it_is_named(wishes: dict[str, str], sent: str) -> None:
    assert dict(_decide("FSx Lustre", profile=TOGETHER, wishes=wishes).metadata)["SubnetIds"] == sent


def test_several_that_go_together_are_sent_as_a_list_whatever_else_the_key_takes() -> None:
    profile = PROFILE | {"availabilityZone": [["eu-west-1a", "eu-west-1b"], "eu-west-1c"]}
    assert dict(_decide("EBS", profile=profile).metadata)["availabilityZone"] == '["eu-west-1a","eu-west-1b"]'


@pytest.mark.parametrize("wish", ['["subnet-1"]', '["subnet-1","subnet-2","subnet-3"]', '["subnet-1","subnet-1"]'])
def test_a_part_of_a_choice_is_none(wish: str) -> None:
    [refusal] = _decide("FSx Lustre", profile=TOGETHER, wishes={"SubnetIds": wish}).refusals
    assert refusal.sentence == "SubnetIds is none of those that the profile has"


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        pytest.param(
            "EBS",
            {"wishes": {"kmsKeyId": "ALIAS/AWS/EBS"}},
            "kmsKeyId is a key of AWS's own, which can be given to nobody",
            id="a key of AWS's",
        ),
        pytest.param(
            "EBS",
            {"wishes": {"availabilityZone": "alias/aws/ebs"}},
            "availabilityZone is none of those that the profile has",
            id="what only looks like one",
        ),
        pytest.param(
            "EBS",
            {"profile": {"keys": PROFILE["keys"]}},
            "availabilityZone must come from a restore profile of the account, and none has it",
            id="no choice at all",
        ),
        pytest.param(
            "RDS",
            {"wishes": {"VpcSecurityGroupIds": "sg-0a1"}},
            "VpcSecurityGroupIds must be a list of plain texts, in JSON",
            id="no list",
        ),
    ],
)
def test_what_is_wrong_with_a_choice_is_said_in_one_sentence(kind: str, said: dict[str, Any], sentence: str) -> None:
    assert [refusal.sentence for refusal in _decide(kind, **said).refusals] == [sentence]


def test_without_a_key_of_its_own_a_file_system_is_under_one_of_aws() -> None:
    profile = {name: choices for name, choices in PROFILE.items() if name != "keys"}
    first, *_ = _decide("FSx Lustre", profile=profile).risks
    assert first.sentence == "It lives under a key of AWS's own, because the profile has none."


def test_what_says_that_nothing_was_set_is_no_step() -> None:
    told = {"DBParameterGroupName": "default.postgres16", "OptionGroupName": "default:postgres-16"}
    assert _decide("RDS", backup=told).steps == _decide("RDS").steps
