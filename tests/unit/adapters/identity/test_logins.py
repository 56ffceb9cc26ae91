"""Each identity provider is asked in its own words for a login that shows who somebody is, and that it is them."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from strongroom.adapters.identity.logins import PageLogins, fresh_login, scope_of, strong_login
from strongroom.adapters.identity.oidc import IdentityTokens
from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.intent.ceremony import IdentityProvider
from strongroom.domain.intent.proving.logins import Authorize, ClaimWish
from strongroom.domain.restores.approving.logins import BrowserSecret
from tests.fakes.issuer import FakeIssuer

SECRET = BrowserSecret("A" * 43)
BACK = "https://restore.example.com/v1/logins/callback"


class OnlyAccess(FakeIssuer):
    """It answers without an identity token."""

    def post(self, url: str, form: Mapping[str, str]) -> Any:
        return {"access_token": "x"}


def a_provider(issuer: str = "https://login.example.com", **changes: Any) -> IdentityProvider:
    return IdentityProvider(issuer=issuer, client_id="page", cli_client_id="cli", **changes)


def logins_at(issuer: FakeIssuer) -> PageLogins:
    return PageLogins(
        issuer.provider,
        tokens=IdentityTokens(issuer.provider, http=issuer),
        http=issuer,
        client_secret=lambda: "hush",
        redirect_uri=BACK,
    )


@pytest.mark.parametrize(
    ("provider", "asked"),
    [
        pytest.param(
            a_provider(
                "https://login.microsoftonline.com/t-1/v2.0",
                subject_claim="oid",
                authorize=Authorize(claims={"acrs": ClaimWish(essential=True, value="c1")}),
            ),
            {
                "scope": "openid profile",
                "prompt": "login",
                "max_age": "0",
                "claims": {"id_token": {"acrs": {"essential": True, "value": "c1"}}},
            },
            id="entra",
        ),
        pytest.param(
            a_provider("https://acme.okta.com", authorize=Authorize(acr_values=("phr", "urn:okta:loa:2fa:any"))),
            {"scope": "openid", "prompt": "login", "max_age": "0", "acr_values": "phr urn:okta:loa:2fa:any"},
            id="okta",
        ),
        pytest.param(
            a_provider("https://acme.okta.com", subject_claim="oid", authorize=Authorize(scopes=("groups", "profile"))),
            {"scope": "openid profile groups", "prompt": "login", "max_age": "0"},
            id="one that tells of groups only to who asks",
        ),
        pytest.param(
            a_provider(
                "https://acme.eu.auth0.com/",
                authorize=Authorize(
                    acr_values=("http://schemas.openid.net/pape/policies/2007/06/multi-factor",),
                ),
            ),
            {
                "scope": "openid",
                "prompt": "login",
                "max_age": "0",
                "acr_values": "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
            },
            id="auth0",
        ),
        pytest.param(
            a_provider(
                "https://sso.example.com/realms/main",
                authorize=Authorize(claims={"acr": ClaimWish(essential=True, values=("gold",)), "amr": ClaimWish()}),
            ),
            {
                "scope": "openid",
                "prompt": "login",
                "max_age": "0",
                "claims": {"id_token": {"acr": {"essential": True, "values": ["gold"]}, "amr": None}},
            },
            id="keycloak",
        ),
        pytest.param(
            a_provider("https://accounts.google.com"),
            {"scope": "openid", "prompt": "select_account", "max_age": "0"},
            id="google, which refuses the prompt of the others",
        ),
    ],
)
def test_x12_each_provider_is_asked_as_it_understands(provider: IdentityProvider, asked: dict[str, Any]) -> None:
    said: dict[str, Any] = {"scope": scope_of(provider), **fresh_login(provider)}
    if "claims" in said:
        said["claims"] = json.loads(said["claims"])
    assert said == asked


def test_nothing_more_is_asked_of_a_provider_whose_habit_is_a_strong_login() -> None:
    assert strong_login(a_provider()) == {}


def test_the_browser_is_sent_to_the_providers_own_address() -> None:
    address = urlsplit(logins_at(FakeIssuer(a_provider())).address(nonce="n", secret=SECRET))
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://login.example.com/authorize"
    query = parse_qs(address.query)
    assert (query["nonce"], query["state"], query["redirect_uri"]) == (["n"], [SECRET.state], [BACK])


def test_a_provider_that_gives_no_token_gives_none() -> None:
    issuer = OnlyAccess(a_provider())
    with pytest.raises(NotAuthenticatedError, match="no identity token"):
        logins_at(issuer).token("code", secret=SECRET)


def test_the_verifier_is_none_of_what_is_sent_along() -> None:
    assert len({SECRET.text, SECRET.state, SECRET.verifier, SECRET.challenge, SECRET.digest}) == 5
