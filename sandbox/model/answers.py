"""Answers of the emulator, without what the model of their operation does not have."""

import json
from typing import Any, Final
from xml.etree import ElementTree as ET  # the answer comes from this process

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sandbox.wire.calls import Call

# What stands beside the result in an XML answer.
_ENVELOPE: Final = ("ResponseMetadata", "requestId")


def is_a_document(call: Call) -> bool:
    """Whether the whole body of the operation's answer is one JSON or XML document of its model."""
    shape = call.operation.output_shape
    protocol = call.operation.service_model.resolved_protocol
    return (
        protocol in ("json", "rest-json", "query", "ec2")
        and shape is not None
        and not shape.serialization.get("payload")
    )


def without_strangers(call: Call, body: bytes) -> bytes:
    """The answer without unknown members, and without values that their enumeration does not have."""
    shape = call.operation.output_shape
    if not body or shape is None:
        return body
    if "json" not in call.operation.service_model.resolved_protocol:
        return _known_xml(call.operation.name, shape, body)
    document = json.loads(body)
    known = _known(shape, document)
    return body if known == document else json.dumps(known).encode()


def _known(shape: Shape, value: Any) -> Any:
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = _by_wire_name(shape)
        return {
            name: _known(members[name], each)
            for name, each in value.items()
            if name in members and _is_of_its_enum(members[name], each)
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_known(shape.member, each) for each in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _known(shape.value, each) for key, each in value.items()}
    return value


def _known_xml(operation: str, shape: StructureShape, body: bytes) -> bytes:
    root = ET.fromstring(body)  # noqa: S314 this process wrote it
    result = next((each for each in root if _local(each) == f"{operation}Result"), root)
    return written(root) if _drop_strangers(shape, result) else body


def _drop_strangers(shape: Shape, node: ET.Element) -> bool:
    """Whether anything had to go."""
    dropped = False
    if isinstance(shape, StructureShape):
        members = _by_wire_name(shape)
        for each in list(node):
            member = members.get(_local(each))
            if _local(each) in _ENVELOPE:
                continue
            if member is None or not _is_of_its_enum(member, each.text):
                node.remove(each)
                dropped = True
            else:
                dropped |= _drop_strangers(member, each)
    elif isinstance(shape, ListShape):
        for each in node:
            dropped |= _drop_strangers(shape.member, each)
    return dropped


def written(root: ET.Element) -> bytes:
    """An XML answer, in the namespace that its root has."""
    text: bytes = ET.tostring(root, encoding="utf-8", default_namespace=namespace_of(root).strip("{}") or None)
    return text


def namespace_of(root: ET.Element) -> str:
    """`{http://...}`, or nothing."""
    return root.tag.rpartition("}")[0] + "}" if "}" in root.tag else ""


def _by_wire_name(shape: StructureShape) -> dict[str, Shape]:
    return {member.serialization.get("name", name): member for name, member in shape.members.items()}


def _is_of_its_enum(shape: Shape, value: Any) -> bool:
    allowed = shape.metadata.get("enum")
    return not allowed or value in allowed


def _local(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]
