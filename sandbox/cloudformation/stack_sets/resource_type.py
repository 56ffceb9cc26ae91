"""AWS::CloudFormation::StackSet: a StackSet and its instances, as AWS's own handler makes and changes them.

Source: aws-cloudformation-resource-providers-cloudformation, aws-cloudformation-stackset; it fails the resource when an
operation ends FAILED. A body that is too long: AWS::CloudFormation::StackSet in the Template Reference Guide; its words
as seen on AWS, landing-zone-accelerator-on-aws #51.
"""

import json
from typing import Any, Final
from urllib.parse import unquote

from sandbox import clients
from sandbox.cloudformation.stack_sets import operations, records
from sandbox.cloudformation.stack_sets.records import (
    FAILED,
    AutoDeployment,
    Definition,
    Operation,
    Place,
    Preferences,
    StackSet,
    StackSetError,
)
from sandbox.organization import trusted_access
from sandbox.seams import host as seams
from sandbox.settings import MANAGEMENT_ACCOUNT

LONGEST_BODY: Final = 51_200

type Properties = dict[str, Any]
type Created = tuple[str, dict[str, Any]]


def register() -> None:
    """Teach CloudFormation the type."""
    seams.register_cloudformation_types({"AWS::CloudFormation::StackSet": (_create, _change, _delete)})


def _create(logical_id: str, properties: Properties, stack: str) -> Created:  # noqa: ARG001
    definition, name = _definition(properties), properties["StackSetName"]
    if seams.request_account() != MANAGEMENT_ACCOUNT:
        raise StackSetError(
            "You must be the organization's management account or delegated administrator account before operating a "
            "SERVICE_MANAGED stack set"
        )
    if not trusted_access.is_trusted(trusted_access.STACK_SETS):
        raise StackSetError("You must enable organizations access to operate a service managed stack set")
    if records.find(name) is not None:
        raise StackSetError(
            f"Resource of type 'AWS::CloudFormation::StackSet' with identifier '{name}' already exists."
        )
    stack_set = StackSet(name, seams.request_account(), seams.request_region(), definition)
    records.remember(stack_set)
    try:
        _ensure(operations.bring(stack_set, "CREATE", _targets(definition), definition.preferences))
    except StackSetError:
        _remove(stack_set)
        raise
    return stack_set.id, {"StackSetId": stack_set.id}


def _change(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    stack_set = records.find(physical_id)
    if stack_set is None or new["StackSetName"] != stack_set.name:
        return _create("", new, stack)
    before, wanted = stack_set.definition, _definition(new)
    stack_set.definition = wanted
    gone = [place for place in stack_set.instances if place not in _targets(wanted)]
    _ensure(operations.withdraw(stack_set, gone, wanted.preferences, retains=False))
    if _template(old) != _template(new):
        there = {place: instance.unit for place, instance in stack_set.instances.items()}
        _ensure(operations.bring(stack_set, "UPDATE", there, wanted.preferences))
    # An account that has no instance although it was aimed at before is left to automatic deployment.
    added = {place: unit for place, unit in _targets(wanted).items() if place not in _targets(before)}
    if added:
        _ensure(operations.bring(stack_set, "CREATE", added, wanted.preferences))
    return physical_id, {"StackSetId": stack_set.id}


def _delete(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    stack_set = records.find(physical_id)
    if stack_set is not None:
        _remove(stack_set)


def _remove(stack_set: StackSet) -> None:
    _ensure(operations.withdraw(stack_set, list(stack_set.instances), stack_set.definition.preferences, retains=False))
    if stack_set.instances:
        raise StackSetError(f"StackSet {stack_set.name} is not empty")
    records.forget(stack_set.name)


def _ensure(operation: Operation) -> None:
    if operation.status != FAILED:
        return
    told = (
        f"{account} {region}: {reason}"
        for (account, region), (status, reason) in sorted(operation.results.items())
        if status == FAILED
    )
    raise StackSetError(f"Operation {operation.id} failed to stabilize: {'; '.join(told)}")


def _targets(definition: Definition) -> dict[Place, str]:
    members = sorted(definition.members().items())
    return {(account, region): unit for region in definition.regions for account, unit in members}


def _template(properties: Properties) -> tuple[Any, ...]:
    """What an update of the StackSet brings to all of its instances."""
    names = ("TemplateBody", "TemplateURL", "Parameters", "Description", "Capabilities")
    return tuple(properties.get(name) for name in names)


def _definition(properties: Properties) -> Definition:
    [group] = properties["StackInstancesGroup"]
    targets, moves = group["DeploymentTargets"], properties.get("AutoDeployment", {})
    kind, named = targets.get("AccountFilterType", "NONE"), frozenset(targets.get("Accounts", ()))
    if kind not in ("DIFFERENCE", "INTERSECTION", "NONE"):
        raise StackSetError(f"AccountFilterType {kind} is not supported")
    body = _text(properties.get("TemplateBody") or _template_at(properties["TemplateURL"]))
    if "TemplateBody" in properties and len(body) > LONGEST_BODY:
        raise StackSetError(
            "Properties validation failed for the resource with message:\n"
            f"#/TemplateBody: expected maxLength: {LONGEST_BODY}, actual: {len(body)}"
        )
    automatic = AutoDeployment(
        enabled=_flag(moves, "Enabled"),
        retains=_flag(moves, "RetainStacksOnAccountRemoval"),
        depends_on=tuple(moves.get("DependsOn", [])),
    )
    if strange := [arn for arn in automatic.depends_on if records.find(arn) is None]:
        raise StackSetError(f"Dependency {strange[0]} is no StackSet")
    return Definition(
        body=body,
        parameters={each["ParameterKey"]: str(each["ParameterValue"]) for each in properties.get("Parameters", [])},
        capabilities=tuple(properties.get("Capabilities", [])),
        units=tuple(targets["OrganizationalUnitIds"]),
        regions=tuple(group["Regions"]),
        only=named if kind == "INTERSECTION" else None,
        without=named if kind == "DIFFERENCE" else frozenset(),
        automatic=automatic,
        preferences=preferences_of(properties.get("OperationPreferences", {})),
    )


def preferences_of(given: Properties) -> Preferences:
    """Preferences as templates and calls spell them."""
    percentage = given.get("FailureTolerancePercentage")
    return Preferences(
        regions=tuple(given.get("RegionOrder", [])),
        count=int(given.get("FailureToleranceCount", 0)),
        percentage=None if percentage is None else int(percentage),
    )


def _flag(properties: Properties, name: str) -> bool:
    return str(properties.get(name, False)).lower() == "true"


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))


def _template_at(url: str) -> str:
    """The template that somebody has put into a bucket of the stack's account."""
    bucket, _, key = url.split("://", 1)[1].split("/", 1)[1].partition("/")
    if ".s3." in url.split("/")[2]:
        bucket, key = url.split("/")[2].split(".s3.")[0], url.split("/", 3)[3]
    s3 = clients.client("s3", seams.request_account(), seams.request_region())
    template: bytes = s3.get_object(Bucket=bucket, Key=unquote(key))["Body"].read()
    return template.decode()
