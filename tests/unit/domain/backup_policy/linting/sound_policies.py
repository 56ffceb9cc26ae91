"""Backup policies as people publish them, of many kinds and all sound: nothing may be said of them but `unlocked`."""

from typing import Any, Final

from tests.builders.places import a_vault_arn
from tests.unit.domain.backup_policy.good_policies import condition, unlocked

ROLE: Final = "arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole"
OWN: Final = "$account"
CENTRAL: Final = a_vault_arn("central", account="444455556666", region="eu-west-1")
SECOND: Final = a_vault_arn("second", account=OWN, region="us-west-2")
DEFAULT: Final = a_vault_arn("Default", account=OWN, region="us-west-2")
GOVCLOUD: Final = a_vault_arn("second", account=OWN, region="us-gov-east-1").replace("arn:aws:", "arn:aws-us-gov:")
CHINA: Final = a_vault_arn("second", account=OWN, region="cn-northwest-1").replace("arn:aws:", "arn:aws-cn:")

type Values = dict[str, Any]


def keeps(days: int, cold: int | None = None) -> Values:
    """A lifecycle."""
    return {"delete_after_days": str(days)} | ({} if cold is None else {"move_to_cold_storage_after_days": str(cold)})


def copied(arn: str, days: int, cold: int | None = None) -> Values:
    """A copy action."""
    return {arn: {"target_backup_vault_arn": arn, "lifecycle": keeps(days, cold)}}


def rule(cron: str, days: int, cold: int | None = None, **more: Any) -> Values:
    """A rule with its hour and its retention."""
    return {
        "schedule_expression": f"cron({cron})",
        "target_backup_vault_name": "team-vault",
        "lifecycle": keeps(days, cold),
        **more,
    }


def windows(start: int, complete: int) -> Values:
    """How long a backup may wait, and how long it may take."""
    return {"start_backup_window_minutes": str(start), "complete_backup_window_minutes": str(complete)}


def tagged(key: str, *values: str, role: str = ROLE) -> Values:
    """A selection by tag."""
    return {"tags": {key.lower(): {"iam_role_arn": role, "tag_key": key, "tag_value": list(values)}}}


def typed(*patterns: str, **more: Any) -> Values:
    """A selection by type."""
    return {"resources": {"by-type": {"iam_role_arn": ROLE, "resource_types": list(patterns), **more}}}


def plan(rules: Values, selections: Values, *regions: str, **more: Any) -> Values:
    """A plan of a policy."""
    return {"regions": list(regions or ("eu-west-1",)), "rules": rules, "selections": selections, **more}


def policy(**plans: Values) -> Values:
    """The document, with nothing locked."""
    return unlocked({"plans": plans})


def appended(document: Values) -> Values:
    """The same document with its Regions appended."""
    for each in document["plans"].values():
        each["regions"] = {"@@append": each["regions"]["@@assign"]}
    return document


