"""Every contradiction that an intent may hold is found, by its code and its place."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from strongroom.domain.contradictions import find_contradictions
from strongroom.domain.findings import Level
from strongroom.domain.intent import Intent

type Change = Mapping[str, Any]


@pytest.fixture
def changed(intent: Intent) -> Callable[[Change], Intent]:
    """The example intent with values put in at paths such as `tiers.daily-prod.schedule`; None drops a key."""

    def change(values: Change) -> Intent:
        document = msgspec.to_builtins(intent)
        for path, value in values.items():
            *parents, last = path.split("/")
            node = document
            for step in parents:
                node = node[int(step)] if isinstance(node, (list, tuple)) else node[step]
            if value is None:
                del node[last]
            else:
                node[last] = value
        return msgspec.convert(document, Intent)

    return change


LOCK = {"min_retention_days": 30, "max_retention_days": 2555, "changeable_for_days": 30}
PRODUCTION = {
    "unit": "Production",
    "tiers": ["daily-prod", "monthly-prod", "compliance-7y"],
    "default_tier": "daily-prod",
}
RULE = {"unit": "Production", "group": "approvers", "needed": 1}
MARIA = {"subject": "idp|maria", "name": "M", "email": "m@x", "slack_user": "U1", "ticket_account": "m"}

ERRORS = {
    "organization id": ({"organization/id": "strongroom"}, "organization-id", "organization.id"),
    "root id": ({"organization/root_id": "root"}, "root-id", "organization.root_id"),
    "unit id malformed": (
        {"organization/units/Production": "ou-production"},
        "unit-id",
        "organization.units.Production",
    ),
    "unit of another root": (
        {"organization/units/Production": "ou-abcd-prod0001"},
        "unit-id",
        "organization.units.Production",
    ),
    "one unit under two names": (
        {"organization/units/Shared": "ou-strg-prod0001"},
        "unit-twice",
        "organization.units.Shared",
    ),
    "short account": ({"organization/audit_account": "8888"}, "account-id", "organization.audit_account"),
    "account with letters": (
        {"organization/backup_account": "99999999999x"},
        "account-id",
        "organization.backup_account",
    ),
    "one account twice": (
        {"organization/audit_account": "999999999999"},
        "account-twice",
        "organization.audit_account",
    ),
    "replica at home": ({"organization/replica_region": "eu-west-1"}, "replica-region", "organization.replica_region"),
    "no such Region": ({"organization/replica_region": "Frankfurt"}, "region", "organization.replica_region"),
    "home not governed": (
        {"organization/governed_regions": ["eu-north-1"]},
        "governed-regions",
        "organization.governed_regions",
    ),
    "Region twice": (
        {"organization/governed_regions": ["eu-west-1", "eu-west-1"]},
        "region-twice",
        "organization.governed_regions",
    ),
    "reserved tag key": ({"tag_key": "aws:backup"}, "tag-key", "tag_key"),
    "vault name": ({"vaults/local/name": "local vault"}, "vault-name", "vaults.local.name"),
    "default vault": ({"vaults/central/name": "Default"}, "vault-name", "vaults.central.name"),
    "central vault without lock": ({"vaults/central/lock": None}, "lock-missing", "vaults.central.lock"),
    "replica without lock": ({"vaults/replica/lock": None}, "lock-missing", "vaults.replica.lock"),
    "lock upside down": (
        {"vaults/central/lock": LOCK | {"min_retention_days": 3000}},
        "lock-range",
        "vaults.central.lock",
    ),
    "lock beyond AWS": (
        {"vaults/replica/lock": LOCK | {"max_retention_days": 36501}},
        "lock-range",
        "vaults.replica.lock",
    ),
    "no time to cool off": (
        {"vaults/central/lock": LOCK | {"changeable_for_days": 2}},
        "lock-cooling-off",
        "vaults.central.lock.changeable_for_days",
    ),
    "retention above the lock": (
        {"tiers/daily-prod/central_retention_days": 2556},
        "retention-outside-lock",
        "tiers.daily-prod.central_retention_days",
    ),
    "retention below the lock": (
        {"tiers/daily-prod/central_retention_days": 29},
        "retention-outside-lock",
        "tiers.daily-prod.central_retention_days",
    ),
    "critical retention above the replica's lock": (
        {"vaults/replica/lock": LOCK | {"max_retention_days": 365}},
        "retention-outside-lock",
        "tiers.compliance-7y.central_retention_days",
    ),
    "local retention below a local lock": (
        {"vaults/local/lock": LOCK | {"min_retention_days": 40}},
        "retention-outside-lock",
        "tiers.daily-prod.local_retention_days",
    ),
    "retention of nothing": (
        {"tiers/daily-prod/local_retention_days": 0},
        "retention",
        "tiers.daily-prod.local_retention_days",
    ),
    "schedule": ({"tiers/daily-prod/schedule": "rate(1 day)"}, "schedule", "tiers.daily-prod.schedule"),
    "start window": ({"tiers/daily-prod/start_window": "PT59M"}, "window", "tiers.daily-prod.start_window"),
    "window of seconds": ({"tiers/daily-prod/start_window": "PT1H30S"}, "window", "tiers.daily-prod.start_window"),
    "complete not after start": (
        {"tiers/daily-prod/complete_window": "PT1H"},
        "window",
        "tiers.daily-prod.complete_window",
    ),
    "tier that nobody can select": (
        {"targets/0/tiers": ["daily-prod", "monthly-prod"]},
        "tier-unreachable",
        "tiers.compliance-7y",
    ),
    "tier name": (
        {
            "tiers/every night": {
                "schedule": "cron(0 2 ? * * *)",
                "start_window": "PT1H",
                "complete_window": "PT2H",
                "local_retention_days": 35,
                "central_retention_days": 35,
            }
        },
        "tier-name",
        "tiers.every night",
    ),
    "tiers that differ in case only": (
        {
            "tiers/Daily-Prod": {
                "schedule": "cron(0 2 ? * * *)",
                "start_window": "PT1H",
                "complete_window": "PT2H",
                "local_retention_days": 35,
                "central_retention_days": 35,
            }
        },
        "tier-twice",
        "tiers.Daily-Prod",
    ),
    "no target": ({"targets": []}, "no-target", "targets"),
    "no tier": ({"tiers": {}}, "no-tier", "tiers"),
    "unknown unit": ({"targets/0/unit": "Productoin"}, "unknown-unit", "targets[0].unit"),
    "unknown tier": ({"targets/0/tiers": ["daily-prod", "hourly"]}, "unknown-tier", "targets[0].tiers[1]"),
    "default tier not offered": ({"targets/0/default_tier": "weekly"}, "default-tier", "targets[0].default_tier"),
    "tier twice": ({"targets/0/tiers": ["daily-prod", "daily-prod"]}, "tier-twice", "targets[0].tiers"),
    "more tiers than policies may be attached": (
        {"targets/0/tiers": [f"t{number}" for number in range(11)]},
        "too-many-tiers",
        "targets[0].tiers",
    ),
    "target twice": ({"targets": [PRODUCTION, PRODUCTION]}, "target-twice", "targets"),
    "deadline of nothing": (
        {"deadlines/copy_verified_within": "PT0S"},
        "deadline",
        "deadlines.copy_verified_within",
    ),
    "action that takes no tags": (
        {"guardrails/tag_required_on": ["dynamodb:RestoreTableFromBackup"]},
        "action-without-tags",
        "guardrails.tag_required_on[0]",
    ),
    "unknown action": (
        {"guardrails/tag_required_on": ["dynamodb:CreateTabel"]},
        "unknown-action",
        "guardrails.tag_required_on[0]",
    ),
    "exemption by pattern": (
        {"guardrails/exempt_role_arns": ["arn:aws:iam::*:role/BackupAdminRole"]},
        "exemption",
        "guardrails.exempt_role_arns[0]",
    ),
    "role outside the protected path": ({"roles/restore": "strongroom-restore"}, "role", "roles.restore"),
    "one role for two purposes": ({"roles/tagging": "strongroom/strongroom-backup"}, "role-twice", "roles.tagging"),
    "clock": ({"restores/presence_max_age": "PT0S"}, "clock", "restores.presence_max_age"),
    "no method": ({"restores/accepted_methods": []}, "methods", "restores.accepted_methods"),
    "password as proof": ({"restores/accepted_methods": ["mfa", "pwd"]}, "methods", "restores.accepted_methods[1]"),
    "unknown requesters": ({"restores/requesters": "night-watch"}, "unknown-group", "restores.requesters"),
    "unknown person": (
        {"restores/groups/approvers": ["maria", "mia"]},
        "unknown-person",
        "restores.groups.approvers[1]",
    ),
    "empty group": ({"restores/groups/auditors": []}, "empty-group", "restores.groups.auditors"),
    "person twice in a group": (
        {"restores/groups/approvers": ["maria", "maria"]},
        "person-twice",
        "restores.groups.approvers",
    ),
    "rule for no unit": ({"restores/rules/0/unit": "Prod"}, "unknown-unit", "restores.rules[0].unit"),
    "rule for an unknown group": ({"restores/rules/0/group": "boss"}, "unknown-group", "restores.rules[0].group"),
    "more approvals than people": ({"restores/rules/0/needed": 3}, "needed", "restores.rules[0].needed"),
    "the requester does not count": (
        {"restores/rules/0/needed": 2, "restores/groups/approvers": ["maria", "omar"]},
        "needed",
        "restores.rules[0].needed",
    ),
    "no approval needed": ({"restores/rules/0/needed": 0}, "needed", "restores.rules[0].needed"),
    "two rules for a unit": ({"restores/rules": [RULE, RULE]}, "rule-twice", "restores.rules"),
    "Production without rule": ({"restores/rules": []}, "unit-without-rule", "restores.rules"),
    "one person under two names": ({"people/piet": MARIA}, "person-twice", "people.piet.subject"),
    "person without identity": ({"people/piet": MARIA | {"subject": ""}}, "person", "people.piet.subject"),
}

WARNINGS = {
    "seven calendar years": ({}, "calendar-years", "vaults.central.lock.max_retention_days"),
    "deadline under the two hours of AWS": (
        {"deadlines/copy_verified_within": "PT1H59M"},
        "deadline-short",
        "deadlines.copy_verified_within",
    ),
    "bucket refused": (
        {"guardrails/tag_required_on": ["s3:CreateBucket"]},
        "upsets-tools",
        "guardrails.tag_required_on[0]",
    ),
    "copy that dies first": (
        {"tiers/daily-prod/central_retention_days": 30},
        "copy-dies-first",
        "tiers.daily-prod.central_retention_days",
    ),
}


@pytest.mark.parametrize(("change", "code", "path"), ERRORS.values(), ids=ERRORS.keys())
def test_a_contradiction_is_an_error_at_its_place(
    changed: Callable[[Change], Intent], change: Change, code: str, path: str
) -> None:
    found = find_contradictions(changed(change))
    assert (Level.ERROR, code, path) in [(finding.level, finding.code, finding.path) for finding in found]


@pytest.mark.parametrize(("change", "code", "path"), WARNINGS.values(), ids=WARNINGS.keys())
def test_a_risk_is_a_warning_at_its_place(
    changed: Callable[[Change], Intent], change: Change, code: str, path: str
) -> None:
    found = find_contradictions(changed(change))
    assert (Level.WARNING, code, path) in [(finding.level, finding.code, finding.path) for finding in found]
    assert all(finding.level is Level.WARNING for finding in found)


def test_the_example_has_no_finding_but_the_seven_years(intent: Intent) -> None:
    assert [finding.code for finding in find_contradictions(intent)] == ["calendar-years"]


def test_the_warning_about_seven_years_names_the_days_and_proposes_head_room(intent: Intent) -> None:
    [finding] = find_contradictions(intent)
    assert "2556 or 2557" in finding.message
    assert "set it to 2560 or more before the lock date" in finding.message


def test_head_room_in_the_lock_leaves_the_warning_without_its_proposal(changed: Callable[[Change], Intent]) -> None:
    roomy = changed({"vaults/central/lock/max_retention_days": 2560})
    [finding] = find_contradictions(roomy)
    assert "2556 or 2557" in finding.message
    assert "refuses" not in finding.message


def test_every_problem_is_listed_in_one_go(changed: Callable[[Change], Intent]) -> None:
    wrong = changed({"targets/0/unit": "Nowhere", "tiers/daily-prod/schedule": "never", "tag_key": ""})
    codes = {finding.code for finding in find_contradictions(wrong)}
    assert {"unknown-unit", "schedule", "tag-key"} <= codes
