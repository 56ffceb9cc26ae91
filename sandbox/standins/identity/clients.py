"""What the identity provider keeps of applications, people's devices and codes on their way."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.standins.identity.one_time_codes import new_seed
from sandbox.standins.identity.tokens import Login

CLI_CLIENT = "strongroom-cli"
# RFC 8252 section 7.3: a native application listens on any port of the loopback address.
_LOOPBACK_CALLBACK = re.compile(r"http://127\.0\.0\.1(:\d{1,5})?/callback")


@dataclass(slots=True)
class Client:
    """One registered application; a public one has no secret."""

    client_id: str
    secret: str | None = field(default=None, repr=False)
    redirect_uris: set[str] = field(default_factory=set)

    def may_return_to(self, uri: str) -> bool:
        """Tell whether codes may be sent to this address."""
        if self.secret is None:
            return _LOOPBACK_CALLBACK.fullmatch(uri) is not None
        return uri in self.redirect_uris


@dataclass(frozen=True, slots=True)
class Grant:
    """What an authorization code stands for."""

    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    login: Login
    expires: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A person's password and authenticator seed."""

    password: str = field(default_factory=lambda: secrets.token_urlsafe(9), repr=False)
    seed: str = field(default_factory=new_seed, repr=False)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """What the control plane's deployer is given by the provider; never printed."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    cli_client_id: str = CLI_CLIENT
