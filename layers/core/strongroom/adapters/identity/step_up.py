"""Fresh logins at the OpenID Connect issuer, as proofs of presence (OpenID Connect Core 1.0, section 3.1.2)."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from strongroom.adapters.identity.oidc import IdentityTokens
from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.restores.presence import PresenceClaims

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.adapters.identity.oidc import Http
    from strongroom.domain.intent.ceremony import IdentityProvider

ACTIONS: tuple[str, ...] = ()


class StepUpLogin:
    """A login that shows that the person is there now: authorization code flow, PKCE, nonce, no old session."""

    def __init__(
        self,
        provider: IdentityProvider,
        *,
        redirect_uri: str,
        methods: tuple[str, ...],
        secret: Callable[[], str],
        http: Http,
    ) -> None:
        """`secret` gives the confidential client's secret, asked for only when a code is exchanged."""
        self._provider = provider
        self._redirect_uri = redirect_uri
        self._methods = methods
        self._secret = secret
        self._http = http
        self._tokens = IdentityTokens(provider, http=http)

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the person's browser."""
        query = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "max_age": "0",
            "prompt": "login",
            "acr_values": " ".join(self._methods),
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._tokens.endpoints['authorization_endpoint']}?{urlencode(query)}"

    def claims(self, *, code: str, verifier: str) -> PresenceClaims:
        """What the login's code stands for; NotAuthenticatedError when it stands for nothing."""
        answer = self._http.post(
            self._tokens.endpoints["token_endpoint"],
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._redirect_uri,
                "client_id": self._provider.client_id,
                "client_secret": self._secret(),
                "code_verifier": verifier,
            },
        )
        if not isinstance(answer, dict) or not isinstance(answer.get("id_token"), str):
            raise NotAuthenticatedError("the identity provider gave no identity token")
        found = self._tokens.claims_of(answer["id_token"], audience=self._provider.client_id)
        return PresenceClaims(
            subject=str(found["sub"]),
            nonce=str(found.get("nonce", "")),
            authenticated_at=_moment(found.get("auth_time")),
            methods=_methods(found.get("amr")),
        )


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _moment(claim: Any) -> datetime | None:
    is_number = isinstance(claim, int | float) and not isinstance(claim, bool)
    return datetime.fromtimestamp(claim, UTC) if is_number else None


def _methods(claim: Any) -> tuple[str, ...]:
    return tuple(each for each in claim if isinstance(each, str)) if isinstance(claim, list) else ()
