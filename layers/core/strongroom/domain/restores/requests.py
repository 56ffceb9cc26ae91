"""What is asked for, read word by word, and its canonical form: what people approve is what is executed."""

import base64
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from strongroom.domain.errors import (
    ApprovalVoidError,
    MalformedIdentifierError,
    MalformedRequestError,
    NotFoundError,
)
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.ceremony import ApprovalRule
from strongroom.domain.restores.plans import RestorePlan

_REQUEST_ID = re.compile(r"r-[a-z2-7]{12}")
_REASON_LIMIT = 500
# Controls and the marks that turn the direction of text around: an approver must read what the requester wrote.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_ARN_LIMIT = 1600


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreWish:
    """What the requester typed, nothing of it checked."""

    account: str
    recovery_point: str
    target_name: str
    ticket: str
    reason: str
    vault: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreRequest:
    """What shall be restored, where to, on whose word and under which rules; it never changes.

    `key` says what it will be encrypted with. A copy back is kept for `copy_kept_for`, counted from when the backup was
    made; where none is made that is no time. Requests of before these were said have neither.
    """

    id: str
    requester: str
    account: AccountId
    region: Region
    unit: str
    resource: str
    resource_type: str
    recovery_point: str
    recovery_point_created_at: datetime
    vault: str
    plan: RestorePlan
    target_name: str
    metadata: tuple[tuple[str, str], ...]
    ticket: str
    reason: str
    rules: tuple[ApprovalRule, ...]
    intent_digest: str
    requested_at: datetime
    approval_expires_at: datetime
    execution_expires_after: timedelta
    key: str = ""
    copy_kept_for: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRequest:
    """A request with its canonical text and the SHA-256 of that text: what people approve is what is executed."""

    request: RestoreRequest
    text: str
    digest: str

    @property
    def mark(self) -> str:
        """The digest's first twelve digits: what buttons and messages show."""
        return self.digest[:12]


def make_request_id(random: bytes) -> str:
    """A request's id out of at least eight random bytes."""
    return f"r-{base64.b32encode(random).decode().lower()[:12]}"


def parse_request_id(text: str) -> str:
    """Return `text` as a request's id, or raise NotFoundError: no request has such an id."""
    if _REQUEST_ID.fullmatch(text) is None:
        raise NotFoundError(f"no restore request has the id {text[:40]!r}; ids look like r-abcdefgh2345")
    return text


def parse_recovery_point(text: str) -> Arn:
    """Return `text` as a recovery point's ARN, one line of visible characters; MalformedIdentifierError otherwise."""
    if len(text) > _ARN_LIMIT or not text.isascii() or not text.isprintable() or " " in text:
        raise MalformedIdentifierError(f"{text[:80]!r} is not an ARN")
    return Arn.parse(text)


def parse_reason(text: str) -> str:
    """The reason as people will read it: without unseen characters, one line, not empty, at most 500 characters."""
    letters = unicodedata.normalize("NFC", text)
    seen = "".join(" " if unicodedata.category(each) in _UNSEEN else each for each in letters)
    reason = " ".join(seen.split())
    if not reason or len(reason) > _REASON_LIMIT:
        raise MalformedRequestError(f"the reason must have 1 to {_REASON_LIMIT} characters, not {len(reason)}")
    return reason


def seal_request(request: RestoreRequest) -> SealedRequest:
    """The request in canonical form: sorted keys, NFC, no blanks, and its SHA-256."""
    text = json.dumps(_plain(request), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return SealedRequest(request=request, text=text, digest=digest_of(text))


def open_seal(text: str, *, digest: str) -> SealedRequest:
    """The request of a stored canonical text; ApprovalVoidError when the text is not what the digest was made of."""
    if digest_of(text) != digest:
        raise ApprovalVoidError("the stored request is not the one that people saw: its digest differs")
    return SealedRequest(request=_request(json.loads(text)), text=text, digest=digest)


def digest_of(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(request: RestoreRequest) -> dict[str, Any]:
    return {each.name: _plain_value(getattr(request, each.name)) for each in fields(request)}


def _plain_value(value: Any) -> Any:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case timedelta():
            return int(value.total_seconds())
        case ApprovalRule():
            place = {"unit": value.unit} if value.account is None else {"account": value.account}
            return place | {"group": value.group, "needed": value.needed}
        case tuple():
            return [_plain_value(each) for each in value]
        case _:
            raise TypeError(f"a restore request holds no {type(value).__name__}")


def _request(plain: dict[str, Any]) -> RestoreRequest:
    moments = ("recovery_point_created_at", "requested_at", "approval_expires_at")
    return RestoreRequest(
        **plain
        | {name: datetime.fromisoformat(plain[name]) for name in moments}
        | {
            "plan": RestorePlan(plain["plan"]),
            "metadata": tuple((name, value) for name, value in plain["metadata"]),
            "rules": tuple(ApprovalRule(**rule) for rule in plain["rules"]),
            "execution_expires_after": timedelta(seconds=plain["execution_expires_after"]),
            "copy_kept_for": timedelta(seconds=plain.get("copy_kept_for", 0)),
        }
    )
