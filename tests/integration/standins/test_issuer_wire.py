"""An identity provider that is slow, silent, lies or sends elsewhere is given up in time, and lets nobody in."""

import time
from copy import replace
from datetime import timedelta

import pytest

from strongroom.adapters.identity.logins import PageLogins
from strongroom.adapters.identity.oidc import IdentityTokens, Web
from strongroom.adapters.wire import Wire
from strongroom.domain.errors import NotAuthenticatedError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.approving.logins import BrowserSecret
from strongroom.domain.restores.ceremony import ceremony_of
from tests.fakes.issuer import FakeIssuer
from tests.integration.standins.misbehaving import MISBEHAVIOURS, serving

WEB = Web(Wire("the identity provider", within=timedelta(seconds=1)))
CODE, PASSWORD = "very-secret-code", "very-secret-password"
GIVEN_UP = (TemporarilyUnavailableError, NotAuthenticatedError)


@pytest.fixture
def issuer(intent: Intent) -> FakeIssuer:
    return FakeIssuer(ceremony_of(intent).identity_provider)


@pytest.mark.parametrize("behave", MISBEHAVIOURS)
def test_whoever_is_to_be_known_by_it_is_not(behave: str, issuer: FakeIssuer) -> None:
    with serving(MISBEHAVIOURS[behave]) as site:
        provider, token = replace(issuer.provider, issuer=site.url), issuer.token(iss=site.url)
        began = time.monotonic()
        with pytest.raises(GIVEN_UP) as raised:
            IdentityTokens(provider, http=WEB).subject_of(token)
        took = time.monotonic() - began
    assert took < 3
    assert site.heard == ["/.well-known/openid-configuration"]
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("behave", MISBEHAVIOURS)
def test_a_login_that_it_does_not_end_signs_nothing(behave: str, issuer: FakeIssuer) -> None:
    """It misbehaves when the code is exchanged, and nothing that was sent is repeated."""
    with serving(MISBEHAVIOURS[behave]) as site:
        issuer.name = site.url
        provider = replace(issuer.provider, issuer=site.url)
        logins = PageLogins(
            provider,
            tokens=IdentityTokens(provider, http=issuer),
            http=WEB,
            client_secret=lambda: PASSWORD,
            redirect_uri="https://page.example/logins/callback",
        )
        began = time.monotonic()
        with pytest.raises(GIVEN_UP) as raised:
            logins.token(CODE, secret=BrowserSecret("A" * 43))
        took = time.monotonic() - began
    assert took < 3
    assert site.heard == ["/token"]
    assert not any(each in str(raised.value) for each in (CODE, PASSWORD, "canary"))
