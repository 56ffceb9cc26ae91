"""Plans that an account makes for itself, and the read-only ones of its organisation beside them."""

import base64
import uuid
from datetime import timedelta
from typing import Any

from sandbox.backup_service import events
from sandbox.backup_service.errors import InvalidRequestException, ResourceNotFoundException
from sandbox.backup_service.estate import Caller, CopyAction, Estate, vault_arn
from sandbox.backup_service.lifecycles import FOREVER, Lifecycle, read_lifecycle
from sandbox.backup_service.listing import page
from sandbox.backup_service.plans.organization import organization_plans
from sandbox.backup_service.plans.rules import Plan, Rule, Selection
from sandbox.backup_service.plans.validation import ensure_valid
from sandbox.backup_service.surroundings import Document, Place


def create_backup_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    """CreateBackupPlan."""
    given = request["BackupPlan"]
    ensure_valid(estate, caller.place, given)
    plan_id = str(uuid.uuid4())
    for rule in given["Rules"]:
        read_lifecycle(rule.get("Lifecycle"))
        rule["RuleId"] = str(uuid.uuid4())
    plan: Document = {
        "BackupPlanId": plan_id,
        "BackupPlanArn": f"arn:aws:backup:{caller.place.region}:{caller.place.account}:backup-plan:{plan_id}",
        "VersionId": base64.b64encode(str(uuid.uuid4()).encode()).decode(),
        "BackupPlanName": given["BackupPlanName"],
        "BackupPlan": given,
        "CreationDate": estate.now(),
        "CreatorRequestId": request.get("CreatorRequestId"),
        "Tags": dict(request.get("BackupPlanTags") or {}),
        "Selections": {},
    }
    estate.plans[caller.place, plan_id] = plan
    events.publish(estate, events.plan_event(caller.place, plan, "CREATED", estate.now()))
    return plan


def get_backup_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    """GetBackupPlan: also the organisation's, by its `orgs/` id."""
    plan_id = request["BackupPlanId"]
    if plan_id.startswith("orgs/"):
        for plan in _from_organization(estate, caller.place):
            if plan.id == plan_id:
                return _shown(estate, plan)
    return _find(estate, caller, plan_id)


