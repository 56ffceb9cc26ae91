"""The front door of AWS: a call that breaks its service's model goes no further, and answers keep to the model."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from sandbox.clients import service_model
from sandbox.model import answers, pages, refusals
from sandbox.model.constraints import violations
from sandbox.model.rules import broken_rule
from sandbox.web.exchange import App, Receive, Reply, Scope, Send, read_body, replay
from sandbox.wire.calls import Call, model_name, read_call
from sandbox.wire.requests import MalformedBodyError, Request, Signature, headers_of, signature_of

# AWS Backup is ours, and holds a call to its model itself after IAM has let it through.
_OWN: Final = "backup"
# Signed as S3, with a model of its own, which MiniStack answers in part.
_CONTROL_OF_S3: Final = "/v20180820/"
_REQUEST_IDS: Final = {b"x-amzn-requestid", b"x-amz-request-id"}

# How often each operation of each service (by its signing name) was called since this sandbox began.
called: Final[Counter[tuple[str, str]]] = Counter()


class RefusedCallError(Exception):
    """The call was not passed on because it breaks its model; `reply` says so in the service's words."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body.decode())
        self.reply = reply


def held_to_the_model(aws: App) -> App:
    """The AWS application behind this door; what is not signed is no call of an AWS service."""
    called.clear()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope) if scope["type"] == "http" else {}
        signature = signature_of(headers)
        if signature is None or _is_of_another_model(signature.service, headers, scope["path"]):
            await aws(scope, receive, send)
            return
        body = await read_body(receive)
        if body is None:
            return
        try:
            call, page = _admit(signature, Request.of(scope, headers, body))
        except RefusedCallError as refused:
            await refused.reply.hand_over(send)
            return
        numbered = _numbered(send)
        reply = Reply(onward=None if call and (page or answers.is_a_document(call)) else numbered)
        await aws(scope, replay(body, receive), reply.send)
        if call and reply.onward is None:
            _keep_to_the_model(call, page, reply)
            await reply.hand_over(numbered)

    return app


def _numbered(send: Send) -> Send:
    """Give an answer its request id where the emulator has forgotten it, as it does where it denies."""

    async def send_numbered(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and not _REQUEST_IDS & {
            name.lower() for name, _ in message["headers"]
        }:
            number = (b"x-amzn-requestid", str(uuid.uuid4()).encode())
            message = {**message, "headers": [*message["headers"], number]}
        await send(message)

    return send_numbered


def _is_of_another_model(service: str, headers: Mapping[str, str], path: str) -> bool:
    """Whether the host is a bucket's, so that the path is not the one of the model, or the path one of S3's control."""
    is_here = headers.get("host", "").startswith(("127.", "localhost"))
    return service == "s3" and (not is_here or path.startswith(_CONTROL_OF_S3))


def _admit(signature: Signature, request: Request) -> tuple[Call | None, pages.Page | None]:
    """The call, if a model knows it, and the page that it asks for; raises RefusedCallError."""
    service = signature.service
    try:
        call = read_call(service, request)
    except MalformedBodyError as error:
        model = service_model(model_name(service) or service)
        raise RefusedCallError(refusals.written(model, refusals.refuse_body(model))) from error
    if call is None:
        return None, None
    called[service, call.operation.name] += 1
    model = call.operation.service_model
    if service == _OWN:
        return call, None
    if found := violations(model.service_name, call.operation.input_shape, call.parameters):
        raise RefusedCallError(refusals.written(model, refusals.refuse(model, found)))
    if broken := broken_rule(call, signature):
        raise RefusedCallError(refusals.written(model, broken))
    try:
        return call, pages.page_of(call)
    except pages.ForeignTokenError as error:
        raise RefusedCallError(refusals.written(model, refusals.refuse_token(model))) from error


def _keep_to_the_model(call: Call, page: pages.Page | None, reply: Reply) -> None:
    if reply.status >= 300:
        return
    body = bytes(reply.body)
    if page is not None:
        body = pages.cut(page, call, body)
    if answers.is_a_document(call):
        body = answers.without_strangers(call, body)
    reply.body = bytearray(body)
