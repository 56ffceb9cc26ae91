"""Audit Manager: frameworks with their controls, and report plans, checked as AWS checks them.

Nothing is evaluated and no report is written here. Sources: AWS Backup Developer Guide, "Creating frameworks using the
AWS Backup API", "Creating report plans using the AWS Backup API" and "Quotas".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.backup_service.errors import (
    AlreadyExistsException,
    InvalidParameterValueException,
    LimitExceededException,
    ResourceNotFoundException,
)
from sandbox.backup_service.estate import Caller, Estate
from sandbox.backup_service.listing import page
from sandbox.backup_service.surroundings import Document

_NAME: Final = re.compile(r"[a-zA-Z][_a-zA-Z0-9]{0,255}")
_MOST_FRAMEWORKS, _MOST_CONTROLS, _MOST_REPORT_PLANS = 15, 50, 20

type _IsValid = Callable[[str], object]


def _matches(pattern: str) -> _IsValid:
    return re.compile(pattern).fullmatch


def _list_of(pattern: str, most: int) -> _IsValid:
    return _matches(rf"{pattern}(,{pattern}){{0,{most - 1}}}")


_DAYS = _matches(r"[1-9]\d{0,4}")
_UNIT = _matches("hours|days")
_AGE = {"recoveryPointAgeUnit": _UNIT, "recoveryPointAgeValue": _matches(r"[1-9]\d{0,2}")}
CONTROLS: Final[Mapping[str, Mapping[str, _IsValid]]] = {
    "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN": {},
    "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK": {
        "requiredRetentionDays": _DAYS,
        "requiredFrequencyUnit": _UNIT,
        "requiredFrequencyValue": _matches(r"[1-9]\d?"),
    },
    "BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED": {
        "principalArnList": _list_of(r"arn:aws:iam::\d{12}:role/\S+?", 5)
    },
    "BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK": {"requiredRetentionDays": _DAYS},
    "BACKUP_RECOVERY_POINT_ENCRYPTED": {},
    "BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION": {"crossRegionList": _list_of(r"[a-z]{2}(-[a-z]+)+-\d", 5)},
    "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT": {"crossAccountList": _list_of(r"\d{12}", 5)},
    "BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK": {"minRetentionDays": _DAYS, "maxRetentionDays": _DAYS},
    "BACKUP_LAST_RECOVERY_POINT_CREATED": _AGE,
    "RESTORE_TIME_FOR_RESOURCES_MEET_TARGET": {"maxRestoreTime": _matches(r"[1-9]\d*")},
    "RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT": _AGE,
}
_JOB_REPORTS: Final = frozenset({"BACKUP_JOB_REPORT", "COPY_JOB_REPORT", "RESTORE_JOB_REPORT", "SCAN_JOB_REPORT"})
_COMPLIANCE_REPORTS: Final = frozenset({"RESOURCE_COMPLIANCE_REPORT", "CONTROL_COMPLIANCE_REPORT"})


def create_framework(estate: Estate, caller: Caller, request: Document) -> Document:
    """CreateFramework: no name, and no set of controls, twice in one account and Region."""
    name = _checked_name(request["FrameworkName"])
    framework = {
        **_framework_body(request),
        "FrameworkName": name,
        "FrameworkArn": f"arn:aws:backup:{caller.place.region}:{caller.place.account}:framework:{name}",
        "CreationTime": estate.now(),
        "DeploymentStatus": "COMPLETED",
        "FrameworkStatus": "ACTIVE",
    }
    others = _frameworks(estate, caller)
    _refuse_doubles(framework, others)
    if len(others) >= _MOST_FRAMEWORKS:
        raise LimitExceededException(f"An account has at most {_MOST_FRAMEWORKS} frameworks in a Region")
    estate.frameworks[caller.place, name] = framework
    return framework


def update_framework(estate: Estate, caller: Caller, request: Document) -> Document:
    """UpdateFramework: the controls are replaced as a whole."""
    framework = _framework(estate, caller, request)
    changed = {**framework, **_framework_body({**framework, **request})}
    _refuse_doubles(changed, [other for other in _frameworks(estate, caller) if other is not framework])
    framework.update(changed)
    return framework


def describe_framework(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeFramework."""
    return _framework(estate, caller, request)


