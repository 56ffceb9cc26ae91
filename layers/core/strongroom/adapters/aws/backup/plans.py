"""What a backup plan and its rules are called, asked of the account that has the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.copies.found import PlanFound
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.identifiers import Arn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# That a member may read the organisation's plans by GetBackupPlan, no page of AWS's says: then it tells nothing.
_UNTOLD: Final = ("InvalidParameterValueException", "InvalidRequestException")


def plan_found(get_backup_plan: Callable[..., Mapping[str, Any]], arn: str) -> PlanFound | None:
    """The plan with this ARN; None where its account does not say. The method is that of the client that may look."""
    try:
        with aws_errors(f"{arn} cannot be described", absent=_UNTOLD):
            plan = get_backup_plan(BackupPlanId=Arn.parse(arn).name)["BackupPlan"]
    except (AccessRefusedError, NotFoundError):
        return None
    rules = plan.get("Rules", [])
    names = {rule["RuleId"]: rule["RuleName"] for rule in rules if "RuleId" in rule}
    return PlanFound(name=plan["BackupPlanName"], rule_names=names)
