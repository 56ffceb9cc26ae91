"""Requests as API Gateway's proxy integration hands them over, and the bodies that our API takes."""

from typing import Annotated, Literal

import msgspec

from strongroom.domain.restores.requests import RestoreWish

type _Word = Annotated[str, msgspec.Meta(max_length=2048)]
type _Settings = Annotated[dict[_Word, _Word], msgspec.Meta(max_length=50)]


class ProxyEvent(msgspec.Struct, frozen=True, rename="camel"):
    """The proxy integration's event (API Gateway Developer Guide, input format), as far as it is used."""

    resource: str
    http_method: str
    path_parameters: dict[str, str] | None = None
    query_string_parameters: dict[str, str] | None = None
    headers: dict[str, str] | None = None
    body: str | None = None
    is_base64_encoded: bool = False


class RestoreBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /restores takes."""

    account: _Word
    recovery_point: _Word
    target_name: _Word
    ticket: _Word
    reason: _Word
    vault: _Word = ""
    metadata: _Settings = {}

    @property
    def wish(self) -> RestoreWish:
        """What is asked for."""
        return RestoreWish(
            account=self.account,
            recovery_point=self.recovery_point,
            target_name=self.target_name,
            ticket=self.ticket,
            reason=self.reason,
            vault=self.vault,
            metadata=self.metadata,
        )


class VoteBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What POST /restores/{id}/votes takes."""

    decision: Literal["approve", "deny", "cancel"]
