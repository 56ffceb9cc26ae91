"""The wire: requests and answers of AWS Backup by botocore's own model of the service (rest-json)."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape

from sandbox.backup_service.errors import (
    BackupServiceError,
    InvalidParameterValueException,
    MissingParameterValueException,
    UnknownOperationException,
)
from sandbox.backup_service.surroundings import Document

type Answer = tuple[int, dict[str, str], bytes]

_MEMBER = re.compile(r"\{(\w+)\}")
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Route:
    """The address of an operation."""

    method: str
    pattern: re.Pattern[str]
    operation: str
    literals: int


@functools.cache
def _model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("backup")


@functools.cache
def _routes() -> tuple[Route, ...]:
    """Every operation of the service, those with the most literal addresses first."""
    routes = [_route(_model().operation_model(name)) for name in _model().operation_names]
    return tuple(sorted(routes, key=lambda route: route.literals, reverse=True))


def _route(operation: OperationModel) -> Route:
    segments = operation.http["requestUri"].partition("?")[0].strip("/").split("/")
    pattern = "/".join(_MEMBER.sub(_group, segment) for segment in segments)
    literals = sum(1 for segment in segments if not segment.startswith("{"))
    return Route(operation.http["method"], re.compile(f"/{pattern}/?"), operation.name, literals)


def _group(member: re.Match[str]) -> str:
    """ARNs, and the ids of organisation plans, have slashes inside."""
    name = member[1]
    return f"(?P<{name}>{'.+?' if name.endswith('Arn') or name == 'backupPlanId' else '[^/]+'})"


def read_request(method: str, path: str, body: bytes, query: Mapping[str, Any]) -> tuple[str, Document]:
    """The operation that a request means, and its parameters under their API names."""
    for route in _routes():
        found = route.pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            return route.operation, _parameters(route.operation, found.groupdict(), body, query)
    raise UnknownOperationException(f"No operation of AWS Backup answers {method} {path}")


def _parameters(operation: str, places: Mapping[str, str], body: bytes, query: Mapping[str, Any]) -> Document:
    shape: Any = _model().operation_model(operation).input_shape
    if shape is None:
        return {}
    try:
        document = json.loads(body) if body else {}
    except json.JSONDecodeError as error:
        raise InvalidParameterValueException("The request body is not valid JSON") from error
    parameters: Document = {}
    for name, member in shape.members.items():
        raw = _raw(name, member, places, document, query)
        if raw is not None:
            parameters[name] = _read(member, raw)
    missing = [name for name in shape.required_members if parameters.get(name) in (None, "")]
    if missing:
        raise MissingParameterValueException(f"Missing required parameter: {', '.join(missing)}")
    return parameters


def _raw(name: str, member: Shape, places: Mapping[str, str], document: Document, query: Mapping[str, Any]) -> Any:
    wire_name = member.serialization.get("name", name)
    match member.serialization.get("location"):
        case "uri":
            return unquote(places[wire_name])
        case "querystring":
            value = query.get(wire_name)
            return value[0] if isinstance(value, list) and member.type_name != "list" else value
        case _:
            return document.get(wire_name)


def _read(shape: Any, value: Any) -> Any:
    match shape.type_name:
        case "structure":
            members = shape.members.items()
            wire = [(name, member, member.serialization.get("name", name)) for name, member in members]
            return {name: _read(member, value[key]) for name, member, key in wire if value.get(key) is not None}
        case "list":
            return [_read(shape.member, each) for each in value]
        case "map":
            return {str(key): _read(shape.value, each) for key, each in value.items()}
        case _:
            return _read_scalar(shape.type_name, value)


def _read_scalar(type_name: str, value: Any) -> Any:
    try:
        match type_name:
            case "timestamp":
                return _moment(value)
            case "integer" | "long":
                return int(value)
            case "boolean":
                return value if isinstance(value, bool) else str(value).lower() == "true"
            case _:
                return value
    except ValueError as error:
        raise InvalidParameterValueException(f"Invalid value {value!r}") from error


def _moment(value: Any) -> datetime:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    moment = datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_answer(operation: str, document: Document) -> Answer:
    """The answer of an operation; members that the model does not know stay inside."""
    shape = _model().operation_model(operation).output_shape
    if shape is None:
        return 200, dict(_JSON), b""
    return 200, dict(_JSON), json.dumps(_write(shape, document)).encode()


def _write(shape: Any, value: Any) -> Any:
    match shape.type_name:
        case "structure":
            members = shape.members.items()
            wire = [(name, member, member.serialization.get("name", name)) for name, member in members]
            return {key: _write(member, value[name]) for name, member, key in wire if value.get(name) is not None}
        case "list":
            return [_write(shape.member, each) for each in value]
        case "map":
            return {key: _write(shape.value, each) for key, each in value.items()}
        case "timestamp":
            return value.timestamp()
        case _:
            return value


def write_error(error: BackupServiceError) -> Answer:
    """A refusal, as the SDKs read it."""
    body = {"Code": error.code, "Message": str(error), "Type": "Client"}
    return error.status, {**_JSON, "x-amzn-errortype": error.code}, json.dumps(body).encode()
