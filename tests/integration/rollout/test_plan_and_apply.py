"""`strongroom plan` and `strongroom apply` against a whole organisation: from nothing, and after hostile hands."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.example import estate
from sandbox.example.deployment import INTENT
from sandbox.seams.cloudformation import age_stacks
from sandbox.settings import (
    AUDIT_ACCOUNT,
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    OU_PRODUCTION,
    OU_SHARED,
    PAYMENTS_ACCOUNT,
    REPLICA_REGION,
    REPLICA_VAULT,
)
from strongroom.adapters.aws.evidence.bucket import EvidenceReader
from strongroom.domain.identifiers import AccountId
from strongroom.domain.rulebook.changes import change_evidence_text, make_change
from strongroom.domain.rulebook.in_force import records_among
from strongroom.domain.rulebook.periods import rules_from
from strongroom.domain.rulebook.rulebook import rulebook_text
from strongroom.services.evidence.keep_ceremony import EvidenceReading
from strongroom_cli.intent.file import load_intent_file
from tests.builders.proving.passkeys import an_assertion
from tests.integration.rollout.rollouts import GOVERNED, deploy_control_plane, strongroom

BUCKET = "rollout-templates"
OURS = "strongroom-daily-prod"

type Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def command(sandbox_host: lifecycle.Sandbox) -> Command:
    """The command in this sandbox."""
    return partial(strongroom, sandbox_host)


@pytest.fixture(scope="module")
def organizations(sandbox_host: lifecycle.Sandbox) -> Any:
    """Organizations, as the management account."""
    return client("organizations", MANAGEMENT_ACCOUNT)


@pytest.fixture(scope="module")
def rolled_out(command: Command) -> list[subprocess.CompletedProcess[str]]:
    """The organisation after the rollout; the answers to plan, and to apply before and after the control plane."""
    where = {"LocationConstraint": HOME_REGION}
    client("s3", MANAGEMENT_ACCOUNT).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    estate.record(*GOVERNED)
    planned = command("plan", "--json")
    refused = command("apply")
    begun = command("apply", *confirmed())
    deploy_control_plane()
    return [planned, refused, begun, command("apply", *confirmed())]


def confirmed() -> tuple[str, ...]:
    return ("--confirm-retention", "2555", "--template-bucket", BUCKET)


def policies_of(organizations: Any) -> dict[str, str]:
    """The ids of all policies by name."""
    return {
        policy["Name"]: policy["Id"]
        for kind in ("BACKUP_POLICY", "SERVICE_CONTROL_POLICY")
        for policy in every(organizations, "list_policies", Filter=kind)
    }


def targets_of(organizations: Any, policy_id: str) -> list[str]:
    return [target["TargetId"] for target in every(organizations, "list_targets_for_policy", PolicyId=policy_id)]


def test_a_plan_names_what_is_missing_and_asks_for_the_retention(
    rolled_out: list[subprocess.CompletedProcess[str]],
) -> None:
    planned = rolled_out[0]
    told = json.loads(planned.stdout)
    assert planned.returncode == 1
    assert {"trusted-access-backup", "control-plane", "stack-strongroom-management"} <= {
        step["id"] for step in told["steps"]
    }
    assert "retention-not-confirmed" in {finding["code"] for finding in told["findings"]}


def test_an_unconfirmed_rollout_is_refused(rolled_out: list[subprocess.CompletedProcess[str]]) -> None:
    assert (rolled_out[1].returncode, rolled_out[1].stdout) == (2, "")


def test_it_stops_for_the_control_plane_and_goes_on_afterwards(
    rolled_out: list[subprocess.CompletedProcess[str]], command: Command
) -> None:
    _, _, begun, finished = rolled_out
    assert begun.returncode == 1
    assert "stopped at control-plane" in begun.stderr.splitlines()[-1]
    assert "strongroom-central" not in begun.stdout
    assert finished.returncode == 0, finished.stderr
    again = command("plan", *confirmed())
    assert (again.returncode, again.stdout.partition(":")[0]) == (0, "nothing to change")


@pytest.mark.parametrize(("region", "vault"), [(HOME_REGION, CENTRAL_VAULT), (REPLICA_REGION, REPLICA_VAULT)])
def test_both_vaults_of_copies_are_locked_afterwards(
    region: str, vault: str, rolled_out: list[subprocess.CompletedProcess[str]]
) -> None:
    found = client("backup", BACKUP_ACCOUNT, region).describe_backup_vault(BackupVaultName=vault)
    assert (found["Locked"], found["MinRetentionDays"], found["MaxRetentionDays"]) == (True, 30, 2555)
    assert "LockDate" in found
    assert found["EncryptionKeyType"] == "CUSTOMER_MANAGED_KMS_KEY"


def test_the_organization_is_protected_afterwards(
    rolled_out: list[subprocess.CompletedProcess[str]], organizations: Any
) -> None:
    assert OU_PRODUCTION in targets_of(organizations, policies_of(organizations)[OURS])
    trusted = every(organizations, "list_aws_service_access_for_organization")
    assert "backup.amazonaws.com" in {service["ServicePrincipal"] for service in trusted}
    settings = client("backup", MANAGEMENT_ACCOUNT).describe_global_settings()["GlobalSettings"]
    assert settings["isCrossAccountBackupEnabled"] == "true"
    effective = organizations.describe_effective_policy(PolicyType="BACKUP_POLICY", TargetId=PAYMENTS_ACCOUNT)
    assert OURS in effective["EffectivePolicy"]["PolicyContent"]


def test_what_hostile_hands_changed_is_named_and_repaired(
    rolled_out: list[subprocess.CompletedProcess[str]], organizations: Any, command: Command
) -> None:
    ours = policies_of(organizations)
    changed, detached, elsewhere, deleted = (
        ours[name]
        for name in (OURS, "strongroom-protect-backups-3", "strongroom-monthly-prod", "strongroom-compliance-7y")
    )
    organizations.update_policy(PolicyId=changed, Content=json.dumps({"plans": {}}))
    organizations.detach_policy(PolicyId=detached, TargetId=OU_PRODUCTION)
    organizations.attach_policy(PolicyId=elsewhere, TargetId=OU_SHARED)
    organizations.detach_policy(PolicyId=deleted, TargetId=OU_PRODUCTION)
    organizations.delete_policy(PolicyId=deleted)
    organizations.delete_resource_policy()
    age_stacks(timedelta(hours=1))
    client("backup", MANAGEMENT_ACCOUNT).update_region_settings(ResourceTypeOptInPreference={"RDS": False})
    planned = json.loads(command("plan", "--json", *confirmed()).stdout)
    assert {step["id"] for step in planned["steps"]} == {
        f"opt-in-{HOME_REGION}",
        "forget-deleted-policies",
        "stack-strongroom-management",
        f"policy-{OURS}",
        f"attach-strongroom-protect-backups-3-{OU_PRODUCTION}",
        f"detach-strongroom-monthly-prod-{OU_SHARED}",
    }
    applied = command("apply", *confirmed())
    assert applied.returncode == 0, applied.stderr
    assert command("plan", *confirmed()).returncode == 0
    assert "BackupAccountReads" in organizations.describe_resource_policy()["ResourcePolicy"]["Content"]
    assert OURS in organizations.describe_policy(PolicyId=changed)["Policy"]["Content"]
    assert OU_PRODUCTION in targets_of(organizations, policies_of(organizations)["strongroom-compliance-7y"])


def test_an_intent_that_protects_less_is_refused(
    rolled_out: list[subprocess.CompletedProcess[str]], command: Command, tmp_path: Path
) -> None:
    looser = tmp_path / "looser.yaml"
    looser.write_text(INTENT.read_text().replace("keep: {local: 35,", "keep: {local: 34,"))
    refused = command("apply", *confirmed(), intent=looser)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"error: {OURS}: the backup plan {OURS} would keep backups for 34 days in place of 35" in refused.stderr
    planned = json.loads(command("plan", "--json", "--accept-loosening", *confirmed(), intent=looser).stdout)
    assert {each["level"] for each in planned["findings"] if each["code"] == "protection-shrinks"} == {"warning"}


def test_attack_26_the_rules_are_kept_once_where_nobody_changes_them(
    rolled_out: list[subprocess.CompletedProcess[str]],
) -> None:
    """Mallory puts looser rules over kept ones, and the bucket takes each text once and of deployers alone."""
    bucket = f"strongroom-audit-{AUDIT_ACCOUNT}-{HOME_REGION}"
    s3 = client("s3", AUDIT_ACCOUNT)
    reading = EvidenceReading(EvidenceReader(s3, bucket, owner=AccountId(AUDIT_ACCOUNT)))
    intent, _ = load_intent_file(INTENT)
    rules = [held.digest for held in rules_from(intent, at=datetime.now(UTC))]
    assert rules
    assert [reading.was_in_force(each) for each in rules] == [True] * len(rules)
    assert not reading.was_in_force("0" * 64)
    [record] = records_among(reading.shelf.texts("policies/").values())
    assert {each.digest for each in record.policies} == set(rules)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=bucket, Key=f"policies/{rules[0]}.json", Body=b"looser", IfNoneMatch="*")


def test_who_was_taken_out_of_a_group_is_never_nothing_to_change(
    rolled_out: list[subprocess.CompletedProcess[str]], command: Command, tmp_path: Path
) -> None:
    without_piet = tmp_path / "without-piet.yaml"
    text = INTENT.read_text(encoding="utf-8")
    without_piet.write_text(text.replace("platform: [piet]", "platform: [ada]"), encoding="utf-8")
    planned = command("plan", *confirmed(), intent=without_piet)
    assert planned.returncode == 2, planned.stderr
    assert 'restores.groups.platform = ["piet"]' in planned.stdout
    assert planned.stdout.splitlines()[-1].startswith("0 to create, 1 to change")
    assert "stopped at control-plane" in command("apply", *confirmed(), intent=without_piet).stderr


def test_a_looser_ceremony_is_refused(
    rolled_out: list[subprocess.CompletedProcess[str]], command: Command, tmp_path: Path
) -> None:
    looser = tmp_path / "looser-ceremony.yaml"
    text = INTENT.read_text(encoding="utf-8")
    looser.write_text(text.replace("accepted_methods: [", "accepted_methods: [sms, "), encoding="utf-8")
    refused = command("apply", "--accept-loosening", *confirmed(), intent=looser)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "error: restores: for restores into Production, Sandbox: a login would be strong enough" in refused.stderr
    assert "error: restores: looser rules are applied with --rules-evidence FILE only" in refused.stderr


def test_looser_rules_are_planned_once_two_governors_have_signed_them(
    rolled_out: list[subprocess.CompletedProcess[str]], command: Command, tmp_path: Path
) -> None:
    looser, evidence = tmp_path / "looser-ceremony.yaml", tmp_path / "evidence.json"
    text = INTENT.read_text(encoding="utf-8")
    looser.write_text(text.replace("presence_max_age: PT5M", "presence_max_age: PT6M"), encoding="utf-8")
    now = datetime.now(UTC).replace(microsecond=0)
    before, after = (rulebook_text(load_intent_file(file)[0], at=now) for file in (INTENT, looser))
    change = make_change(
        before=before,
        after=after,
        nonce="AAAAAAAAAAAAAAAAAAAAAA",
        issued_at=now,
        expires_at=now + timedelta(hours=1),
    )
    signed = [(change.text, an_assertion(name, change.text)) for name in ("maria", "sana")]
    evidence.write_text(change_evidence_text(before=before, after=after, proofs=signed), encoding="utf-8")
    planned = command("plan", *confirmed(), "--rules-evidence", str(evidence), intent=looser)
    assert planned.returncode == 2, planned.stderr
    places = "Production, Sandbox, anywhere in an emergency"
    assert f"warning: restores: for restores into {places}: the age of a login would be" in planned.stderr
    assert planned.stdout.startswith("keep rules")
    assert "restores.presence_max_age" in planned.stdout


def test_a_saved_plan_is_applied_once(
    rolled_out: list[subprocess.CompletedProcess[str]], command: Command, organizations: Any, tmp_path: Path
) -> None:
    saved = tmp_path / "plan.json"
    policy = policies_of(organizations)[OURS]
    organizations.detach_policy(PolicyId=policy, TargetId=OU_PRODUCTION)
    assert command("plan", "--out", str(saved), *confirmed()).returncode == 2
    applied = command("apply", intent=saved)
    assert applied.returncode == 0, applied.stderr
    assert OU_PRODUCTION in targets_of(organizations, policy)
    again = command("apply", intent=saved)
    assert (again.returncode, again.stdout) == (2, "")
    assert "has moved since this plan was saved" in again.stderr


def test_a_member_account_is_told_whose_credentials_are_needed(
    rolled_out: list[subprocess.CompletedProcess[str]], command: Command
) -> None:
    refused = command("plan", account=PAYMENTS_ACCOUNT)
    assert refused.returncode == 1
    assert f"use those of the management account {MANAGEMENT_ACCOUNT}" in refused.stderr
