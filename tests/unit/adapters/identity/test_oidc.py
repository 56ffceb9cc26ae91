"""Tokens that are good, and all the ways in which they are not."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from strongroom.adapters.identity.oidc import IdentityTokens
from strongroom.adapters.identity.step_up import StepUpLogin
from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from tests.fakes.issuer import FakeIssuer


@pytest.fixture
def issuer(intent: Intent) -> FakeIssuer:
    return FakeIssuer(ceremony_of(intent).identity_provider)


def _login(issuer: FakeIssuer) -> StepUpLogin:
    return StepUpLogin(
        issuer.provider,
        redirect_uri="https://strongroom.example/v1/presence/callback",
        methods=("mfa", "hwk"),
        secret=lambda: "hush",
        http=issuer,
    )


def test_a_good_token_stands_for_its_subject(issuer: FakeIssuer) -> None:
    assert IdentityTokens(issuer.provider, http=issuer).subject_of(issuer.token()) == "idp|omar"


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"aud": "somebody-else"}, id="for-somebody-else"),
        pytest.param({"aud": None}, id="for-nobody"),
        pytest.param({"aud": ["strongroom-cli", "somebody-else"]}, id="for-two-and-of-nobody"),
        pytest.param({"aud": ["strongroom-cli", "somebody-else"], "azp": "somebody-else"}, id="of-somebody-else"),
        pytest.param({"iss": "https://evil.example"}, id="of-another-issuer"),
        pytest.param({"exp": int(time.time()) - 60}, id="expired"),
        pytest.param({"exp": None}, id="without-end"),
        pytest.param({"sub": None}, id="without-subject"),
        pytest.param({"kid": "two"}, id="of-an-unknown-key"),
        pytest.param({"key": generate_private_key(SECP256R1())}, id="signed-by-another-key"),
        pytest.param({"key": "a" * 64, "algorithm": "HS256"}, id="signed-by-a-secret"),
        pytest.param({"key": "", "algorithm": "none"}, id="unsigned"),
    ],
)
def test_a_token_that_is_not_good_stands_for_nobody(claims: dict[str, Any], issuer: FakeIssuer) -> None:
    with pytest.raises(NotAuthenticatedError):
        IdentityTokens(issuer.provider, http=issuer).subject_of(issuer.token(**claims))


@pytest.mark.parametrize(
    "claims", [{"aud": ["strongroom-cli"]}, {"aud": ["strongroom-cli", "x"], "azp": "strongroom-cli"}], ids=str
)
def test_a_token_in_a_list_of_audiences_is_good_when_it_was_made_for_us(
    claims: dict[str, Any], issuer: FakeIssuer
) -> None:
    assert IdentityTokens(issuer.provider, http=issuer).subject_of(issuer.token(**claims)) == "idp|omar"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_what_is_no_token_stands_for_nobody(token: str, issuer: FakeIssuer) -> None:
    with pytest.raises(NotAuthenticatedError):
        IdentityTokens(issuer.provider, http=issuer).subject_of(token)


def test_an_issuer_that_calls_itself_something_else_is_not_asked(issuer: FakeIssuer) -> None:
    token = issuer.token()
    issuer.name = "https://evil.example"
    with pytest.raises(NotAuthenticatedError):
        IdentityTokens(issuer.provider, http=issuer).subject_of(token)


def test_a_presence_login_asks_for_a_fresh_one_with_pkce(issuer: FakeIssuer) -> None:
    asked = parse_qs(urlsplit(_login(issuer).address(state="s", nonce="n", verifier="v" * 64)).query)
    assert (asked["max_age"], asked["prompt"], asked["nonce"], asked["state"]) == (["0"], ["login"], ["n"], ["s"])
    assert asked["code_challenge_method"] == ["S256"]
    assert "v" * 64 not in str(asked)


def _code(issuer: FakeIssuer, **claims: Any) -> str:
    address = _login(issuer).address(state="s", nonce="n", verifier="v" * 64)
    challenge = parse_qs(urlsplit(address).query)["code_challenge"][0]
    usual = {"aud": issuer.provider.client_id, "sub": "idp|maria", "nonce": "n", "challenge": challenge}
    issuer.codes["c"] = usual | {"auth_time": 1_795_000_000, "amr": ["pwd", "mfa"]} | claims
    return "c"


def test_a_code_stands_for_its_claims(issuer: FakeIssuer) -> None:
    claims = _login(issuer).claims(code=_code(issuer), verifier="v" * 64)
    assert (claims.subject, claims.nonce, claims.methods) == ("idp|maria", "n", ("pwd", "mfa"))
    assert claims.authenticated_at is not None
    assert claims.authenticated_at.timestamp() == 1_795_000_000


@pytest.mark.parametrize("claim", [None, "1795000000", True, []], ids=str)
def test_a_time_that_is_no_number_is_no_time(claim: Any, issuer: FakeIssuer) -> None:
    assert _login(issuer).claims(code=_code(issuer, auth_time=claim), verifier="v" * 64).authenticated_at is None


@pytest.mark.parametrize("claim", [None, "mfa", {"mfa": True}, [1]], ids=str)
def test_methods_that_are_no_list_of_names_are_none(claim: Any, issuer: FakeIssuer) -> None:
    assert _login(issuer).claims(code=_code(issuer, amr=claim), verifier="v" * 64).methods == ()


def test_a_token_for_the_command_line_is_no_presence(issuer: FakeIssuer) -> None:
    code = _code(issuer, aud=issuer.provider.cli_client_id)
    with pytest.raises(NotAuthenticatedError):
        _login(issuer).claims(code=code, verifier="v" * 64)


def test_a_code_is_worth_nothing_without_the_verifier_that_asked(issuer: FakeIssuer) -> None:
    with pytest.raises(NotAuthenticatedError):
        _login(issuer).claims(code=_code(issuer), verifier="w" * 64)
