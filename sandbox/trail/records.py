"""How CloudTrail writes down a call: keys with a small first letter, and the habits of each service."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sandbox.wire.calls import Answer, Call

READ_ONLY: Final = (
    "Get", "List", "Describe", "Head", "BatchGet", "Search", "Lookup", "Query", "Scan", "Select", "Test",
    "Validate", "Check", "Estimate", "Preview", "Simulate", "Detect",
)  # fmt: skip

DATA_OPERATIONS: Final = {
    "dynamodb": ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "Transact", "Execute", "BatchExecute"),
    "events": ("PutEvents", "PutPartnerEvents"),
    "kms": ("Encrypt", "Decrypt", "ReEncrypt", "Generate", "Sign", "Verify", "DeriveSharedSecret"),
    "lambda": ("Invoke",),
    "s3": ("PutObject", "DeleteObject", "CopyObject", "RestoreObject", "CreateMultipart", "UploadPart",
           "CompleteMultipart", "AbortMultipart", "CreateSession", "WriteGetObject", "RenameObject", "UpdateObject"),
    "sns": ("Publish",),
    "sqs": ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"),
    "states": ("StartExecution", "StartSyncExecution", "StopExecution", "SendTask", "RedriveExecution"),
}  # fmt: skip

_UNWATCHED: Final = {"execute-api", "logs", "monitoring", "sts"}
GLOBAL_SERVICES: Final = {"organizations", "iam"}

MOST_FIELD_BYTES: Final = 100 * 1024
MOST_EVENT_BYTES: Final = 256 * 1024
_OMITTED: Final = frozenset({"requestParameters", "responseElements"})

_HIDDEN: Final = {
    "MasterUserPassword": "****",
    "TdeCredentialPassword": "****",
    "ZipFile": "HIDDEN_DUE_TO_SECURITY_REASONS",
    "SecretString": "HIDDEN_DUE_TO_SECURITY_REASONS",
    "SecretBinary": "HIDDEN_DUE_TO_SECURITY_REASONS",
    "SecretAccessKey": "HIDDEN_DUE_TO_SECURITY_REASONS",
    "Password": "HIDDEN_DUE_TO_SECURITY_REASONS",
}

# EC2's trail keeps names of its oldest API; these are the ones that differ from the model's wire names.
_EC2_NAMES: Final = {
    ("CreateVolume", "availabilityZone"): "zone",
    ("CreateVolumeResult", "availabilityZone"): "zone",
    ("CreateVolumeRequest", "availabilityZone"): "zone",
    ("Volume", "availabilityZone"): "zone",
}

# EC2's newer calls stand within their own names (public records of CreateFleet and RestoreSnapshotFromRecycleBin).
_EC2_WRAPPED: Final = {
    "CopyVolumes",
    "CreateFleet",
    "CreateReplaceRootVolumeTask",
    "RestoreSnapshotFromRecycleBin",
    "RestoreVolumeFromRecycleBin",
}

_EC2_TAGS: Final = {"CreateTags", "DeleteTags"}

_RUN_INSTANCES_ITEM: Final = ("imageId", "minCount", "maxCount", "keyName")


def is_recorded(service: str, operation: str) -> bool:
    """Whether the call changes something that the trail watches."""
    if service in _UNWATCHED or operation.startswith(READ_ONLY):
        return False
    return not operation.startswith(DATA_OPERATIONS.get(service, ("\0",)))


def request_parameters(call: Call) -> dict[str, Any] | None:
    """The call's parameters as the trail writes them."""
    shape = call.operation.input_shape
    if shape is None or not call.parameters:
        return None
    match call.service:
        case "s3":
            return _s3_parameters(shape, call.parameters)
        case "ec2" if call.operation.name in _EC2_WRAPPED:
            return {f"{call.operation.name}Request": _wrapped(shape, call.parameters, lambda name, _: name)}
        case "ec2":
            return _ec2_parameters(call.operation.name, _ec2(shape, call.parameters))
        case _:
            written: dict[str, Any] = _plain(shape, call.parameters, _time_of(call.service))
            return written


def response_elements(call: Call, answer: Answer) -> dict[str, Any] | None:
    """The answer as the trail writes it, None when it is empty, failed, or S3's."""
    shape = call.operation.output_shape
    if shape is None or not answer.members or call.service == "s3":
        return None
    if call.service == "ec2" and call.operation.name in _EC2_WRAPPED:
        return {f"{call.operation.name}Response": _wrapped(shape, answer.members, _wire_name, listed="item")}
    if call.service == "ec2":
        written: dict[str, Any] = _ec2(shape, answer.members)
        return _ec2_elements(call.operation.name, written)
    written = _plain(shape, answer.members, _time_of(call.service))
    only = next(iter(shape.members.values())) if len(shape.members) == 1 else None
    if call.service in {"rds", "redshift"} and only is not None and only.type_name == "structure":
        flattened: dict[str, Any] = next(iter(written.values()))
        return flattened
    return written


def error_fields(call: Call, answer: Answer) -> dict[str, str]:
    """`errorCode` and `errorMessage` of a call that failed, nothing for one that did not."""
    if answer.error_code is None:
        return {}
    # Recorded of Lambda, CloudTrail, CloudWatch Logs and Organizations: the trail drops what JSON services append.
    code = "AccessDenied" if answer.error_code == "AccessDeniedException" else answer.error_code
    if call.service == "ec2" and not code.startswith(("Client.", "Server.")):
        code = "Client.UnauthorizedOperation" if code == "AccessDenied" else f"Client.{code}"
    return {"errorCode": code, "errorMessage": answer.error_message or ""}


