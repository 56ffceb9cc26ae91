"""The mistakes that people make in the intent file, as they are told: one line each, that begins with its place."""

import re
from pathlib import Path

import pytest

from strongroom_cli.main import main

ROOT = Path(__file__).parents[4]
EXAMPLE = (ROOT / "strongroom.yaml").read_text(encoding="utf-8")
HERE = "▶"  # what is behind it stands at the place that is told

TEXT = "YAML reads it as a number; put it in quotes"
TRUTH = "YAML reads it as a truth value; put it in quotes"
UNITS = "there are Production, PreProduction, Sandbox, Shared"
GROUPS = "there are oncall, service-owners, security, approvers, auditors, platform, change-managers"
CRON = (
    "inside { } YAML takes the ? of a cron expression for its own: put it in quotes, or write the schedule in words, "
    "as daily 02:00"
)
SCHEDULE = "schedule: cron(0 3 1 * ? *)"
RETENTION = "max_retention_days: 2555, changeable_for_days: 30}\n  replica"
EXCEPTIONS = "exceptions: []"
TARGETS = """\
targets:
  - unit: Production
    tiers: [daily-prod, monthly-prod, compliance-7y]
    default_tier: daily-prod
"""
PEOPLE = "there are omar, maria, sana, ada, piet, chiara"

