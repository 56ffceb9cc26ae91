"""How each service refuses a call that breaks its model: its code, its words, its envelope."""

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from botocore.model import ServiceModel

from sandbox.model.constraints import Kind, Violation
from sandbox.web.exchange import Reply


@dataclass(frozen=True, slots=True)
class Codes:
    """The error codes of one service for what breaks its model."""

    missing: str
    invalid: str
    malformed: str
    wrong_type: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the caller reads."""

    code: str
    message: str
    reason: str | None = None


_JSON: Final = Codes("ValidationException", "ValidationException", "SerializationException", "SerializationException")
_QUERY: Final = Codes("ValidationError", "ValidationError", "MalformedInput")
_CODES: Final = {
    "organizations": Codes("InvalidInputException", "InvalidInputException", "SerializationException"),
    "sqs": Codes("MissingParameter", "InvalidParameterValue", "SerializationException", "SerializationException"),
    "rds": Codes("MissingParameter", "InvalidParameterValue", "MalformedInput"),
    "ec2": Codes("MissingParameter", "InvalidParameterValue", "MalformedInput"),
    "s3": Codes("MalformedXML", "InvalidArgument", "MalformedXML"),
    "lambda": Codes("ValidationException", "ValidationException", "InvalidRequestContentException"),
    "efs": Codes("BadRequest", "BadRequest", "BadRequest"),
    "apigateway": Codes("BadRequestException", "BadRequestException", "BadRequestException"),
    "logs": Codes("InvalidParameterException", "InvalidParameterException", "SerializationException"),
    "resourcegroupstaggingapi": Codes(
        "InvalidParameterException", "InvalidParameterException", "SerializationException"
    ),
}
_NOT_THE_SCHEMA: Final = "The XML you provided was not well-formed or did not validate against our published schema"
_TOKEN_CODES: Final = {"kms": "InvalidMarkerException"}
_NOT_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The services that name one parameter where the others count all that is wrong.
_TERSE: Final = {"sqs", "rds", "ec2"}
_ORGANIZATIONS_REASONS: Final = {
    Kind.MISSING: "INPUT_REQUIRED",
    Kind.TYPE: "INVALID_PATTERN",
    Kind.ENUM: "INVALID_ENUM",
    Kind.PATTERN: "INVALID_PATTERN",
    Kind.TOO_SHORT: "MIN_LENGTH_EXCEEDED",
    Kind.TOO_LONG: "MAX_LENGTH_EXCEEDED",
    Kind.TOO_SMALL: "MIN_VALUE_EXCEEDED",
    Kind.TOO_LARGE: "MAX_VALUE_EXCEEDED",
}


def refuse_body(model: ServiceModel) -> Refusal:
    """The refusal of a body that is not what the protocol puts there."""
    is_s3 = model.service_name == "s3"
    return Refusal(_codes(model).malformed, _NOT_THE_SCHEMA if is_s3 else "Could not parse the request body.")


def refuse(model: ServiceModel, found: Sequence[Violation]) -> Refusal:
    """The refusal of a call with at least one violation."""
    service, codes, first = model.service_name, _codes(model), found[0]
    code = _code(codes, first.kind)
    if service == "organizations":
        return Refusal(code, "You specified an invalid value.", _ORGANIZATIONS_REASONS[first.kind])
    if service == "s3" and "." in first.path:
        return refuse_body(model)
    if service in _TERSE and first.kind is Kind.MISSING:
        return Refusal(code, f"The request must contain the parameter {first.member}.")
    counted = "1 validation error" if len(found) == 1 else f"{len(found)} validation errors"
    return Refusal(code, f"{counted} detected: {'; '.join(each.sentence for each in found)}")


def refuse_token(model: ServiceModel) -> Refusal:
    """The refusal of a page's token that the list never gave out."""
    return Refusal(_TOKEN_CODES.get(model.service_name, _codes(model).invalid), "The pagination token is not valid.")


def _codes(model: ServiceModel) -> Codes:
    default = _QUERY if model.resolved_protocol == "query" else _JSON
    return _CODES.get(model.service_name, default)


def _code(codes: Codes, kind: Kind) -> str:
    match kind:
        case Kind.MISSING:
            return codes.missing
        case Kind.TYPE:
            return codes.wrong_type or codes.invalid
        case _:
            return codes.invalid


def written(model: ServiceModel, refusal: Refusal) -> Reply:
    """The refusal as the service's protocol writes it."""
    request_id = str(uuid.uuid4())
    match model.resolved_protocol:
        case "query" | "ec2" | "rest-xml" as protocol:
            content_type, body = "text/xml", _xml(protocol, refusal, request_id)
        case "rest-json":
            content_type, body = "application/json", _json(refusal, {"Type": "User"})
        case _:
            version = model.metadata["jsonVersion"]
            content_type, body = f"application/x-amz-json-{version}", _json(refusal, {"__type": refusal.code})
    headers = {
        "content-type": content_type,
        "x-amzn-requestid": request_id,
        "x-amz-request-id": request_id,
        "x-amzn-errortype": refusal.code,
    }
    if "awsQueryCompatible" in model.metadata:
        headers["x-amzn-query-error"] = f"{refusal.code};Sender"
    return Reply(status=400, headers=headers, body=bytearray(body.encode()))


def _json(refusal: Refusal, more: dict[str, str]) -> str:
    reason = {"Reason": refusal.reason} if refusal.reason else {}
    return json.dumps({**more, "message": refusal.message, **reason})


def _xml(protocol: str, refusal: Refusal, request_id: str) -> str:
    message = escape(_NOT_XML.sub("?", refusal.message))
    code = f"<Code>{refusal.code}</Code><Message>{message}</Message>"
    match protocol:
        case "ec2":
            inside = f"<Errors><Error>{code}</Error></Errors><RequestID>{request_id}</RequestID>"
            body = f"<Response>{inside}</Response>"
        case "rest-xml":
            body = f"<Error>{code}<RequestId>{request_id}</RequestId></Error>"
        case _:
            error = f"<Error><Type>Sender</Type>{code}</Error>"
            body = f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'
