"""The tier `gfs` beside those of the example: daily, weekly, monthly and yearly backups, the rarer the longer kept."""

from copy import replace
from datetime import UTC, datetime
from typing import Any

from strongroom.domain.copies.found import MadeBy
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tiers import RuleSettings, Tier
from tests.builders.copies import PLAN

GFS = Tier(
    rules={
        "daily": RuleSettings(schedule="daily 02:00", keep={"local": 14, "central": 35}),
        "weekly": RuleSettings(schedule="weekly sun 03:00", keep={"local": 21, "central": 90}),
        "monthly": RuleSettings(schedule="monthly 1 04:00", keep={"local": 35, "central": 365, "replica": 365}),
        "yearly": RuleSettings(schedule="yearly jan 1 05:00", keep={"local": 35, "central": 2555, "replica": 2555}),
    }
)
RULE_IDS = {name: f"{number}-2222-3333" for number, name in enumerate(GFS.rules)}
# What GetBackupPlan shows of it.
PLAN_SHOWN = {
    "BackupPlanName": "strongroom-gfs",
    "Rules": [{"RuleId": id_, "RuleName": name} for name, id_ in RULE_IDS.items()],
}
# The first of August 2027 is a Sunday: the daily, the weekly and the monthly rule fire.
MONTHLY_BEGAN_AT = datetime(2027, 8, 1, 4, 0, tzinfo=UTC)
MONTHLY_ENDED_AT = datetime(2027, 8, 1, 4, 20, tzinfo=UTC)


def with_gfs(intent: Intent, **changes: Any) -> Intent:
    """The example with that tier, some of whose settings may be changed."""
    return replace(intent, tiers=intent.tiers | {"gfs": replace(GFS, **changes)})


def a_maker(**told: str) -> MadeBy:
    """Its plan, as far as AWS Backup tells who made a backup."""
    return MadeBy(plan=PLAN, **told)
