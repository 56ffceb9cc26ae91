"""The name under which CloudTrail keeps a person with every call of a borrowed role.

Source: IAM User Guide, "Monitor and control actions taken with assumed roles".
"""

import hashlib
import re

from msgspec import Struct

_FOREIGN = re.compile(r"[^A-Za-z0-9_+,.@-]")
_LEAST, _MOST = 2, 64
_DIGEST = 16


class Behalf(Struct, frozen=True, kw_only=True):
    """On whose behalf a role is borrowed: a person's stable subject, the ticket that entitles to it, the request."""

    subject: str
    ticket: str
    request_id: str


def source_identity(subject: str) -> str:
    """The subject in the characters and length that STS takes; different subjects stay different.

    Any other character becomes `=` and the hexadecimal digits of its UTF-8 bytes: `idp|omar` is `idp=7Comar`. What is
    too long or too short ends with a digest of the whole.
    """
    spelled = _FOREIGN.sub(lambda found: "".join(f"={byte:02X}" for byte in found[0].encode()), subject)
    if _LEAST <= len(spelled) <= _MOST:
        return spelled
    digest = hashlib.sha256(subject.encode()).hexdigest()[:_DIGEST]
    return f"{spelled[: _MOST - _DIGEST - 1]}-{digest}"
