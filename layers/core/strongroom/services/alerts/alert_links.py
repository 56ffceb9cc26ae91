"""Make the links of alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.alerts.links import address_of, new_link

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.ports.alerts import LinkKey


class AlertLinks(Struct, frozen=True, kw_only=True):
    """The links to alerts on the API at the address, signed with the key."""

    key: LinkKey
    api_url: str

    def to(self, fingerprint: str, *, version: int, now: datetime) -> str:
        """The address by which the alert can be looked after, as it is told now."""
        return address_of(new_link(fingerprint, version=version, now=now), api_url=self.api_url, key=self.key.made())
