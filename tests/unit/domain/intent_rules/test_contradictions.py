"""Every contradiction that an intent may hold is found, by its code and its place."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from strongroom.domain.findings import Level
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.intent_rules.exemptions import LONGEST_EXEMPTION

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
    "no such Region": ({"organization/home_region": "Frankfurt"}, "region", "organization.home_region"),
    "no such place of a vault": ({"vaults/replica/region": "Frankfurt"}, "vault-region", "vaults.replica.region"),
    "no such owner of a vault": ({"vaults/replica/account": "ours"}, "vault-account", "vaults.replica.account"),
    "one vault under two names": (
        {"vaults/second": {"name": "central-backup-vault", "lock": "none"}},
        "vault-twice",
        "vaults.second",
    ),
    "one vault of one Region under two names": (
        {"vaults/second": {"name": "local-prod-vault", "account": "own", "region": "eu-west-1"}},
        "vault-twice",
        "vaults.second",
    ),
    "no vault of the account": ({"vaults/local/account": "backup"}, "no-local-vault", "vaults"),
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
    "temporary vaults' name": (
        {"vaults/central/name": "strongroom-restores"},
        "vault-name",
        "vaults.central.name",
    ),
    "default vault": ({"vaults/central/name": "Default"}, "vault-name", "vaults.central.name"),
    "default vault made here": ({"vaults/local/name": "Default"}, "vault-name", "vaults.local.name"),
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
    "for ever at once": (
        {"vaults/central/lock": {**LOCK, "changeable_for_days": None}},
        "lock-cooling-off",
        "vaults.central.lock.changeable_for_days",
    ),
    "cooling off without an end": (
        {"vaults/central/lock": LOCK | {"mode": "governance"}},
        "lock-cooling-off",
        "vaults.central.lock.changeable_for_days",
    ),
    "retention above the lock": (
        {"tiers/daily-prod/keep/central": 2556},
        "retention-outside-lock",
        "tiers.daily-prod.keep.central",
    ),
    "retention below the lock": (
        {"tiers/daily-prod/keep/central": 29},
        "retention-outside-lock",
        "tiers.daily-prod.keep.central",
    ),
    "critical retention above the replica's lock": (
        {"vaults/replica/lock": LOCK | {"max_retention_days": 365}},
        "retention-outside-lock",
        "tiers.compliance-7y.keep.replica",
    ),
    "local retention below a local lock": (
        {"vaults/local/lock": LOCK | {"min_retention_days": 40}},
        "retention-outside-lock",
        "tiers.daily-prod.keep.local",
    ),
    "retention of nothing": (
        {"tiers/daily-prod/keep/local": 0},
        "retention",
        "tiers.daily-prod.keep.local",
    ),
    "unknown vault": ({"tiers/daily-prod/keep/centrl": 35}, "unknown-vault", "tiers.daily-prod.keep.centrl"),
    "no vault of its own": ({"tiers/daily-prod/keep": {"central": 35}}, "no-own-vault", "tiers.daily-prod.keep"),
    "two vaults of its own": (
        {"vaults/other": {"name": "other", "account": "own", "region": "same"}, "tiers/daily-prod/keep/other": 9},
        "own-vault-twice",
        "tiers.daily-prod.keep",
    ),
    "kept nowhere": ({"tiers/daily-prod/keep": {}}, "missing-key", "tiers.daily-prod.keep"),
    "more copies than AWS makes": (
        {
            **{f"vaults/v{number}": {"name": f"vault-{number}", "lock": "none"} for number in range(6)},
            "tiers/daily-prod/keep": {"local": 35} | {f"v{number}": 35 for number in range(6)},
        },
        "too-many-copies",
        "tiers.daily-prod.keep",
    ),
    "never made": ({"tiers/daily-prod/schedule": None}, "missing-key", "tiers.daily-prod.schedule"),
    "rules that meet and keep alike": (
        {"tiers/daily-prod/rules": {"daily": {}, "monthly": {"schedule": "monthly 1 02:30"}}},
        "overlap-tie",
        "tiers.daily-prod.rules.monthly.schedule",
    ),
    "a rule that takes another's copy": (
        {
            "tiers/daily-prod/rules": {
                "daily": {"keep": {"local": 14, "central": 90}},
                "weekly": {"schedule": "weekly sun 02:00", "keep": {"local": 35}},
            }
        },
        "overlap-loses-copy",
        "tiers.daily-prod.rules.weekly.schedule",
    ),
    "more rules than AWS takes": (
        {"tiers/daily-prod/rules": {f"r{number}": {"schedule": f"daily {number + 2:02}:00"} for number in range(11)}},
        "too-many-rules",
        "tiers.daily-prod.rules",
    ),
    "rule name": ({"tiers/daily-prod/rules": {"every night": {}}}, "rule-name", "tiers.daily-prod.rules.every night"),
    "a tier called none": (
        {"tiers/none": {"schedule": "daily 02:00", "keep": {"local": 9}}},
        "tier-name",
        "tiers.none",
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
                "keep": {"local": 35, "central": 35},
            }
        },
        "tier-name",
        "tiers.every night",
    ),
    "tiers that differ in case only": (
        {
            "tiers/Daily-Prod": {
                "schedule": "cron(0 2 ? * * *)",
                "keep": {"local": 35, "central": 35},
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
    "more tiers than there can be frameworks": (
        {"targets/0/tiers": [f"t{number}" for number in range(16)]},
        "too-many-tiers",
        "targets[0].tiers",
    ),
    "target twice": ({"targets": [PRODUCTION, PRODUCTION]}, "target-twice", "targets"),
    "deadline of nothing": (
        {"deadlines/copy_verified_within": "PT0S"},
        "deadline",
        "deadlines.copy_verified_within",
    ),
    "hours of an unknown clock": ({"alerts/quiet_hours": "22-6"}, "time-of-day", "alerts.quiet_hours"),
    "hours that never end": ({"alerts/quiet_hours": "06:00-06:00"}, "time-of-day", "alerts.quiet_hours"),
    "digest at no time": ({"alerts/digest_at": "24:00"}, "time-of-day", "alerts.digest_at"),
    "call without encryption": ({"alerts/dead_man_url": "http://example.com"}, "address", "alerts.dead_man_url"),
    "contact over two lines": ({"targets/0/contact": "a\nb"}, "contact", "targets[0].contact"),
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
    "another role for own calls": (
        {"roles/restore_native": "strongroom/called"},
        "role",
        "roles.restore_native",
    ),
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
    "deadlines learn less than they start from": (
        {"deadlines/copy_verified_at_most": "PT3H"},
        "deadline-bounds",
        "deadlines.copy_verified_at_most",
    ),
    "deadlines learn more than a day": (
        {"deadlines/copy_verified_at_most": "PT24H1S"},
        "deadline-bounds",
        "deadlines.copy_verified_at_most",
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
    "Production without rule": ({"restores/rules": []}, "target-without-rule", "restores.rules"),
    "one person under two names": ({"people/piet": MARIA}, "person-twice", "people.piet.subject"),
    "person without identity": ({"people/piet": MARIA | {"subject": ""}}, "person", "people.piet.subject"),
}

KNOWN = ["calendar-years", "calendar-years", "upsets-tools"]  # what the example itself is warned about
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
    "kept for less than the time between": (
        {"tiers/daily-prod/schedule": "yearly jan 1 02:00", "tiers/daily-prod/keep": {"local": 35, "central": 300}},
        "kept-shorter-than-made",
        "tiers.daily-prod.keep",
    ),
    "backups in the Default vault": (
        {"vaults/local": {"name": "Default", "existing": True}},
        "default-vault",
        "vaults.local.name",
    ),
    "copy that dies first": (
        {"tiers/daily-prod/keep/central": 30},
        "copy-dies-first",
        "tiers.daily-prod.keep.central",
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


DAILY = "tiers/daily-prod"
COLD = {f"{DAILY}/keep/local": {"days": 400, "cold_after": 30}}
MONTHLY = {f"{DAILY}/schedule": "cron(0 3 1 * ? *)"}
OWN = {"account": "222222222222", "tiers": PRODUCTION["tiers"], "default_tier": "daily-prod"}
NARROWER = {**OWN, "tiers": ["daily-prod"]}
OWN_RULE = {"account": "222222222222", "group": "approvers", "needed": 1}
NARROW = {"min_retention_days": 30, "max_retention_days": 300, "changeable_for_days": 30}
ENDS = {"until": "2026-12-31", "reason": "test", "granted_by": "sana"}
ORDERS = {"resource": "arn:aws:rds:eu-west-1:222222222222:db:orders", **ENDS}

OPTION_ERRORS: dict[str, tuple[Change, str, str]] = {
    "too short in cold storage": (
        {f"{DAILY}/keep/local": {"days": 119, "cold_after": 30}},
        "cold-storage",
        "tiers.daily-prod.keep.local.cold_after",
    ),
    "copy too short in cold storage": (
        {f"{DAILY}/keep/central": {"days": 2555, "cold_after": 2466}},
        "cold-storage",
        "tiers.daily-prod.keep.central.cold_after",
    ),
    "replica too short in cold storage": (
        {f"{DAILY}/keep/replica": {"days": 100, "cold_after": 30}},
        "cold-storage",
        "tiers.daily-prod.keep.replica.cold_after",
    ),
    "cold before it exists": (
        {f"{DAILY}/keep/local": {"days": 35, "cold_after": 0}},
        "cold-storage",
        "tiers.daily-prod.keep.local.cold_after",
    ),
    "archive without cold storage": (
        {f"{DAILY}/archive": True, **MONTHLY},
        "archive",
        "tiers.daily-prod.archive",
    ),
    "archive every night": ({f"{DAILY}/archive": True, **COLD}, "archive", "tiers.daily-prod.schedule"),
    "archive without snapshots": (
        {f"{DAILY}/archive": True, **COLD, **MONTHLY, f"{DAILY}/resource_types": ["EFS"]},
        "archive",
        "tiers.daily-prod.archive",
    ),
    "continuous for too long": (
        {f"{DAILY}/continuous_backup": True, f"{DAILY}/keep/local": 36},
        "continuous-backup",
        "tiers.daily-prod.keep.local",
    ),
    "continuous and cold": (
        {f"{DAILY}/continuous_backup": True, **COLD},
        "continuous-backup",
        "tiers.daily-prod.keep.local.cold_after",
    ),
    "replica outside its lock": (
        {"vaults/replica/lock": NARROW, "tiers/compliance-7y/keep/replica": 301},
        "retention-outside-lock",
        "tiers.compliance-7y.keep.replica",
    ),
    "unknown type": ({f"{DAILY}/resource_types": ["Rds"]}, "resource-type", "tiers.daily-prod.resource_types[0]"),
    "a type twice": (
        {f"{DAILY}/resource_types": ["RDS", "RDS"]},
        "resource-type-twice",
        "tiers.daily-prod.resource_types",
    ),
    "Redshift": (
        {f"{DAILY}/resource_types": ["RDS", "Redshift"]},
        "not-copied",
        "tiers.daily-prod.resource_types[1]",
    ),
    "Redshift Serverless": (
        {f"{DAILY}/resource_types": ["Redshift Serverless"]},
        "not-copied",
        "tiers.daily-prod.resource_types[0]",
    ),
    "index of another type": ({f"{DAILY}/index": ["EBS", "RDS"]}, "index-type", "tiers.daily-prod.index[1]"),
    "index of a type that is not selected": (
        {f"{DAILY}/index": ["S3"], f"{DAILY}/resource_types": ["EBS"]},
        "index-type",
        "tiers.daily-prod.index[0]",
    ),
    "index twice": ({f"{DAILY}/index": ["S3", "S3"]}, "index-type", "tiers.daily-prod.index"),
    "eleven tags": (
        {f"{DAILY}/recovery_point_tags": {f"k{n}": "v" for n in range(11)}},
        "too-many-tags",
        "tiers.daily-prod.recovery_point_tags",
    ),
    "a tag of AWS": (
        {f"{DAILY}/recovery_point_tags": {"aws:x": "v"}},
        "recovery-point-tag",
        "tiers.daily-prod.recovery_point_tags.aws:x",
    ),
    "a tag that is an operator": (
        {f"{DAILY}/recovery_point_tags": {"@@assign": "v"}},
        "recovery-point-tag",
        "tiers.daily-prod.recovery_point_tags.@@assign",
    ),
    "a tag value that is too long": (
        {f"{DAILY}/recovery_point_tags": {"k": "v" * 257}},
        "recovery-point-tag",
        "tiers.daily-prod.recovery_point_tags.k",
    ),
    "a tag in two spellings": (
        {f"{DAILY}/recovery_point_tags": {"Team": "a", "team": "b"}},
        "tag-twice",
        "tiers.daily-prod.recovery_point_tags.Team",
    ),
    "target without a place": ({"targets/0/unit": None}, "unit-or-account", "targets[0]"),
    "target with two places": ({"targets/0/root": True}, "unit-or-account", "targets[0]"),
    "target of no account": ({"targets": [{**OWN, "account": "2222"}]}, "account-id", "targets[0].account"),
    "target of the management account": (
        {"targets": [{**OWN, "account": "111111111111"}]},
        "target-account",
        "targets[0].account",
    ),
    "target of the backup account": (
        {"targets": [{**OWN, "account": "999999999999"}]},
        "target-account",
        "targets[0].account",
    ),
    "target of an account of vaults": (
        {"targets": [{**OWN, "account": "444444444444"}], "vaults/central/account": "444444444444"},
        "target-account",
        "targets[0].account",
    ),
    "one account twice": ({"targets": [OWN, OWN], "restores/rules": [OWN_RULE]}, "target-twice", "targets"),
    "account without a rule": ({"targets": [PRODUCTION, OWN]}, "target-without-rule", "restores.rules"),
    "rule without a place": ({"restores/rules/0/unit": None}, "unit-or-account", "restores.rules[0]"),
    "rule of no account": (
        {"restores/rules": [RULE, {**OWN_RULE, "account": "x"}]},
        "account-id",
        "restores.rules[1].account",
    ),
    "two rules of one account": ({"restores/rules": [RULE, OWN_RULE, OWN_RULE]}, "rule-twice", "restores.rules"),
    "exception without a subject": ({"exceptions": [ENDS]}, "exemption-subject", "exceptions[0]"),
    "exception with two subjects": (
        {"exceptions": [{**ORDERS, "account": "222222222222"}]},
        "exemption-subject",
        "exceptions[0]",
    ),
    "exception for a pattern": (
        {"exceptions": [{**ORDERS, "resource": "arn:aws:rds:eu-west-1:222222222222:db:*"}]},
        "exemption-subject",
        "exceptions[0].resource",
    ),
    "exception for a name": (
        {"exceptions": [{**ORDERS, "resource": "orders"}]},
        "exemption-subject",
        "exceptions[0].resource",
    ),
    "exception of no account": ({"exceptions": [{**ENDS, "account": "2"}]}, "account-id", "exceptions[0].account"),
    "exception without a reason": (
        {"exceptions": [{**ORDERS, "reason": " "}]},
        "exemption-reason",
        "exceptions[0].reason",
    ),
    "exception by nobody": (
        {"exceptions": [{**ORDERS, "granted_by": "nobody"}]},
        "unknown-person",
        "exceptions[0].granted_by",
    ),
    "deployer by pattern": (
        {"guardrails/deployer_role_arns": ["arn:aws:iam::*:role/deploy"]},
        "exemption",
        "guardrails.deployer_role_arns[0]",
    ),
    "policy editor by pattern": (
        {"guardrails/policy_editor_role_arns": ["arn:aws:iam::999999999999:role/*"]},
        "exemption",
        "guardrails.policy_editor_role_arns[0]",
    ),
    "landing zone of one account": (
        {"guardrails/landing_zone_role_arns": ["arn:aws:iam::222222222222:role/AWSControlTowerExecution"]},
        "exemption",
        "guardrails.landing_zone_role_arns[0]",
    ),
    "landing zone by pattern": (
        {"guardrails/landing_zone_role_arns": ["arn:aws:iam::${aws:PrincipalAccount}:role/aws-controltower-*"]},
        "exemption",
        "guardrails.landing_zone_role_arns[0]",
    ),
    "key administrator by pattern": (
        {"keys/administrator_role_arns": ["arn:aws:iam::111111111111:role/*"]},
        "exemption",
        "keys.administrator_role_arns[0]",
    ),
    "short deletion window": ({"keys/deletion_window_days": 6}, "deletion-window", "keys.deletion_window_days"),
    "long deletion window": ({"keys/deletion_window_days": 31}, "deletion-window", "keys.deletion_window_days"),
    "quick rotation": ({"keys/rotation_period_days": 89}, "rotation-period", "keys.rotation_period_days"),
    "Slack without a scheme": ({"slack/api_url": "slack.com/api/"}, "address", "slack.api_url"),
    "an API without a scheme": ({"alerts/api_url": "api.example.com/v1"}, "address", "alerts.api_url"),
    "tickets at no address": ({"tickets/url": ""}, "address", "tickets.url"),
    "issuer with a space": ({"identity_provider/issuer": "https://a b"}, "address", "identity_provider.issuer"),
    "reports kept for nothing": (
        {"audit/report_retention_days": 0},
        "report-retention",
        "audit.report_retention_days",
    ),
}

OPTION_WARNINGS: dict[str, tuple[Change, str, str]] = {
    "continuous copies": (
        {f"{DAILY}/continuous_backup": True},
        "continuous-copy",
        "tiers.daily-prod.continuous_backup",
    ),
    "cold copies": (
        {f"{DAILY}/keep/central": {"days": 2555, "cold_after": 90}},
        "cold-copy-back",
        "tiers.daily-prod.keep.central.cold_after",
    ),
    "cold storage of a type that has none": (
        {**COLD, f"{DAILY}/resource_types": ["EFS", "RDS"]},
        "no-cold-storage",
        "tiers.daily-prod.resource_types[1]",
    ),
    "copies of stacks that may not be made": (
        {f"{DAILY}/resource_types": ["CloudFormation"]},
        "copy-doubtful",
        "tiers.daily-prod.resource_types[0]",
    ),
    "copies that may not be made": (
        {f"{DAILY}/resource_types": ["EFS", "FSx"]},
        "copy-doubtful",
        "tiers.daily-prod.resource_types[1]",
    ),
    "replica that dies first": (
        {"tiers/compliance-7y/keep/local": 50, "tiers/compliance-7y/keep/replica": 40},
        "copy-dies-first",
        "tiers.compliance-7y.keep.replica",
    ),
}


@pytest.mark.parametrize(("change", "code", "path"), OPTION_ERRORS.values(), ids=OPTION_ERRORS.keys())
def test_an_option_that_cannot_work_is_an_error_at_its_place(
    changed: Callable[[Change], Intent], change: Change, code: str, path: str
) -> None:
    errors = [found for found in find_contradictions(changed(change)) if found.level is Level.ERROR]
    assert (code, path) in [(found.code, found.path) for found in errors]
    assert {found.code for found in errors} <= {code, "target-without-rule"}


@pytest.mark.parametrize(("change", "code", "path"), OPTION_WARNINGS.values(), ids=OPTION_WARNINGS.keys())
def test_an_option_with_a_catch_is_a_warning_at_its_place(
    changed: Callable[[Change], Intent], change: Change, code: str, path: str
) -> None:
    found = [each for each in find_contradictions(changed(change)) if each.code not in KNOWN]
    assert [(each.level, each.code, each.path) for each in found] == [(Level.WARNING, code, path)]


@pytest.mark.parametrize(
    "change",
    [
        {f"{DAILY}/archive": True, **COLD, **MONTHLY},
        {f"{DAILY}/keep/local": {"days": 120, "cold_after": 30}},
        {f"{DAILY}/resource_types": ["RDS", "S3"], f"{DAILY}/index": ["S3"]},
        {f"{DAILY}/recovery_point_tags": {"cost-centre": "a b", "empty": ""}},
        {"tiers/compliance-7y/keep/replica": 400},
        {"targets": [PRODUCTION, OWN], "restores/rules": [RULE, OWN_RULE]},
        {"restores/rules": [RULE, OWN_RULE]},
        {"exceptions": [ORDERS, {**ENDS, "account": "222222222222"}]},
        {"keys/administrator_role_arns": ["arn:aws:iam::111111111111:role/key-admin"]},
    ],
    ids=[
        "archive",
        "cold storage",
        "types and index",
        "tags",
        "replica",
        "target of an account",
        "rule for an account of a unit",
        "exceptions",
        "key administrators",
    ],
)
def test_an_option_that_works_is_not_complained_about(changed: Callable[[Change], Intent], change: Change) -> None:
    found = find_contradictions(changed(change), today=date(2026, 9, 1))
    assert [each for each in found if each.code not in KNOWN] == []


LAST_DAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (LAST_DAY, []),
        (LAST_DAY + timedelta(days=1), [(Level.WARNING, "exemption-ended")]),
        (LAST_DAY - LONGEST_EXEMPTION, []),
        (LAST_DAY - LONGEST_EXEMPTION - timedelta(days=1), [(Level.ERROR, "exemption-too-long")]),
        (None, []),
    ],
    ids=["its last day", "the day after", "a year before", "longer before", "on no day"],
)
def test_the_end_of_an_exception_is_judged_by_the_day(
    changed: Callable[[Change], Intent], today: date | None, found: list[tuple[Level, str]]
) -> None:
    findings = find_contradictions(changed({"exceptions": [ORDERS]}), today=today)
    ends = [each for each in findings if each.path == "exceptions[0].until"]
    assert [(each.level, each.code) for each in ends] == found
    assert all("2026-12-31" in each.message for each in ends)


@pytest.mark.parametrize(
    ("unit", "account", "blocked"),
    [
        pytest.param(PRODUCTION, OWN, [], id="the same tiers"),
        pytest.param(PRODUCTION, NARROWER, [], id="fewer for the account"),
        pytest.param(
            {**PRODUCTION, "tiers": ["daily-prod"]},
            OWN,
            [("targets[1].tiers", "monthly-prod, compliance-7y")],
            id="more for the account",
        ),
    ],
)
def test_an_account_that_offers_more_than_a_unit_is_warned_about(
    changed: Callable[[Change], Intent], unit: Change, account: Change, blocked: list[tuple[str, str]]
) -> None:
    both = changed({"targets": [unit, account], "restores/rules": [RULE, OWN_RULE]})
    found = [each for each in find_contradictions(both) if each.code == "tier-blocked-by-unit"]
    assert [(each.level, each.path) for each in found] == [(Level.WARNING, path) for path, _ in blocked]
    assert all(
        f"ignores its plans of {tiers}: " in each.message for each, (_, tiers) in zip(found, blocked, strict=True)
    )


def test_units_beside_each_other_may_offer_different_tiers(changed: Callable[[Change], Intent]) -> None:
    sandbox = {**NARROWER, "account": None, "unit": "Sandbox"}
    both = changed({"targets": [PRODUCTION, sandbox], "restores/rules": [RULE, {**RULE, "unit": "Sandbox"}]})
    assert [each.code for each in find_contradictions(both)] == KNOWN


def test_the_example_has_no_finding_but_the_seven_years_and_what_launches_instances(intent: Intent) -> None:
    assert [finding.code for finding in find_contradictions(intent)] == KNOWN


def test_the_warning_about_seven_years_names_the_days_and_proposes_head_room(intent: Intent) -> None:
    finding, _ = (each for each in find_contradictions(intent) if each.code == "calendar-years")
    assert "2556 or 2557" in finding.message
    assert "set it to 2560 or more before the lock date" in finding.message


def test_nothing_is_said_about_years_where_the_lock_has_head_room(changed: Callable[[Change], Intent]) -> None:
    roomy = changed({"vaults/central/lock/max_retention_days": 2560})
    told = [each.path for each in find_contradictions(roomy) if each.code == "calendar-years"]
    assert told == ["vaults.replica.lock.max_retention_days"]


def test_every_problem_is_listed_in_one_go(changed: Callable[[Change], Intent]) -> None:
    wrong = changed({"targets/0/unit": "Nowhere", "tiers/daily-prod/schedule": "never", "tag_key": ""})
    codes = {finding.code for finding in find_contradictions(wrong)}
    assert {"unknown-unit", "schedule", "tag-key"} <= codes