# What is written in place of what, and what is told; the path is left out where the text is no YAML.
MISTAKES: dict[str, tuple[str, str, str]] = {
    # YAML
    "tab": ("  daily-prod:\n", "▶\tdaily-prod:\n", "a tab stands here: YAML indents with spaces only"),
    "merge left half done": (
        "tag_key: Backup\n",
        "▶<<<<<<< HEAD\ntag_key: Backup\n=======\ntag_key: backup\n>>>>>>> other\n",
        "a merge was left half done here (<<<<<<<): keep one side and take the markers out",
    ),
    "cron in braces": (
        "rules:\n    - {unit: Production, group: approvers",
        "rules:\n    - {▶unit: cron(0 2 ? * * *), group: approvers",
        CRON,
    ),
    "key twice": (
        "tag_key: Backup\n",
        "tag_key: Backup\n▶tag_key: backup\n",
        "the key 'tag_key' stands twice in one mapping, first in line 25",
    ),
    "no space after the colon": (
        "tag_key: Backup",
        "▶tag_key:Backup",
        "this is no `key: value`: write a colon and a space after the key",
    ),
    "bracket not closed": (
        "[daily-prod, monthly-prod, compliance-7y]",
        "▶[daily-prod, monthly-prod, compliance-7y",
        "the bracket that begins here is not closed, or a comma is missing in it",
    ),
    "indentation": (
        "  app_id:",
        "▶   app_id:",
        "a second `: ` stands here: put the text in quotes, or mend the indentation",
    ),
    "colon in a text": (
        "name: Omar Haddad, email",
        "name: ▶Omar: Haddad, email",
        "the bracket that begins here is not closed, or a comma is missing in it",
    ),
    "alias of nothing": (
        "group: approvers",
        "group: ▶*approvers",
        "*approvers stands for nothing that is complete before it",
    ),
    "two documents": ("tag_key: Backup", "▶---\ntag_key: Backup", "a second document begins here: one file holds one"),
    "version of the future": (
        "version: 2\n",
        "▶version: 3\n",
        (
            "version: 3 is newer than this release, which reads 1 and 2: install the release that the file is written "
            "for, or write it as version 2, whose fields are in docs/reference/intent.md"
        ),
    ),
    "version as text": (
        "version: 2\n",
        "▶version: '2'\n",
        "version: must be a version that is read, 1 and 2, not '2'; left out, it is 1",
    ),
    # quotes
    "account id without quotes": (
        '"999999999999" # the control plane',
        "▶999999999999 # the control plane",
        f"organization.backup_account: must be text, not 999999999999: {TEXT}",
    ),
    "account id that begins with 0": (
        '"999999999999" # the control plane',
        "▶012345670123 # the control plane",
        f"organization.backup_account: must be text, not 012345670123: {TEXT}",
    ),
    "truth value as a name": (
        "name: local-prod-vault",
        "▶name: yes",
        f"vaults.local.name: must be text, not True: {TRUTH}",
    ),
    "truth value as a tag": (
        "keep: {local: 35, central: 2555, replica: 2555}",
        "keep: {local: 35, central: 2555, replica: 2555}\n    recovery_point_tags: {▶Backup: yes}",
        f"tiers.compliance-7y.recovery_point_tags.Backup: must be text, not True: {TRUTH}, spelled as the tag is",
    ),
    "nothing as a name": (
        "name: local-prod-vault",
        "▶name: ~",
        "vaults.local.name: must be text, not ~: YAML reads it as nothing; put it in quotes",
    ),
    "number in quotes": (
        RETENTION,
        "▶max_retention_days: '2555', changeable_for_days: 30}\n  replica",
        "vaults.central.lock.max_retention_days: must be a whole number, not the text '2555': take the quotes away",
    ),
    "truth value in quotes": (
        "keep: {local: 35, central: 2555, replica: 2555}",
        "keep: {local: 35, central: 2555, replica: 2555}\n    ▶everything: 'yes'",
        "tiers.compliance-7y.everything: must be true or false, not the text 'yes'",
    ),
    # types
    "number in words": (
        RETENTION,
        "▶max_retention_days: seven years, changeable_for_days: 30}\n  replica",
        "vaults.central.lock.max_retention_days: must be a whole number, not the text 'seven years'",
    ),
    "part of a day": (
        RETENTION,
        "▶max_retention_days: 2555.5, changeable_for_days: 30}\n  replica",
        "vaults.central.lock.max_retention_days: must be a whole number, not 2555.5",
    ),
    "text instead of a list": (
        "tiers: [daily-prod, monthly-prod, compliance-7y]",
        "▶tiers: daily-prod",
        "targets[0].tiers: must be a list, not the text 'daily-prod'",
    ),
    "list instead of a text": (
        "group: approvers",
        "▶group: [approvers]",
        "restores.rules[0].group: must be text or a mapping, not a list",
    ),
    "mapping instead of a list": (EXCEPTIONS, "▶exceptions: {}", "exceptions: must be a list, not a mapping"),
    "empty": ("app_id: A0STRONG", "▶app_id:", "slack.app_id: must be text, not empty"),
    "duration in words": (
        "start_window: PT1H # AWS",
        "▶start_window: 1 hour # AWS",
        "tiers.daily-prod.start_window: '1 hour' is no ISO 8601 duration such as PT4H or P1D",
    ),
    "date of another kind": (
        EXCEPTIONS,
        "exceptions: [{account: '222222222222', ▶until: 31.12.2026, reason: test, granted_by: sana}]",
        "exceptions[0].until: '31.12.2026' is no ISO 8601 date such as 2027-01-31",
    ),
    "day that is none": (
        EXCEPTIONS,
        "exceptions: [{account: '222222222222', ▶until: 2026-02-30, reason: test, granted_by: sana}]",
        "exceptions[0].until: '2026-02-30' is no ISO 8601 date such as 2027-01-31",
    ),
    # keys
    "misspelled key": (
        "  system: jira",
        "▶  sytem: jira",
        (
            "tickets.sytem: unknown key; known are system, url, user, approved_statuses, projects, types, approval, "
            "approver_group, resource_field, window, opened; did you mean system?"
        ),
    ),
    "misspelled key that may be left out": (
        "exempt_role_arns: []",
        "▶exempt_roles_arn: []",
        (
            "guardrails.exempt_roles_arn: unknown key; known are tag_required_on, exempt_role_arns, "
            "deployer_role_arns, policy_editor_role_arns, landing_zone_role_arns, landing_zone, tag_keys, vaults, "
            "leave_out, attach, scp_slots, foreign_policies, refuse_unnamed_copies; "
            "did you mean exempt_role_arns?"
        ),
    ),
    "key that is none": (
        "  team_id: T0STRONG\n",
        "  team_id: T0STRONG\n▶  colour: red\n",
        "slack.colour: unknown key; known are team_id, app_id, alerts_channel, restores_channel, api_url",
    ),
    "key left out": ("  team_id: T0STRONG\n", "", "slack.team_id: is missing"),
    "part left out": (TARGETS, "", "targets: is missing"),
    # names
    "Region": (
        "home_region: eu-west-1",
        "▶home_region: eu-wset-1",
        ("organization.home_region: 'eu-wset-1' is no Region that AWS Backup has; did you mean eu-west-1?"),
    ),
    "Region in words": (
        "home_region: eu-west-1",
        "▶home_region: Ireland",
        "organization.home_region: 'Ireland' is no Region code such as eu-west-1",
    ),
    "unit of a target": (
        "- unit: Production",
        "- ▶unit: Prodution",
        f"targets[0].unit: 'Prodution' is no unit; {UNITS}; did you mean Production?",
    ),
    "unit of a target, unlike any": (
        "- unit: Production",
        "- ▶unit: PCI",
        f"targets[0].unit: 'PCI' is no unit; {UNITS}",
    ),
    "name of a unit": (
        "    Production: ou",
        "    Prodution: ou",
        (
            "targets[0].unit: 'Production' is no unit; there are Prodution, PreProduction, Sandbox, Shared; "
            "did you mean Prodution? (also restores.rules[0].unit)"
        ),
    ),
    "tier of a target": (
        "[daily-prod, monthly-prod",
        "[▶daily-prd, monthly-prod",
        (
            "targets[0].tiers[0]: 'daily-prd' is no tier; there are daily-prod, monthly-prod, compliance-7y; "
            "did you mean daily-prod?"
        ),
    ),
    "default tier": (
        "default_tier: daily-prod",
        "▶default_tier: daily-prd",
        (
            "targets[0].default_tier: 'daily-prd' is none of the target's tiers: daily-prod, monthly-prod, "
            "compliance-7y; did you mean daily-prod?"
        ),
    ),
    "person in a group": (
        "oncall: [omar]",
        "oncall: [▶omr]",
        f"restores.groups.oncall[0]: 'omr' is not among the people; {PEOPLE}; did you mean omar?",
    ),
    "group of a rule": (
        "group: approvers",
        "▶group: aprovers",
        f"restores.rules[0].group: 'aprovers' is no group; {GROUPS}; did you mean approvers?",
    ),
    "group that asks": (
        "requesters: oncall",
        "▶requesters: on-call",
        f"restores.requesters: 'on-call' is no group; {GROUPS}; did you mean oncall?",
    ),
    "who granted an exception": (
        EXCEPTIONS,
        "exceptions: [{account: '222222222222', until: 2026-12-31, reason: test, ▶granted_by: san}]",
        f"exceptions[0].granted_by: 'san' is no person; {PEOPLE}; did you mean sana?",
    ),
    "ticket system": (
        "system: jira",
        "▶system: jirra",
        "tickets.system: must be jira or servicenow, not the text 'jirra'; did you mean jira?",
    ),
    # forms
    "issuer without encryption": (
        "issuer: https://login.strongroom.example",
        "▶issuer: http://login.strongroom.example",
        "identity_provider.issuer: 'http://login.strongroom.example' is no address such as https://login.example.com",
    ),
    "account id too short": (
        '"999999999999" # the control plane',
        '▶"9999" # the control plane',
        "organization.backup_account: '9999' is no account id of twelve digits",
    ),
    "root id, which unit ids contain": (
        "root_id: r-strg",
        "▶root_id: strg",
        "organization.root_id: 'strg' is no root id such as r-ab12",
    ),
    "two windows wrong at once": (
        "start_window: PT1H # AWS",
        "▶start_window: PT30M # AWS",
        "tiers.daily-prod.start_window: must be 60 minutes (PT1H) or more, not 30 minutes",
    ),
    "lock that begins with nothing": (
        "lock: {min_retention_days: 30, max_retention_days: 2555, changeable_for_days: 30}\n  replica",
        "▶lock: {min_retention_days: 0, max_retention_days: 2555, changeable_for_days: 30}\n  replica",
        "vaults.central.lock: 0 to 2555 is no range between 1 and 36500",
    ),
}


@pytest.mark.parametrize(("old", "new", "finding"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_line_that_begins_with_its_place(
    old: str, new: str, finding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in EXAMPLE
    marked = EXAMPLE.replace(old, new, 1)
    file = tmp_path / "strongroom.yaml"
    file.write_text(marked.replace(HERE, ""), encoding="utf-8")
    assert main(["compile", str(file), "--out", str(tmp_path / "out")]) == 2
    told = re.findall(r"^(?!.*: warning: )(.+?):([0-9]+): error: (.*)$", capsys.readouterr().err, re.MULTILINE)
    assert [said for _, _, said in told] == [finding]
    if HERE in marked:
        assert int(told[0][1]) == marked[: marked.index(HERE)].count("\n") + 1