def list_frameworks(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListFrameworks."""
    shown = [{**each, "NumberOfControls": len(each["FrameworkControls"])} for each in _frameworks(estate, caller)]
    return page(shown, request, "Frameworks")


def delete_framework(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteFramework."""
    del estate.frameworks[caller.place, _framework(estate, caller, request)["FrameworkName"]]
    return {}


def create_report_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    """CreateReportPlan."""
    name = _checked_name(request["ReportPlanName"])
    if (caller.place, name) in estate.report_plans:
        raise AlreadyExistsException(f"A report plan of the name {name} exists")
    if sum(place == caller.place for place, _ in estate.report_plans) >= _MOST_REPORT_PLANS:
        raise LimitExceededException(f"An account has at most {_MOST_REPORT_PLANS} report plans")
    plan = {
        **_report_plan_body(estate, caller, request),
        "ReportPlanName": name,
        "ReportPlanArn": f"arn:aws:backup:{caller.place.region}:{caller.place.account}:report-plan:{name}",
        "CreationTime": estate.now(),
        "DeploymentStatus": "COMPLETED",
    }
    estate.report_plans[caller.place, name] = plan
    return plan


def update_report_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    """UpdateReportPlan."""
    plan = _report_plan(estate, caller, request)
    plan.update(_report_plan_body(estate, caller, {**plan, **request}))
    return plan


def describe_report_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    """DescribeReportPlan."""
    return {"ReportPlan": _report_plan(estate, caller, request)}


def list_report_plans(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListReportPlans."""
    own = [plan for (place, _), plan in estate.report_plans.items() if place == caller.place]
    return page(own, request, "ReportPlans")


def delete_report_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    """DeleteReportPlan."""
    del estate.report_plans[caller.place, _report_plan(estate, caller, request)["ReportPlanName"]]
    return {}


def _framework_body(request: Document) -> Document:
    controls: list[Document] = request["FrameworkControls"]
    names = [control["ControlName"] for control in controls]
    if not 1 <= len(names) <= _MOST_CONTROLS or len(set(names)) < len(names):
        raise InvalidParameterValueException(f"A framework has 1 to {_MOST_CONTROLS} controls, each of them once")
    for control in controls:
        _check_control(control)
    return {"FrameworkControls": controls, "FrameworkDescription": request.get("FrameworkDescription")}


def _check_control(control: Document) -> None:
    name = control["ControlName"]
    known = CONTROLS.get(name)
    if known is None:
        raise InvalidParameterValueException(f"There is no control {name}")
    for parameter in control.get("ControlInputParameters") or []:
        key, value = parameter.get("ParameterName", ""), parameter.get("ParameterValue", "")
        if key not in known or not known[key](value):
            raise InvalidParameterValueException(f"The control {name} does not take {key}={value!r}")
    scope: dict[str, Any] = control.get("ControlScope") or {}
    if len(scope.get("Tags") or {}) > 1 or len(scope) > 1:
        raise InvalidParameterValueException(f"The scope of {name} is resource types, resource ids or one tag")


def _refuse_doubles(framework: Document, others: list[Document]) -> None:
    # The guide says "the same controls and parameters" and not whether the scope counts: here it does not.
    for other in others:
        if other["FrameworkName"] == framework["FrameworkName"]:
            raise AlreadyExistsException(f"A framework of the name {other['FrameworkName']} exists")
        if _unscoped(other) == _unscoped(framework):
            raise AlreadyExistsException(f"{other['FrameworkName']} has the same controls and parameters")


def _unscoped(framework: Document) -> list[tuple[str, list[tuple[str, str]]]]:
    return sorted(
        (
            control["ControlName"],
            sorted(
                (parameter["ParameterName"], parameter["ParameterValue"])
                for parameter in control.get("ControlInputParameters") or []
            ),
        )
        for control in framework["FrameworkControls"]
    )


def _report_plan_body(estate: Estate, caller: Caller, request: Document) -> Document:
    setting, channel = request["ReportSetting"], request["ReportDeliveryChannel"]
    template = setting["ReportTemplate"]
    if template not in _JOB_REPORTS | _COMPLIANCE_REPORTS:
        raise InvalidParameterValueException(f"There is no report template {template}")
    if setting.get("FrameworkArns") and template in _JOB_REPORTS:
        raise InvalidParameterValueException(f"{template} covers no frameworks")
    formats = set(channel.get("Formats") or ["CSV"])
    reaches_beyond = any(setting.get(member) for member in ("Accounts", "OrganizationUnits", "Regions"))
    if not formats <= {"CSV", "JSON"} or (reaches_beyond and formats != {"CSV"}):
        raise InvalidParameterValueException("Reports across accounts or Regions are CSV, others CSV or JSON")
    if setting.get("Accounts") or setting.get("OrganizationUnits"):
        _ensure_sees_others(estate, caller)
    return {
        "ReportSetting": setting,
        "ReportDeliveryChannel": {**channel, "Formats": sorted(formats)},
        "ReportPlanDescription": request.get("ReportPlanDescription"),
    }


def _ensure_sees_others(estate: Estate, caller: Caller) -> None:
    organization = estate.surroundings.organization
    if caller.place.account not in (organization.management_account, *organization.delegated_administrators()):
        raise InvalidParameterValueException("Only management and delegated administrators report on other accounts")


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidParameterValueException(f"{name} is not a letter followed by letters, digits and underscores")
    return name


def _frameworks(estate: Estate, caller: Caller) -> list[Document]:
    return [framework for (place, _), framework in estate.frameworks.items() if place == caller.place]


def _framework(estate: Estate, caller: Caller, request: Document) -> Document:
    framework = estate.frameworks.get((caller.place, request["FrameworkName"]))
    if framework is None:
        raise ResourceNotFoundException(f"The framework {request['FrameworkName']} does not exist")
    return framework


def _report_plan(estate: Estate, caller: Caller, request: Document) -> Document:
    plan = estate.report_plans.get((caller.place, request["ReportPlanName"]))
    if plan is None:
        raise ResourceNotFoundException(f"The report plan {request['ReportPlanName']} does not exist")
    return plan


OPERATIONS = {
    "CreateFramework": create_framework,
    "UpdateFramework": update_framework,
    "DescribeFramework": describe_framework,
    "ListFrameworks": list_frameworks,
    "DeleteFramework": delete_framework,
    "CreateReportPlan": create_report_plan,
    "UpdateReportPlan": update_report_plan,
    "DescribeReportPlan": describe_report_plan,
    "ListReportPlans": list_report_plans,
    "DeleteReportPlan": delete_report_plan,
}
