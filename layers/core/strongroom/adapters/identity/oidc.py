"""The OpenID Connect issuer: who a bearer token stands for, and fresh logins as proofs of presence.

OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; signatures and claims are checked by PyJWT.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from strongroom.domain.errors import NotAuthenticatedError, TemporarilyUnavailableError
from strongroom.domain.restores.presence import PresenceClaims

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.domain.intent.model import IdentityProvider

ACTIONS: tuple[str, ...] = ()

_ALGORITHMS = ("RS256", "ES256")
_TIMEOUT_SECONDS = 5.0
_LEEWAY_SECONDS = 30


class Http(Protocol):
    """The two calls that an issuer is asked with."""

    def get(self, url: str) -> Any:
        """The JSON behind the address."""

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        """The JSON that answers the form; NotAuthenticatedError when it is refused."""


class Web:
    """HTTP as it is."""

    def get(self, url: str) -> Any:
        """The JSON behind the address."""
        status, content = self._request("GET", url)
        if status != 200:
            raise TemporarilyUnavailableError(f"the identity provider answered with status {status}")
        return content

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        """The JSON that answers the form; NotAuthenticatedError when it is refused."""
        status, content = self._request("POST", url, body=urlencode(form))
        if status >= 500:
            raise TemporarilyUnavailableError(f"the identity provider answered with status {status}")
        if status != 200:
            raise NotAuthenticatedError("the identity provider does not accept the login")
        return content

    def _request(self, method: str, url: str, *, body: str | None = None) -> tuple[int, Any]:
        import urllib3

        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            answer = urllib3.request(
                method, url, body=body, headers=headers, timeout=_TIMEOUT_SECONDS, retries=1, redirect=False
            )
            return answer.status, answer.json() if answer.data else None
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            name = type(error).__name__
            raise TemporarilyUnavailableError(f"the identity provider cannot be reached: {name}") from None


class IdentityTokens:
    """ID tokens of one issuer."""

    def __init__(self, provider: IdentityProvider, *, http: Http) -> None:
        """`http` is how the issuer is asked."""
        self._provider = provider
        self._http = http

    def subject_of(self, token: str) -> str:
        """The subject that a bearer token of the command line stands for; NotAuthenticatedError when it is not good."""
        return str(self.claims_of(token, audience=self._provider.cli_client_id)["sub"])

    def claims_of(self, token: str, *, audience: str) -> dict[str, Any]:
        """The claims of a token whose signature, issuer, audience and expiry are right."""
        import jwt

        try:
            key = self._signing_key(jwt.get_unverified_header(token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(_ALGORITHMS),
                audience=audience,
                issuer=self._provider.issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise NotAuthenticatedError(f"the identity token is not good: {type(error).__name__}") from None
        if claims["aud"] not in (audience, [audience]) and claims.get("azp") != audience:
            raise NotAuthenticatedError("the identity token was made for somebody else as well")
        return claims

    @cached_property
    def endpoints(self) -> dict[str, str]:
        """The issuer's own description of itself; NotAuthenticatedError when it describes another issuer."""
        found: dict[str, str] = self._http.get(f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._provider.issuer:
            raise NotAuthenticatedError("the identity provider describes another issuer than the intended one")
        return found

    def _signing_key(self, key_id: Any) -> Any:
        import jwt

        # Asked for anew each time: a ceremony is rare, and a key that was withdrawn must be out at once.
        keys = jwt.PyJWKSet.from_dict(self._http.get(self.endpoints["jwks_uri"])).keys
        found = [key for key in keys if key.key_id == key_id]
        if len(found) != 1:
            raise jwt.InvalidKeyError("the token names no key of the issuer")
        return found[0]


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
