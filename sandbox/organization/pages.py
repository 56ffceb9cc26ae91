"""Lists as AWS Organizations hands them out: at most twenty a page, and at times an empty page although more follow.

Source: API reference, `MaxResults` (1 to 20) and `NextToken` of every List operation.
"""

import base64
import binascii
import hashlib
import json
from typing import Any, Final

from sandbox.clients import service_model
from sandbox.organization.errors import OrganizationsError, invalid_input

type Payload = dict[str, Any]

MOST: Final = 20


def page_of(operation: str, payload: Payload, answer: Payload) -> Payload:
    """The page of a complete answer that the request asks for; what is no list is answered as it is."""
    key = _list_in(operation)
    if key is None:
        return answer
    size = _size(payload)
    request = _digest(operation, payload)
    start = _start(payload.get("NextToken"), request)
    items = answer.get(key, [])
    # Half of all requests begin with an empty page, always the same ones, so that no test depends on luck.
    is_empty = start is None and bool(items) and int(request[0], 16) % 2 == 0
    begin = start or 0
    end = begin if is_empty else begin + size
    more = {"NextToken": _token(request, end)} if end < len(items) else {}
    return {**answer, key: items[begin:end], **more}


def _list_in(operation: str) -> str | None:
    model = service_model("organizations")
    if operation not in model.operation_names:
        return None
    shape = model.operation_model(operation).output_shape
    if shape is None or "NextToken" not in shape.members:
        return None
    return next(name for name, member in shape.members.items() if member.type_name == "list")


def _size(payload: Payload) -> int:
    wanted = payload.get("MaxResults", MOST)
    if wanted < 1:
        raise invalid_input("You provided a numeric parameter that is too small.", "MIN_VALUE_EXCEEDED")
    if wanted > MOST:
        raise invalid_input("You provided a numeric parameter that is too large.", "MAX_VALUE_EXCEEDED")
    return int(wanted)


def _digest(operation: str, payload: Payload) -> str:
    asked = {name: value for name, value in payload.items() if name not in ("MaxResults", "NextToken")}
    return hashlib.sha256(json.dumps([operation, asked], sort_keys=True).encode()).hexdigest()


def _token(request: str, start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([request, start]).encode()).decode()


def _start(token: str | None, request: str) -> int | None:
    if token is None:
        return None
    try:
        asked, start = json.loads(base64.urlsafe_b64decode(token))
    except (binascii.Error, TypeError, ValueError) as error:
        raise _foreign_token() from error
    if asked != request:
        raise _foreign_token()
    return int(start)


def _foreign_token() -> OrganizationsError:
    return invalid_input("The provided pagination token is invalid.", "INVALID_PAGINATION_TOKEN")
