"""A rollout into an organisation that has a resource policy and service control policies of its own."""

import json
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.example import estate
from sandbox.example.deployment import INTENT
from sandbox.settings import HOME_REGION, MANAGEMENT_ACCOUNT, NETWORK_ACCOUNT, ORGANIZATIONS_REGION, OU_PRODUCTION
from tests.integration.rollout.rollouts import GOVERNED, deploy_control_plane, strongroom

BUCKET = "beside-others-templates"
THEIRS = {
    "Sid": "NetworkTeamReads",
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{NETWORK_ACCOUNT}:root"},
    "Action": "organizations:ListAccounts",
    "Resource": "*",
}
GUARDRAIL = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}]}

type Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def command(sandbox_host: lifecycle.Sandbox) -> Command:
    """A command in this sandbox: `command("plan", intent, "--json")`."""

    def run(name: str, intent: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        confirmed = ("--confirm-retention", "2555", "--template-bucket", BUCKET)
        return strongroom(sandbox_host, name, *confirmed, *arguments, intent=intent)

    return run


@pytest.fixture(scope="module")
def organizations(sandbox_host: lifecycle.Sandbox) -> Any:
    """Organizations, with a resource policy and seven service control policies of others on the governed unit."""
    estate.record(*GOVERNED)
    found = client("organizations", MANAGEMENT_ACCOUNT)
    client("s3", MANAGEMENT_ACCOUNT).create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME_REGION}
    )
    found.put_resource_policy(Content=json.dumps({"Version": "2012-10-17", "Statement": [THEIRS]}))
    for number in range(7):
        made = found.create_policy(
            Name=f"aws-guardrails-{number}",
            Description="",
            Type="SERVICE_CONTROL_POLICY",
            Content=json.dumps(GUARDRAIL),
        )
        found.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=OU_PRODUCTION)
    return found


@pytest.fixture(scope="module")
def leaving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The intent that leaves the resource policy to others."""
    intent = tmp_path_factory.mktemp("intent") / "strongroom.yaml"
    intent.write_text(
        INTENT.read_text().replace("organization:\n", "organization:\n  owns_resource_policy: false\n", 1)
    )
    return intent


def findings_of(planned: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str]]:
    return {each["code"]: each for each in json.loads(planned.stdout)["findings"]}


def statements_of(organizations: Any) -> list[dict[str, Any]]:
    content = organizations.describe_resource_policy()["ResourcePolicy"]["Content"]
    statements: list[dict[str, Any]] = json.loads(content)["Statement"]
    return statements


def test_what_others_have_taken_stops_it_before_anything_is_changed(organizations: Any, command: Command) -> None:
    found = findings_of(command("plan", INTENT, "--json"))
    assert found["resource-policy-taken"]["level"] == found["no-slot"]["level"] == "error"
    assert '"Sid":"NetworkTeamReads"' in found["resource-policy-taken"]["message"]
    assert "would have 11 service control policies" in found["no-slot"]["message"]
    assert "AWS takes 10" in found["no-slot"]["message"]
    refused = command("apply", INTENT)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert every(organizations, "list_aws_service_access_for_organization") == []
    stacks = client("cloudformation", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    assert stacks.describe_stacks()["Stacks"] == []


def test_it_goes_on_beside_them_and_says_what_is_to_be_merged(
    organizations: Any, command: Command, leaving: Path, sandbox_host: lifecycle.Sandbox
) -> None:
    policies = every(organizations, "list_policies", Filter="SERVICE_CONTROL_POLICY")
    [crowding] = [policy["Id"] for policy in policies if policy["Name"] == "aws-guardrails-0"]
    organizations.detach_policy(PolicyId=crowding, TargetId=OU_PRODUCTION)
    order = {"fault": "concurrent_modification", "operation": "EnableAWSServiceAccess", "times": 2}
    fault = f"{sandbox_host.url}/_sandbox/organization/fault"
    urllib.request.urlopen(urllib.request.Request(fault, data=json.dumps(order).encode())).close()  # noqa: S310
    begun = command("apply", leaving)
    assert "stopped at control-plane" in begun.stderr.splitlines()[-1]
    deploy_control_plane(leaving)
    applied = command("apply", leaving)
    assert applied.returncode == 0, applied.stderr
    assert statements_of(organizations) == [THEIRS]
    planned = command("plan", leaving, "--json")
    found = findings_of(planned)
    assert json.loads(planned.stdout)["steps"] == []
    assert {each["level"] for each in found.values()} == {"warning"}
    [ours] = json.loads(found["delegation-missing"]["message"].partition("merge into it: ")[2])
    merged = {"Version": "2012-10-17", "Statement": [THEIRS, ours]}
    organizations.put_resource_policy(Content=json.dumps(merged))
    assert "delegation-missing" not in findings_of(command("plan", leaving, "--json"))