def within_limits(detail: dict[str, Any]) -> dict[str, Any] | None:
    """The record as EventBridge gets it: parameters and elements above 100 KB omitted, nothing at all above 256 KB.

    Source: CloudTrail User Guide, "CloudTrail record contents" (`omitted`) and "Quotas" (events sent to EventBridge).
    """
    kept = {name: _omitted(name, value) if name in _OMITTED else value for name, value in detail.items()}
    return kept if _size_of(kept) <= MOST_EVENT_BYTES else None


def _omitted(name: str, value: Any) -> Any:
    size = _size_of(value)
    if size <= MOST_FIELD_BYTES:
        return value
    return {"omitted": True, "originalSize": size, "reason": f"{name} too large"}


def _size_of(value: Any) -> int:
    return len(json.dumps(value, default=str).encode())


def lower_first(name: str) -> str:
    """The name with a small first letter, and nothing else changed (`dBInstanceArn`)."""
    return name[:1].lower() + name[1:]


def spoken_time(moment: datetime) -> str:
    """`Jun 11, 2022 1:29:22 PM`, as most services write times into the trail."""
    utc = moment.astimezone(UTC)
    return f"{utc:%b} {utc.day}, {utc.year} {utc.hour % 12 or 12}:{utc:%M:%S %p}"


def _time_of(service: str) -> Callable[[datetime], Any]:
    return (lambda moment: moment.isoformat()) if service == "iam" else spoken_time


def _plain(shape: Shape, value: Any, time: Callable[[datetime], Any]) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            lower_first(name): _HIDDEN.get(name) or _plain(shape.members[name], item, time)
            for name, item in value.items()
            if name in shape.members
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_plain(shape.member, item, time) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _plain(shape.value, item, time) for key, item in value.items()}
    return _leaf(value, time)


def _leaf(value: Any, time: Callable[[datetime], Any]) -> Any:
    if isinstance(value, datetime):
        return time(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _ec2(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        found = {}
        for name, item in value.items():
            if name in shape.members:
                wire = _wire_name(name, shape.members[name])
                found[_EC2_NAMES.get((shape.name, wire), wire)] = _ec2(shape.members[name], item)
        return found
    if isinstance(shape, ListShape) and isinstance(value, list):
        return {"items": [_ec2(shape.member, item) for item in value]} if value else {}
    return _leaf(value, lambda moment: int(moment.timestamp() * 1000))


def _wire_name(name: str, shape: Shape) -> str:
    return lower_first(str(shape.serialization.get("name", name)))


def _wrapped(shape: Shape, value: Any, name_of: Callable[[str, Shape], str], listed: str | None = None) -> Any:
    """As a newer call of EC2 is recorded: read from its XML without its types, so one of a list has no list."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            name_of(name, shape.members[name]): _wrapped(shape.members[name], item, name_of, listed)
            for name, item in value.items()
            if name in shape.members
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        items = [_wrapped(shape.member, item, name_of, listed) for item in value]
        told = items[0] if len(items) == 1 else items
        return told if listed is None or not items else {listed: told}
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return _leaf(value, lambda moment: moment.isoformat())


def _ec2_parameters(operation: str, written: dict[str, Any]) -> dict[str, Any]:
    specifications = written.pop("tagSpecification", None) or written.pop("tagSpecifications", None)
    if specifications:
        written["tagSpecificationSet"] = {
            "items": [
                {
                    "resourceType": item.get("resourceType"),
                    "tags": (item.get("tag") or item.get("tags") or {}).get("items", []),
                }
                for item in specifications["items"]
            ]
        }
    if "size" in written:
        written["size"] = str(written["size"])
    if operation in _EC2_TAGS:
        # As public records of both have it: what the wire calls ResourceId.1 and Tag.1.Key.
        named = written.pop("resourceId", {}).get("items", [])
        written["resourcesSet"] = {"items": [{"resourceId": each} for each in named]}
        written["tagSet"] = {"items": tags} if (tags := written.pop("tag", {}).get("items")) else {}
    if operation == "RunInstances":
        item = {name: written.pop(name) for name in _RUN_INSTANCES_ITEM if name in written}
        written["instancesSet"] = {"items": [item]}
    return written


def _ec2_elements(operation: str, written: dict[str, Any]) -> dict[str, Any]:
    if "size" in written:
        written["size"] = str(written["size"])
    if operation == "RunInstances":
        for item in written["instancesSet"]["items"]:
            # The volumes are not known yet when the record is written.
            item["blockDeviceMapping"] = {}
    return written


def _s3_parameters(shape: Shape, parameters: Mapping[str, Any]) -> dict[str, Any]:
    named = {"Bucket": "bucketName", "Key": "key"}
    written: dict[str, Any] = _s3(shape, dict(parameters))
    return {named.get(name, name): value for name, value in written.items()}


def _s3(shape: Shape, value: Any) -> Any:
    """As S3's XML has it, read without its types: a list within its tag, one of a list alone (public records)."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {name: _s3(shape.members[name], item) for name, item in value.items() if name in shape.members}
    if isinstance(shape, ListShape) and isinstance(value, list):
        items = [_s3(shape.member, item) for item in value]
        told = items[0] if len(items) == 1 else items
        tag = shape.member.serialization.get("name")
        return told if tag is None or shape.serialization.get("flattened") else {tag: told}
    return value
