"""A login that is made to sign one statement: where the browser is sent, and what its code is exchanged for.

OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3; PKCE as RFC 7636 has it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from strongroom.domain.errors import NotAuthenticatedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.adapters.identity.oidc import Http, IdentityTokens
    from strongroom.domain.intent.ceremony import IdentityProvider
    from strongroom.domain.intent.proving.logins import ClaimWish
    from strongroom.domain.restores.approving.logins import BrowserSecret

ACTIONS: tuple[str, ...] = ()

# Google knows no `login` among its prompts, and refuses the whole request for it; choosing an account is what it has.
_PROMPTS: Final = {"https://accounts.google.com": "select_account"}
_LOGIN: Final = "login"
# Entra ID tells `oid` only to who asks for the profile ("ID token claims reference").
_SCOPES: Final = {"oid": "openid profile"}
_OPENID: Final = "openid"


class PageLogins:
    """Logins of the page's own client at the issuer, each for one statement."""

    def __init__(
        self,
        provider: IdentityProvider,
        *,
        tokens: IdentityTokens,
        http: Http,
        client_secret: Callable[[], str],
        redirect_uri: str,
    ) -> None:
        """`redirect_uri` is the page's callback, as it is registered with the issuer."""
        self._provider = provider
        self._tokens = tokens
        self._http = http
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri

    def address(self, *, nonce: str, secret: BrowserSecret) -> str:
        """Where the browser goes to log in; the token will hold the nonce.

        `form_post` would come from another site, without the cookie that the callback demands: hence `query`.
        """
        asked = {
            "response_type": "code",
            "response_mode": "query",
            "client_id": self._provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": scope_of(self._provider),
            "state": secret.state,
            "nonce": nonce,
            "code_challenge": secret.challenge,
            "code_challenge_method": "S256",
            **fresh_login(self._provider),
        }
        return f"{self._tokens.endpoints['authorization_endpoint']}?{urlencode(asked)}"

    def token(self, code: str, *, secret: BrowserSecret) -> str:
        """The ID token for the code; NotAuthenticatedError for a code that is not good."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self._provider.client_id,
            "client_secret": self._client_secret(),
            "code_verifier": secret.verifier,
        }
        given = self._http.post(self._tokens.endpoints["token_endpoint"], form)
        token = given.get("id_token") if isinstance(given, dict) else None
        if not isinstance(token, str):
            raise NotAuthenticatedError("the identity provider gave no identity token")
        return token


def scope_of(provider: IdentityProvider) -> str:
    """What is asked for of the person: no more than who it is, and what the intent names besides."""
    besides = () if provider.authorize is None else provider.authorize.scopes
    return " ".join(dict.fromkeys((*_SCOPES.get(provider.subject_claim, _OPENID).split(), *besides)))


def fresh_login(provider: IdentityProvider) -> dict[str, str]:
    """What the issuer is asked for, so that it makes people log in anew, with more than a password."""
    prompt = _PROMPTS.get(provider.issuer.rstrip("/"), _LOGIN)
    return {"max_age": "0", "prompt": prompt, **strong_login(provider)}


def strong_login(provider: IdentityProvider) -> dict[str, str]:
    """What this issuer must be asked for, so that it demands more than a password: the intent's own words for it."""
    authorize = provider.authorize
    if authorize is None:
        return {}
    wanted = {name: _wish(wish) for name, wish in authorize.claims.items()}
    said = {
        "acr_values": " ".join(authorize.acr_values),
        "claims": json.dumps({"id_token": wanted}) if wanted else "",
    }
    return {name: value for name, value in said.items() if value}


def _wish(wish: ClaimWish) -> Mapping[str, Any] | None:
    """As OpenID Connect Core 1.0, section 5.5.1, spells it: what is not wished is left out, and None is no more."""
    said = {"essential": wish.essential, "value": wish.value, "values": list(wish.values)}
    return {name: value for name, value in said.items() if value} or None
