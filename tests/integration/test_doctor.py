"""`strongroom doctor` against a whole organisation of twenty accounts: what it says, and that it changes nothing."""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.example import estate
from sandbox.example.deployment import INTENT, ROOT, aws_environment
from sandbox.settings import (
    AUDIT_ACCOUNT,
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    HOME_REGION,
    MANAGEMENT_ACCOUNT,
    PAYMENTS_ACCOUNT,
)
from strongroom.domain.doctor.checks import CHECKS
from tests.integration.rollout.rollouts import deploy_control_plane, strongroom

HEARD = Path(__file__).with_name("heard_calls.py")
BUCKET = "doctor-templates"
CONFIRMED = ("--confirm-retention", "2555", "--template-bucket", BUCKET)
SECONDS_TO_THE_FIRST_LINE = 10
KMS = "kms.amazonaws.com"
OURS_IN_SAMPLES = {MANAGEMENT_ACCOUNT, BACKUP_ACCOUNT, AUDIT_ACCOUNT}
ALLOWED = ("Describe", "Get", "List")
ENTERING = {"sts:AssumeRole", "sts:GetCallerIdentity"}


@dataclass(frozen=True)
class Examined:
    """What a run of the doctor said and did."""

    code: int
    lines: tuple[dict[str, Any], ...]
    told: str
    first_after: float
    calls: tuple[str, ...]
    record: Path

    def of(self, check: str) -> list[dict[str, Any]]:
        """The lines of a check."""
        return [line for line in self.lines if line["check"] == check]


@pytest.fixture(scope="module")
def rolled_out(sandbox_host: lifecycle.Sandbox) -> lifecycle.Sandbox:
    """An organisation after its rollout, with a trail."""
    where = {"LocationConstraint": HOME_REGION}
    client("s3", MANAGEMENT_ACCOUNT).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    estate.plant()
    strongroom(sandbox_host, "apply", *CONFIRMED)
    deploy_control_plane()
    applied = strongroom(sandbox_host, "apply", *CONFIRMED)
    assert applied.returncode == 0, applied.stderr
    return sandbox_host


