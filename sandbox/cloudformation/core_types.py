"""The CloudFormation resource types that our stacks use and MiniStack does not bring."""

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from sandbox.seams import cloudformation as seams_cloudformation
from sandbox.seams import host as seams
from sandbox.settings import Settings

type Properties = dict[str, Any]
type Created = tuple[str, dict[str, Any]]


def install(settings: Settings) -> None:  # noqa: ARG001 - every part is installed alike
    """Teach CloudFormation each of them."""
    seams_cloudformation.let_conditions_see_the_place()
    seams_cloudformation.let_alarms_calculate()
    seams.register_cloudformation_types(
        {
            "AWS::Events::EventBusPolicy": (_bus_policy, _changed_bus_policy, _no_bus_policy),
            "AWS::Events::Archive": (_archive, _changed_archive, _no_archive),
            "AWS::Backup::BackupVault": (_vault, _changed_vault, _no_vault),
            "AWS::Backup::LogicallyAirGappedBackupVault": (_air_gapped, _changed_air_gapped, _no_vault),
        }
    )


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


def _changed_bus_policy(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:  # noqa: ARG001
    return _bus_policy(physical_id, {"StatementId": physical_id, **new}, stack)


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


def _backup(
    method: str, path: str, body: Mapping[str, Any] | None = None, *, kind: str = "backup-vaults"
) -> dict[str, Any]:
    account, region = seams.request_account(), seams.request_region()
    return seams.call_service("backup", method, f"/{kind}/{path}", body or {}, account, region)


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


def _air_gapped(logical_id: str, properties: Properties, stack: str) -> Created:  # noqa: ARG001
    name = properties["BackupVaultName"]
    days = {key: int(properties[key]) for key in ("MinRetentionDays", "MaxRetentionDays")}
    body = days | _given(properties, "EncryptionKeyArn", "BackupVaultTags")
    answer = _backup("PUT", quote(name), body, kind="logically-air-gapped-backup-vaults")
    _vault_parts(name, {}, properties)
    return name, {"BackupVaultArn": answer["BackupVaultArn"], "VaultState": answer["VaultState"]}


def _changed_air_gapped(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    if new["BackupVaultName"] != physical_id:
        return _air_gapped("", new, stack)
    # The type's schema, `createOnlyProperties`; User Guide, "Name type": what has a name of ours is not replaced.
    if any(
        str(old.get(key)) != str(new.get(key)) for key in ("MinRetentionDays", "MaxRetentionDays", "EncryptionKeyArn")
    ):
        raise ValueError("CloudFormation cannot update a stack when a custom-named resource requires replacing")
    _vault_parts(physical_id, old, new)
    return physical_id, {"BackupVaultArn": _backup("GET", quote(physical_id))["BackupVaultArn"]}


def _no_vault(physical_id: str, properties: Properties) -> None:  # noqa: ARG001
    _backup("DELETE", quote(physical_id))
