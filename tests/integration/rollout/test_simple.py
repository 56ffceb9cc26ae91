"""The least that a file must say is rolled out, without ceremony and auditors; both come later by one more plan."""

import json
from pathlib import Path

import pytest
import yaml

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.example import estate
from sandbox.example.deployment import ROOT
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT, CENTRAL_VAULT, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT
from tests.integration.rollout.rollouts import GOVERNED, deploy_control_plane, strongroom

SIMPLE = ROOT / "examples" / "simple.yaml"
CONFIRMED = ("--confirm-retention", "2555", "--template-bucket", "templates-of-the-simple")
RESTORING = "strongroom-restore"
ADDED = ("restores", "people", "slack", "tickets", "identity_provider")


@pytest.fixture(scope="module")
def applied(sandbox_host: lifecycle.Sandbox) -> lifecycle.Sandbox:
    """The organisation after the rollout of the simple file."""
    estate.record(*GOVERNED)
    client("s3", MANAGEMENT_ACCOUNT).create_bucket(
        Bucket=CONFIRMED[-1], CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    deploy_control_plane(SIMPLE)
    done = strongroom(sandbox_host, "apply", *CONFIRMED, intent=SIMPLE)
    assert done.returncode == 0, done.stderr
    return sandbox_host


def attached(account: str) -> set[str]:
    """The service control policies of ours on an account."""
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    found = every(organizations, "list_policies_for_target", TargetId=account, Filter="SERVICE_CONTROL_POLICY")
    return {policy["Name"] for policy in found if policy["Name"].startswith("strongroom-")}


def roles(account: str) -> set[str]:
    pages = client("iam", account).get_paginator("list_roles").paginate(PathPrefix="/strongroom/")
    return {role["RoleName"] for page in pages for role in page["Roles"]}


def test_copies_are_locked_and_nothing_is_left_to_do(applied: lifecycle.Sandbox) -> None:
    assert client("backup", BACKUP_ACCOUNT).describe_backup_vault(BackupVaultName=CENTRAL_VAULT)["Locked"]
    planned = strongroom(applied, "plan", *CONFIRMED, intent=SIMPLE)
    assert (planned.returncode, planned.stdout.partition(":")[0]) == (0, "nothing to change")


def test_there_is_nothing_for_restores_and_nothing_for_auditors(applied: lifecycle.Sandbox) -> None:
    assert "strongroom-backup" in roles(PAYMENTS_ACCOUNT)
    assert RESTORING not in roles(PAYMENTS_ACCOUNT)
    assert attached(BACKUP_ACCOUNT)
    assert attached(AUDIT_ACCOUNT) == set()


def test_the_ceremony_comes_by_one_more_plan(applied: lifecycle.Sandbox, tmp_path: Path) -> None:
    whole = yaml.safe_load((ROOT / "strongroom.yaml").read_text(encoding="utf-8"))
    wanted = yaml.safe_load(SIMPLE.read_text(encoding="utf-8")) | {name: whole[name] for name in ADDED}
    wanted["organization"]["audit_account"] = AUDIT_ACCOUNT
    file = tmp_path / "strongroom.yaml"
    file.write_text(yaml.safe_dump(wanted), encoding="utf-8")

    planned = json.loads(strongroom(applied, "plan", "--json", *CONFIRMED, intent=file).stdout)
    assert [each for each in planned["findings"] if each["level"] == "error"] == []
    deploy_control_plane(file)
    done = strongroom(applied, "apply", *CONFIRMED, intent=file)
    assert done.returncode == 0, done.stderr
    assert RESTORING in roles(PAYMENTS_ACCOUNT)
    assert attached(AUDIT_ACCOUNT) == attached(BACKUP_ACCOUNT) != set()

    back = strongroom(applied, "plan", "--json", *CONFIRMED, intent=SIMPLE)
    refused = {each["code"] for each in json.loads(back.stdout)["findings"] if each["level"] == "error"}
    assert (back.returncode, refused) == (1, {"protection-shrinks"})
