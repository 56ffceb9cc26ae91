"""API calls, as CloudTrail recorded them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strongroom.domain.identifiers import AccountId, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One API call; `role` is the role behind a session, `request` its parameters, `response` what it answered."""

    event_id: str
    account: AccountId
    region: Region
    source: str
    name: str
    caller: str
    caller_type: str
    role: str | None
    invoked_by: str | None
    request: Mapping[str, Any] | None
    response: Mapping[str, Any] | None
    error_code: str | None
    error_message: str | None

    @property
    def action(self) -> str:
        """What was called, as `service:Name`; names alone collide across services."""
        return f"{self.source.removesuffix('.amazonaws.com')}:{self.name}"
