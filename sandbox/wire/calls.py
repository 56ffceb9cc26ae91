"""Reading an AWS call off the wire with botocore's service models: which operation, which parameters, which answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import botocore.exceptions
import botocore.parsers
from botocore.model import OperationModel, ServiceModel, StructureShape

from sandbox.clients import service_model
from sandbox.wire.requests import Request
from sandbox.wire.rest import read_rest
from sandbox.wire.values import from_form, from_json, read_json

# Where the signing name is not botocore's own name for the service.
MODELS: Final = {
    "elasticfilesystem": "efs",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "execute-api": None,
}


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
    found = _read(name, model, request)
    return Call(service, model.resolved_protocol, *found) if found else None


def _read(name: str, model: ServiceModel, request: Request) -> tuple[OperationModel, dict[str, Any]] | None:
    protocol = model.resolved_protocol
    if target := request.headers.get("x-amz-target", "").rpartition(".")[2]:
        return _read_json(model, target, request)
    if protocol in ("query", "ec2"):
        form = dict(parse_qsl(request.query, keep_blank_values=True))
        form |= dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        return _read_query(model, form) if "Action" in form else None
    return read_rest(name, request) if protocol.startswith("rest-") else None


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


def _read_json(model: ServiceModel, operation: str, request: Request) -> tuple[OperationModel, dict[str, Any]] | None:
    if operation not in model.operation_names:
        return None
    found = model.operation_model(operation)
    return found, from_json(found.input_shape, read_json(request.body))


def _read_query(model: ServiceModel, form: Mapping[str, str]) -> tuple[OperationModel, dict[str, Any]] | None:
    if form["Action"] not in model.operation_names:
        return None
    operation = model.operation_model(form["Action"])
    shape = operation.input_shape
    return operation, from_form(shape, form, "", model.resolved_protocol) if shape else {}
