"""Private touches of MiniStack: the customer's key under which a queue, topic, table, secret or log group lies.

Pinned by `tests/contract/seams/keys/test_encrypted.py`. What CloudFormation makes forgets the key that its template
names.
"""
# ruff: noqa: SLF001

from collections.abc import Callable
from typing import Any, Final

from sandbox.seams import host as seams


def customer_key_of(resource_arn: str) -> str | None:
    """The ARN of the key, None when AWS's own key or none encrypts the resource, or when there is no such thing."""
    parts = resource_arn.split(":", 5)
    named = _NAMES.get(parts[2]) if len(parts) == 6 else None
    if named is None:
        return None
    with seams.request_scope(parts[4], parts[3]):
        return key_arn(named(resource_arn))


def key_arn(key: str | None) -> str | None:
    """The ARN of a customer's key in the account and Region of the current scope, by its id, ARN or alias."""
    if not key:
        return None
    kms = seams.service_module("kms")
    parts = key.split(":", 5)
    if len(parts) == 6:
        with seams.request_scope(parts[4], parts[3]):
            record = kms._resolve_key(key)
    else:
        record = kms._resolve_key(key)
    return str(record["Arn"]) if record else None


def _of_queue(arn: str) -> str | None:
    queue = seams.service_module("sqs")._queue_by_arn(arn)
    return queue["attributes"].get("KmsMasterKeyId") if queue else None


def _of_topic(arn: str) -> str | None:
    topic = seams.service_module("sns")._topics.get(arn)
    return topic["attributes"].get("KmsMasterKeyId") if topic else None


def _of_table(arn: str) -> str | None:
    name = arn.partition("/")[2].partition("/")[0]
    table = seams.service_module("dynamodb")._tables.get(name) or {}
    return (table.get("SSEDescription") or {}).get("KMSMasterKeyArn")


def _of_secret(arn: str) -> str | None:
    secrets = seams.service_module("secretsmanager")._secrets
    return next((each.get("KmsKeyId") for each in secrets.values() if each.get("ARN") == arn), None)


_NAMES: Final[dict[str, Callable[[str], Any]]] = {
    "sqs": _of_queue,
    "sns": _of_topic,
    "dynamodb": _of_table,
    "secretsmanager": _of_secret,
}


# --- CloudFormation ----------------------------------------------------------

type Created = tuple[str, dict[str, Any]]
type Creator = Callable[[str, dict[str, Any], str], Created]
type WhyLogsMayNot = Callable[[str, str], str | None]


def keep_keys_of_stacks(why_logs_may_not: WhyLogsMayNot) -> None:
    """Let topics and tables of stacks lie under their keys, and log groups under keys that CloudWatch Logs may use.

    `why_logs_may_not(key_arn, log_group_arn)` answers why not, None when it may.
    """
    from ministack.services.cloudformation import provisioners

    def log_group(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        group, attributes = provisioners._cwlogs_create(logical_id, properties, stack)
        key = key_arn(properties.get("KmsKeyId"))
        why = why_logs_may_not(key, str(attributes["Arn"]).removesuffix(":*")) if key else None
        if why is not None:
            provisioners._cwlogs_delete(group, properties)
            raise ValueError(why)
        return group, attributes

    creators = {
        "AWS::SNS::Topic": _with_key_of_topic(provisioners._sns_create),
        "AWS::DynamoDB::Table": _with_key_of_table(provisioners._ddb_create),
        "AWS::Logs::LogGroup": log_group,
    }
    for name, create in creators.items():
        provisioners._RESOURCE_HANDLERS[name] = {**provisioners._RESOURCE_HANDLERS[name], "create": create}


def _with_key_of_topic(original: Creator) -> Creator:
    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        arn, attributes = original(logical_id, properties, stack)
        if key := properties.get("KmsMasterKeyId"):
            seams.service_module("sns")._topics[arn]["attributes"]["KmsMasterKeyId"] = key
        return arn, attributes

    return create


def _with_key_of_table(original: Creator) -> Creator:
    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        name, attributes = original(logical_id, properties, stack)
        dynamodb = seams.service_module("dynamodb")
        specification = properties.get("SSESpecification")
        dynamodb._tables[name]["SSEDescription"] = dynamodb._sse_description_from_spec(
            specification and {**specification, "Enabled": specification.get("SSEEnabled")}
        )
        return name, attributes

    return create
