"""What people publish: sound policies raise nothing, and each known mistake its one finding with the right advice."""

import json
from typing import Any

import pytest

from strongroom.domain.backup_policy.documents import parse_policy
from strongroom.domain.backup_policy.lint import lint
from strongroom.domain.findings import Finding
from strongroom_cli.intent.regions import known_partitions
from tests.unit.domain.backup_policy.linting.sound_policies import (
    CENTRAL,
    GFS,
    SECOND,
    SOUND,
    copied,
    plan,
    policy,
    rule,
    tagged,
    typed,
    windows,
)

BY_TAG = tagged("Protect", "daily")
NAMES = ("Monthly", "Weekly", "Daily", "NinetyDay", "Yearly")
AT = "$.plans.example"
COPY = f'{AT}.rules.daily.copy_actions["{{}}"]'


def findings_in(document: Any) -> list[Finding]:
    found = lint(parse_policy(json.dumps(document)), partitions=known_partitions())
    return [finding for finding in found if finding.code != "unlocked"]


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_policy_raises_nothing(name: str) -> None:
    assert findings_in(SOUND[name]) == []


def example(rules: dict[str, Any], selections: dict[str, Any] | None = None, *regions: str) -> dict[str, Any]:
    return policy(example=plan(rules, selections or BY_TAG, *regions))


def daily(days: int = 35, **more: Any) -> dict[str, Any]:
    return {"daily": rule("0 3 ? * * *", days, **more)}


MISLABELLED = CENTRAL.replace("eu-west-1", "us-gov-east-1")
GOVCLOUD = MISLABELLED.replace("arn:aws:", "arn:aws-us-gov:")
CHINA = CENTRAL.replace("eu-west-1", "cn-northwest-1").replace("arn:aws:", "arn:aws-cn:")
MILAN = CENTRAL.replace("eu-west-1", "eu-south-1")
MISSPELT = CENTRAL.replace("eu-west-1", "eu-centrl-1")


def to_china(account: str) -> dict[str, Any]:
    role = "arn:aws-cn:iam::$account:role/runner"
    arn = CHINA.replace("444455556666", account)
    return example(daily(copy_actions=copied(arn, 35)), tagged("Protect", "daily", role=role), "cn-north-1")


def by_type(pattern: str, arn: str, *regions: str) -> dict[str, Any]:
    return example(daily(copy_actions=copied(arn, 35)), typed(pattern), *regions)


TYPE = f"{AT}.selections.resources.by-type.resource_types.@@assign[0]"

type Told = tuple[str, str, str, str]

