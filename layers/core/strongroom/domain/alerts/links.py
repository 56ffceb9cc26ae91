"""Signed links: whoever holds one may look after the alert that it names, in the version that was told with it."""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.acknowledging import parse_fingerprint
from strongroom.domain.errors import MalformedRequestError, PermissionRefusedError

LINK_LASTS: Final = timedelta(days=7)
KEY_LENGTH: Final = 32  # bytes, as many as SHA-256 gives (RFC 2104, section 3)
# What else may ever be signed with the key says another purpose.
_PURPOSE: Final = "strongroom:look-after-alert:1"
_VERSION: Final = r"[1-9][0-9]{0,8}"
_SECONDS: Final = r"[1-9][0-9]{0,10}"
_MAC: Final = r"[0-9a-f]{64}"
_REFUSED: Final = "this link is none of ours, or something is missing of it: take the whole link from the message"


class AlertLink(Struct, frozen=True, kw_only=True):
    """What a link says: which alert, in which version, and until when it may be used, in seconds since 1970."""

    fingerprint: str
    version: int
    until: int

    @property
    def ends_at(self) -> datetime:
        """From when on it is not taken any more."""
        return datetime.fromtimestamp(self.until, UTC)


def new_link(fingerprint: str, *, version: int, now: datetime) -> AlertLink:
    """A link to the alert as it is told now."""
    return AlertLink(fingerprint=fingerprint, version=version, until=int((now + LINK_LASTS).timestamp()))


def address_of(link: AlertLink, *, api_url: str, key: bytes) -> str:
    """The link's address; all of it is signed but where the API is."""
    query = f"version={link.version}&until={link.until}&mac={mac_of(link, key=key)}"  # nothing to escape in any
    return f"{api_url.rstrip('/')}/alerts/{link.fingerprint}/link?{query}"


def read_link(fingerprint: str, query: Mapping[str, str], *, key: bytes | None, now: datetime) -> AlertLink:
    """The link of an address; of what else stands in its query nothing is read. Without a key none was ever given.

    MalformedRequestError where it is not spelled as we spell it. PermissionRefusedError where it is not signed by us,
    or its time is over.
    """
    version, until, mac = (query.get(name, "") for name in ("version", "until", "mac"))
    if not (re.fullmatch(_VERSION, version) and re.fullmatch(_SECONDS, until) and re.fullmatch(_MAC, mac)):
        raise MalformedRequestError(_REFUSED)
    link = AlertLink(fingerprint=parse_fingerprint(fingerprint), version=int(version), until=int(until))
    if key is None or not hmac.compare_digest(mac_of(link, key=key), mac):
        raise PermissionRefusedError(_REFUSED)
    if now >= link.ends_at:
        raise PermissionRefusedError(
            f"this link was good until {link.ends_at:%Y-%m-%d %H:%M} UTC, and marks nothing any more: "
            "use `strongroom alerts acknowledge`, or the button in Slack"
        )
    return link


def mac_of(link: AlertLink, *, key: bytes) -> str:
    """The HMAC-SHA-256 (RFC 2104) of purpose, fingerprint, version and end, a line each, in 64 hexadecimal digits."""
    text = "\n".join((_PURPOSE, link.fingerprint, str(link.version), str(link.until)))
    return hmac.digest(key, text.encode(), "sha256").hex()
