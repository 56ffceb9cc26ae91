"""A login on the page: for one statement, in one browser, which holds a secret that is nobody else's.

Whoever only has an address out of the flow, or the code in it, has nothing: both follow from the secret, and not back
(RFC 9700, section 2.1.1; RFC 7636).
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.written import base64url

if TYPE_CHECKING:
    from strongroom.domain.restores.drafts import Link

SECRET_BYTES: Final = 32
NO_LOGIN: Final = (
    "no login began in this browser, or it began more than five minutes ago: nothing was signed. If somebody sent you "
    "here, tell security; if not, begin again on the page of the request"
)
_FORM: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_STATE: Final = "strongroom-state/1\n"
_VERIFIER: Final = "strongroom-verifier/1\n"


class Login(Struct, frozen=True, kw_only=True):
    """What a login is for: a statement about a request, which `link` led to."""

    request_id: str
    statement: str
    link: Link


class BrowserSecret(Struct, frozen=True):
    """256 bits in base64url, which the browser keeps in a cookie; NotAuthenticatedError for a text of another form."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what was never handed out."""
        if _FORM.fullmatch(self.text) is None:
            raise NotAuthenticatedError(NO_LOGIN)

    def __repr__(self) -> str:
        """Without the secret."""
        return "BrowserSecret()"

    @property
    def digest(self) -> str:
        """What may be kept of it, in hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def state(self) -> str:
        """What the identity provider sends back with the browser."""
        return _derived(_STATE + self.text)

    @property
    def verifier(self) -> str:
        """What the code is exchanged with (RFC 7636, section 4.1)."""
        return _derived(_VERIFIER + self.text)

    @property
    def challenge(self) -> str:
        """What the identity provider is told of the verifier (RFC 7636, section 4.2)."""
        return _derived(self.verifier)


def _derived(text: str) -> str:
    return base64url(hashlib.sha256(text.encode()).digest())
