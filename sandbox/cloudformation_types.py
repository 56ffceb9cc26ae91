"""The CloudFormation resource types that our stacks use and MiniStack does not bring."""

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from sandbox import clients, seams, seams_cloudformation, stack_sets
from sandbox.settings import Settings

type Properties = dict[str, Any]
type Created = tuple[str, dict[str, Any]]

ORGANIZATIONS = "AWSOrganizationsV20161128"


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Teach CloudFormation each of them."""
    seams_cloudformation.let_conditions_see_the_place()
    seams.register_cloudformation_types(
        {
            "AWS::Events::EventBusPolicy": (_bus_policy, _again(_bus_policy), _no_bus_policy),
            "AWS::Events::Archive": (_archive, _changed_archive, _no_archive),
            "AWS::Backup::BackupVault": (_vault, _changed_vault, _no_vault),
            "AWS::Organizations::Policy": (_policy, _changed_policy, _no_policy),
            "AWS::CloudFormation::StackSet": (_stack_set, _again(_stack_set), _no_stack_set),
        }
    )


def _again(create: seams.ResourceCreator) -> seams.ResourceChanger:
    """An update that puts the same thing once more over the old one."""

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
        identity = {"StatementId": physical_id, "StackSetName": physical_id}
        return create(physical_id, {**identity, **new}, stack)

    return update


def _json(service: str, target: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON call in the account and Region of the stack."""
    return seams.call_service(
        service, "POST", "/", body, seams.request_account(), seams.request_region(), target=target
    )


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _given(properties: Properties, *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}


# Event buses


def _bus_policy(logical_id: str, properties: Properties, stack: str) -> Created:
    bus = properties.get("EventBusName", "default")
    account, region = seams.request_account(), seams.request_region()
    if not seams.bus_exists(account, region, bus):
        raise ValueError(f"AWS::Events::EventBusPolicy {logical_id}: event bus {bus} does not exist")
    sid = properties.get("StatementId") or f"{stack}-{logical_id}"
    others = _other_statements(account, region, bus, sid)
    statement = {**(properties.get("Statement") or _short_statement(properties, account, region, bus)), "Sid": sid}
    seams.set_bus_policy(account, region, bus, {"Version": "2012-10-17", "Statement": [*others, statement]})
    return sid, {}


def _short_statement(properties: Properties, account: str, region: str, bus: str) -> dict[str, Any]:
    condition = properties.get("Condition")
    principal = properties.get("Principal", "*")
    return {
        "Effect": "Allow",
        "Principal": principal if principal == "*" else {"AWS": principal},
        "Action": properties.get("Action", "events:PutEvents"),
        "Resource": f"arn:aws:events:{region}:{account}:event-bus/{bus}",
        **({"Condition": {condition["Type"]: {condition["Key"]: condition["Value"]}}} if condition else {}),
    }


def _other_statements(account: str, region: str, bus: str, sid: str) -> list[dict[str, Any]]:
    policy = seams.bus_policy(account, region, bus) or {}
    return [statement for statement in policy.get("Statement", []) if statement.get("Sid") != sid]


def _no_bus_policy(physical_id: str, properties: Properties) -> None:
    bus = properties.get("EventBusName", "default")
    account, region = seams.request_account(), seams.request_region()
    others = _other_statements(account, region, bus, physical_id)
    policy = {"Version": "2012-10-17", "Statement": others} if others else None
    seams.set_bus_policy(account, region, bus, policy)


def _archive_body(name: str, properties: Properties) -> dict[str, Any]:
    body = {"ArchiveName": name, **_given(properties, "Description", "RetentionDays", "KmsKeyIdentifier")}
    if "EventPattern" in properties:
        body["EventPattern"] = _text(properties["EventPattern"])
    return body


def _archive(logical_id: str, properties: Properties, stack: str) -> Created:
    name = properties.get("ArchiveName") or f"{stack}-{logical_id}-{uuid.uuid4().hex[:6]}"[-48:]
    body = {**_archive_body(name, properties), "EventSourceArn": properties["SourceArn"]}
    return name, {"Arn": _json("eventbridge", "AWSEvents.CreateArchive", body)["ArchiveArn"], "ArchiveName": name}


