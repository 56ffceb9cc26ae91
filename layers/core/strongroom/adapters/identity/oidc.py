"""The OpenID Connect issuer: who a bearer token stands for.

OpenID Connect Core 1.0, section 3.1.3; signatures and claims are checked by PyJWT.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

from strongroom.adapters.wire import Wire, read_object
from strongroom.domain.errors import MalformedRecordError, NotAuthenticatedError, TemporarilyUnavailableError
from strongroom.domain.evidence.issuer_keys import IssuerDocuments
from strongroom.domain.proofs.id_tokens import bare_key, thumbprint_of
from strongroom.domain.proofs.trust import Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jwt

    from strongroom.adapters.wire import Http as Asked
    from strongroom.adapters.wire import HttpAnswer
    from strongroom.domain.intent.ceremony import IdentityProvider

ACTIONS: tuple[str, ...] = ()

_ALGORITHMS = ("RS256", "ES256")
# A login on the page asks six times, and API Gateway waits 29 seconds for all of it.
_WIRE: Final = Wire("the identity provider", within=timedelta(seconds=4))
_LEEWAY_SECONDS = 30
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Http(Protocol):
    """The two calls that an issuer is asked with."""

    def get(self, url: str) -> Any:
        """The JSON behind the address."""

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        """The JSON that answers the form; NotAuthenticatedError when it is refused."""


class Web:
    """HTTP as it is."""

    def __init__(self, wire: Asked = _WIRE) -> None:
        """`wire` is how a request is sent."""
        self._wire = wire

    def get(self, url: str) -> dict[str, Any]:
        """The JSON object behind the address."""
        answer = self._request("GET", url)
        if answer.status != 200:
            raise TemporarilyUnavailableError(f"the identity provider answered with status {answer.status}")
        return _object(answer, url)

    def post(self, url: str, form: Mapping[str, str]) -> dict[str, Any]:
        """The JSON object that answers the form; NotAuthenticatedError when it is refused."""
        from urllib.parse import urlencode

        answer = self._request("POST", url, body=urlencode(form).encode())
        if answer.status >= 500:
            raise TemporarilyUnavailableError(f"the identity provider answered with status {answer.status}")
        if answer.status != 200:
            raise NotAuthenticatedError("the identity provider does not accept the login")
        return _object(answer, url)

    def _request(self, method: str, url: str, *, body: bytes | None = None) -> HttpAnswer:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            return self._wire.request(method, url, headers=headers, body=body)
        except TemporarilyUnavailableError as error:
            raise TemporarilyUnavailableError(f"{error} ({urlsplit(url).netloc})") from None


def _object(answer: HttpAnswer, url: str) -> dict[str, Any]:
    found = read_object(answer)
    if found is None:
        told = f"the identity provider does not answer as it should: {urlsplit(url).netloc}"
        raise TemporarilyUnavailableError(told)
    return found


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
    """The issuer's own description of itself; NotAuthenticatedError when it describes another issuer, or nothing.

    TemporarilyUnavailableError where it does not say where it is asked.
    """
    found = http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(found, dict) or found.get("issuer") != issuer:
        raise NotAuthenticatedError("the identity provider describes another issuer than the intended one")
    for name in _ENDPOINTS:
        if not isinstance(found.get(name), str):
            raise TemporarilyUnavailableError(f"the identity provider does not say what its {name} is")
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
        found = [key for key in self._published() if key.get("kid") == key_id]
        if len(found) != 1:
            raise jwt.InvalidKeyError("the token names no key of the issuer")
        return jwt.PyJWK(found[0])


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
