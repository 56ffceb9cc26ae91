"""The OpenID Connect issuer: who a bearer token stands for.

OpenID Connect Core 1.0, section 3.1.3; signatures and claims are checked by PyJWT.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from strongroom.domain.errors import MalformedRecordError, NotAuthenticatedError, TemporarilyUnavailableError
from strongroom.domain.evidence.issuer_keys import IssuerDocuments
from strongroom.domain.proofs.id_tokens import bare_key, thumbprint_of
from strongroom.domain.proofs.trust import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jwt

    from strongroom.domain.intent.ceremony import IdentityProvider

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
        from urllib.parse import urlencode

        status, content = self._request("POST", url, body=urlencode(form))
        if status >= 500:
            raise TemporarilyUnavailableError(f"the identity provider answered with status {status}")
        if status != 200:
            raise NotAuthenticatedError("the identity provider does not accept the login")
        return content

    def _request(self, method: str, url: str, *, body: str | None = None) -> tuple[int, Any]:
        from urllib.parse import urlsplit

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
            told = "does not answer as it should" if isinstance(error, ValueError) else "cannot be reached"
            raise TemporarilyUnavailableError(f"the identity provider {told}: {urlsplit(url).netloc}") from None


class PublishedDocuments:
    """What an issuer publishes of itself, as it is."""

    def __init__(self, issuer: str, *, http: Http) -> None:
        """`issuer` is its address, `http` how it is asked."""
        self._issuer = issuer
        self._http = http

    def documents(self) -> IssuerDocuments:
        """Its description and its keys; NotAuthenticatedError when it describes another issuer."""
        described = described_issuer(self._issuer, http=self._http)
        return IssuerDocuments(configuration=described, keys=self._http.get(described["jwks_uri"]))


def described_issuer(issuer: str, *, http: Http) -> dict[str, Any]:
    """The issuer's own description of itself; NotAuthenticatedError when it describes another issuer, or nothing."""
    found = http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(found, dict) or found.get("issuer") != issuer:
        raise NotAuthenticatedError("the identity provider describes another issuer than the intended one")
    return found


class IdentityTokens:
    """ID tokens of one issuer."""

    def __init__(self, provider: IdentityProvider, *, http: Http) -> None:
        """`http` is how the issuer is asked."""
        self._provider = provider
        self._http = http

    def subject_of(self, token: str) -> str:
        """The subject that a bearer token of the command line stands for; NotAuthenticatedError when it is not good.

        By the claim that the intent names: `sub` of Entra ID, for one, is another in each application.
        """
        claims = self.claims_of(token, audience=self._provider.cli_client_id)
        subject = claims.get(self._provider.subject_claim)
        if not isinstance(subject, str) or not subject:
            raise NotAuthenticatedError("the identity token does not say whose it is")
        if self._provider.tenant is not None and claims.get("tid") != self._provider.tenant:
            raise NotAuthenticatedError("the identity token is of another tenant")
        return subject

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
            raise NotAuthenticatedError(_why_not(error)) from None
        if claims["aud"] not in (audience, [audience]) and claims.get("azp") != audience:
            raise NotAuthenticatedError("the identity token was made for somebody else as well")
        return claims

    def key_of(self, token: str) -> dict[str, str]:
        """The JSON Web Key that the token says it is signed with; NotAuthenticatedError where there is none.

        Bare: what an issuer says of a key besides (Entra its x5t, for one) is in nobody's signature, and not kept.
        """
        import jwt

        try:
            key_id = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError as error:
            raise NotAuthenticatedError(_why_not(error)) from None
        found = [bare_key(key) for key in self._published() if key.get("kid") == key_id]
        if len(found) != 1:
            raise NotAuthenticatedError("the token names no key of the identity provider")
        return found[0]

    def thumbprints(self) -> frozenset[str]:
        """The thumbprints of all keys that the issuer publishes and that sign ID tokens here (RFC 7638)."""
        return frozenset(thumbprint_of(key) for key in self._published())

    def _published(self) -> list[dict[str, Any]]:
        found = self._http.get(self.endpoints["jwks_uri"])
        keys = found.get("keys") if isinstance(found, dict) else None
        return [key for key in keys if _signs_tokens(key)] if isinstance(keys, list) else []

    @cached_property
    def endpoints(self) -> dict[str, str]:
        """The issuer's own description of itself; NotAuthenticatedError when it describes another issuer."""
        return described_issuer(self._provider.issuer, http=self._http)

    def _signing_key(self, key_id: Any) -> Any:
        import jwt

        # Asked for anew each time: a ceremony is rare, and a key that was withdrawn must be out at once.
        keys = jwt.PyJWKSet.from_dict(self._http.get(self.endpoints["jwks_uri"])).keys
        found = [key for key in keys if key.key_id == key_id]
        if len(found) != 1:
            raise jwt.InvalidKeyError("the token names no key of the issuer")
        return found[0]


def _signs_tokens(key: Any) -> bool:
    """Whether it is a key of a kind that signs ID tokens here: an issuer may publish others, and they must not hurt."""
    try:
        return isinstance(key, dict) and bool(bare_key(key))
    except MalformedRecordError:
        return False


class PublishedKeys(Mapping[str, Period]):
    """The thumbprints of what the issuer publishes, asked for when the first ID token is held against them.

    So whoever signs by passkey is judged while the identity provider is away.
    """

    def __init__(self, tokens: IdentityTokens) -> None:
        """`tokens` are the issuer's."""
        self._tokens = tokens

    @cached_property
    def _periods(self) -> dict[str, Period]:
        return dict.fromkeys(sorted(self._tokens.thumbprints()), Period())

    def __getitem__(self, thumbprint: str) -> Period:
        return self._periods[thumbprint]

    def __iter__(self) -> Iterator[str]:
        return iter(self._periods)

    def __len__(self) -> int:
        return len(self._periods)


def _why_not(error: jwt.PyJWTError) -> str:
    """What is wrong with a token, and what to do, in words of ours."""
    import jwt

    words = (
        (jwt.ExpiredSignatureError, "your login has ended: run `strongroom login`"),
        (jwt.InvalidAudienceError, "your login is for something else: run `strongroom login`"),
        (jwt.InvalidIssuerError, "your login is of another identity provider: run `strongroom login`"),
        (jwt.ImmatureSignatureError, "your login begins in the future: is a clock wrong?"),
    )
    return next((said for kind, said in words if isinstance(error, kind)), "the identity token is not good")
