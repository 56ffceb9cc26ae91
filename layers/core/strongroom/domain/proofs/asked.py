"""A restore request as far as people decide on it: whose it is, under which rules, and until when."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.risks import AFTER, worked_out_risks
from strongroom.domain.written import moment_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.proofs.policies import CeremonyPolicy

# For so long after a restore what follows it needs no ticket of its own.
WITHOUT_TICKET: Final = timedelta(days=7)
_ID: Final = re.compile(r"r-[a-z0-9]+")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_TEXTS: Final = ("account", "id", "plan", "reason", "recovery_point", "requester", "role", "target_name")


class AskedRestore(Struct, frozen=True, kw_only=True):
    """What was asked for: `content` is the whole request, `digest` the SHA-256 of its canonical text.

    `risks` are worked out. Where they, or the `tier`, are not known, None, every rule counts.
    """

    content: Mapping[str, Any]
    digest: str
    policy: CeremonyPolicy
    approve_before: datetime
    act_before: datetime
    tier: str | None
    risks: tuple[str, ...] | None

    @property
    def id(self) -> str:
        """The request's id."""
        return str(self.content["id"])

    @property
    def requester(self) -> str:
        """The subject of whoever asks."""
        return str(self.content["requester"])

    @property
    def needs_ticket(self) -> bool:
        """Whether a ticket must entitle to it: by its rules, where it does not follow a restore of the last days."""
        return self.policy.needs_ticket and not follows_lately(self.content)


def read_asked(text: str) -> AskedRestore:
    """The request of a canonical text; further keys are allowed, MalformedRecordError for what is not a request."""
    content = read_canonical(text)
    if not isinstance(content, dict):
        raise MalformedRecordError("the request is not a record")
    for name in (*_TEXTS, "policy"):
        text_of(content.get(name), of=name)
    if not isinstance(content.get("metadata"), dict):
        raise MalformedRecordError("metadata is not a record")
    _check_following(content)
    asked = AskedRestore(
        content=content,
        digest=digest_of(text),
        policy=read_policy(content["policy"]),
        approve_before=moment_of(content.get("approve_before"), of="approve_before"),
        act_before=moment_of(content.get("act_before"), of="act_before"),
        tier=text_of(content["tier"], of="tier") if "tier" in content else None,
        risks=worked_out_risks(content),
    )
    if asked.needs_ticket:
        text_of(content.get("ticket"), of="ticket")
    if asked.act_before < asked.approve_before:
        raise MalformedRecordError("act_before lies before approve_before")
    return asked


def _check_following(content: Mapping[str, Any]) -> None:
    """Pass where the request does not follow a restore, or names that and what it acts on; MalformedRecordError."""
    if content.get("kind") != AFTER:
        return
    for name in ("call", "resource"):
        text_of(content.get(name), of=name)
    if not _ID.fullmatch(text_of(content.get("of"), of="of")):
        raise MalformedRecordError("of is not the id of a restore")
    if not _DIGEST.fullmatch(text_of(content.get("of_closed"), of="of_closed")):
        raise MalformedRecordError("of_closed is not the hash of an entry")
    if content["plan"] != "local":
        raise MalformedRecordError("nothing is copied for what follows a restore")
    if "incident" in content:
        raise MalformedRecordError("nothing that follows a restore is urgent")
    if moment_of(content.get("requested_at"), of="requested_at") < restored_at(content):
        raise MalformedRecordError("it was asked for before the restore that it follows")


def restored_at(content: Mapping[str, Any]) -> datetime:
    """When what the request follows was restored."""
    return moment_of(content.get("of_restored_at"), of="of_restored_at")


def follows_lately(content: Mapping[str, Any]) -> bool:
    """Whether it follows a restore closely enough that it needs no ticket; one that names a ticket is held to it."""
    if content.get("kind") != AFTER or "ticket" in content:
        return False
    return is_lately(content, moment_of(content.get("requested_at"), of="requested_at"))


def is_lately(content: Mapping[str, Any], moment: datetime) -> bool:
    """Whether that moment lies within the time for which what follows a restore needs no ticket."""
    return moment - restored_at(content) <= WITHOUT_TICKET
