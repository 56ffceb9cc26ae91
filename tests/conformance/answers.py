"""Raw answers held to the model, independently of botocore's parser, which forgives nearly everything."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree as ET  # the sandbox in this process wrote it

from botocore.model import Shape

from tests.conformance.calls import Raw
from tests.conformance.operations import Operation

CONTENT_TYPES: Final = {
    "json": re.compile(r"application/x-amz-json-1\.[01]"),
    "rest-json": re.compile(r"application/(x-amz-)?json.*"),
    "rest-xml": re.compile(r"(application|text)/xml.*"),
    "query": re.compile(r"text/xml.*"),
    "ec2": re.compile(r"text/xml.*"),
}
# Codes that any service may answer beside its own: "Common Error Types" of each API reference.
COMMON: Final = frozenset(
    {
        "AccessDenied", "AccessDeniedException", "InvalidAction", "InvalidParameterCombination",
        "InvalidParameterValue", "MalformedInput", "MalformedQueryString", "MissingParameter", "SerializationException",
        "ThrottlingException", "UnknownOperationException", "ValidationError", "ValidationException",
    }
)  # fmt: skip
# S3 API reference, "Error responses": a header that this kind of bucket does not serve is NotImplemented, 501.
NOT_IMPLEMENTED: Final = {"s3": 501}
# S3 and EC2 list their codes outside of their models.
WITHOUT_LIST: Final = ("s3", "ec2")
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
XML_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def complaints(operation: Operation, answer: Raw) -> list[str]:
    """What is wrong with an answer, in words without its values."""
    found = list(_about_envelope(operation, answer))
    try:
        found += _about_error(operation, answer) if answer.status >= 300 else _about_result(operation, answer)
    except (ValueError, ET.ParseError) as error:
        found.append(f"the body cannot be read: {type(error).__name__}")
    return found


def error_code(operation: Operation, answer: Raw) -> str:
    """The code of an error, empty where there is none."""
    if operation.model.http["method"] == "HEAD":
        return str(answer.status)
    if "json" in operation.protocol:
        document = json.loads(answer.body)
        code = answer.headers.get("x-amzn-errortype") or document.get("__type") or document.get("Code") or ""
        return str(code).rpartition("#")[2].partition(":")[0]
    return next((each.text or "" for each in ET.fromstring(answer.body).iter() if _local(each) == "Code"), "")  # noqa: S314


def _about_envelope(operation: Operation, answer: Raw) -> Iterator[str]:
    if answer.status >= 500 and answer.status != NOT_IMPLEMENTED.get(operation.service):
        yield f"HTTP {answer.status}"
    if not {"x-amzn-requestid", "x-amz-request-id"} & set(answer.headers):
        yield "no request id"
    if answer.body and not _streams(operation, answer):
        kind = answer.headers.get("content-type", "")
        if not CONTENT_TYPES[operation.protocol].fullmatch(kind):
            yield f"content type {kind}"


def _about_error(operation: Operation, answer: Raw) -> Iterator[str]:
    code = error_code(operation, answer)
    if not code:
        yield "an error without a code"
    elif operation.service not in WITHOUT_LIST and code not in COMMON | _own_codes(operation):
        yield f"the error {code}"
    is_served = answer.status != NOT_IMPLEMENTED.get(operation.service)
    if operation.protocol != "ec2" and is_served and not 400 <= answer.status < 500:
        yield f"the error {code} with HTTP {answer.status}"


def _own_codes(operation: Operation) -> frozenset[str]:
    shapes: list[Any] = [*operation.model.service_model.error_shapes, *operation.model.error_shapes]
    return frozenset(name for each in shapes for name in (each.name, each.error_code))


def _about_result(operation: Operation, answer: Raw) -> Iterator[str]:
    shape = operation.model.output_shape
    if shape is None or _streams(operation, answer) or operation.model.http["method"] == "HEAD":
        return
    if "json" in operation.protocol:
        yield from _about_json(_body_of(shape), json.loads(answer.body or b"{}"), "")
        return
    root = ET.fromstring(answer.body) if answer.body else ET.Element(operation.name)  # noqa: S314
    if operation.protocol == "query":
        if _local(root) != f"{operation.name}Response":
            yield f"the root {_local(root)}"
        root = next((each for each in root if _local(each) == f"{operation.name}Result"), ET.Element("Nothing"))
    yield from _about_xml(_body_of(shape), root, "", operation.protocol)


def _streams(operation: Operation, answer: Raw) -> bool:
    shape: Any = operation.model.output_shape
    payload = shape.serialization.get("payload") if shape else None
    return answer.status < 300 and payload is not None and shape.members[payload].type_name in ("blob", "string")


def _body_of(shape: Any) -> Any:
    payload = shape.serialization.get("payload")
    return shape.members[payload] if payload else shape


def _about_json(shape: Any, value: Any, path: str) -> Iterator[str]:
    match shape.type_name, value:
        case "structure", dict():
            members = {member.serialization.get("name", name): member for name, member in _in_body(shape)}
            yield from (f"{path}.{name} is unknown" for name in value.keys() - members.keys())
            yield from (
                f"{path}.{name} is missing" for name in shape.required_members if name in members.keys() - value.keys()
            )
            for name, each in value.items():
                if name in members and each is not None:
                    yield from _about_json(members[name], each, f"{path}.{name}")
        case "list", list():
            for each in value:
                yield from _about_json(shape.member, each, path)
        case "map", dict():
            for each in value.values():
                yield from _about_json(shape.value, each, path)
        case "structure" | "list" | "map", _:
            yield f"{path} is no {shape.type_name}"
        case _:
            yield from _about_scalar(shape, value, path)


def _in_body(shape: Any) -> Iterator[tuple[str, Any]]:
    return ((name, member) for name, member in shape.members.items() if "location" not in member.serialization)


def _about_scalar(shape: Shape, value: Any, path: str) -> Iterator[str]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"{path} is outside of its enum"
    if not _is_of_type(shape, value):
        yield f"{path} is no {shape.type_name}"


def _is_of_type(shape: Shape, value: Any) -> bool:
    match shape.type_name:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "long":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float" | "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "timestamp" if shape.serialization.get("timestampFormat") == "iso8601":
            return isinstance(value, str) and XML_MOMENT.fullmatch(value) is not None
        case "timestamp":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "blob":
            return isinstance(value, str) and _is_base64(value)
        case _:
            return True


def _is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        return False
    return True


def _about_xml(shape: Any, node: ET.Element, path: str, protocol: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            yield from _about_members(shape, node, path, protocol)
        case "list":
            name = shape.member.serialization.get("name", "member") if protocol != "ec2" else "item"
            for each in node:
                if _local(each) != name:
                    yield f"{path} holds {_local(each)}"
                yield from _about_xml(shape.member, each, path, protocol)
        case "map":
            return
        case _:
            yield from _about_text(shape, node.text or "", path)


def _about_members(shape: Any, node: ET.Element, path: str, protocol: str) -> Iterator[str]:
    members = {_written(name, member): member for name, member in shape.members.items()}
    found = [_local(each) for each in node]
    known = {*members, "RequestId", "requestId", "ResponseMetadata"}
    yield from (f"{path}.{name} is unknown" for name in found if name not in known)
    for name in shape.required_members:
        if "location" not in shape.members[name].serialization and _written(name, shape.members[name]) not in found:
            yield f"{path}.{name} is missing"
    for each in node:
        member = members.get(_local(each))
        if member is not None and member.type_name == "list" and member.serialization.get("flattened"):
            yield from _about_xml(member.member, each, f"{path}.{_local(each)}", protocol)
        elif member is not None:
            yield from _about_xml(member, each, f"{path}.{_local(each)}", protocol)


def _written(name: str, member: Any) -> str:
    if member.type_name == "list" and member.serialization.get("flattened"):
        return str(member.member.serialization.get("name") or member.serialization.get("name", name))
    return str(member.serialization.get("name", name))


def _about_text(shape: Shape, text: str, path: str) -> Iterator[str]:
    match shape.type_name:
        case "string":
            if (allowed := shape.metadata.get("enum")) and text not in allowed:
                yield f"{path} is outside of its enum"
        case "boolean":
            if text not in ("true", "false"):
                yield f"{path} is no boolean"
        case "timestamp":
            if not XML_MOMENT.fullmatch(text):
                yield f"{path} is no timestamp"
        case "integer" | "long" | "float" | "double":
            if not NUMBER.fullmatch(text):
                yield f"{path} is no {shape.type_name}"


def _local(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]