def _changed_archive(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
    answer = _json("eventbridge", "AWSEvents.UpdateArchive", _archive_body(physical_id, new))
    return physical_id, {"Arn": answer["ArchiveArn"], "ArchiveName": physical_id}


def _no_archive(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    _json("eventbridge", "AWSEvents.DeleteArchive", {"ArchiveName": physical_id})


# Backup vaults


def _backup(method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    account, region = seams.request_account(), seams.request_region()
    return seams.call_service("backup", method, f"/backup-vaults/{path}", body or {}, account, region)


def _vault(logical_id: str, properties: Properties, stack: str) -> Created:  # noqa: ARG001
    name = properties["BackupVaultName"]
    answer = _backup("PUT", quote(name), _given(properties, "EncryptionKeyArn", "BackupVaultTags"))
    _vault_parts(name, {}, properties)
    return name, {"BackupVaultArn": answer["BackupVaultArn"], "BackupVaultName": name}


def _vault_parts(name: str, old: Properties, new: Properties) -> None:
    """Bring access policy, lock and notifications from their old to their new state."""
    if "AccessPolicy" in new:
        _backup("PUT", f"{quote(name)}/access-policy", {"Policy": _text(new["AccessPolicy"])})
    elif "AccessPolicy" in old:
        _backup("DELETE", f"{quote(name)}/access-policy")
    if new.get("LockConfiguration") != old.get("LockConfiguration"):
        lock = {key: int(value) for key, value in (new.get("LockConfiguration") or {}).items()}
        _backup("PUT" if lock else "DELETE", f"{quote(name)}/vault-lock", lock)
    if "Notifications" in new and new["Notifications"] != old.get("Notifications"):
        _backup("PUT", f"{quote(name)}/notification-configuration", new["Notifications"])


def _changed_vault(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    if new["BackupVaultName"] != physical_id:
        return _vault("", new, stack)
    _vault_parts(physical_id, old, new)
    return physical_id, {"BackupVaultArn": _backup("GET", quote(physical_id))["BackupVaultArn"],
                         "BackupVaultName": physical_id}  # fmt: skip


def _no_vault(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    _backup("DELETE", quote(physical_id))


# Organizations policies


def _policy(logical_id: str, properties: Properties, stack: str) -> Created:
    body = {
        "Name": properties.get("Name") or f"{stack}-{logical_id}",
        "Type": properties["Type"],
        "Description": properties.get("Description", ""),
        "Content": _text(properties["Content"]),
        **_given(properties, "Tags"),
    }
    summary = _json("organizations", f"{ORGANIZATIONS}.CreatePolicy", body)["Policy"]["PolicySummary"]
    for target in properties.get("TargetIds", []):
        _json("organizations", f"{ORGANIZATIONS}.AttachPolicy", {"PolicyId": summary["Id"], "TargetId": target})
    return summary["Id"], {"Id": summary["Id"], "Arn": summary["Arn"], "AwsManaged": False}


def _changed_policy(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
    body = {"PolicyId": physical_id, "Content": _text(new["Content"]), **_given(new, "Name", "Description")}
    summary = _json("organizations", f"{ORGANIZATIONS}.UpdatePolicy", body)["Policy"]["PolicySummary"]
    before, after = set(old.get("TargetIds", [])), set(new.get("TargetIds", []))
    for action, targets in (("AttachPolicy", after - before), ("DetachPolicy", before - after)):
        for target in sorted(targets):
            _json("organizations", f"{ORGANIZATIONS}.{action}", {"PolicyId": physical_id, "TargetId": target})
    return physical_id, {"Id": physical_id, "Arn": summary["Arn"], "AwsManaged": False}


def _no_policy(physical_id: str, properties: Properties) -> None:
    for target in properties.get("TargetIds", []):
        _json("organizations", f"{ORGANIZATIONS}.DetachPolicy", {"PolicyId": physical_id, "TargetId": target})
    _json("organizations", f"{ORGANIZATIONS}.DeletePolicy", {"PolicyId": physical_id})


# StackSets


def _stack_set(logical_id: str, properties: Properties, stack: str) -> Created:  # noqa: ARG001
    name = properties["StackSetName"]
    parameters = {item["ParameterKey"]: str(item["ParameterValue"]) for item in properties.get("Parameters", [])}
    ou_ids: list[str] = []
    regions: list[str] = []
    for group in properties.get("StackInstancesGroup", []):
        ou_ids += group["DeploymentTargets"].get("OrganizationalUnitIds", [])
        regions += [region for region in group["Regions"] if region not in regions]
    body = properties.get("TemplateBody") or _template_at(properties["TemplateURL"])
    stack_sets.deploy_body(name, _text(body), ou_ids, regions, parameters)
    return name, {"StackSetId": f"{name}:{uuid.uuid4()}"}


def _template_at(url: str) -> str:
    """The template that `sam deploy` has put into a bucket of the stack's account."""
    bucket, _, key = url.split("://", 1)[1].split("/", 1)[1].partition("/")
    if ".s3." in url.split("/")[2]:
        bucket, key = url.split("/")[2].split(".s3.")[0], url.split("/", 3)[3]
    s3 = clients.client("s3", seams.request_account(), seams.request_region())
    template: bytes = s3.get_object(Bucket=bucket, Key=unquote(key))["Body"].read()
    return template.decode()


def _no_stack_set(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    stack_sets.remove(physical_id)
