"""A restore as the API shows it."""

from typing import Any

from strongroom.domain.restores.requests import seal_request
from tests.builders.restores import a_request

API = "https://api.example/v1"
SEALED = seal_request(a_request())
ID = SEALED.request.id
PAGE = f"https://page.example/restores/{ID}?view=abc"
GATES = [
    {"name": "Its ticket allows it", "state": "passed", "text": "OPS-1"},
    {"name": "Approved", "state": "waits", "text": "1 of approvers"},
    {"name": "Restored", "state": "later", "text": ""},
]
PROOF = "a" * 64
STANDING = {"state": "pending", "reason": "", "gates": GATES, "approvals": [], "created": ""}
WISHED: dict[str, Any] = {
    "resource": "arn:r",
    "recovery_point_created_at": "2026-11-23T02:00:00Z",
    "recovery_point": "arn:x",
    "vault": "arn:v",
    "target_name": "db-2",
    "account": "222222222222",
    "plan": "copy-back",
    "ticket": "OPS-1",
    "reason": "why",
}
SHOWN = STANDING | {
    "request_id": ID,
    "mark": SEALED.mark,
    "account_name": "payments",
    "deciders": ["Maria Lindqvist"],
    "time_left": "more than 3 h left, until then",
    "unreached": [],
    "counted": [PROOF],
    "recorded": [],
    "left_behind": None,
    "requester": "idp|omar",
    "consequences": ["It will live under arn:key."],
    "request": WISHED,
}
COPY = {
    "request_id": ID,
    "account": "222222222222",
    "region": "eu-west-1",
    "resource": "arn:r",
    "source": "arn:central",
    "vault": "arn:vault",
    "recovery_point": "arn:copy",
    "owner": "Omar Haddad",
    "state": "open",
    "since": "before",
    "expires_at": "then",
    "gone_by": "later",
    "is_overdue": False,
    "reason": "it is there, EXPIRED",
}
OVER = SHOWN | {"gates": [], "reason": "so it ended"}
