"""Eventual consistency on request: what was made a moment ago is shown late, and a rollout copes with it.

IAM User Guide and Organizations User Guide, "Changes that I make aren't always immediately visible".
"""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.settings import MANAGEMENT_ACCOUNT, OU_SANDBOX, PAYMENTS_ACCOUNT
from tests.integration.rollout.rollouts import CONFIRMED, prepare, strongroom

SECONDS = 4.0
DENY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]})
TRUST = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{PAYMENTS_ACCOUNT}:root"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def lagging(sandbox_host: lifecycle.Sandbox) -> Iterator[None]:
    """IAM and Organizations show what is fresh after a while."""
    order(sandbox_host, iam=SECONDS, organizations=SECONDS)
    yield
    order(sandbox_host)


def order(sandbox: lifecycle.Sandbox, **lags: float) -> None:
    requests.post(f"{sandbox.url}/_sandbox/lag", json=lags, timeout=60).raise_for_status()


def eventually(seen: Any) -> bool:
    """Whether it is seen in the end, though not at once."""
    assert not seen()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not seen():
        time.sleep(0.2)
    return bool(seen())


@pytest.mark.usefixtures("lagging")
def test_a_fresh_policy_and_its_attachment_are_listed_late() -> None:
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    wanted = {"Name": "late", "Description": "", "Type": "SERVICE_CONTROL_POLICY", "Content": DENY}
    policy = organizations.create_policy(**wanted)["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=policy, TargetId=OU_SANDBOX)
    with pytest.raises(ClientError, match="PolicyNotFoundException"):
        organizations.describe_policy(PolicyId=policy)
    asked = {"TargetId": OU_SANDBOX, "Filter": "SERVICE_CONTROL_POLICY"}
    assert eventually(
        lambda: policy in {each["Id"] for each in every(organizations, "list_policies_for_target", **asked)}
    )
    assert organizations.describe_policy(PolicyId=policy)["Policy"]["PolicySummary"]["Name"] == "late"
    organizations.detach_policy(PolicyId=policy, TargetId=OU_SANDBOX)
    organizations.delete_policy(PolicyId=policy)


@pytest.mark.usefixtures("lagging")
def test_a_fresh_role_is_assumed_late() -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    arn = client("iam", PAYMENTS_ACCOUNT).create_role(RoleName="late", AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def is_lent() -> bool:
        try:
            client("sts", PAYMENTS_ACCOUNT).assume_role(RoleArn=arn, RoleSessionName="late")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied"  # noqa: PT017 the code is what is waited out
            return False
        return True

    assert eventually(is_lent)


def test_an_unknown_service_does_not_lag(sandbox_host: lifecycle.Sandbox) -> None:
    answer = requests.post(f"{sandbox_host.url}/_sandbox/lag", json={"sns": 1}, timeout=60)
    assert (answer.status_code, "sns" in answer.json()["error"]) == (400, True)


def test_a_rollout_that_is_repeated_before_all_is_shown_takes_no_policy_away(sandbox_host: lifecycle.Sandbox) -> None:
    prepare()
    order(sandbox_host, iam=SECONDS, organizations=600.0)
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    first = strongroom(sandbox_host, "apply", *CONFIRMED)
    again = strongroom(sandbox_host, "apply", *CONFIRMED)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert "AWS Organizations does not show" in again.stderr
    assert "forget-deleted-policies" not in again.stdout
    order(sandbox_host)
    ours = [each["Name"] for each in every(organizations, "list_policies", Filter="BACKUP_POLICY")]
    assert "strongroom-daily-prod" in ours
    assert strongroom(sandbox_host, "plan", *CONFIRMED).returncode == 0
