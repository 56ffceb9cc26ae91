"""`strongroom init` on a whole organisation of twenty accounts, before its first rollout and after it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox import lifecycle
from sandbox.clients import client, every
from sandbox.example import estate
from sandbox.example.deployment import INTENT, ROOT, aws_environment
from sandbox.settings import AUDIT_ACCOUNT, BACKUP_ACCOUNT, MANAGEMENT_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.steps import StepKind
from strongroom_cli.intent.file import load_intent_file
from tests.integration.rollout.rollouts import deploy_control_plane, strongroom

HEARD = Path(__file__).with_name("heard_calls.py")
BUCKET = "init-templates"
CONFIRMED = ("--confirm-retention", "2555", "--template-bucket", BUCKET)
ALLOWED = ("Describe", "Get", "List")
ENTERING = {"sts:AssumeRole", "sts:GetCallerIdentity"}


@dataclass(frozen=True)
class Drafted:
    """What a run of `strongroom init` wrote, said and asked."""

    code: int
    told: str
    path: Path
    calls: frozenset[str]

    @property
    def intent(self) -> Intent:
        """The file as compile reads it."""
        return load_intent_file(self.path)[0]


def draft(sandbox: lifecycle.Sandbox, folder: Path, *arguments: str, account: str = MANAGEMENT_ACCOUNT) -> Drafted:
    """Run the command with these credentials and listen to what it asks."""
    log, path = folder / "calls", folder / "drafted.yaml"
    done = subprocess.run(
        [sys.executable, str(HEARD), str(log), "init", "--out", str(path), *arguments],
        cwd=ROOT,
        env={**os.environ, **aws_environment(sandbox.settings, account)},
        capture_output=True,
        text=True,
        check=False,
    )
    calls = frozenset(log.read_text().split()) if log.exists() else frozenset()
    return Drafted(code=done.returncode, told=done.stderr, path=path, calls=calls)


@pytest.fixture(scope="module")
def before(sandbox_host: lifecycle.Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """The file of an organisation that has no backup policy yet."""
    return draft(sandbox_host, tmp_path_factory.mktemp("before"))


def planned(sandbox: lifecycle.Sandbox, drafted: Drafted) -> dict[str, Any]:
    """What `strongroom plan` says of the file."""
    done = strongroom(sandbox, "plan", "--json", *CONFIRMED, intent=drafted.path)
    plan: dict[str, Any] = json.loads(done.stdout)
    return plan


@pytest.fixture(scope="module")
def sandbox_plan_before(sandbox_host: lifecycle.Sandbox, before: Drafted) -> dict[str, Any]:
    """The plan of that file, before anything was rolled out."""
    return planned(sandbox_host, before)


@pytest.fixture(scope="module")
def after(
    sandbox_host: lifecycle.Sandbox, sandbox_plan_before: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Drafted:
    """The file of the same organisation after the rollout of the sandbox's own intent."""
    where = {"LocationConstraint": "eu-west-1"}
    client("s3", MANAGEMENT_ACCOUNT).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    accounts = every(client("organizations", MANAGEMENT_ACCOUNT), "list_accounts")
    estate.record(*(account["Id"] for account in accounts))
    deploy_control_plane()
    for _ in range(2):
        applied = strongroom(sandbox_host, "apply", *CONFIRMED)
    assert applied.returncode == 0, applied.stderr
    return draft(sandbox_host, tmp_path_factory.mktemp("after"))


def test_before_the_first_rollout_the_file_compiles_and_proposes(
    before: Drafted, sandbox_host: lifecycle.Sandbox
) -> None:
    assert before.code == 3
    assert before.told.splitlines()[0] == "init: o-strongroom1: 4 units, 20 active accounts"
    place = before.intent.organization
    assert (place.backup_account, place.audit_account) == (BACKUP_ACCOUNT, AUDIT_ACCOUNT)
    text = before.path.read_text()
    assert f"# TODO backup_account: is it {BACKUP_ACCOUNT}? its name says so" in text
    assert "# TODO no backup policy was found that this file can say" in text


def test_nothing_but_readings_is_called(before: Drafted, after: Drafted) -> None:
    for drafted in (before, after):
        changing = {call for call in drafted.calls if not call.partition(":")[2].startswith(ALLOWED)} - ENTERING
        assert (changing, len(drafted.calls) > 10) == (set(), True)


def test_after_a_rollout_the_file_says_the_same_policies(after: Drafted) -> None:
    deployed = load_intent_file(INTENT)[0]
    assert render_backup_policies(after.intent) == render_backup_policies(deployed)
    assert {key: vault.lock for key, vault in after.intent.vaults.items()} == {
        key: vault.lock for key, vault in deployed.vaults.items()
    }
    assert "# TODO Strongroom runs here already; have you its intent file?" in after.path.read_text()


def test_after_a_rollout_a_plan_changes_stacks_and_guardrails_of_ours_only(
    after: Drafted, sandbox_host: lifecycle.Sandbox
) -> None:
    kinds = {step["kind"] for step in planned(sandbox_host, after)["steps"]}
    changed = {step["what"] for step in planned(sandbox_host, after)["steps"] if step["kind"] != "confirm"}
    assert kinds <= {StepKind.CONFIRM, StepKind.UPDATE_STACK, StepKind.REPAIR}
    assert changed
    assert all(what.startswith(("the stack strongroom-", "the SERVICE_CONTROL_POLICY strongroom-")) for what in changed)


def test_before_the_first_rollout_a_plan_creates_stacks_of_ours_only(
    before: Drafted, sandbox_plan_before: dict[str, Any]
) -> None:
    made = [step["what"] for step in sandbox_plan_before["steps"] if step["kind"] == StepKind.CREATE_STACK]
    assert made
    assert all(what.startswith("the stack strongroom-") for what in made)
    kinds = {step["kind"] for step in sandbox_plan_before["steps"]}
    assert kinds.isdisjoint({StepKind.UPDATE_STACK, StepKind.REPAIR})


def test_a_file_that_is_there_is_left_as_it_is(sandbox_host: lifecycle.Sandbox, before: Drafted) -> None:
    written = before.path.read_text()
    again = draft(sandbox_host, before.path.parent)
    assert (again.code, before.path.read_text()) == (2, written)


def test_the_role_that_nobody_made_is_a_question(sandbox_host: lifecycle.Sandbox, tmp_path: Path) -> None:
    closed = draft(sandbox_host, tmp_path, "--through", "NobodyMadeThisRole")
    assert closed.code == 3
    text = closed.path.read_text().replace("\n#   ", " ")
    assert "# TODO which vaults and backup plans are in that account? Nobody could look into" in text
    assert "NobodyMadeThisRole cannot be assumed" in text


@pytest.mark.parametrize(
    ("account", "said"),
    [(PAYMENTS_ACCOUNT, "wrong account"), ("nobody", "AWS does not know these credentials")],
)
def test_the_wrong_credentials_end_it_before_it_begins(
    account: str, said: str, sandbox_host: lifecycle.Sandbox, tmp_path: Path
) -> None:
    refused = draft(sandbox_host, tmp_path, account=account)
    assert (refused.code, refused.path.exists()) == (2, False)
    assert said in refused.told.splitlines()[-1]
