"""Reading an AWS call off the wire with botocore's service models: which operation, which parameters, which answer."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, unquote
from xml.etree import ElementTree as ET  # the body comes from our own AWS clients

import botocore.exceptions
import botocore.parsers
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from sandbox.clients import service_model

# Where the signing name is not botocore's own name for the service.
MODELS: Final = {
    "elasticfilesystem": "efs",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "elasticloadbalancing": "elbv2",
    "execute-api": None,
    "monitoring": None,
    "logs": None,
    "sts": None,
}

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it came in."""

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """What the credential scope of a signed request says."""

    access_key: str
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of one service with its parameters under the model's member names."""

    service: str
    protocol: str
    operation: OperationModel
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered: its members, or the error it gave instead."""

    members: dict[str, Any] | None
    error_code: str | None = None
    error_message: str | None = None


def signature_of(headers: Mapping[str, str]) -> Signature | None:
    """The credential scope of a header-signed request, or None when it is unsigned."""
    match = _CREDENTIAL.search(headers.get("authorization", ""))
    return Signature(match["key"], match["region"], match["service"]) if match else None


def read_call(service: str, request: Request) -> Call | None:
    """The call that a request to a service (by its signing name) makes, or None when no model knows it."""
    name = MODELS.get(service, service)
    if name is None:
        return None
    try:
        model = service_model(name)
    except botocore.exceptions.UnknownServiceError:
        return None
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    if target:
        return _read_json(service, name, target, request)
    form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)) if request.body else {}
    form = {**dict(parse_qsl(request.query, keep_blank_values=True)), **form}
    protocols = model.metadata.get("protocols", [model.metadata.get("protocol")])
    if "Action" in form and ("query" in protocols or "ec2" in protocols):
        return _read_query(service, name, form, "ec2" if "ec2" in protocols else "query")
    return _read_rest(service, name, request)


def read_answer(call: Call, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """The members or the error of an answer."""
    parser = botocore.parsers.create_parser(call.protocol)
    response = {"status_code": status, "headers": dict(headers), "body": body, "context": {}}
    shape = call.operation.output_shape or StructureShape("Nothing", {"type": "structure", "members": {}})
    try:
        parsed = parser.parse(response, shape)
    except botocore.parsers.ResponseParserError as error:
        return Answer(None, "InternalFailure" if status >= 400 else None, str(error))
    if status >= 300:
        problem = parsed.get("Error", {})
        return Answer(None, problem.get("Code") or str(status), problem.get("Message") or "")
    parsed.pop("ResponseMetadata", None)
    return Answer(parsed)


def _read_json(service: str, name: str, operation: str, request: Request) -> Call | None:
    model = service_model(name)
    if operation not in model.operation_names:
        return None
    document = _json(request.body)
    found = model.operation_model(operation)
    return Call(service, "json", found, _from_json(found.input_shape, document))


def _read_query(service: str, name: str, form: dict[str, str], protocol: str) -> Call | None:
    model = service_model(name)
    if form["Action"] not in model.operation_names:
        return None
    operation = model.operation_model(form["Action"])
    parameters = _from_form(operation.input_shape, form, "", protocol) if operation.input_shape else {}
    return Call(service, protocol, operation, parameters)


def _read_rest(service: str, name: str, request: Request) -> Call | None:
    query = {key: values[0] for key, values in parse_qs(request.query, keep_blank_values=True).items()}
    path = request.raw_path or "/"
    for route in _routes(name):
        match = route.pattern.fullmatch(path) or route.pattern.fullmatch(path.rstrip("/") or "/")
        if match and route.method == request.method and route.needs.items() <= query.items():
            operation = service_model(name).operation_model(route.operation)
            uri = {member: unquote(match[group]) for group, member in route.members.items()}
            protocol = "rest-xml" if name == "s3" else "rest-json"
            return Call(service, protocol, operation, _from_rest(operation, uri, query, request))
    return None


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    method: str
    pattern: re.Pattern[str]
    members: Mapping[str, str]
    needs: Mapping[str, str]
    weight: tuple[int, int]


@cache
def _routes(name: str) -> tuple[_Route, ...]:
    """The REST routes of a service, the most particular first."""
    model = service_model(name)
    routes = [_route(operation, model.operation_model(operation).http) for operation in model.operation_names]
    return tuple(sorted(routes, key=lambda route: route.weight, reverse=True))


def _route(operation: str, http: Mapping[str, Any]) -> _Route:
    path, _, query = http["requestUri"].partition("?")
    members: dict[str, str] = {}
    pattern = ""
    for literal, member, greedy in re.findall(r"([^{]*)(?:\{([^}+]+)(\+?)\})?", path):
        pattern += re.escape(literal)
        if member:
            group = f"m{len(members)}"
            members[group] = member
            pattern += f"(?P<{group}>{'.+' if greedy else '[^/]+'})"
    needs = dict(parse_qsl(query, keep_blank_values=True))
    literals = len(re.sub(r"\{[^}]*\}", "", path))
    return _Route(operation, http["method"], re.compile(pattern), members, needs, (len(needs), literals))


def _from_rest(
    operation: OperationModel, uri: dict[str, str], query: dict[str, str], request: Request
) -> dict[str, Any]:
    shape = operation.input_shape
    if shape is None:
        return {}
    found: dict[str, Any] = {}
    payload = shape.serialization.get("payload")
    body_members: dict[str, Shape] = {}
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        match member.serialization.get("location"):
            case "uri":
                source: Mapping[str, str] = uri
            case "querystring":
                source = query
            case "header":
                source, wire = request.headers, wire.lower()
            case "headers":
                continue
            case _:
                body_members[name] = member
                continue
        if wire in source:
            found[name] = _scalar(member, source[wire])
    found.update(_from_body(operation, payload, body_members, request.body))
    return found


def _from_body(
    operation: OperationModel, payload: str | None, members: Mapping[str, Shape], body: bytes
) -> dict[str, Any]:
    if not body:
        return {}
    if payload is not None:
        shape = members.get(payload)
        if shape is None or shape.type_name != "structure":
            return {payload: body.decode("utf-8", "replace")} if shape and shape.type_name == "string" else {}
        return {payload: _from_document(operation, shape, body)}
    document = _json(body)
    return {
        name: _from_json(shape, document[wire])
        for name, shape in members.items()
        if (wire := shape.serialization.get("name", name)) in document
    }


def _from_document(operation: OperationModel, shape: Shape, body: bytes) -> Any:
    if operation.service_model.metadata["protocol"] == "rest-xml":
        return _from_xml(shape, ET.fromstring(body))  # noqa: S314 - our own clients wrote it
    return _from_json(shape, _json(body))


def _json(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _from_json(shape: Shape | None, value: Any) -> Any:
    if shape is None or value is None:
        return {} if shape is None else None
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return {
            name: _from_json(member, value[wire])
            for name, member in shape.members.items()
            if (wire := member.serialization.get("name", name)) in value
        }
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_from_json(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _from_json(shape.value, item) for key, item in value.items()}
    return value


def _from_xml(shape: Shape, node: ET.Element) -> Any:
    if isinstance(shape, StructureShape):
        found = {}
        for name, member in shape.members.items():
            wire = member.serialization.get("name", name)
            children = [child for child in node if child.tag.rpartition("}")[2] == wire]
            if not children:
                continue
            if isinstance(member, ListShape) and member.serialization.get("flattened"):
                found[name] = [_from_xml(member.member, child) for child in children]
            else:
                found[name] = _from_xml(member, children[0])
        return found
    if isinstance(shape, ListShape):
        return [_from_xml(shape.member, child) for child in node]
    return _scalar(shape, node.text or "")


def _from_form(shape: StructureShape, form: Mapping[str, str], prefix: str, protocol: str) -> dict[str, Any]:
    found = {}
    for name, member in shape.members.items():
        key = prefix + _form_name(name, member, protocol)
        value = _form_value(member, form, key, protocol)
        if value is not None:
            found[name] = value
    return found


def _form_name(name: str, member: Shape, protocol: str) -> str:
    wire = member.serialization.get("name", name)
    if protocol == "ec2":
        return str(member.serialization.get("queryName") or wire[:1].upper() + wire[1:])
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        return str(member.member.serialization.get("name", wire))
    return str(wire)


def _form_value(shape: Shape, form: Mapping[str, str], key: str, protocol: str) -> Any:
    inside = {name[len(key) + 1 :]: value for name, value in form.items() if name.startswith(key + ".")}
    match shape:
        case StructureShape():
            return _from_form(shape, inside, "", protocol) if inside else None
        case ListShape():
            return [_form_value(shape.member, inside, place, protocol) for place in _places(inside)] or None
        case MapShape():
            return dict(_form_entry(inside, place) for place in _places(inside)) or None
        case _:
            return _scalar(shape, form[key]) if key in form else None


def _places(inside: Mapping[str, str]) -> list[str]:
    """The places of a list's items as they are written: `1`, or `member.1`, or `Tag.1`."""
    places = {match[0] for name in inside if (match := re.match(r"(?:[A-Za-z]+\.)?\d+", name))}
    return sorted(places, key=lambda text: int(text.rpartition(".")[2]))


def _form_entry(inside: Mapping[str, str], place: str) -> tuple[str, str]:
    return inside.get(f"{place}.key", ""), inside.get(f"{place}.value", "")


def _scalar(shape: Shape, text: str) -> Any:
    match shape.type_name:
        case "boolean":
            return text.lower() == "true"
        case "integer" | "long" if text.lstrip("-").isdigit():
            return int(text)
        case "blob":
            return base64.b64encode(text.encode()).decode()
        case _:
            return text
