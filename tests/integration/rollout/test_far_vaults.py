"""Vaults beside the usual ones: in an account that holds vaults alone, and in a second Region of each account."""

import json
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, session_client
from sandbox.example.deployment import INTENT
from sandbox.example.world import as_deployer
from sandbox.settings import (
    BACKUP_ACCOUNT,
    CONTROL_PLANE_BUS,
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    NETWORK_ACCOUNT,
    PAYMENTS_ACCOUNT,
)
from tests.builders.places import a_vault_arn
from tests.integration.conftest import Ear
from tests.integration.queues import let_rules_in
from tests.integration.rollout.rollouts import GOVERNED, deploy_control_plane, strongroom

SECOND_REGION, GLOBAL_REGION = "eu-north-1", "us-east-1"
BUCKET = "far-vaults-templates"
CONFIRMED = ("--confirm-retention", "2555")
ANYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
VERIFIER, STRANGER = "strongroom-verify-copy", "strongroom-enforce-tags"
LOCAL = "  local:\n    name: local-prod-vault\n"
FINAL = "    lock: {min_retention_days: 7, max_retention_days: 90, changeable_for_days: 3}\n"
VAULTS = f"""vaults:
  far:
    name: far-vault
    account: "{NETWORK_ACCOUNT}"
    lock: {{mode: governance, min_retention_days: 30, max_retention_days: 2555}}
  shared:
    name: far-gapped
    account: "{NETWORK_ACCOUNT}"
    kind: air-gapped
    lock: {{min_retention_days: 7, max_retention_days: 400}}
  second:
    name: second-vault
    account: own
    region: {SECOND_REGION}
{FINAL}"""
CHANGES = {
    "vaults:\n": VAULTS,
    "keep: {local: 35, central: 2555}\n": "keep: {local: 35, central: 2555, far: 90, shared: 90, second: 35}\n",
    "  deployer_role_arns:\n": "  deployer_role_arns:\n"
    f"    - arn:aws:iam::{NETWORK_ACCOUNT}:role/OrganizationAccountAccessRole\n",
}

type Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def command(sandbox_host: lifecycle.Sandbox) -> Command:
    """A command in this sandbox: `command("plan", intent, "--json")`."""

    def run(name: str, intent: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return strongroom(sandbox_host, name, "--template-bucket", BUCKET, *arguments, intent=intent)

    return run


@pytest.fixture(scope="module")
def rolled_out(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The intent of an organisation whose backups go to another account, and to a second Region of their own, too."""
    text = INTENT.read_text(encoding="utf-8")
    for before, after in CHANGES.items():
        assert before in text
        text = text.replace(before, after)
    intent = tmp_path_factory.mktemp("intent") / "far.yaml"
    intent.write_text(text + "\naudit: {framework: false}\n", encoding="utf-8")
    deploy_control_plane(intent)
    for role in (VERIFIER, STRANGER):
        make_role_of_a_function(role)
    where = {"LocationConstraint": HOME_REGION}
    client("s3", MANAGEMENT_ACCOUNT).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    applied = command("apply", intent, *CONFIRMED)
    assert applied.returncode == 0, applied.stderr
    return intent


def make_role_of_a_function(name: str) -> None:
    """What the control plane would have; whoever may act in its account may assume it here."""
    iam = client("iam", BACKUP_ACCOUNT)
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{BACKUP_ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    rights = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/strongroom/*"}
    iam.create_role(RoleName=name, Path="/strongroom/", AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName=name, PolicyName="borrow", PolicyDocument=document(rights))


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def borrowing(name: str) -> dict[str, Any]:
    """The credentials of the role that reads the other account's vaults, as a function borrows it."""
    arn = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/{name}"
    own = client("sts", BACKUP_ACCOUNT).assume_role(RoleArn=arn, RoleSessionName="function")["Credentials"]
    theirs = f"arn:aws:iam::{NETWORK_ACCOUNT}:role/strongroom/strongroom-inspection"
    answer = session_client("sts", own).assume_role(RoleArn=theirs, RoleSessionName="strongroom")
    credentials: dict[str, Any] = answer["Credentials"]
    return credentials


def test_everything_is_there_and_nothing_is_left_to_do(rolled_out: Path, command: Command) -> None:
    planned = command("plan", rolled_out, *CONFIRMED)
    assert planned.returncode == 0, planned.stdout
    far = client("backup", NETWORK_ACCOUNT).describe_backup_vault(BackupVaultName="far-vault")
    assert (far["Locked"], far["MinRetentionDays"], far.get("LockDate")) == (True, 30, None)
    second = client("backup", PAYMENTS_ACCOUNT, SECOND_REGION).describe_backup_vault(BackupVaultName="second-vault")
    assert (second["Locked"], second["MaxRetentionDays"], "LockDate" in second) == (True, 90, True)
    assert second["EncryptionKeyType"] == "CUSTOMER_MANAGED_KMS_KEY"


def test_a_function_that_verifies_reads_the_vault_of_the_other_account(rolled_out: Path) -> None:
    backup = session_client("backup", borrowing(VERIFIER), HOME_REGION)
    assert backup.describe_backup_vault(BackupVaultName="far-vault")["BackupVaultArn"].split(":")[4] == NETWORK_ACCOUNT
    with pytest.raises(ClientError, match="AccessDenied"):
        backup.delete_backup_vault(BackupVaultName="far-vault")
    with pytest.raises(ClientError, match="AccessDenied"):
        borrowing(STRANGER)


def shared_with(ram: Any) -> set[str]:
    vault = a_vault_arn("far-gapped", account=NETWORK_ACCOUNT)
    told = ram.list_principals(resourceOwner="SELF", resourceArn=vault)["principals"]
    return {each["id"] for each in told}


def test_an_air_gapped_vault_of_the_other_account_is_shared_with_governed_accounts_and_by_no_one_else(
    rolled_out: Path, command: Command
) -> None:
    ram = session_client("ram", deployer(), HOME_REGION)
    assert shared_with(ram) == set(GOVERNED)
    seen = client("backup", PAYMENTS_ACCOUNT).describe_backup_vault(
        BackupVaultName="far-gapped", BackupVaultAccountId=NETWORK_ACCOUNT
    )
    assert seen["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    [share] = ram.get_resource_shares(resourceOwner="SELF")["resourceShares"]
    assert (share["name"], share["allowExternalPrincipals"]) == ("strongroom-far-gapped", False)
    there = {"resourceShareArn": share["resourceShareArn"]}
    with pytest.raises(ClientError, match="explicit deny in a service control policy"):
        client("ram", NETWORK_ACCOUNT).associate_resource_share(**there, principals=["123456789012"])
    with pytest.raises(ClientError, match="explicit deny in a service control policy"):
        client("ram", NETWORK_ACCOUNT).create_resource_share(name="mine")
    ram.disassociate_resource_share(**there, principals=[PAYMENTS_ACCOUNT])
    ram.associate_resource_share(**there, principals=[BACKUP_ACCOUNT])
    told = json.loads(command("plan", rolled_out, *CONFIRMED, "--json").stdout)
    [step] = told["steps"]
    assert (step["id"], step["kind"], step["account"]) == ("share-shared", "share", NETWORK_ACCOUNT)
    assert BACKUP_ACCOUNT in step["before"]
    assert command("apply", rolled_out, *CONFIRMED).returncode == 0
    assert shared_with(ram) == set(GOVERNED)


def listen(region: str) -> Ear:
    """Hear what comes to the control plane's bus out of the other account and a Region of it.

    The bus is closed to all but those who deploy.
    """
    name = f"ear-{uuid.uuid4().hex[:8]}"
    queue = client("sqs", BACKUP_ACCOUNT).create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{HOME_REGION}:{BACKUP_ACCOUNT}:{name}"
    let_rules_in(BACKUP_ACCOUNT, HOME_REGION, queue, arn)
    pattern = json.dumps({"account": [NETWORK_ACCOUNT], "region": [region]})
    events = as_deployer("events")
    events.put_rule(Name=name, EventBusName=CONTROL_PLANE_BUS, EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName=CONTROL_PLANE_BUS, Targets=[{"Id": "queue", "Arn": arn}])
    return Ear(BACKUP_ACCOUNT, HOME_REGION, queue)


def deployer() -> dict[str, Any]:
    """The credentials of whoever deploys in the other account."""
    role = f"arn:aws:iam::{NETWORK_ACCOUNT}:role/OrganizationAccountAccessRole"
    answer = client("sts", MANAGEMENT_ACCOUNT).assume_role(RoleArn=role, RoleSessionName="deployer")
    credentials: dict[str, Any] = answer["Credentials"]
    return credentials


def test_what_is_done_to_the_vault_of_the_other_account_is_heard(rolled_out: Path) -> None:
    """What was refused and what was done, where the vault lies and where IAM tells of itself."""
    ear, far = listen(HOME_REGION), listen(GLOBAL_REGION)
    with pytest.raises(ClientError, match="AccessDenied"):  # the guardrails let nobody but who deploys
        client("backup", NETWORK_ACCOUNT).delete_backup_vault_lock_configuration(BackupVaultName="far-vault")
    refused = ear.wait(eventName="DeleteBackupVaultLockConfiguration")
    assert refused["detail"]["errorCode"].startswith("AccessDenied")
    session_client("backup", deployer(), HOME_REGION).put_backup_vault_lock_configuration(
        BackupVaultName="far-vault", MinRetentionDays=30, MaxRetentionDays=2555
    )
    assert ear.wait(eventName="PutBackupVaultLockConfiguration")["account"] == NETWORK_ACCOUNT
    iam = session_client("iam", deployer())
    iam.put_role_policy(RoleName="strongroom-inspection", PolicyName="more", PolicyDocument=document(ANYTHING))
    assert far.wait(eventName="PutRolePolicy")["account"] == NETWORK_ACCOUNT
    iam.delete_role_policy(RoleName="strongroom-inspection", PolicyName="more")


@pytest.mark.parametrize(
    ("region", "rule"),
    [(HOME_REGION, "strongroom-forwarder"), (GLOBAL_REGION, "strongroom-forwarder-global")],
)
def test_each_forwarder_of_the_other_account_beats(
    region: str, rule: str, rolled_out: Path, sandbox_host: lifecycle.Sandbox
) -> None:
    ear = listen(region)
    order = {"account": NETWORK_ACCOUNT, "region": region, "rule": rule}
    requests.post(f"{sandbox_host.url}/_sandbox/schedules/strike", json=order, timeout=60).raise_for_status()
    assert ear.wait()["detail-type"] == "Scheduled Event"


def test_a_final_lock_in_governed_accounts_is_confirmed_before_it_begins(
    rolled_out: Path, command: Command, tmp_path: Path
) -> None:
    text = rolled_out.read_text(encoding="utf-8")
    assert LOCAL in text
    locked = tmp_path / "locked.yaml"
    locked.write_text(text.replace(LOCAL, LOCAL + FINAL), encoding="utf-8")
    told = json.loads(command("plan", locked, "--json").stdout)
    [found] = [each for each in told["findings"] if each["code"] == "retention-not-confirmed"]
    assert "vaults.local: a lock in compliance mode begins in each governed account" in found["message"]


def test_a_lock_that_would_go_is_refused(rolled_out: Path, command: Command, tmp_path: Path) -> None:
    open_ = tmp_path / "open.yaml"
    open_.write_text(rolled_out.read_text(encoding="utf-8").replace(FINAL, ""), encoding="utf-8")
    refused = command("apply", open_, "--accept-loosening")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "error: vaults.second.lock: the lock of second-vault in governed accounts would be removed" in refused.stderr
