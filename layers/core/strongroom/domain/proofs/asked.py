"""A restore request as far as people decide on it: whose it is, under which rules, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.canonical import digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.risks import worked_out_risks
from strongroom.domain.written import moment_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.proofs.policies import CeremonyPolicy

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


def read_asked(text: str) -> AskedRestore:
    """The request of a canonical text; further keys are allowed, MalformedRecordError for what is not a request."""
    content = read_canonical(text)
    if not isinstance(content, dict):
        raise MalformedRecordError("the request is not a record")
    for name in (*_TEXTS, "policy"):
        text_of(content.get(name), of=name)
    if not isinstance(content.get("metadata"), dict):
        raise MalformedRecordError("metadata is not a record")
    asked = AskedRestore(
        content=content,
        digest=digest_of(text),
        policy=read_policy(content["policy"]),
        approve_before=moment_of(content.get("approve_before"), of="approve_before"),
        act_before=moment_of(content.get("act_before"), of="act_before"),
        tier=text_of(content["tier"], of="tier") if "tier" in content else None,
        risks=worked_out_risks(content),
    )
    if asked.policy.needs_ticket:
        text_of(content.get("ticket"), of="ticket")
    if asked.act_before < asked.approve_before:
        raise MalformedRecordError("act_before lies before approve_before")
    return asked
