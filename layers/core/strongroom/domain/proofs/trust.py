"""What is known from elsewhere than the evidence: from the reviewed intent and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class Period(Struct, frozen=True):
    """From `since` until just before `until`; a time that is left out bounds nothing."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies within."""
        return (self.since is None or self.since <= moment) and (self.until is None or moment < self.until)


class Periods(Struct, frozen=True):
    """Several periods, of what was taken away and came back."""

    parts: tuple[Period, ...] = ()

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies within one of them."""
        return any(period.holds(moment) for period in self.parts)


class EnrolledKey(Struct, frozen=True, kw_only=True):
    """A passkey as it was enrolled: whose it is, and its SubjectPublicKeyInfo in DER."""

    subject: str
    public_key: bytes
    period: Period = field(default_factory=Period)


class ProofTrust(Struct, frozen=True, kw_only=True):
    """Whose proofs are believed: passkeys by id, the identity provider's keys by thumbprint (RFC 7638), both in time.

    `rp_id` and `origins` are of the pages on which passkeys sign.
    """

    rp_id: str
    origins: tuple[str, ...]
    passkeys: Mapping[str, EnrolledKey]
    issuer_keys: Mapping[str, Period | Periods]