MISTAKES: dict[str, tuple[dict[str, Any], list[Told]]] = {
    "yearly kept for a week": (
        example({"yearly": rule("0 18 1 1 ? *", 7)}),
        [("warning", "kept-too-briefly", f"{AT}.rules.yearly.lifecycle.delete_after_days", "for 359 days")],
    ),
    "monthly kept for a week beside daily": (
        example({"daily": rule("0 3 ? * * *", 7), "monthly": rule("0 12 1 * ? *", 7)}),
        [("warning", "kept-too-briefly", f"{AT}.rules.monthly.lifecycle.delete_after_days", "write 31 or more")],
    ),
    "weekly kept for six days": (
        example({"weekly": rule("0 3 ? * SUN *", 6)}),
        [("warning", "kept-too-briefly", f"{AT}.rules.weekly.lifecycle.delete_after_days", "for 1 day:")],
    ),
    "yearly, whose copy is kept for a week, too": (
        example({"daily": rule("0 18 1 1 ? *", 7, copy_actions=copied(CENTRAL, 8))}),
        [("warning", "kept-too-briefly", f"{AT}.rules.daily.lifecycle.delete_after_days", "kept for 8 days")],
    ),
    "copy that dies before its source": (
        example({"daily": rule("0 2 1 * ? *", 2555, copy_actions=copied(CENTRAL, 365))}),
        [("warning", "copy-dies-first", f"{COPY.format(CENTRAL)}.lifecycle.delete_after_days", "write 2555 or more")],
    ),
    "weekly without its copy beats daily with one": (
        example(
            {
                "daily": rule("0 5 ? * * *", 30, start_backup_window_minutes="60", copy_actions=copied(CENTRAL, 365)),
                "weekly": rule("0 5 ? * SUN *", 365, start_backup_window_minutes="60"),
            }
        ),
        [
            (
                "warning",
                "overlap-loses-copy",
                f"{AT}.rules.weekly.schedule_expression",
                "on Sun 03 Jan 2027 at 05:00, 52 times in 2027",
            )
        ],
    ),
    "windows of the console let an hour not be enough": (
        example(
            {
                "daily": rule("0 5 ? * * *", 30, copy_actions=copied(CENTRAL, 365)),
                "weekly": rule("0 6 ? * SUN *", 365),
            }
        ),
        [
            (
                "warning",
                "overlap-loses-copy",
                f"{AT}.rules.weekly.schedule_expression",
                "start it 7 h later or 9 h earlier",
            )
        ],
    ),
    "the longest rule lacks the copy of two others": (
        example(GFS | {"yearly": rule("0 2 1 1 ? *", 2555)}),
        [("warning", "overlap-loses-copy", f"{AT}.rules.yearly.schedule_expression", f"has no copy into {CENTRAL}")],
    ),
    "two rules that keep equally long": (
        example({"daily": rule("0 5 ? * * *", 35), "monthly": rule("30 5 1 * ? *", 35, **windows(60, 180))}),
        [("warning", "overlap-equal", f"{AT}.rules.monthly.schedule_expression", "does not say which")],
    ),
    "hourly swallowed by a long window": (
        example(
            {
                "hourly": rule("0 * ? * * *", 1, **windows(60, 120)),
                "half-daily": rule("0 0/12 ? * * *", 7, **windows(480, 600)),
            }
        ),
        [("warning", "overlap-swallows", f"{AT}.rules.half-daily.schedule_expression", "5840 times in 2027")],
    ),
    "five rules for five selections": (
        example(
            {f"{name}_Rule": rule("0 8 1 * ? *", 1825) for name in NAMES},
            {
                "tags": {
                    f"{name}_Assignment": tagged(f"orgBackup{name}", name)["tags"][f"orgbackup{name.lower()}"]
                    for name in NAMES
                }
            },
        ),
        [("warning", "rules-times-selections", f"{AT}.selections", "Monthly_Rule with Monthly_Assignment")],
    ),
    "pairs run together in small letters": (
        example(
            {"daily": rule("0 2 ? * * *", 7), "weekly": rule("0 3 ? * SUN *", 60)},
            {"tags": tagged("backupdaily", "yes")["tags"] | tagged("backupweekly", "yes")["tags"]},
        ),
        [("warning", "rules-times-selections", f"{AT}.selections", "write a plan for each pair")],
    ),
    "GovCloud with the ARNs of the world": (
        example(daily(copy_actions=copied(MISLABELLED, 35)), None, "us-gov-west-1"),
        [
            ("error", "partition", COPY.format(MISLABELLED), "write arn:aws-us-gov: at its beginning"),
            ("error", "partition", f"{AT}.selections.tags.protect.iam_role_arn", "us-gov-west-1 lies in aws-us-gov"),
        ],
    ),
    "copy into another partition": (
        example(daily(copy_actions=copied(GOVCLOUD, 35))),
        [("error", "copy-leaves-partition", COPY.format(GOVCLOUD), "name a vault in a Region of aws")],
    ),
    "copy to another account in China": (
        to_china("444455556666"),
        [("error", "china-copy", COPY.format(CHINA), "write $account in its place")],
    ),
    "misspelt Region": (
        example(daily(), None, "eu-centrl-1"),
        [("warning", "region-unknown", f"{AT}.regions.@@assign[0]", "did you mean eu-central-1?")],
    ),
    "Region without its hyphen": (
        example(daily(), None, "eu-central1"),
        [("error", "region-code", f"{AT}.regions.@@assign[0]", "did you mean eu-central-1?")],
    ),
    "misspelt Region of a copy": (
        example(daily(copy_actions=copied(MISSPELT, 35))),
        [("warning", "region-unknown", COPY.format(MISSPELT), "did you mean eu-central-1?")],
    ),
    "file systems out of Milan": (
        by_type("arn:aws:fsx:*:*:file-system/*", CENTRAL, "eu-south-1"),
        [("warning", "copy-in-opt-in-region", TYPE, "as eu-south-1 is")],
    ),
    "tables into another account in Milan": (
        by_type("arn:aws:timestream:*:*:database/*", MILAN, "eu-south-1"),
        [("warning", "copy-in-opt-in-region", TYPE, "Timestream tables")],
    ),
    "clusters into another account in Milan": (
        by_type("arn:aws:rds:*:*:cluster:*", MILAN, "eu-south-1"),
        [("warning", "copy-in-opt-in-region", TYPE, "clusters can be copied")],
    ),
    "stacks into another account in Milan": (
        by_type("arn:aws:cloudformation:*:*:stack/*", MILAN, "eu-south-1"),
        [("warning", "copy-in-opt-in-region", TYPE, "to other Regions only")],
    ),
    "stacks into another account": (
        by_type("arn:aws:cloudformation:*:*:stack/*", CENTRAL),
        [("warning", "copy-doubtful", TYPE, "test the copy")],
    ),
    "asterisk as the value of a tag": (
        example(daily(), tagged("Protect", "*")),
        [("warning", "wildcard-in-equals", f"{AT}.selections.tags.protect.tag_value.@@assign[0]", "string_like")],
    ),
    "kept for a day more than AWS Backup takes": (
        example(daily(36501)),
        [("error", "days-too-many", f"{AT}.rules.daily.lifecycle.delete_after_days", "write 36500 at most")],
    ),
    "windows half an hour apart": (
        example(daily(**windows(60, 90))),
        [("warning", "windows-too-close", f"{AT}.rules.daily.complete_backup_window_minutes", "write 120 or more")],
    ),
    "advice that was once given for windows": (
        example({"daily": rule("0 5/1 ? * * *", 35, **windows(480, 60))}),
        [("error", "windows-do-not-fit", f"{AT}.rules.daily.complete_backup_window_minutes", "write 540 or more")],
    ),
    "seconds for minutes": (
        example(daily(**windows(60, 604800))),
        [
            (
                "warning",
                "window-too-long",
                f"{AT}.rules.daily.complete_backup_window_minutes",
                "420 days: it is admitted, and a stuck job is kept for as long; if seconds were meant, write 10080",
            )
        ],
    ),
    "first Monday by its name": (
        example({"daily": rule("0 5 ? * MON#1 *", 35)}),
        [("warning", "schedule-by-name", f"{AT}.rules.daily.schedule_expression", "write cron(0 5 ? * 2#1 *)")],
    ),
    "first Monday by its name, kept too briefly": (
        example({"daily": rule("0 5 ? * MON#1 *", 7)}),
        [
            ("warning", "schedule-by-name", f"{AT}.rules.daily.schedule_expression", "write cron(0 5 ? * 2#1 *)"),
            ("warning", "kept-too-briefly", f"{AT}.rules.daily.lifecycle.delete_after_days", "made up to 35 days"),
        ],
    ),
    "plan without a vault": (
        example({"daily": {"schedule_expression": "cron(0 3 ? * * *)"}}),
        [("warning", "incomplete", f"{AT}.rules.daily", "target_backup_vault_name")],
    ),
    "operator of a README": (
        {"plans": {"example": {"regions": {"@@replace": ["eu-west-1"]}}}},
        [("error", "unknown-operator", f"{AT}.regions.@@replace", "write @@assign")],
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_published_mistake_has_its_finding_and_no_other(name: str) -> None:
    document, expected = MISTAKES[name]
    findings = findings_in(document)
    assert [(each.level.value, each.code, each.path) for each in findings] == [told[:3] for told in expected]
    for finding, (*_, said) in zip(findings, expected, strict=True):
        assert said in finding.message


def test_what_is_the_same_account_in_china_is_no_mistake() -> None:
    assert findings_in(to_china("$account")) == []


def test_a_copy_in_the_same_account_may_be_kept_for_less() -> None:
    assert findings_in(example(daily(copy_actions=copied(SECOND, 7)))) == []


def test_a_fragment_is_not_judged_by_what_it_leaves_to_others() -> None:
    rules = {"daily": rule("0 5 ? * * *", 30, copy_actions=copied(CENTRAL, 365)), "weekly": rule("0 5 ? * SUN *", 365)}
    fragment = policy(example={"rules": rules})
    assert [finding.code for finding in findings_in(fragment)] == ["incomplete"]
    stated = policy(example={"rules": {name: each | windows(60, 180) for name, each in rules.items()}})
    assert [finding.code for finding in findings_in(stated)] == ["incomplete", "overlap-loses-copy"]
