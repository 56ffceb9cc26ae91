"""Audit Manager's CloudFormation resource types, which MiniStack does not bring."""

from collections.abc import Mapping
from typing import Any

from sandbox.seams import host as seams
from sandbox.settings import Settings

type Properties = dict[str, Any]
type Created = tuple[str, dict[str, Any]]


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Teach CloudFormation both of them."""
    seams.register_cloudformation_types(
        {
            "AWS::Backup::Framework": (_framework, _changed_framework, _no_framework),
            "AWS::Backup::ReportPlan": (_report_plan, _changed_report_plan, _no_report_plan),
        }
    )


def _audit(method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A call to Audit Manager in the account and Region of the stack."""
    account, region = seams.request_account(), seams.request_region()
    return seams.call_service("backup", method, f"/audit/{path}", body or {}, account, region)


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
