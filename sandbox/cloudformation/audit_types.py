"""Audit Manager's CloudFormation resource types, which MiniStack does not bring.

A framework does not come about where AWS Config does not record what AWS Backup has: "Before you create your first
compliance-related framework, you must turn on resource tracking" (AWS Backup Developer Guide, "Turning on resource
tracking"). What happens to the resource then is said nowhere, so `Settings.frameworks_need_config` can lift it.
"""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.settings import Settings

type Properties = dict[str, Any]
type Created = tuple[str, dict[str, Any]]


_RECORDED: Final = frozenset(
    f"AWS::Backup::{name}" for name in ("BackupPlan", "BackupSelection", "BackupVault", "RecoveryPoint")
)
_CONFIG: Final = "StarlingDoveService"


def install(settings: Settings) -> None:
    """Teach CloudFormation both of them."""

    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        if settings.frameworks_need_config:
            _ensure_recording()
        return _framework(logical_id, properties, stack)

    seams.register_cloudformation_types(
        {
            "AWS::Backup::Framework": (create, _changed_framework, _no_framework),
            "AWS::Backup::ReportPlan": (_report_plan, _changed_report_plan, _no_report_plan),
        }
    )


def _audit(method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A call to Audit Manager in the account and Region of the stack."""
    account, region = seams.request_account(), seams.request_region()
    return seams.call_service("backup", method, f"/audit/{path}", body or {}, account, region)


def _ensure_recording() -> None:
    """ValueError when no recorder at work covers AWS Backup in the account and Region of the stack."""
    states = _config("DescribeConfigurationRecorderStatus")["ConfigurationRecordersStatus"]
    at_work = {state["name"] for state in states if state["recording"]}
    recorders = _config("DescribeConfigurationRecorders")["ConfigurationRecorders"]
    groups = [one.get("recordingGroup", {}) for one in recorders if one["name"] in at_work]
    if not any(group.get("allSupported", not group) or set(group["resourceTypes"]) >= _RECORDED for group in groups):
        raise ValueError("Framework did not stabilize: its DeploymentStatus is FAILED, AWS Config records too little")


def _config(operation: str) -> dict[str, Any]:
    account, region = seams.request_account(), seams.request_region()
    return seams.call_service("config", "POST", "/", {}, account, region, target=f"{_CONFIG}.{operation}")


def _name(given: str | None, stack: str, logical_id: str) -> str:
    return given or f"{stack}_{logical_id}".replace("-", "_")


def _framework_body(properties: Properties) -> dict[str, Any]:
    body = {key: properties[key] for key in ("FrameworkDescription",) if key in properties}
    return {**body, "FrameworkControls": [_control(control) for control in properties["FrameworkControls"]]}


def _control(control: Properties) -> dict[str, Any]:
    """A control as the API has it: tags as a map, and every parameter a text."""
    parameters = [
        {"ParameterName": one["ParameterName"], "ParameterValue": str(one["ParameterValue"])}
        for one in control.get("ControlInputParameters") or []
    ]
    scope = dict(control.get("ControlScope") or {})
    if "Tags" in scope:
        scope["Tags"] = {tag["Key"]: tag.get("Value", "") for tag in scope["Tags"]}
    return {
        "ControlName": control["ControlName"],
        **({"ControlInputParameters": parameters} if parameters else {}),
        **({"ControlScope": scope} if scope else {}),
    }


def _framework(logical_id: str, properties: Properties, stack: str) -> Created:
    name = _name(properties.get("FrameworkName"), stack, logical_id)
    arn = _audit("POST", "frameworks", {**_framework_body(properties), "FrameworkName": name})["FrameworkArn"]
    return arn, {"FrameworkArn": arn, "DeploymentStatus": "COMPLETED", "FrameworkStatus": "ACTIVE"}


def _changed_framework(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
    name = physical_id.rsplit(":", 1)[1]
    if new.get("FrameworkName", name) != name:
        return _framework("", new, stack)
    _audit("PUT", f"frameworks/{name}", _framework_body(new))
    return physical_id, {"FrameworkArn": physical_id, "DeploymentStatus": "COMPLETED", "FrameworkStatus": "ACTIVE"}


def _no_framework(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    _audit("DELETE", f"frameworks/{physical_id.rsplit(':', 1)[1]}")


def _report_plan_body(properties: Properties) -> dict[str, Any]:
    names = ("ReportPlanDescription", "ReportSetting", "ReportDeliveryChannel")
    return {name: properties[name] for name in names if name in properties}


def _report_plan(logical_id: str, properties: Properties, stack: str) -> Created:
    name = _name(properties.get("ReportPlanName"), stack, logical_id)
    arn = _audit("POST", "report-plans", {**_report_plan_body(properties), "ReportPlanName": name})["ReportPlanArn"]
    return arn, {"ReportPlanArn": arn}


def _changed_report_plan(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
    name = physical_id.rsplit(":", 1)[1]
    if new.get("ReportPlanName", name) != name:
        return _report_plan("", new, stack)
    _audit("PUT", f"report-plans/{name}", _report_plan_body(new))
    return physical_id, {"ReportPlanArn": physical_id}


def _no_report_plan(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    _audit("DELETE", f"report-plans/{physical_id.rsplit(':', 1)[1]}")
