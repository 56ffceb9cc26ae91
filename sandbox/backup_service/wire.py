"""The wire: requests and answers of AWS Backup by botocore's own model of the service (rest-json)."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final
from urllib.parse import urlencode

from botocore.model import ServiceModel
from botocore.utils import parse_timestamp

from sandbox.backup_service.errors import (
    BackupServiceError,
    InvalidParameterValueException,
    MissingParameterValueException,
    SerializationException,
    UnknownOperationException,
)
from sandbox.backup_service.surroundings import Document
from sandbox.clients import service_model
from sandbox.model.constraints import Kind, violations
from sandbox.wire.calls import Call, read_call
from sandbox.wire.requests import MalformedBodyError, Request

type Answer = tuple[int, dict[str, str], bytes]

_SERVICE: Final = "backup"
_JSON: Final = {"content-type": "application/json"}


def _model() -> ServiceModel:
    return service_model(_SERVICE)


def read_request(method: str, path: str, body: bytes, query: Mapping[str, Any]) -> tuple[str, Document]:
    """The operation that a request means, and its parameters under their API names, as the model wants them."""
    try:
        call = read_call(_SERVICE, Request(method, path, urlencode(query, doseq=True), {}, body))
    except MalformedBodyError as error:
        raise SerializationException(str(error)) from error
    if call is None:
        raise UnknownOperationException(f"No operation of AWS Backup answers {method} {path}")
    _ensure_valid(call)
    parameters: Document = _typed(call.operation.input_shape, call.parameters)
    return call.operation.name, parameters


def _ensure_valid(call: Call) -> None:
    for found in violations(_SERVICE, call.operation.input_shape, call.parameters):
        match found.kind:
            case Kind.MISSING:
                raise MissingParameterValueException(f"Missing required parameter: {found.path}")
            case Kind.TYPE:
                raise SerializationException(found.sentence)
            case _:
                raise InvalidParameterValueException(found.sentence)


def _typed(shape: Any, value: Any) -> Any:
    """The value with its moments in time; a member that is null was not sent."""
    match shape and shape.type_name:
        case "structure":
            return {name: _typed(shape.members[name], each) for name, each in value.items() if each is not None}
        case "list":
            return [_typed(shape.member, each) for each in value]
        case "map":
            return {key: _typed(shape.value, each) for key, each in value.items()}
        case "timestamp":
            moment = parse_timestamp(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        case _:
            return value


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
