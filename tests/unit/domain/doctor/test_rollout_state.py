"""Switches, opt-ins, stacks of members, recorders and locks."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.doctor.diagnosis import Outcome
from strongroom.domain.doctor.rollout_state import (
    judge_instances,
    judge_lock,
    judge_opt_ins,
    judge_recorder,
    judge_switches,
)
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.live import LiveOptIns, LiveSwitches, LiveVault
from strongroom.domain.rollout.members import LiveInstance
from tests.builders.doctor import NOW
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, PAYMENTS

SWITCHES = LiveSwitches(
    feature_set="ALL",
    policy_types=frozenset({"BACKUP_POLICY", "SERVICE_CONTROL_POLICY"}),
    trusted_services=frozenset({"backup.amazonaws.com"}),
    administrators=frozenset({BACKUP_ACCOUNT}),
)
SETTINGS = {"isCrossAccountBackupEnabled": "true", "isDelegatedAdministratorEnabled": "true"}
LOCK = VaultLock(min_retention_days=30, max_retention_days=2555, changeable_for_days=30)
LOCKED = LiveVault(is_locked=True, min_retention_days=30, max_retention_days=2555, lock_date=NOW + timedelta(days=20))


@pytest.mark.parametrize(
    ("changed", "evidence"),
    [
        ({}, ""),
        ({"switches": replace(SWITCHES, policy_types=frozenset({"BACKUP_POLICY"}))}, "SERVICE_CONTROL_POLICY is not"),
        ({"switches": replace(SWITCHES, trusted_services=frozenset())}, "AWS Backup is not trusted"),
        ({"switches": replace(SWITCHES, administrators=frozenset())}, f"{BACKUP_ACCOUNT} is no administrator"),
        ({"stack_sets_are_active": False}, "StackSets are not trusted"),
        ({"settings": SETTINGS | {"isCrossAccountBackupEnabled": "false"}}, "isCrossAccountBackupEnabled is off"),
    ],
    ids=["all on", "type", "trust", "delegate", "StackSets", "setting"],
)
def test_each_switch_that_is_off_is_named(changed: dict[str, Any], evidence: str) -> None:
    asked: dict[str, Any] = {"switches": SWITCHES, "stack_sets_are_active": True, "settings": SETTINGS} | changed
    found = judge_switches(**asked, administrators=(BACKUP_ACCOUNT,), where="o-1")
    assert found.is_alarming is bool(evidence)
    assert evidence in found.evidence


@pytest.mark.parametrize(
    ("served", "managed", "evidence"),
    [
        ({"RDS": True, "DynamoDB": True}, {"DynamoDB": True}, "2 types are served"),
        ({"RDS": False, "DynamoDB": True}, {"DynamoDB": True}, "not served: RDS"),
        ({"RDS": True, "DynamoDB": True}, {"DynamoDB": False}, "not managed fully: DynamoDB"),
        ({"RDS": True}, {}, "AWS Backup does not name here: DynamoDB"),
        ({"RDS": True, "DynamoDB": True, "EBS": False}, {}, "2 types are served"),
    ],
    ids=["all", "a type", "advanced features", "a type that the Region does not know", "a type that nobody selects"],
)
def test_opt_ins_are_those_of_the_selected_types(
    served: dict[str, bool], managed: dict[str, bool], evidence: str
) -> None:
    found = judge_opt_ins(
        LiveOptIns(served=served, fully_managed=managed), wanted=frozenset({"RDS", "DynamoDB"}), where="x"
    )
    assert evidence in found.evidence
    assert found.is_alarming is evidence.startswith("not ")


def instance(status: str, **changed: str) -> LiveInstance:
    return LiveInstance(account=PAYMENTS, region=HOME, status=status, **changed)


def test_stacks_that_are_not_current_are_told_one_by_one() -> None:
    lines = list(judge_instances("s", [instance("CURRENT"), instance("OUTDATED", reason="exists")]))
    assert [(line.outcome, line.evidence) for line in lines] == [
        (Outcome.FAILS, "OUTDATED: exists"),
        (Outcome.HOLDS, "1 stacks are current"),
    ]


def test_a_stack_set_that_is_not_there_fails_and_an_empty_one_cannot_be_seen() -> None:
    assert [line.outcome for line in judge_instances("s", None)] == [Outcome.FAILS]
    assert [line.outcome for line in judge_instances("s", [])] == [Outcome.UNSEEN]


def test_a_recorder_covers_the_types_or_names_them_or_cannot_be_seen() -> None:
    assert judge_recorder(frozenset(), where="x").outcome is Outcome.HOLDS
    assert "RecoveryPoint" in judge_recorder(frozenset({"AWS::Backup::RecoveryPoint"}), where="x").evidence
    unknown = judge_recorder(None, where="x")
    assert (unknown.outcome, "config:Describe" in unknown.remedy) == (Outcome.UNSEEN, True)


@pytest.mark.parametrize(
    ("found", "evidence"),
    [
        (LOCKED, "30 to 2555 days, immutable from 2026-09-21 on"),
        (replace(LOCKED, lock_date=NOW - timedelta(days=1)), "30 to 2555 days, immutable since 2026-08-31"),
        (replace(LOCKED, is_locked=False), "it is not locked"),
        (replace(LOCKED, lock_date=None), "governance mode"),
        (replace(LOCKED, max_retention_days=100), "30 to 100 days and not 30 to 2555 days"),
        (None, "there is no such vault"),
    ],
    ids=["cooling off", "immutable", "unlocked", "governance", "other numbers", "no vault"],
)
def test_a_lock_is_the_promised_one(found: LiveVault | None, evidence: str) -> None:
    judged = judge_lock(found, promised=LOCK, vault=CENTRAL_VAULT, now=NOW)
    assert evidence in judged.evidence
    assert judged.is_alarming is not judged.evidence.startswith("30 to 2555 days, imm")


def test_without_a_promise_there_is_no_lock_to_miss() -> None:
    unlocked = replace(LOCKED, is_locked=False)
    assert judge_lock(unlocked, promised=None, vault=CENTRAL_VAULT, now=NOW).outcome is Outcome.HOLDS
