"""A rollout that fails is repeated from where it stopped; accounts fail, close, leave and return, and are told."""

import json
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import requests

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.example.deployment import INTENT
from sandbox.settings import (
    AUDIT_ACCOUNT,
    CUSTOMER_API_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    LOCAL_VAULT,
    MANAGEMENT_ACCOUNT,
    ORGANIZATIONS_REGION,
    OU_PRE_PRODUCTION,
    OU_PRODUCTION,
    PAYMENTS_ACCOUNT,
)
from strongroom.adapters.aws.member_inspection import MemberInspection
from strongroom.domain.identifiers import AccountId
from strongroom_cli.intent.file import load_intent_file
from tests.integration.rollout.rollouts import CONFIRMED, GOVERNED, deploy_control_plane, prepare, strongroom
from tests.integration.suspension import suspended

if TYPE_CHECKING:
    from strongroom.adapters.aws.clients import MemberClients

REPORT_BUCKET = f"strongroom-audit-{AUDIT_ACCOUNT}-{HOME_REGION}"


@dataclass
class Rollout:
    """The two commands, and bad weather for them."""

    sandbox: lifecycle.Sandbox
    intent: Path = INTENT

    def strongroom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return strongroom(self.sandbox, *arguments, intent=self.intent)

    def apply(self) -> subprocess.CompletedProcess[str]:
        return self.strongroom("apply", *CONFIRMED)

    def plan(self, about: str = "") -> tuple[int, list[str], list[str]]:
        """Exit code, ids of the steps, and codes of the findings about stacks of this account, or of any."""
        planned = self.strongroom("plan", "--json", *CONFIRMED)
        told = json.loads(planned.stdout)
        codes = [
            each["code"]
            for each in told["findings"]
            if each["code"].startswith("instance-") and about in each["message"]
        ]
        return planned.returncode, [step["id"] for step in told["steps"]], codes

    def fail(self, stack: str, resource: str, *, times: int = 1) -> None:
        self._post("cloudformation/faults", stack=stack, resource=resource, reason="Rate exceeded", times=times)

    def habit(self, **wanted: bool) -> None:
        self._post("stack-sets/habits", **wanted)

    def hold_to_rates(self, *, held: bool) -> int:
        """Let AWS Organizations hold to its published rates, or not; how many calls it refused by them until now."""
        return int(self._post("organization/rates", held=held)["refused"])

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.sandbox.url}/_sandbox/{path}", json=body, timeout=60)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told


@pytest.fixture(scope="module")
def rollout(sandbox_host: lifecycle.Sandbox) -> Rollout:
    """An organisation with its control plane, whose first rollout failed late in two stacks and in one account."""
    prepare()
    return Rollout(sandbox_host)


@pytest.fixture(scope="module")
def tries(rollout: Rollout) -> list[subprocess.CompletedProcess[str]]:
    """The first rollout in three tries: a vault's stack fails, then the policies' and one account, then nothing."""
    rollout.fail("strongroom-replica", "Vault")
    rollout.fail("strongroom-management", "ProtectControlPlanePolicy")
    rollout.fail("StackSet-strongroom-member-vault", "LocalVault")
    return [rollout.apply() for _ in range(3)]


def vaults(account: str) -> list[str]:
    return [each["BackupVaultName"] for each in client("backup", account).list_backup_vaults()["BackupVaultList"]]


class Administrator:
    """Clients of each account's own root, where the product has those of a role."""

    def client(self, service: str, *, account: str, region: str) -> Any:
        return client(service, account, region)


def stacks_behind(account: str) -> dict[str, dict[str, str]]:
    """Of each Region the stacks for which the account would not be called ready."""
    inspection = MemberInspection(cast("MemberClients", Administrator()), intent=load_intent_file(INTENT)[0])
    seen = inspection.inspect(AccountId(account))
    return {each.region: dict(each.stacks_behind) for each in seen.regions if each.stacks_behind}


