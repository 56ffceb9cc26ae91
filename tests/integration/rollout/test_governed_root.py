"""A governed root: all accounts but those of excluded units and of Strongroom, whatever automatic deployment does."""

from typing import Any

import pytest
import yaml

from sandbox import lifecycle
from sandbox.clients import client
from sandbox.example.deployment import INTENT
from sandbox.settings import (
    AUDIT_ACCOUNT,
    BACKUP_ACCOUNT,
    IDENTITY_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    NETWORK_ACCOUNT,
    ORGANIZATIONS_REGION,
    OU_PRE_PRODUCTION,
    OU_PRODUCTION,
    OU_SANDBOX,
    SANDBOX_ACCOUNTS,
)
from tests.integration.rollout.rollouts import PRODUCTION_ACCOUNTS, deploy_control_plane
from tests.integration.rollout.test_repeated import Rollout, until

ALICE, BOB = SANDBOX_ACCOUNTS[:2]
CEREMONY = ("restores", "people", "slack", "tickets", "identity_provider")
ROOT = {"root": True, "except": ["Sandbox", "PreProduction"], "tiers": ["nightly"], "default_tier": "nightly"}
REACHED = {*PRODUCTION_ACCOUNTS, NETWORK_ACCOUNT, IDENTITY_ACCOUNT, AUDIT_ACCOUNT}  # which keeps no audit here


@pytest.fixture(scope="module")
def rollout(sandbox_host: lifecycle.Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Rollout:
    """The organisation without a ceremony, governed from its root but for two units."""
    told: dict[str, Any] = yaml.safe_load(INTENT.read_text(encoding="utf-8"))
    plain = {name: section for name, section in told.items() if name not in CEREMONY}
    plain["organization"].pop("audit_account")
    plain["vaults"].pop("replica")
    plain["tiers"] = {"nightly": {"schedule": "daily 02:00", "keep": {"local": 35, "central": 2555}}}
    plain |= {"targets": [ROOT], "audit": {"framework": False}, "guardrails": {}}
    intent = tmp_path_factory.mktemp("intent") / "root.yaml"
    intent.write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")
    deploy_control_plane(intent)
    rollout = Rollout(sandbox_host, intent)
    applied = rollout.apply()
    assert applied.returncode == 0, applied.stderr
    return rollout


def reached() -> set[str]:
    """The accounts that have a local vault by a StackSet."""
    cloudformation = client("cloudformation", MANAGEMENT_ACCOUNT, ORGANIZATIONS_REGION)
    pages = cloudformation.get_paginator("list_stack_instances").paginate(StackSetName="strongroom-member-vault")
    return {each["Account"] for page in pages for each in page["Summaries"]}


def move(account: str, source: str, destination: str) -> None:
    organizations = client("organizations", MANAGEMENT_ACCOUNT)
    organizations.move_account(AccountId=account, SourceParentId=source, DestinationParentId=destination)


def test_every_other_account_is_reached_and_nothing_is_left_to_do(rollout: Rollout) -> None:
    assert reached() == REACHED
    assert rollout.plan() == (0, [], [])


def test_an_account_that_comes_by_itself_is_told_and_let_be(rollout: Rollout) -> None:
    """What moves within the root may be deployed to although it is left out: `follows_left_out`."""
    move(ALICE, OU_SANDBOX, OU_PRE_PRODUCTION)
    until(lambda: ALICE in reached())
    code, steps, told = rollout.plan(about=ALICE)
    assert (code, steps, set(told)) == (0, [], {"instance-left-out"})
    assert rollout.plan(about=BACKUP_ACCOUNT) == (0, [], [])


def test_an_account_that_is_governed_from_now_on_gets_what_it_lacks(rollout: Rollout) -> None:
    rollout.habit(follows_left_out=False)
    move(BOB, OU_SANDBOX, OU_PRODUCTION)
    _, steps, _ = rollout.plan()
    assert "stack-strongroom-members" in steps
    applied = rollout.apply()
    assert applied.returncode == 0, applied.stderr
    assert BOB in reached()
    assert rollout.plan(about=BOB) == (0, [], [])