def list_backup_plans(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListBackupPlans."""
    own = [plan for (place, _), plan in estate.plans.items() if place == caller.place]
    inherited = [_shown(estate, plan) for plan in _from_organization(estate, caller.place)]
    return page([*own, *inherited], request, "BackupPlansList")


def delete_backup_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteBackupPlan: not while it has selections, and never the organisation's."""
    if request["BackupPlanId"].startswith("orgs/"):
        raise InvalidRequestException("A backup plan of the organization cannot be deleted in a member account")
    plan = _find(estate, caller, request["BackupPlanId"])
    if plan["Selections"]:
        raise InvalidRequestException("Related backup plan selections must be deleted prior to backup plan deletion")
    del estate.plans[caller.place, plan["BackupPlanId"]]
    events.publish(estate, events.plan_event(caller.place, plan, "DELETED", estate.now()))
    return {**plan, "DeletionDate": estate.now()}


def create_backup_selection(estate: Estate, caller: Caller, request: Document) -> Document:
    """CreateBackupSelection."""
    plan = _find(estate, caller, request["BackupPlanId"])
    selection: Document = {
        "SelectionId": str(uuid.uuid4()),
        "SelectionName": request["BackupSelection"].get("SelectionName"),
        "IamRoleArn": request["BackupSelection"].get("IamRoleArn"),
        "BackupSelection": request["BackupSelection"],
        "BackupPlanId": plan["BackupPlanId"],
        "CreationDate": estate.now(),
        "CreatorRequestId": request.get("CreatorRequestId"),
    }
    plan["Selections"][selection["SelectionId"]] = selection
    return selection


def get_backup_selection(estate: Estate, caller: Caller, request: Document) -> Document:
    """GetBackupSelection."""
    return _find_selection(_find(estate, caller, request["BackupPlanId"]), request["SelectionId"])


def list_backup_selections(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListBackupSelections."""
    plan = _find(estate, caller, request["BackupPlanId"])
    return page(list(plan["Selections"].values()), request, "BackupSelectionsList")


def delete_backup_selection(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteBackupSelection."""
    plan = _find(estate, caller, request["BackupPlanId"])
    selection = _find_selection(plan, request["SelectionId"])
    del plan["Selections"][selection["SelectionId"]]
    return {}


def _find(estate: Estate, caller: Caller, plan_id: str) -> Document:
    plan = estate.plans.get((caller.place, plan_id))
    if plan is None:
        raise ResourceNotFoundException(f"Cannot find backup plan with ID {plan_id}")
    return plan


def _find_selection(plan: Document, selection_id: str) -> Document:
    selection: Document | None = plan["Selections"].get(selection_id)
    if selection is None:
        raise ResourceNotFoundException(f"Cannot find backup selection with ID {selection_id}")
    return selection


def _from_organization(estate: Estate, place: Place) -> list[Plan]:
    policy = estate.surroundings.organization.effective_backup_policy(place.account)
    return [plan for plan in organization_plans(place.account, policy) if plan.place == place]


def _shown(estate: Estate, plan: Plan) -> Document:
    rules = [
        {
            "RuleId": rule.id,
            "RuleName": rule.name,
            "ScheduleExpression": rule.schedule,
            "TargetBackupVaultName": rule.vault_name,
            "TargetLogicallyAirGappedBackupVaultArn": rule.air_gapped_vault_arn,
            "StartWindowMinutes": int(rule.start_window.total_seconds() // 60),
            "Lifecycle": rule.lifecycle.described(),
            "RecoveryPointTags": dict(rule.recovery_point_tags),
            "CopyActions": [
                {
                    "DestinationBackupVaultArn": action.destination_vault_arn,
                    "Lifecycle": (action.lifecycle or FOREVER).described(),
                }
                for action in rule.copy_actions
            ],
        }
        for rule in plan.rules
    ]
    return {
        "BackupPlanId": plan.id,
        "BackupPlanArn": plan.arn,
        "VersionId": plan.version,
        "BackupPlanName": plan.name,
        "BackupPlan": {"BackupPlanName": plan.name, "Rules": rules},
        "CreationDate": estate.now(),
    }


def local_plans(estate: Estate) -> list[Plan]:
    """The plans that accounts made for themselves, in the form in which plans run."""
    return [_runnable(place, plan) for (place, _), plan in estate.plans.items()]


def _runnable(place: Place, plan: Document) -> Plan:
    return Plan(
        id=plan["BackupPlanId"],
        name=plan["BackupPlanName"],
        version=plan["VersionId"],
        place=place,
        rules=tuple(_rule(place, rule) for rule in plan["BackupPlan"]["Rules"]),
        selections=tuple(
            selection for each in plan["Selections"].values() for selection in _selections(each["BackupSelection"])
        ),
    )


def _rule(place: Place, rule: Document) -> Rule:
    actions = rule.get("CopyActions") or []
    return Rule(
        id=rule["RuleId"],
        name=rule["RuleName"],
        schedule=rule.get("ScheduleExpression") or "",
        vault_name=rule["TargetBackupVaultName"],
        lifecycle=_lifecycle(rule) or FOREVER,
        copy_actions=tuple(CopyAction(_arn(place, each), _lifecycle(each)) for each in actions),
        recovery_point_tags=dict(rule.get("RecoveryPointTags") or {}),
        start_window=timedelta(minutes=rule.get("StartWindowMinutes") or 480),
        is_continuous=bool(rule.get("EnableContinuousBackup")),
        air_gapped_vault_arn=rule.get("TargetLogicallyAirGappedBackupVaultArn"),
    )


def _lifecycle(holder: Document) -> Lifecycle | None:
    return read_lifecycle(holder.get("Lifecycle"))


def _arn(place: Place, action: Document) -> str:
    given = str(action["DestinationBackupVaultArn"])
    return given if given.startswith("arn:") else vault_arn(place, given)


def _selections(given: dict[str, Any]) -> list[Selection]:
    name, role_arn = str(given["SelectionName"]), str(given["IamRoleArn"])
    excluded = tuple(given.get("NotResources") or ())
    by_tag = [
        Selection(name, role_arn, tag["ConditionKey"], (str(tag["ConditionValue"]),), excluded=excluded)
        for tag in given.get("ListOfTags") or []
    ]
    patterns = tuple(given.get("Resources") or ())
    # Resources beside tags narrow nothing down: AWS joins both by OR.
    return [*by_tag, *([Selection(name, role_arn, patterns=patterns, excluded=excluded)] if patterns else [])]


OPERATIONS = {
    "CreateBackupPlan": create_backup_plan,
    "GetBackupPlan": get_backup_plan,
    "ListBackupPlans": list_backup_plans,
    "DeleteBackupPlan": delete_backup_plan,
    "CreateBackupSelection": create_backup_selection,
    "GetBackupSelection": get_backup_selection,
    "ListBackupSelections": list_backup_selections,
    "DeleteBackupSelection": delete_backup_selection,
}
