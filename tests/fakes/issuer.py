"""An OpenID Connect issuer with a real ES256 key, answering without a network."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from jwt.algorithms import ECAlgorithm

from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.intent.ceremony import IdentityProvider


class FakeIssuer:
    """`get` and `post` are what its clients call; `codes` are the logins that happened.

    `said` is what it publishes of its key besides, `more_keys` whatever it publishes beside its key.
    """

    def __init__(self, provider: IdentityProvider) -> None:
        self.provider = provider
        self.name = provider.issuer
        self.codes: dict[str, dict[str, Any]] = {}
        self.forms: list[dict[str, str]] = []
        self.said: dict[str, Any] = {}
        self.more_keys: list[Any] = []

    @cached_property
    def _key(self) -> EllipticCurvePrivateKey:
        return generate_private_key(SECP256R1())

    @cached_property
    def public_key(self) -> dict[str, str]:
        """Its key, bare."""
        return ECAlgorithm(ECAlgorithm.SHA256).to_jwk(self._key.public_key(), as_dict=True)

    def get(self, url: str) -> Any:
        if url.endswith("/.well-known/openid-configuration"):
            return {
                "issuer": self.name,
                "jwks_uri": f"{self.name}/jwks",
                "authorization_endpoint": f"{self.name}/authorize",
                "token_endpoint": f"{self.name}/token",
            }
        return {"keys": [self.public_key | {"kid": "one", "alg": "ES256", "use": "sig"} | self.said, *self.more_keys]}

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        self.forms.append(dict(form))
        login = self.codes.pop(form["code"], None)
        hashed = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if login is None or form["client_secret"] != "hush" or login.pop("challenge") != challenge:
            raise NotAuthenticatedError("the identity provider does not accept the login")
        return {"id_token": self.token(**login)}

    def log_in(self, address: str, subject: str, *, now: datetime, **claims: Any) -> dict[str, str]:
        """Let somebody log in where the page sent their browser; what it brings back. A claim of None is left out."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code, second = f"code-{len(self.forms)}-{len(self.codes)}", int(now.timestamp())
        strong = {"auth_time": second, "iat": second, "exp": second + 300, "amr": ["pwd", "mfa"]}
        said = {"sub": subject, "aud": asked["client_id"], "nonce": asked["nonce"], **strong}
        self.codes[code] = {"challenge": asked["code_challenge"], **said, **claims}
        return {"code": code, "state": asked["state"]}

    def token(self, *, key: Any = None, kid: str = "one", algorithm: str = "ES256", **claims: Any) -> str:
        """A signed token; a claim of None is left out."""
        import time

        now = int(time.time())
        usual = {"iss": self.name, "iat": now, "exp": now + 300, "aud": self.provider.cli_client_id, "sub": "idp|omar"}
        body = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(body, self._key if key is None else key, algorithm=algorithm, headers={"kid": kid})
