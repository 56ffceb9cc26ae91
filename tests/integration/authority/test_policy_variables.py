"""Variables in policies stand for what is known of the request.

Source: IAM User Guide, "IAM policy elements: Variables and tags", "Specifying default values".
"""

from typing import Any

import pytest

from sandbox.settings import HOME_REGION
from tests.integration.authority.conftest import a_role, allow, refusal, scp


def _deny(**more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "sqs:CreateQueue", "Resource": "*", **more}


@pytest.mark.parametrize(
    ("statement", "denies"),
    [
        pytest.param(_deny(Resource="arn:aws:sqs:*:${aws:PrincipalAccount}:*"), True, id="account"),
        pytest.param(_deny(Resource="arn:aws:sqs:${aws:RequestedRegion}:*:*"), True, id="region"),
        pytest.param(_deny(Resource="arn:aws:sqs:*:*:${aws:PrincipalTag/team, 'mine'}"), True, id="default"),
        pytest.param(_deny(Resource="arn:aws:sqs:*:*:${aws:PrincipalTag/team}"), False, id="no-value"),
        pytest.param(
            _deny(Condition={"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}), True, id="condition"
        ),
        pytest.param(
            _deny(Condition={"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
            False,
            id="condition-that-does-not-hold",
        ),
    ],
)
def test_a_deny_with_a_variable_denies_what_it_stands_for(*, statement: dict[str, Any], denies: bool) -> None:
    sqs = a_role(allow("sqs:*")).client("sqs")
    with scp(statement):
        if denies:
            assert "service control policy" in refusal(lambda: sqs.create_queue(QueueName="mine"))[1]
        else:
            assert sqs.create_queue(QueueName="mine")


def test_a_variable_in_a_policy_of_the_role_is_filled_too() -> None:
    role = a_role(allow("sqs:CreateQueue", resource=f"arn:aws:sqs:{HOME_REGION}:${{aws:PrincipalAccount}}:own"))
    assert role.client("sqs").create_queue(QueueName="own")
    assert refusal(lambda: role.client("sqs").create_queue(QueueName="other"))[0].startswith("AccessDenied")