def test_a_bucket_that_nobody_owns_is_an_error_before_anything_is_done(rollout: Rollout) -> None:
    s3 = client("s3", AUDIT_ACCOUNT)
    s3.create_bucket(Bucket=REPORT_BUCKET, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    refused = rollout.apply()
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"the bucket {REPORT_BUCKET} exists in account {AUDIT_ACCOUNT} and no stack owns it" in refused.stderr
    s3.delete_bucket(Bucket=REPORT_BUCKET)


def test_a_first_rollout_that_fails_goes_on_where_it_stopped(
    tries: list[subprocess.CompletedProcess[str]], rollout: Rollout
) -> None:
    first, second, third = tries
    assert [each.returncode for each in tries] == [1, 1, 0]
    assert "stack-strongroom-replica" in first.stderr
    assert "Rate exceeded" in first.stderr
    assert "done          stack-strongroom-replica" in second.stdout
    assert "ProtectControlPlanePolicy: Rate exceeded" in second.stderr
    assert "done          stack-strongroom-management" in third.stdout
    assert rollout.plan() == (0, [], [])


def test_an_account_that_failed_is_told_with_its_reason_and_brought_on(
    tries: list[subprocess.CompletedProcess[str]],
) -> None:
    told = [line for line in tries[2].stderr.splitlines() if "strongroom-member-vault" in line]
    assert len(told) == 1
    assert "is OUTDATED: ResourceLogicalId:LocalVault" in told[0]
    assert "done          outdated-strongroom-member-vault" in tries[2].stdout
    assert {account: vaults(account) for account in GOVERNED} == {key: [LOCAL_VAULT] for key in GOVERNED}


def test_one_account_that_fails_keeps_nothing_from_the_others(
    tries: list[subprocess.CompletedProcess[str]], rollout: Rollout
) -> None:
    """The stack of one account fails at its update; the policies come all the same, and one more try mends it."""
    rollout.fail("StackSet-strongroom-member-global-", "GlobalTamperingForwarderRule")
    move(PAYMENTS_ACCOUNT, OU_PRODUCTION, OU_PRE_PRODUCTION)
    until(lambda: not instances_of(PAYMENTS_ACCOUNT))
    move(PAYMENTS_ACCOUNT, OU_PRE_PRODUCTION, OU_PRODUCTION)
    until(lambda: instances_of(PAYMENTS_ACCOUNT).get("strongroom-member-global") == "OUTDATED")
    until(lambda: instances_of(PAYMENTS_ACCOUNT).get("strongroom-member") == "CURRENT")
    code, steps, _ = rollout.plan()
    assert (code, steps) == (2, ["outdated-strongroom-member-global"])
    assert rollout.apply().returncode == 0
    assert rollout.plan()[0] == 0


def test_a_stack_of_ours_that_went_back_to_what_it_was_is_seen_in_its_account(rollout: Rollout) -> None:
    outsider = MANAGEMENT_ACCOUNT  # where no SCP of ours keeps such a stack for StackSets alone
    cloudformation = client("cloudformation", outsider)
    name = f"StackSet-strongroom-member-{uuid.uuid4()}"
    queue = {"Queue": {"Type": "AWS::SQS::Queue"}}
    taken = {"Vault": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": "no/name"}}}
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": queue}))
    until(lambda: status_of(cloudformation, name) == "CREATE_COMPLETE")
    assert stacks_behind(outsider) == {}
    cloudformation.update_stack(StackName=name, TemplateBody=json.dumps({"Resources": queue | taken}))
    until(lambda: status_of(cloudformation, name) == "UPDATE_ROLLBACK_COMPLETE")
    behind = {HOME_REGION: {"strongroom-member": "UPDATE_ROLLBACK_COMPLETE"}}
    assert stacks_behind(outsider) == behind
    cloudformation.delete_stack(StackName=name)


@pytest.mark.parametrize("finds_its_stack", [False, True], ids=["its stack stays strange", "its stack is found again"])
def test_an_account_that_leaves_and_returns_is_governed_again(
    tries: list[subprocess.CompletedProcess[str]],
    rollout: Rollout,
    finds_its_stack: bool,  # noqa: FBT001
) -> None:
    """Its vault, its key and the role that expires its backups never go; the roles and the forwarder come back."""
    rollout.habit(finds_kept_stacks=finds_its_stack)
    move(LEDGER_ACCOUNT, OU_PRODUCTION, OU_PRE_PRODUCTION)
    until(lambda: not instances_of(LEDGER_ACCOUNT))
    assert vaults(LEDGER_ACCOUNT) == [LOCAL_VAULT]
    assert roles(LEDGER_ACCOUNT) == {"strongroom-backup"}
    move(LEDGER_ACCOUNT, OU_PRE_PRODUCTION, OU_PRODUCTION)
    until(lambda: set(instances_of(LEDGER_ACCOUNT)) == STACK_SETS)
    until(lambda: instances_of(LEDGER_ACCOUNT)["strongroom-member-global"] == "CURRENT")
    assert roles(LEDGER_ACCOUNT) >= {"strongroom-backup", "strongroom-forwarder", "strongroom-inspection"}
    assert vaults(LEDGER_ACCOUNT) == [LOCAL_VAULT]
    taken = [] if finds_its_stack else ["instance-taken"]
    assert rollout.plan(about=LEDGER_ACCOUNT) == (0, [], taken)
    assert instances_of(LEDGER_ACCOUNT)["strongroom-member"] == "CURRENT"


def test_a_closed_account_is_told_and_stops_nothing(
    tries: list[subprocess.CompletedProcess[str]], rollout: Rollout, tmp_path: Path
) -> None:
    """cloudformation-coverage-roadmap #981 and #1177; 90 days long it stays SUSPENDED, in its unit."""
    changed = tmp_path / "changed.yaml"
    text = INTENT.read_text(encoding="utf-8")
    role = f"arn:aws:iam::{PAYMENTS_ACCOUNT}:role/break-glass"
    changed.write_text(text.replace("exempt_role_arns: []", f"exempt_role_arns: [{role}]"), encoding="utf-8")
    deploy_control_plane(changed)
    changing = Rollout(rollout.sandbox, changed)
    with suspended(CUSTOMER_API_ACCOUNT):
        applied = changing.strongroom("apply", *CONFIRMED, "--accept-loosening")
        assert applied.returncode == 0, applied.stderr
        gone = f"account {CUSTOMER_API_ACCOUNT}, {HOME_REGION}, is OUTDATED, because the account is closed or gone"
        assert gone in applied.stderr
        code, steps, codes = changing.plan()
        assert (code, steps) == (0, [])
        assert "instance-abandoned" in codes
    assert changing.plan()[1] == ["outdated-strongroom-framework"]


STACK_SETS = {
    "strongroom-framework",
    "strongroom-member",
    "strongroom-member-global",
    "strongroom-member-roles",
    "strongroom-member-vault",
}


def instances_of(account: str) -> dict[str, str]:
    """The status of each of the account's stacks."""
    cloudformation = client("cloudformation", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    return {
        name: each["Status"]
        for name in STACK_SETS
        for each in cloudformation.list_stack_instances(StackSetName=name)["Summaries"]
        if each["Account"] == account
    }


def roles(account: str) -> set[str]:
    listed = client("iam", account).list_roles(PathPrefix="/strongroom/")["Roles"]
    return {role["RoleName"] for role in listed}


def status_of(cloudformation: Any, stack: str) -> str:
    return str(cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])


def move(account: str, source: str, destination: str) -> None:
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    organizations.move_account(AccountId=account, SourceParentId=source, DestinationParentId=destination)


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