GFS: Final = {
    "daily": rule("0 2 ? * * *", 14, copy_actions=copied(CENTRAL, 35)),
    "weekly": rule("0 2 ? * SUN *", 30, copy_actions=copied(CENTRAL, 90)),
    "monthly": rule("0 2 1 * ? *", 90, copy_actions=copied(CENTRAL, 365)),
    "yearly": rule("0 2 1 1 ? *", 365, copy_actions=copied(CENTRAL, 2555)),
}
SOUND: Final[dict[str, Values]] = {
    "module that offers tiers": policy(
        hourly=plan({"hourly": rule("0 * ? * * *", 2)}, tagged("Backup", "hourly")),
        daily=plan({"daily": rule("0 3 ? * * *", 30)}, tagged("Backup", "daily")),
        weekly=plan({"weekly": rule("0 4 ? * SUN *", 120, 30)}, tagged("Backup", "weekly")),
    ),
    "sample, monthly": policy(
        monthly=plan(
            {"monthly": rule("0 5 1 * ? *", 365, 30, **windows(480, 10080), copy_actions=copied(CENTRAL, 365, 30))},
            tagged("backup", "monthly"),
            "eu-west-1",
            "us-east-1",
        )
    ),
    "second Region and central account": policy(
        org=plan(
            {"daily": rule("0 5 ? * * *", 35, copy_actions=copied(CENTRAL, 35) | copied(SECOND, 7))},
            tagged("Plan", "all"),
        )
    ),
    "shared account for what is not production": policy(
        nonprod=plan(
            {"daily": rule("30 1 ? * MON-FRI *", 14, copy_actions=copied(CENTRAL, 30))}, tagged("Env", "dev", "test")
        )
    ),
    "clusters by type and tag, windows of the console": policy(
        aurora=plan(
            {"daily": rule("0 5 ? * * *", 35, **windows(480, 10080))},
            typed("arn:aws:rds:*:*:cluster:*", conditions={"string_equals": {"tag": condition("Backup", "true")}}),
        )
    ),
    "14, 42 and 420 days with VSS, a cap of two days": policy(
        servers=plan(
            {
                "daily": rule("50 5 ? * * *", 14, **windows(60, 2880)),
                "weekly": rule("50 5 ? * 2 *", 42, **windows(60, 2880)),
                "monthly": rule("50 5 ? * 2#1 *", 420, **windows(60, 2880)),
            },
            tagged("BackupEnabled", "True"),
            advanced_backup_settings={"ec2": {"windows_vss": "enabled"}},
        )
    ),
    "Mondays and Thursdays, cold after a month": policy(
        databases=plan(
            {
                "twice": rule(
                    "0 5 ? * 2,5 *",
                    180,
                    30,
                    **windows(240, 1440),
                    copy_actions=copied(a_vault_arn("test-vault", account=OWN, region="eu-central-1"), 180, 30),
                )
            },
            tagged("rds", "yes"),
            "eu-north-1",
            "eu-west-1",
        )
    ),
    "four rules at one hour, each with its copy": policy(gfs=plan(GFS, tagged("Backup", "gfs"))),
    "four rules an hour apart in three Regions": policy(
        **{
            f"gfs-{region}": plan(
                {
                    "daily": rule(f"0 {hour} ? * * *", 7, **windows(60, 240), copy_actions=copied(CENTRAL, 30)),
                    "weekly": rule(f"0 {hour + 1} ? * SAT *", 28, **windows(60, 240)),
                    "monthly": rule(f"0 {hour + 2} L * ? *", 365, **windows(60, 240)),
                    "yearly": rule(f"0 {hour + 3} 31 12 ? *", 2555, **windows(60, 240)),
                },
                tagged("Backup", "gfs"),
                region,
            )
            for hour, region in ((1, "eu-central-1"), (18, "ap-southeast-2"), (8, "us-east-1"))
        }
    ),
    "critical and normal, by two selections": policy(
        workloads=plan(
            {
                "nightly": rule("0 1 ? * * *", 35, **windows(60, 360)),
                "weekend": rule("0 6 ? * SUN *", 120, **windows(60, 720)),
            },
            {"tags": tagged("Tier", "critical")["tags"] | tagged("Criticality", "high", "medium")["tags"]},
        )
    ),
    "vault Default to a second Region": policy(
        daily=plan(
            {
                "daily": rule("0 5 ? * * *", 35, copy_actions=copied(DEFAULT, 35))
                | {"target_backup_vault_name": "Default"}
            },
            tagged("org-backup", "daily"),
            "eu-west-1",
        )
    ),
    "everything that the syntax page shows": policy(
        pii=plan(
            {
                "Hourly": rule(
                    "0 5/1 ? * * *",
                    270,
                    180,
                    **windows(480, 10080),
                    target_logically_air_gapped_backup_vault_arn=a_vault_arn("gapped", account=OWN, region="$region"),
                    index_actions={"resource_types": ["EBS", "S3"]},
                    copy_actions=copied(a_vault_arn("secondary", account=OWN, region="us-east-1"), 270, 180),
                )
            },
            tagged("dataType", "PII", "RED"),
            "us-east-2",
            "eu-north-1",
            backup_plan_tags={"stage": {"tag_key": "Stage", "tag_value": "Beta"}},
        )
    ),
    "the same in GovCloud": policy(
        pii=plan(
            {
                "hourly": rule(
                    "0 5/1 ? * * *",
                    35,
                    copy_actions=copied(GOVCLOUD, 35),
                )
            },
            tagged("dataType", "PII", role="arn:aws-us-gov:iam::$account:role/backup"),
            "us-gov-west-1",
        )
    ),
    "the same in China": policy(
        pii=plan(
            {
                "hourly": rule(
                    "0 5/1 ? * * *",
                    35,
                    copy_actions=copied(CHINA, 35),
                )
            },
            tagged("dataType", "PII", role="arn:aws-cn:iam::$account:role/backup"),
            "cn-north-1",
        )
    ),
    "sovereign": policy(
        all=plan(
            {"daily": rule("0 2 ? * * *", 35)},
            tagged("Backup", "daily", role="arn:aws-eusc:iam::$account:role/backup"),
            "eusc-de-east-1",
        )
    ),
    "two rules of study notes": policy(
        notes=plan(
            {
                "DailyBackups": rule("0 5 ? * * *", 30, **windows(60, 180)),
                "MonthlyBackups": rule("0 5 1 * ? *", 365, **windows(60, 180)),
            },
            tagged("Backup", "true"),
        )
    ),
    "nightly at the root": policy(
        root=plan({"nightly": rule("0 5 ? * * *", 30)}, tagged("backup", "daily"), "eu-central-1", "eu-west-1")
    ),
    "point in time beside daily, weekly, monthly": policy(
        health=plan(
            {
                "daily_5_weeks": rule("0 0  * * ? *", 35, copy_actions=copied(CENTRAL, 365)),
                "weekly_3_months": rule("0 1 ? * SUN *", 90, copy_actions=copied(CENTRAL, 365)),
                "monthly_7_years": rule("0 2 1 * ? *", 2555, 30, copy_actions=copied(CENTRAL, 2555)),
                "point_in_time": rule("0 5 ? * * *", 35, enable_continuous_backup="true"),
            },
            tagged("NHSE-Enable-Backup", "True"),
        )
    ),
    "a plan for each tag, Regions appended": appended(
        policy(
            **{
                f"{name}_Plan": plan({"Backup_Rule": rule(cron, 1095, 365)}, tagged("BackupPlan", name), "ca-central-1")
                for name, cron in (
                    ("Hourly", "0 5/1 ? * * *"),
                    ("Daily", "0 5 ? * * *"),
                    ("Weekly", "0 5 ? * 1 *"),
                    ("Monthly", "0 5 1 * ? *"),
                )
            }
        )
    ),
    "file systems and tables where every Region is on": policy(
        files=plan(
            {"daily": rule("0 3 ? * * *", 35, copy_actions=copied(CENTRAL, 90))},
            typed(
                "arn:aws:fsx:*:*:file-system/*",
                "arn:aws:timestream:*:*:database/*",
                "arn:aws:rds:*:*:cluster:*",
                "arn:aws:elasticfilesystem:*:*:file-system/*",
            ),
            "eu-west-1",
            "eu-central-1",
        )
    ),
    "monthly for a month, yearly for a year, quarterly for ninety days": policy(
        monthly=plan({"monthly": rule("0 3 1 * ? *", 30)}, tagged("Keep", "month")),
        quarterly=plan({"quarterly": rule("0 3 1 */3 ? *", 90)}, tagged("Keep", "quarter")),
        yearly=plan({"yearly": rule("0 3 1 1 ? *", 365)}, tagged("Keep", "year")),
    ),
}
