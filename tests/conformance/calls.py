"""Calls as they go over the wire, right or wrong, and what comes back, unread."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from botocore.model import OperationModel, Shape
from botocore.serialize import create_serializer

from sandbox.settings import HOME_REGION
from tests.conformance.inputs import Input, has_body
from tests.conformance.places import account_of


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """A connection to the front door."""

    connection: HTTPConnection

    def send(self, call: Input) -> Raw:
        """Make the call as the root of its account."""
        method, path, headers, body = written(call)
        service = call.operation.model.service_model.signing_name
        scope = f"{account_of(call.operation.service)}/20260901/{HOME_REGION}/{service}/aws4_request"
        signed = {**headers, "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
        self.connection.request(method, path, body, signed)
        answer = self.connection.getresponse()
        return Raw(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """An open line to the sandbox on a port of this machine."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        yield Line(connection)


def written(call: Input) -> tuple[str, str, dict[str, str], bytes]:
    """Method, address, headers and body of a call."""
    model = call.operation.model
    in_json = "json" in call.operation.protocol
    request: Any = create_serializer(call.operation.protocol, include_validation=False).serialize_to_request(
        _without_body(call) if in_json else call.parameters, model
    )
    query = urlencode(request["query_string"], doseq=True) if request["query_string"] else ""
    path = request["url_path"] + ("&" if "?" in request["url_path"] and query else "?" if query else "") + query
    # The length is the body's, whatever the model lets a caller claim.
    headers = {str(name): str(value) for name, value in request["headers"].items() if name != "Content-Length"}
    body = call.body if call.body is not None else _document(call) if in_json else request["body"]
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
    return request["method"], path, headers, body.encode() if isinstance(body, str) else bytes(body or b"")


def _without_body(call: Input) -> dict[str, Any]:
    """What goes into address and headers; the serializer of the client would choke on wrong types in a body."""
    members = call.operation.model.input_shape.members if call.operation.model.input_shape else {}
    return {name: each for name, each in call.parameters.items() if "location" in members[name].serialization}


def _document(call: Input) -> bytes:
    model: OperationModel = call.operation.model
    if not has_body(call.operation) or model.input_shape is None:
        return b""
    members = model.input_shape.members
    inside = {name: each for name, each in call.parameters.items() if "location" not in members[name].serialization}
    return json.dumps(_wire(model.input_shape, inside)).encode()


def _wire(shape: Shape, value: Any) -> Any:
    """The value under the names of the wire; one of another type goes as it is."""
    match shape.type_name, value:
        case "structure", dict():
            members = shape.members  # type: ignore[attr-defined]
            return {
                members[name].serialization.get("name", name): _wire(members[name], each)
                for name, each in value.items()
            }
        case "list", list():
            return [_wire(shape.member, each) for each in value]  # type: ignore[attr-defined]
        case "map", dict():
            return {key: _wire(shape.value, each) for key, each in value.items()}  # type: ignore[attr-defined]
        case "blob", bytes():
            return base64.b64encode(value).decode()
        case "timestamp", datetime():
            return value.timestamp()
        case _:
            return value
