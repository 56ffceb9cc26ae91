"""ID tokens: what the identity provider claims about a login, signed with RS256, and how it can go wrong."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from sandbox.people import Person

ACR_PASSWORD = "https://refeds.org/profile/sfa"  # noqa: S105 - names a login method
ACR_MFA = "https://refeds.org/profile/mfa"
TOKEN_LIFETIME = timedelta(minutes=5)
DOWN = "down"

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Login:
    """One completed login of a person at the provider."""

    person: Person
    at: datetime
    is_mfa: bool

    @property
    def acr(self) -> str:
        """The class of this login."""
        return ACR_MFA if self.is_mfa else ACR_PASSWORD

    @property
    def amr(self) -> list[str]:
        """The methods of this login, in RFC 8176's names."""
        return ["pwd", "otp", "mfa"] if self.is_mfa else ["pwd"]


def _without_auth_time(claims: Claims) -> Claims:
    return {name: value for name, value in claims.items() if name != "auth_time"}


# What each fault that can be asked for does to the claims.
FAULTS: dict[str, Callable[[Claims], Claims]] = {
    "omit_auth_time": _without_auth_time,
    "stale_auth_time": lambda claims: claims | {"auth_time": claims["auth_time"] - 86_400},
    "amr_without_mfa": lambda claims: claims | {"amr": ["pwd"], "acr": ACR_PASSWORD},
    "wrong_aud": lambda claims: claims | {"aud": "another-application"},
    "wrong_nonce": lambda claims: claims | {"nonce": secrets.token_urlsafe(12)},
    DOWN: lambda claims: claims,
}


@dataclass(slots=True)
class TokenSigner:
    """Signs ID tokens with a key that lives as long as the process."""

    issuer: str
    _key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048), repr=False
    )
    _key_id: str = field(default_factory=lambda: secrets.token_hex(8))

    def key_set(self) -> dict[str, Any]:
        """Return the public keys as a JWK set."""
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [public | {"kid": self._key_id, "use": "sig", "alg": "RS256"}]}

    def id_token(self, login: Login, *, audience: str, nonce: str | None, now: datetime, fault: str | None) -> str:
        """Return the signed ID token of a login."""
        claims: Claims = {
            "iss": self.issuer,
            "sub": login.person.subject,
            "aud": audience,
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
            "auth_time": int(login.at.timestamp()),
            "acr": login.acr,
            "amr": login.amr,
            "email": login.person.email,
            "email_verified": True,
            "name": login.person.display_name,
            "preferred_username": login.person.name,
        }
        if nonce:
            claims["nonce"] = nonce
        if fault:
            claims = FAULTS[fault](claims)
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})