@pytest.fixture(scope="module")
def examined(rolled_out: lifecycle.Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Examined:
    """The organisation as the doctor finds it after a rollout."""
    return examine(rolled_out, tmp_path_factory.mktemp("doctor"))


def examine(sandbox: lifecycle.Sandbox, folder: Path) -> Examined:
    log, record = folder / "calls", folder / "record"
    command = [sys.executable, str(HEARD), str(log), "doctor", str(INTENT), "--json", "--record", str(record)]
    environment = {**os.environ, **aws_environment(sandbox.settings, MANAGEMENT_ACCOUNT)}
    begun = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        first_after = time.monotonic() - begun
        lines = [first, *process.stdout]
        told = process.stderr.read()
    return Examined(
        code=process.returncode,
        lines=tuple(json.loads(line) for line in lines if line),
        told=told,
        first_after=first_after,
        calls=tuple(log.read_text().split()),
        record=record,
    )


def test_every_check_has_a_line_in_its_order(examined: Examined) -> None:
    assert list(dict.fromkeys(line["check"] for line in examined.lines)) == [check.id for check in CHECKS]


def test_the_first_line_comes_soon(examined: Examined) -> None:
    assert examined.first_after < SECONDS_TO_THE_FIRST_LINE


def test_nothing_but_readings_is_called(examined: Examined) -> None:
    changing = {
        call for call in examined.calls if not call.partition(":")[2].startswith(ALLOWED) and call not in ENTERING
    }
    assert (changing, len(examined.calls) > 100) == (set(), True)


def test_an_organization_after_its_rollout_is_as_we_assume(examined: Examined) -> None:
    failing = {line["check"] for line in examined.lines if line["outcome"] == "does not hold"}
    assert failing == {"source-keys"}, examined.told  # the example's databases lie under keys of their own
    seen = {line["check"] for line in examined.lines if line["outcome"] == "holds"}
    assert {"trail", "resource-policy", "vault-locks", "vault-keys", "bus", "forwarders", "stack-instances"} <= seen


def test_what_nobody_sees_yet_says_what_would_show_it(examined: Examined) -> None:
    [copies] = examined.of("copy-keys")
    assert (copies["outcome"], "first completed copy" in copies["remedy"]) == ("cannot be seen", True)
    assert all(line["remedy"] for line in examined.lines if line["outcome"] != "holds")


def test_a_recording_holds_every_answer_and_no_account_of_ours(examined: Examined) -> None:
    files = list(examined.record.glob("answers/*/*.json"))
    entering = sum(call in ENTERING for call in examined.calls)
    assert len(files) == len(examined.calls) - entering
    written = "".join(path.read_text() for path in files)
    kept = set(re.findall(r"(?<![\d.])[0-9]{12}(?!\d)", re.sub(r"[0-9a-f-]{36}", "", written)))
    assert PAYMENTS_ACCOUNT not in kept
    assert all(account in OURS_IN_SAMPLES or account.startswith("3000000000") for account in kept)
    assert not re.search(r"ASIA|SessionToken|@example\.com(?<!person@example\.com)", written)
    answer = json.loads((examined.record / "answers/cloudtrail/DescribeTrails-1.json").read_text())
    assert set(answer) == {"service", "operation", "account", "region", "request", "status", "answer"}
    assert answer["answer"]["trailList"][0]["IsOrganizationTrail"] is True


def test_a_plan_says_which_keys_stop_copies_and_which_calls_nobody_sees(rolled_out: lifecycle.Sandbox) -> None:
    def told() -> dict[str, str]:
        planned = strongroom(rolled_out, "plan", "--json", *CONFIRMED)
        assert planned.returncode == 0, planned.stderr
        return {each["code"]: each["message"] for each in json.loads(planned.stdout)["findings"]}

    before = told()
    assert f"DBInstance payments-db in {PAYMENTS_ACCOUNT} {HOME_REGION}" in before["source-key-closed"]
    assert "trail-blind" not in before
    leave_keys_out_of_the_trail()
    assert f"leaves out the events of {KMS}" in told()["trail-blind"]


def leave_keys_out_of_the_trail() -> None:
    blind = {"ReadWriteType": "All", "IncludeManagementEvents": True, "ExcludeManagementEventSources": [KMS]}
    client("cloudtrail", MANAGEMENT_ACCOUNT).put_event_selectors(TrailName="organization", EventSelectors=[blind])


def test_what_hostile_hands_changed_is_seen(rolled_out: lifecycle.Sandbox, tmp_path: Path, examined: Examined) -> None:
    detach_guardrails()
    client("events", PAYMENTS_ACCOUNT).disable_rule(Name="strongroom-forwarder")
    backup, kms = client("backup", BACKUP_ACCOUNT), client("kms", BACKUP_ACCOUNT)
    key = backup.describe_backup_vault(BackupVaultName=CENTRAL_VAULT)["EncryptionKeyArn"]
    kms.schedule_key_deletion(KeyId=key)
    leave_keys_out_of_the_trail()
    client("organizations", MANAGEMENT_ACCOUNT).delete_resource_policy()
    client("backup", MANAGEMENT_ACCOUNT).update_region_settings(ResourceTypeOptInPreference={"RDS": False})
    found = examine(rolled_out, tmp_path)
    evidence = {line["check"]: line["evidence"] for line in found.lines if line["outcome"] == "does not hold"}
    assert found.code == 1
    assert "strongroom-protect-" in evidence["scp-slots"]
    assert "strongroom-forwarder is disabled" in evidence["forwarders"]
    assert "PendingDeletion" in evidence["vault-keys"]
    assert f"leaves out the events of {KMS}" in evidence["trail"]
    assert evidence["resource-policy"] == "the organisation has no resource policy"
    assert evidence["opt-ins"] == "not served: RDS"


def detach_guardrails() -> None:
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    for policy in every(organizations, "list_policies", Filter="SERVICE_CONTROL_POLICY"):
        if policy["Name"].startswith("strongroom-"):
            for target in every(organizations, "list_targets_for_policy", PolicyId=policy["Id"]):
                organizations.detach_policy(PolicyId=policy["Id"], TargetId=target["TargetId"])


def test_without_rights_a_line_says_which_are_missing(rolled_out: lifecycle.Sandbox) -> None:
    refused = strongroom(rolled_out, "doctor", "--through", "NobodyMadeThisRole")
    closed = next(line for line in refused.stdout.splitlines() if "lambda-concurrency" in line)
    assert "no rights" in closed
    assert '"lambda:GetAccountSettings"' in closed


@pytest.mark.parametrize(
    ("account", "said"),
    [(PAYMENTS_ACCOUNT, "wrong account"), ("nobody", "AWS does not know these credentials")],
)
def test_the_wrong_credentials_end_it_before_it_begins(
    account: str, said: str, rolled_out: lifecycle.Sandbox, tmp_path: Path
) -> None:
    refused = strongroom(rolled_out, "doctor", "--record", str(tmp_path / "record"), account=account)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr.splitlines()[-1]
    assert not (tmp_path / "record").exists()
