"""Attacks with ID tokens: what the large identity providers say, read as they mean it, and nothing more."""

from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.id_tokens import TokenVerdict, judge_token, thumbprint_of
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.statements import Decision, Statement, make_statement
from strongroom.domain.written import base64url
from tests.builders.proving.ceremony import START, Play, a_policy_content
from tests.builders.proving.signing import CLIENT, ISSUER, Provider, a_json, a_key

PROVIDER = Provider(algorithm="RS256")
STRONG = {
    "Entra ID": {"subject_claim": "oid", "tenant": "t-1", "assurance": {"claim": "acrs", "any_of": ["c1"]}},
    "Okta": {"subject_claim": "sub", "assurance": {"claim": "acr", "any_of": ["phr", "phrh"]}},
    "Auth0": {"subject_claim": "sub", "assurance": {"claim": "amr", "any_of": ["mfa"]}},
    "Keycloak": {"subject_claim": "sub", "assurance": {"claim": "acr", "any_of": ["gold"]}},
    "Google": {"subject_claim": "sub", "assurance": {"claim": "amr", "any_of": ["mfa"]}},
}
HONEST: dict[str, dict[str, Any]] = {
    "Entra ID": {"oid": "idp|maria", "tid": "t-1", "acrs": ["c1"], "sub": "pairwise-of-this-client", "acr": None},
    "Okta": {"acr": "phr"},
    "Auth0": {"amr": ["mfa"], "acr": None},
    "Keycloak": {"acr": "gold"},
    "Google": {"amr": ["mfa", "pwd"], "acr": None},
}
WEAK: dict[str, dict[str, Any]] = {
    "one factor": {"acrs": ["c0"], "acr": "urn:okta:loa:1fa:any", "amr": ["pwd"]},
    "a code by mail": {"acrs": [], "acr": "otp", "amr": ["otp"]},
    "said in another claim": {"acrs": None, "acr": "mfa", "amr": ["phr"], "other": ["c1"]},
    "nothing said": {"acrs": None, "acr": None, "amr": None},
    "a text for a list": {"acrs": "c1", "acr": ["phr", "gold"], "amr": "mfa"},
    "a word that contains it": {"acrs": ["xc1"], "acr": "not-phr-gold", "amr": ["no-mfa"]},
    "another tenant": {"tid": "t-2", "acr": "x", "amr": []},
    "nobody": {"oid": "", "sub": ""},
    "a number": {"oid": 7, "sub": 7},
}


def _statement() -> Statement:
    return make_statement(Play().asked, Decision.APPROVE, nonce=base64url(bytes(16)), issued_at=START)


def _judged(issuer: str, token: Any) -> TokenVerdict:
    rules = {"issuer": ISSUER, "client_id": CLIENT, **STRONG[issuer]}
    policy = read_policy(canonical_text(a_policy_content(issuer=rules)))
    return judge_token(
        token,
        statement=_statement(),
        policy=policy,
        issuer_keys={thumbprint_of(PROVIDER.jwk)},
        signatures=CryptographySignatures(),
    )


def _token(**claims: Any) -> Any:
    return PROVIDER.token("idp|maria", _statement().text, **claims)


@pytest.mark.parametrize("issuer", STRONG)
def test_x_12_each_provider_is_read_by_the_claims_that_it_sends(issuer: str) -> None:
    """Each large provider says in a claim of its own who it was and how strong the login, and is read by that claim."""
    assert _judged(issuer, _token(**HONEST[issuer])).subject == "idp|maria"


@pytest.mark.parametrize("issuer", STRONG)
@pytest.mark.parametrize("claims", WEAK.values(), ids=WEAK)
def test_x_12_a_weak_login_is_not_taken_for_a_strong_one(claims: dict[str, Any], issuer: str) -> None:
    """Mallory logs in with one factor or as nobody, and the configured claim must say the strong word in
    its own form.
    """
    verdict = _judged(issuer, _token(**(HONEST[issuer] | claims)))
    assert (verdict.subject, bool(verdict.refusal)) == ("", True)


@pytest.mark.parametrize(
    "claims",
    [
        {"auth_time": 1e20},
        {"auth_time": True},
        {"auth_time": None},
        {"iat": 10**30},
        {"exp": "later"},
        {"auth_time": int(START.timestamp()) - 3600},
        {"iat": int(START.timestamp()) + 3600},
        {"aud": [CLIENT, "mallory"]},
        {"aud": "mallory"},
        {"azp": "mallory"},
        {"iss": f"{ISSUER}/"},
        {"nonce": "AAAA"},
    ],
    ids=str,
)
def test_x_12_a_token_that_says_something_odd_is_refused_and_crashes_nothing(claims: dict[str, Any]) -> None:
    """Mallory sends moments, audiences and issuers that no provider means, and each is a refusal in words."""
    assert _judged("Okta", _token(**claims)).refusal


@pytest.mark.parametrize(
    "header",
    [
        b'{"alg":"none"}',
        b'{"alg":"HS256","kid":"one"}',
        b'{"alg":"RS256","kid":"one","crit":["b64"]}',
        b'{"alg":"RS256","alg":"none"}',
        b'{"alg":"ES256","kid":"one"}',
    ],
    ids=["none", "a shared secret", "critical", "twice", "another"],
)
def test_attack_29_no_header_chooses_how_a_token_is_checked(header: bytes) -> None:
    """Mallory writes a token whose header names how to check it, and the type of the known key alone decides that."""
    payload = a_json(PROVIDER.claims("idp|maria", _statement().text))
    assert _judged("Okta", PROVIDER.made(payload, header=header)).refusal


def test_attack_29_a_key_of_ones_own_signs_nothing_here() -> None:
    """Mallory signs a token with a key of his own and sends the key along, and a key must have been seen at the
    provider.
    """
    payload = a_json(PROVIDER.claims("idp|maria", _statement().text))
    mine = Provider(name="mallory")
    assert "never seen" in _judged("Okta", mine.made(payload)).refusal
    assert _judged("Okta", PROVIDER.made(payload, key=a_key("mallory"))).refusal
