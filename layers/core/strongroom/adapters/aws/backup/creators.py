"""Which plan and rule AWS Backup names as the maker of a recovery point or a job."""

from collections.abc import Mapping
from typing import Any

from strongroom.domain.copies.found import MadeBy


def creator(described: Mapping[str, Any]) -> MadeBy | None:
    """What `CreatedBy` says; None of what was asked for by hand (API reference, "RecoveryPointCreator")."""
    told = described.get("CreatedBy", {})
    if "BackupPlanArn" not in told:
        return None
    return MadeBy(
        plan=told["BackupPlanArn"],
        plan_name=told.get("BackupPlanName"),
        rule_id=told.get("BackupRuleId"),
        rule_name=told.get("BackupRuleName"),
    )
