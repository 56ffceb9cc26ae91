"""REST on the wire: which operation an address means, and what stands in address, headers and body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, unquote

from botocore.model import ListShape, OperationModel, Shape, StructureShape

from sandbox.clients import service_model
from sandbox.wire.requests import Request
from sandbox.wire.values import from_json, from_xml, read_json, read_xml, scalar

# The ids of organisation plans have slashes inside, too.
_HAS_SLASHES: Final = re.compile(r"(?i:arn)$|^backupPlanId$")


def read_rest(name: str, request: Request) -> tuple[OperationModel, dict[str, Any]] | None:
    """The operation of a service that a request means, with its parameters; None where none has this address."""
    query = parse_qs(request.query, keep_blank_values=True)
    path = request.raw_path or "/"
    meant = [route for route in _routes(name) if route.is_meant_by(request, path, query)]
    if not meant:
        return None
    route = max(meant, key=lambda each: each.rank(request, query))
    operation = service_model(name).operation_model(route.operation)
    return operation, _from_rest(operation, route.texts_in(path), query, request)


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    method: str
    pattern: re.Pattern[str]
    members: Mapping[str, str]
    needs: Mapping[str, str]
    wants: frozenset[str]
    literals: int
    is_out_of_use: bool

    def is_meant_by(self, request: Request, path: str, query: Mapping[str, list[str]]) -> bool:
        if self.method != request.method or not self.pattern.fullmatch(path):
            return False
        return all(name in query and query[name][0] == value for name, value in self.needs.items())

    def rank(self, request: Request, query: Mapping[str, list[str]]) -> tuple[int, int, int, bool]:
        """The most particular address wins, then the operation whose required parameters are all there.

        Of two at one address the one counts that is not out of use, as S3's PutBucketLifecycleConfiguration.
        """
        is_complete = self.wants <= {name.lower() for name in (*query, *request.headers)}
        wants = len(self.wants) if is_complete else -len(self.wants)
        return len(self.needs), self.literals, wants, not self.is_out_of_use

    def texts_in(self, path: str) -> dict[str, str]:
        """What stands in the address, by the members' names there."""
        found = self.pattern.fullmatch(path)
        return {self.members[group]: unquote(text) for group, text in found.groupdict().items()} if found else {}


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
        operation.deprecated,
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
                [scalar(member.member, each) for each in texts]
                if isinstance(member, ListShape)
                else (scalar(member, texts[0]))
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
    document = read_json(body)
    return {
        name: from_json(shape, document[wire])
        for name, shape in members.items()
        if (wire := shape.serialization.get("name", name)) in document
    }


def _from_document(operation: OperationModel, shape: Shape, body: bytes) -> Any:
    if operation.service_model.resolved_protocol == "rest-xml":
        return from_xml(shape, read_xml(body))
    return from_json(shape, read_json(body))
