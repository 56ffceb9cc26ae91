"""Reading an AWS call off the wire with botocore's service models: which operation, which parameters, which answer."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self
from urllib.parse import parse_qs, parse_qsl, unquote
from xml.etree import ElementTree as ET  # the body comes from our own AWS clients

import botocore.exceptions
import botocore.parsers
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from sandbox.clients import service_model
from sandbox.web.exchange import Scope

# Where the signing name is not botocore's own name for the service.
MODELS: Final = {
    "elasticfilesystem": "efs",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "execute-api": None,
}


class MalformedBodyError(Exception):
    """The call was not read because its body is not what the protocol puts there."""


# The ids of organisation plans have slashes inside, too.
_HAS_SLASHES = re.compile(r"(?i:arn)$|^backupPlanId$")
_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as it came in."""

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, scope: Scope, headers: Mapping[str, str], body: bytes) -> Self:
        """The request of an ASGI scope."""
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
        return cls(scope["method"], raw_path, scope.get("query_string", b"").decode("latin-1"), headers, body)


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


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of an ASGI scope, their names in lower case."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def signature_of(headers: Mapping[str, str]) -> Signature | None:
    """The credential scope of a header-signed request, or None when it is unsigned."""
    match = _CREDENTIAL.search(headers.get("authorization", ""))
    return Signature(match["key"], match["region"], match["service"]) if match else None


def model_name(service: str) -> str | None:
    """botocore's name for the service of a signing name; None for what has no model."""
    return MODELS.get(service, service)


def read_call(service: str, request: Request) -> Call | None:
    """The call that a request to a service (by its signing name) makes, or None when no model knows it.

    Raises MalformedBodyError.
    """
    name = model_name(service)
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
    return _read_rest(service, name, request) if protocols[0].startswith("rest-") else None


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
    query = parse_qs(request.query, keep_blank_values=True)
    path = request.raw_path or "/"
    meant = [route for route in _routes(name) if route.is_meant_by(request, path, query)]
    if not meant:
        return None
    route = max(meant, key=lambda each: each.rank(request, query))
    found = route.pattern.fullmatch(path)
    groups = found.groupdict() if found else {}
    uri = {member: unquote(groups[group]) for group, member in route.members.items()}
    operation = service_model(name).operation_model(route.operation)
    protocol = "rest-xml" if name == "s3" else "rest-json"
    return Call(service, protocol, operation, _from_rest(operation, uri, query, request))


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    method: str
    pattern: re.Pattern[str]
    members: Mapping[str, str]
    needs: Mapping[str, str]
    wants: frozenset[str]
    literals: int

    def is_meant_by(self, request: Request, path: str, query: Mapping[str, list[str]]) -> bool:
        if self.method != request.method or not self.pattern.fullmatch(path):
            return False
        return all(name in query and query[name][0] == value for name, value in self.needs.items())

    def rank(self, request: Request, query: Mapping[str, list[str]]) -> tuple[int, int, int]:
        """The most particular address wins, then the operation whose required parameters are all there."""
        is_complete = self.wants <= {name.lower() for name in (*query, *request.headers)}
        return len(self.needs), self.literals, len(self.wants) if is_complete else -len(self.wants)


@cache
def _routes(name: str) -> tuple[_Route, ...]:
    """The REST routes of a service."""
    model = service_model(name)
    return tuple(_route(model.operation_model(operation)) for operation in model.operation_names)


def _route(operation: OperationModel) -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    path = path.rstrip("/")
    members: dict[str, str] = {}
    pattern = ""
    for literal, member, greedy in re.findall(r"([^{]*)(?:\{([^}+]+)(\+?)\})?", path):
        pattern += re.escape(literal)
        if member:
            group = f"m{len(members)}"
            members[group] = member
            pattern += f"(?P<{group}>{'.+' if greedy else '.+?' if _HAS_SLASHES.search(member) else '[^/]+'})"
    needs = dict(parse_qsl(query, keep_blank_values=True))
    literals = len(re.sub(r"\{[^}]*\}", "", path))
    return _Route(
        operation.name,
        operation.http["method"],
        re.compile(pattern + "/?"),
        members,
        needs,
        _wants(operation),
        literals,
    )


