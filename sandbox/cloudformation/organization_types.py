"""What the management stack is made of: policies and the resource policy of the organisation."""

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from sandbox.organization import delegation
from sandbox.seams import host as seams
from sandbox.seams import organizations as seams_organization
from sandbox.settings import Settings

type Properties = dict[str, Any]
type Created = tuple[str, dict[str, Any]]

ORGANIZATIONS = "AWSOrganizationsV20161128"
# BaseHandlerStd of aws-cloudformation-resource-providers-organizations: twice more, after longer and longer waits
# (there of 15 seconds and more); CloudFormation CLI User Guide, "Handler error codes": Throttling is retriable.
_DELAYS: Final = (0.5, 1.0)


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Teach CloudFormation each of them."""
    seams.register_cloudformation_types(
        {
            "AWS::Organizations::Policy": (_policy, _changed_policy, _no_policy),
            "AWS::Organizations::ResourcePolicy": (_resource_policy, _changed_resource_policy, _no_resource_policy),
        }
    )


def _call(operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A call to Organizations in the account and Region of the stack, tried again where AWS's own handler does."""
    for delay in _DELAYS:
        try:
            return _call_once(operation, body)
        except seams.ServiceCallError as error:
            if not _is_tried_again(operation, str(error)):
                raise
        time.sleep(delay)
    return _call_once(operation, body)


def _is_tried_again(operation: str, refusal: str) -> bool:
    if "TooManyRequestsException" in refusal:
        return True
    return "ConcurrentModificationException" in refusal and operation != "CreatePolicy"


def _call_once(operation: str, body: Mapping[str, Any]) -> dict[str, Any]:
    account, region = seams.request_account(), seams.request_region()
    return seams.call_service(
        "organizations", "POST", "/", body, account, region, target=f"{ORGANIZATIONS}.{operation}"
    )


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))


def _policy(logical_id: str, properties: Properties, stack: str) -> Created:
    body = {
        "Name": properties.get("Name") or f"{stack}-{logical_id}",
        "Type": properties["Type"],
        "Description": properties.get("Description", ""),
        "Content": _text(properties["Content"]),
        **({"Tags": properties["Tags"]} if "Tags" in properties else {}),
    }
    summary = _call("CreatePolicy", body)["Policy"]["PolicySummary"]
    for target in properties.get("TargetIds", []):
        _call("AttachPolicy", {"PolicyId": summary["Id"], "TargetId": target})
    return summary["Id"], {"Id": summary["Id"], "Arn": summary["Arn"], "AwsManaged": False}


def _changed_policy(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
    body: Properties = {"PolicyId": physical_id, "Content": _text(new["Content"])}
    body |= {key: new[key] for key in ("Name", "Description") if key in new}
    summary = _call("UpdatePolicy", body)["Policy"]["PolicySummary"]
    before, after = set(old.get("TargetIds", [])), set(new.get("TargetIds", []))
    for operation, targets in (("AttachPolicy", after - before), ("DetachPolicy", before - after)):
        for target in sorted(targets):
            _call(operation, {"PolicyId": physical_id, "TargetId": target})
    return physical_id, {"Id": physical_id, "Arn": summary["Arn"], "AwsManaged": False}


def _no_policy(physical_id: str, properties: Properties) -> None:
    if physical_id not in seams_organization.organization_store("policies"):
        return  # deleted by hand: CloudFormation takes that for done
    for target in properties.get("TargetIds", []):
        _call("DetachPolicy", {"PolicyId": physical_id, "TargetId": target})
    _call("DeletePolicy", {"PolicyId": physical_id})


def _resource_policy(logical_id: str, properties: Properties, stack: str) -> Created:  # noqa: ARG001
    # Source: CreateHandler of aws-cloudformation-resource-providers-organizations, resourcepolicy.
    if delegation.has_resource_policy():
        raise ValueError("There is already a ResourcePolicy in the Organization!")
    return _put_resource_policy(properties)


def _put_resource_policy(properties: Properties) -> Created:
    summary = _call("PutResourcePolicy", {"Content": _text(properties["Content"])})
    identity = summary["ResourcePolicy"]["ResourcePolicySummary"]
    return identity["Id"], {"Id": identity["Id"], "Arn": identity["Arn"]}


def _changed_resource_policy(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
    return _put_resource_policy(new)


def _no_resource_policy(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    _call("DeleteResourcePolicy", {})
