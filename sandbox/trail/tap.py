"""CloudTrail: every changing AWS call becomes an event on the default bus of the account that made it."""

import logging
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams import sts as seams_sts
from sandbox.settings import ORGANIZATIONS_REGION, Settings
from sandbox.trail.notices import notices_after, tags_before
from sandbox.trail.records import (
    GLOBAL_SERVICES,
    error_fields,
    is_recorded,
    request_parameters,
    response_elements,
    within_limits,
)
from sandbox.web.exchange import App, Receive, Reply, Scope, Send, read_body, replay
from sandbox.wire.calls import Call, read_answer, read_call
from sandbox.wire.requests import MalformedBodyError, Request, Signature, headers_of, signature_of

logger = logging.getLogger(__name__)

API_CALL: Final = "AWS API Call via CloudTrail"
BACKUP_PRINCIPAL: Final = "backup.amazonaws.com"


class _Outbox:
    """Publishes in order, a little later, on a thread of its own: the API's answer never waits for it."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="trail")

    def put(self, *event: Any) -> None:
        self._thread.submit(self._publish, time.monotonic() + self._delay, event).add_done_callback(_complain)

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _publish(self, due: float, event: tuple[Any, ...]) -> None:
        time.sleep(max(0.0, due - time.monotonic()))
        seams.publish_aws_event(*event)


_outbox: _Outbox | None = None


def install(settings: Settings) -> None:
    """Begin to record."""
    global _outbox  # noqa: PLW0603 - one trail for one process
    stop()
    _outbox = _Outbox(settings.trail_seconds)


def stop() -> None:
    """Record no more; what has not been published is dropped."""
    global _outbox  # noqa: PLW0603
    if _outbox is not None:
        _outbox.close()
    _outbox = None


def recording(aws: App) -> App:
    """The AWS application, with each changing call put on record after it was answered."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await aws(scope, receive, send)
            return
        headers = headers_of(scope)
        signature = signature_of(headers)
        target = headers.get("x-amz-target", "").rpartition(".")[2]
        if signature is None or not is_recorded(signature.service, target):
            await aws(scope, receive, send)
            return
        body = await read_body(receive)
        if body is None:
            return
        reply, request = Reply(onward=send), Request.of(scope, headers, body)
        before = tags_before(signature, request)
        await aws(scope, replay(body, receive), reply.send)
        client = (scope.get("client") or ("127.0.0.1",))[0]
        _record(signature, request, reply, client)
        for notice in notices_after(before):
            _put(*notice)

    return app


def _record(signature: Signature, request: Request, reply: Reply, client: str) -> None:
    try:
        call = read_call(signature.service, request)
    except MalformedBodyError:
        return
    caller = seams.caller(signature.access_key)
    if call is None or caller is None or _outbox is None or not is_recorded(call.service, call.operation.name):
        return
    answer = read_answer(call, reply.status, reply.headers, bytes(reply.body))
    region = ORGANIZATIONS_REGION if call.service in GLOBAL_SERVICES else signature.region
    detail = {
        "eventVersion": "1.11",
        "userIdentity": _identity(caller),
        **_occasion(call, region),
        "sourceIPAddress": client,
        "userAgent": request.headers.get("user-agent", ""),
        **error_fields(call, answer),
        "requestParameters": request_parameters(call),
        "responseElements": response_elements(call, answer),
        "requestID": reply.headers.get("x-amzn-requestid", str(uuid.uuid4())),
        **_record_tail(caller.account),
    }
    if (told := within_limits(detail)) is not None:
        _outbox.put(f"aws.{call.service}", API_CALL, told, caller.account, region)


def _occasion(call: Call, region: str) -> dict[str, str]:
    return {
        "eventTime": _now(),
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": call.operation.name,
        "awsRegion": region,
    }


def _record_tail(account: str) -> dict[str, Any]:
    return {
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account,
        "eventCategory": "Management",
    }


def _identity(caller: seams.Caller) -> dict[str, Any]:
    kind, _, name = caller.arn.split(":", 5)[5].partition("/")
    common = {"principalId": caller.user_id, "arn": caller.arn, "accountId": caller.account}
    match kind:
        case "assumed-role":
            return {
                "type": "AssumedRole",
                **common,
                "accessKeyId": caller.access_key,
                "sessionContext": _session(caller.account, name.partition("/")[0], caller.user_id)
                | ({"sourceIdentity": person} if (person := seams_sts.source_identity(caller.access_key)) else {}),
            }
        case "user":
            user = name.rpartition("/")[2]
            return {"type": "IAMUser", **common, "accessKeyId": caller.access_key, "userName": user}
        case "federated-user":
            return {"type": "FederatedUser", **common, "accessKeyId": caller.access_key}
        case _:
            return {"type": "Root", **common, "accessKeyId": caller.access_key}


def _session(account: str, role: str, user_id: str) -> dict[str, Any]:
    return {
        "sessionIssuer": {
            "type": "Role",
            "principalId": user_id.partition(":")[0],
            "arn": seams.role_arn(account, role),
            "accountId": account,
            "userName": role,
        },
        "attributes": {"creationDate": _now(), "mfaAuthenticated": "false"},
    }


def record_service_call(
    account: str,
    region: str,
    event_source: str,
    event_name: str,
    request_parameters: Mapping[str, Any] | None,
    response_elements: Mapping[str, Any] | None,
    *,
    role_arn: str | None = None,
    invoked_by: str = BACKUP_PRINCIPAL,
) -> None:
    """Record a call that an AWS service made in an account on a member's behalf, under its role when there is one."""
    detail = {
        "eventVersion": "1.11",
        "userIdentity": _service_identity(account, role_arn, invoked_by),
        "eventTime": _now(),
        "eventSource": event_source,
        "eventName": event_name,
        "awsRegion": region,
        "sourceIPAddress": invoked_by,
        "userAgent": invoked_by,
        "requestParameters": request_parameters,
        "responseElements": response_elements,
        "requestID": str(uuid.uuid4()),
        **_record_tail(account),
    }
    _put("aws." + event_source.partition(".")[0], API_CALL, detail, account, region)


def _service_identity(account: str, role_arn: str | None, invoked_by: str) -> dict[str, Any]:
    if role_arn is None:
        return {"type": "AWSService", "accountId": account, "invokedBy": invoked_by}
    role = role_arn.rpartition("/")[2]
    session = f"arn:aws:sts::{account}:assumed-role/{role}/AWSBackup-{role}"
    return {
        "type": "AssumedRole",
        "principalId": f"AROA{role.upper()[:12]}:AWSBackup-{role}",
        "arn": session,
        "accountId": account,
        "sessionContext": _session(account, role, f"AROA{role.upper()[:12]}:AWSBackup-{role}"),
        "invokedBy": invoked_by,
    }


def _put(*event: Any) -> None:
    if _outbox is not None:
        _outbox.put(*event)


def _complain(future: "Future[None]") -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.error("a trail event was not published", exc_info=error)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
