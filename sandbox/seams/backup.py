"""Every private touch of MiniStack that the AWS Backup service needs; pinned by `tests/contract/seams/test_backup.py`.

MiniStack reads its environment when it is imported, hence each import inside a function.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlencode

import botocore.parsers
import botocore.serialize
from botocore.model import OperationModel

from sandbox.clients import service_model
from sandbox.seams import host as seams


class InternalCallError(Exception):
    """A call to another service failed because that service refused it; `code` is the service's error code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


@dataclass(frozen=True, slots=True)
class PolicyQuestion:
    """May this principal do this action on this resource, by the resource's own policy?"""

    document: str
    action: str
    resource_arn: str
    principal_arn: str
    principal_account: str
    region: str
    principal_keys: Mapping[str, Any] = field(default_factory=dict)
    request_keys: Mapping[str, Any] = field(default_factory=dict)
    service: str | None = None


# Who answers a service, where that has another name than botocore's.
_MODULES: Final = {"docdb": "documentdb", "timestream-write": "timestream"}


async def call(service: str, operation: str, parameters: dict[str, Any], account: str, region: str) -> dict[str, Any]:
    """Answer an AWS operation from MiniStack's own handler, as AWS's services do among themselves (no IAM check)."""
    model = service_model(service).operation_model(operation)
    method, path, headers, body, query = _serialize(model, parameters)
    with seams.request_scope(account, region):
        handler: Any = seams.handler_of(_MODULES.get(service, service))
        # S3 alone checks permission inside its handler, and lets other services in by this word.
        is_storage = service == "s3"
        trusted = {"internal": True} if is_storage else {}
        # A server decodes a path before its handler sees it; S3's reads it as it was written.
        path = path if is_storage else unquote(path)
        status, answer_headers, answer_body = await handler(method, path, headers, body, query, **trusted)
    return _parse(model, status, answer_headers, answer_body)


def _serialize(model: OperationModel, parameters: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes, Any]:
    protocol = model.service_model.resolved_protocol
    request: Any = botocore.serialize.create_serializer(protocol, include_validation=False).serialize_to_request(
        parameters, model
    )
    headers = {str(key).lower(): str(value) for key, value in request["headers"].items()}
    body = request["body"]
    if isinstance(body, dict):
        headers["content-type"] = "application/x-www-form-urlencoded"
        body = urlencode(body)
    if isinstance(body, str):
        body = body.encode()
    path, _, path_query = request["url_path"].partition("?")
    query = parse_qs(path_query, keep_blank_values=True)
    given = request["query_string"]
    for key, value in given.items() if isinstance(given, dict) else []:
        query[key] = [str(each) for each in value] if isinstance(value, list) else [str(value)]
    return request["method"], path, headers, bytes(body or b""), query


def _parse(model: OperationModel, status: int, headers: dict[str, Any], body: Any) -> dict[str, Any]:
    protocol = model.service_model.resolved_protocol
    shape: Any = model.output_shape
    content = body.encode() if isinstance(body, str) else body
    if model.has_streaming_output and status < 300:
        content = io.BytesIO(content)
    response = {"status_code": status, "headers": {str(key).lower(): value for key, value in headers.items()}}
    parsed: dict[str, Any] = botocore.parsers.create_parser(protocol).parse({**response, "body": content}, shape)
    if status >= 300:
        error = parsed.get("Error", {})
        raise InternalCallError(str(error.get("Code", status)), str(error.get("Message", "")))
    parsed.pop("ResponseMetadata", None)
    return parsed


def caller_arn() -> str:
    """The principal whose request is being answered."""
    from ministack.core import iam_evaluator

    return str(iam_evaluator.caller_arn())


def decide_by_resource_policy(question: PolicyQuestion) -> str:
    """`Allow`, `Deny` or `ImplicitDeny`: what a resource policy says to a principal, or to a service."""
    from ministack.core import iam_evaluator

    context = iam_evaluator.EvalContext(
        principal_arn=question.principal_arn,
        principal_type="Service" if question.service else "AssumedRole",
        principal_account=question.principal_account,
        action=question.action,
        resource_arn=question.resource_arn,
        region=question.region,
        service_context={key.lower(): value for key, value in question.request_keys.items()},
        principal_keys={key.lower(): value for key, value in question.principal_keys.items()},
    )
    result = iam_evaluator.evaluate_resource_policy(question.document, context, service=question.service)
    return str(result.decision)