def _wants(operation: OperationModel) -> frozenset[str]:
    """The names, in lower case, that the required parameters have in the query and among the headers."""
    shape = operation.input_shape
    required = [(name, shape.members[name].serialization) for name in shape.required_members] if shape else []
    return frozenset(
        place.get("name", name).lower()
        for name, place in required
        if place.get("location") in ("querystring", "header")
    )


def _from_rest(
    operation: OperationModel, uri: Mapping[str, str], query: Mapping[str, list[str]], request: Request
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
                texts = [uri[wire]] if wire in uri else []
            case "querystring":
                texts = query.get(wire, [])
            case "header":
                texts = _header(member, request.headers.get(wire.lower()))
            case "headers":
                continue
            case _:
                body_members[name] = member
                continue
        if texts:
            found[name] = (
                [_scalar(member.member, each) for each in texts]
                if isinstance(member, ListShape)
                else (_scalar(member, texts[0]))
            )
    found.update(_from_body(operation, payload, body_members, request.body))
    return found


def _header(member: Shape, text: str | None) -> list[str]:
    if text is None:
        return []
    return [each.strip() for each in text.split(",")] if isinstance(member, ListShape) else [text]


def _from_body(
    operation: OperationModel, payload: str | None, members: Mapping[str, Shape], body: bytes
) -> dict[str, Any]:
    if not body:
        return {}
    if payload is not None:
        match members.get(payload):
            case StructureShape() as shape:
                return {payload: _from_document(operation, shape, body)}
            case Shape(type_name="string"):
                return {payload: body.decode("utf-8", "replace")}
            case _:
                return {payload: ""}  # a stream is there, and is not read
    document = _json(body)
    return {
        name: _from_json(shape, document[wire])
        for name, shape in members.items()
        if (wire := shape.serialization.get("name", name)) in document
    }


def _from_document(operation: OperationModel, shape: Shape, body: bytes) -> Any:
    if operation.service_model.metadata["protocol"] == "rest-xml":
        return _from_xml(shape, _xml(body))
    return _from_json(shape, _json(body))


def _json(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body or b"{}")
    except ValueError as error:
        raise MalformedBodyError("the body is not JSON") from error
    if not isinstance(document, dict):
        raise MalformedBodyError("the body is no JSON object")
    return document


def _xml(body: bytes) -> ET.Element:
    try:
        return ET.fromstring(body)  # noqa: S314 - the peer is this machine
    except ET.ParseError as error:
        raise MalformedBodyError("the body is not XML") from error


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
            return dict(_form_entry(shape, inside, place, protocol) for place in _places(inside)) or None
        case _:
            return _scalar(shape, form[key]) if key in form else None


def _places(inside: Mapping[str, str]) -> list[str]:
    """The places of a list's items as they are written: `1`, or `member.1`, or `Tag.1`."""
    places = {match[0] for name in inside if (match := re.match(r"(?:[A-Za-z]+\.)?\d+", name))}
    return sorted(places, key=lambda text: int(text.rpartition(".")[2]))


def _form_entry(shape: MapShape, inside: Mapping[str, str], place: str, protocol: str) -> tuple[str, Any]:
    key, value = (part.serialization.get("name", name) for part, name in ((shape.key, "key"), (shape.value, "value")))
    return inside.get(f"{place}.{key}", ""), _form_value(shape.value, inside, f"{place}.{value}", protocol)


def _scalar(shape: Shape, text: str) -> Any:
    """The value that a text means; a text that means none stays as it is."""
    match shape.type_name:
        case "boolean" if text.lower() in ("true", "false"):
            return text.lower() == "true"
        case "integer" | "long" if re.fullmatch(r"[+-]?\d+", text):
            return int(text)
        case "float" | "double" if re.fullmatch(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", text):
            return float(text)
        case _:
            return text
