"""An ID token counts for the one statement that its nonce commits to, after a strong and fresh login with us."""

import hashlib
import json
from collections.abc import Callable
from copy import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.id_tokens import TokenVerdict, commitment_of, judge_token, thumbprint_of
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import KeptToken
from strongroom.domain.proofs.statements import Statement, read_statement
from strongroom.domain.written import base64url, bytes_of
from tests.builders.proving.signed_requests import (
    MARIA,
    PROVIDER,
    SOON,
    STRONG,
    a_policy,
    a_statement,
    altered,
    an_asked,
)
from tests.builders.proving.signing import CLIENT, ISSUER, Provider, a_json, a_key, a_signature

STATEMENT = a_statement(an_asked())
SECOND = int(SOON.timestamp())
SIGNATURES = CryptographySignatures()
KNOWN = {thumbprint_of(Provider(algorithm=algorithm).jwk) for algorithm in ("ES256", "RS256")}
END_OF_TIME = 253_402_300_799


def judged(
    kept: KeptToken,
    *,
    statement: Statement = STATEMENT,
    keys: set[str] = KNOWN,
    max_age: int = 300,
    **issuer: Any,
) -> TokenVerdict:
    policy = read_policy(a_policy(issuer=STRONG | issuer, presence_max_age=max_age))
    return judge_token(kept, statement=statement, policy=policy, issuer_keys=keys, signatures=SIGNATURES)


def refusal(changes: dict[str, Any], **issuer: Any) -> str:
    """What is said of an honest token with other claims."""
    return judged(PROVIDER.token(MARIA, STATEMENT.text, **changes), **issuer).refusal


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_token_tells_whose_it_is_and_what_it_claims(algorithm: str) -> None:
    provider = Provider(algorithm=algorithm)
    verdict = judged(provider.token(MARIA, STATEMENT.text, groups=["Leads"]))
    assert verdict == TokenVerdict(
        subject=MARIA, claims=provider.claims(MARIA, STATEMENT.text, groups=["Leads"]), refusal=""
    )


def test_the_nonce_commits_to_the_statement() -> None:
    assert commitment_of("statement") == base64url(hashlib.sha256(b"strongroom-oidc/1\nstatement").digest())


def test_a_refused_token_tells_nobody_and_nothing() -> None:
    assert judged(PROVIDER.token(MARIA, STATEMENT.text, nonce="other")) == TokenVerdict(
        refusal="the token was made for another statement"
    )


def test_no_token_counts_where_the_rules_name_no_identity_provider() -> None:
    verdict = judge_token(
        PROVIDER.token(MARIA, STATEMENT.text),
        statement=STATEMENT,
        policy=read_policy(a_policy(issuer=None)),
        issuer_keys=KNOWN,
        signatures=SIGNATURES,
    )
    assert verdict == TokenVerdict(refusal="the rules take no ID tokens")


ELSE = "the token was made for somebody else than us alone"
ASKED_ELSE = "somebody else asked for the token"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": None}, "the token is of another identity provider"),
        ({"iss": ISSUER + "/"}, "the token is of another identity provider"),
        ({"iss": [ISSUER]}, "the token is of another identity provider"),
        ({"aud": None}, ELSE),
        ({"aud": "other"}, ELSE),
        ({"aud": []}, ELSE),
        ({"aud": [CLIENT, "strongroom-cli"]}, ELSE),
        ({"aud": [CLIENT, CLIENT]}, ELSE),
        ({"aud": {CLIENT: 1}}, ELSE),
        ({"aud": [[CLIENT]]}, ELSE),
        ({"aud": CLIENT}, ""),
        ({"aud": [CLIENT]}, ""),
        ({"aud": "strongroom-cli"}, ""),
        ({"azp": CLIENT}, ""),
        ({"aud": CLIENT, "azp": "strongroom-cli"}, ""),
        ({"azp": "other"}, ASKED_ELSE),
        ({"azp": ""}, ASKED_ELSE),
        ({"azp": [CLIENT]}, ASKED_ELSE),
        ({"nonce": None}, "the token was made for another statement"),
        ({"nonce": ""}, "the token was made for another statement"),
        ({"nonce": commitment_of(STATEMENT.text) + "="}, "the token was made for another statement"),
        ({"nonce": [commitment_of(STATEMENT.text)]}, "the token was made for another statement"),
    ],
    ids=str,
)
def test_a_token_is_from_the_provider_for_us_and_for_this_statement(changes: dict[str, Any], reason: str) -> None:
    assert refusal(changes) == reason


def test_a_token_that_says_that_nobody_asked_for_it_does_not_count() -> None:
    claims = PROVIDER.claims(MARIA, STATEMENT.text) | {"azp": None}
    assert judged(PROVIDER.made(a_json(claims))).refusal == ASKED_ELSE


@pytest.mark.parametrize(
    ("tenant", "reason"),
    [("t-1", ""), ("t-2", "the token is of another tenant"), (None, "the token is of another tenant")],
)
def test_a_token_is_of_the_tenant_that_the_rules_name(tenant: str | None, reason: str) -> None:
    assert refusal({"tid": tenant}, tenant="t-1") == reason
    assert refusal({"tid": tenant}) == ""


OLD, LATER, NOT_THEN, RUN_OUT = (
    "the login is older than the statement",
    "the login lies after the token",
    "the token was not made when the statement was",
    "the token had run out",
)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"auth_time": SECOND - 60}, ""),
        ({"auth_time": SECOND - 61}, OLD),
        ({"auth_time": 0}, OLD),
        ({"auth_time": SECOND + 60, "iat": SECOND}, ""),
        ({"auth_time": SECOND + 61, "iat": SECOND}, LATER),
        ({"auth_time": END_OF_TIME}, LATER),
        ({"iat": SECOND + 300}, ""),
        ({"iat": SECOND + 301}, NOT_THEN),
        ({"iat": SECOND - 300, "auth_time": SECOND - 240}, OLD),
        ({"iat": SECOND - 60, "auth_time": SECOND}, ""),
        ({"iat": END_OF_TIME}, NOT_THEN),
        ({"exp": SECOND + 1}, ""),
        ({"exp": SECOND}, RUN_OUT),
        ({"exp": 0}, RUN_OUT),
        ({"exp": END_OF_TIME}, ""),
    ],
    ids=str,
)
def test_the_login_is_fresh_and_the_token_of_the_statements_time(changes: dict[str, Any], reason: str) -> None:
    assert refusal(changes) == reason


def test_a_token_may_not_be_older_than_the_rules_say() -> None:
    changes = {"auth_time": SECOND - 60, "iat": SECOND - 60}
    token = PROVIDER.token(MARIA, STATEMENT.text, **changes)
    assert judged(token, max_age=60).refusal == ""
    assert judged(token, max_age=59).refusal == NOT_THEN


def test_an_old_token_stays_what_it_was() -> None:
    long_ago = a_statement(an_asked(), at=SOON - timedelta(days=4000))
    assert judged(PROVIDER.token(MARIA, long_ago.text), statement=long_ago).subject == MARIA


@pytest.mark.parametrize("name", ["auth_time", "iat", "exp"])
@pytest.mark.parametrize(
    "value",
    [None, True, False, 1e20, float(SECOND), str(SECOND), "1", [SECOND], -1, END_OF_TIME + 1, 10**30, {}],
    ids=repr,
)
def test_x11_a_time_that_is_no_plain_second_does_not_count_and_does_not_crash(name: str, value: Any) -> None:
    assert refusal({name: value}) == f"the token's {name} is no moment"


def test_x11_a_statement_of_the_beginning_of_time_does_not_crash() -> None:
    first = read_statement(altered(STATEMENT, issued_at="0001-01-01T00:00:00Z"))
    token = PROVIDER.token(MARIA, STATEMENT.text, nonce=commitment_of(first.text))
    assert judged(token, statement=first).refusal == NOT_THEN


def test_a_time_that_no_number_is_does_not_count() -> None:
    for number, reason in (
        (b"1e400", "the token's exp is no moment"),
        (b"Infinity", TWICE),
        (b"-Infinity", TWICE),
        (b"NaN", TWICE),
    ):
        payload = a_json(PROVIDER.claims(MARIA, STATEMENT.text, exp=7)).replace(b'"exp":7', b'"exp":' + number)
        assert judged(PROVIDER.made(payload)).refusal == reason


UNTOLD = "the token's {} does not say how strong the login was"
WEAK = "the login was not as strong as the rules demand, by {}"


@pytest.mark.parametrize(
    ("assurance", "changes", "reason"),
    [
        ({"claim": "acr", "any_of": ["phr", "phrh"]}, {"acr": "phrh"}, ""),
        ({"claim": "acr", "any_of": ["phr"]}, {"acr": "phrh"}, WEAK),
        ({"claim": "acr", "any_of": ["phr"]}, {"acr": "pwd phr"}, WEAK),
        ({"claim": "acr", "any_of": ["phr"]}, {"acr": None}, UNTOLD),
        ({"claim": "acr", "any_of": ["phr"]}, {"acr": ["phr"]}, UNTOLD),
        ({"claim": "acr", "any_of": ["phr"]}, {"acr": 1}, UNTOLD),
        ({"claim": "acr", "any_of": ["phr"]}, {"acr": True}, UNTOLD),
        ({"claim": "acr", "all_of": ["phr"]}, {"acr": "phr"}, ""),
        ({"claim": "acr", "all_of": ["phr", "mfa"]}, {"acr": "phr"}, WEAK),
        ({"claim": "acr"}, {}, WEAK),
        ({"claim": "acr", "any_of": [], "all_of": []}, {}, WEAK),
        ({"claim": "amr", "any_of": ["mfa"]}, {"amr": ["pwd", "mfa"]}, ""),
        ({"claim": "amr", "any_of": ["mfa"]}, {"amr": "mfa"}, UNTOLD),
        ({"claim": "amr", "any_of": ["mfa"]}, {"amr": "no-mfa"}, UNTOLD),
        ({"claim": "amr", "any_of": ["mfa"]}, {"amr": {"mfa": True}}, UNTOLD),
        ({"claim": "amr", "any_of": ["mfa"]}, {"amr": []}, WEAK),
        ({"claim": "amr", "any_of": ["mfa"]}, {"amr": [["mfa"]]}, WEAK),
        ({"claim": "amr", "any_of": ["mfa"]}, {"amr": ["pwd"], "acr": "mfa"}, WEAK),
        ({"claim": "amr", "any_of": ["hwk", "swk"], "all_of": ["user"]}, {"amr": ["swk", "user"]}, ""),
        ({"claim": "amr", "any_of": ["hwk", "swk"], "all_of": ["user"]}, {"amr": ["swk"]}, WEAK),
        ({"claim": "amr", "any_of": ["hwk", "swk"], "all_of": ["user"]}, {"amr": ["user"]}, WEAK),
        ({"claim": "acrs", "any_of": ["c1"]}, {"acrs": ["c1"]}, ""),
        ({"claim": "acrs", "any_of": ["c1"]}, {"acrs": "c1"}, UNTOLD),
        ({"claim": "level", "any_of": ["high"]}, {"level": "high"}, ""),
        ({"claim": "level", "any_of": ["high"]}, {"level": ["low", "high"]}, ""),
        ({"claim": "level", "any_of": ["high"]}, {"level": "higher"}, WEAK),
        ({"claim": "level", "any_of": ["high"]}, {"level": 3}, UNTOLD),
    ],
    ids=str,
)
def test_x12_the_login_is_as_strong_as_the_rules_demand(
    assurance: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    assert refusal(changes, assurance=assurance) == reason.format(assurance["claim"])


NOBODYS = "the token does not say whose it is"


@pytest.mark.parametrize("subject", [None, "", 7, True, ["maria"], {}], ids=repr)
def test_x11_a_subject_is_a_text_with_something_in_it(subject: Any) -> None:
    assert refusal({"sub": subject}) == NOBODYS


ENTRA = {"subject_claim": "oid", "tenant": "t-1", "assurance": {"claim": "acrs", "any_of": ["c1"]}}
OKTA = {"assurance": {"claim": "acr", "any_of": ["phr", "phrh", "urn:okta:loa:2fa:any"]}}
AUTH0 = {"assurance": {"claim": "amr", "any_of": ["mfa"]}}
KEYCLOAK = {"assurance": {"claim": "acr", "any_of": ["gold"]}}
GOOGLE = {"assurance": {"claim": "amr", "any_of": ["mfa"]}}
# What each sends with an ID token, besides what all of them do; `acr` is None where it sends none.
ENTRA_SENDS = {"oid": MARIA, "sub": "pairwise", "tid": "t-1", "ver": "2.0", "acr": None, "acrs": ["c1"], "uti": "x"}
OKTA_SENDS = {"acr": "phr", "amr": ["pwd", "mfa", "hwk"], "ver": 1, "jti": "ID.x", "idp": "00o", "at_hash": "x"}
AUTH0_SENDS = {
    "sub": MARIA,
    "acr": "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "amr": ["mfa"],
    "sid": "x",
}
KEYCLOAK_SENDS = {"acr": "gold", "azp": CLIENT, "typ": "ID", "sid": "x", "jti": "x", "at_hash": "x"}
GOOGLE_SENDS = {"acr": None, "amr": ["pwd", "mfa"], "azp": CLIENT, "at_hash": "x", "hd": "example.com"}


@pytest.mark.parametrize(
    ("issuer", "sends", "without", "reason"),
    [
        pytest.param(ENTRA, ENTRA_SENDS, {"acrs": None}, UNTOLD.format("acrs"), id="entra without the context"),
        pytest.param(ENTRA, ENTRA_SENDS, {"acrs": ["c2"]}, WEAK.format("acrs"), id="entra with another context"),
        pytest.param(ENTRA, ENTRA_SENDS, {"tid": "t-2"}, "the token is of another tenant", id="entra, a guest"),
        pytest.param(
            ENTRA, ENTRA_SENDS, {"oid": None}, "the token does not say whose it is", id="entra without the profile"
        ),
        pytest.param(
            ENTRA, ENTRA_SENDS, {"auth_time": None}, "the token's auth_time is no moment", id="entra, no optional claim"
        ),
        pytest.param(OKTA, OKTA_SENDS, {"acr": "urn:okta:loa:1fa:any"}, WEAK.format("acr"), id="okta with one factor"),
        pytest.param(AUTH0, AUTH0_SENDS, {"amr": None}, UNTOLD.format("amr"), id="auth0 without the action"),
        pytest.param(KEYCLOAK, KEYCLOAK_SENDS, {"acr": "1"}, WEAK.format("acr"), id="keycloak on a lower level"),
        pytest.param(KEYCLOAK, KEYCLOAK_SENDS, {"acr": None}, UNTOLD.format("acr"), id="keycloak without the scope"),
        pytest.param(GOOGLE, GOOGLE_SENDS, {"amr": ["pwd"]}, WEAK.format("amr"), id="google with a password"),
        pytest.param(
            GOOGLE, GOOGLE_SENDS, {"auth_time": None}, "the token's auth_time is no moment", id="google, not verified"
        ),
        pytest.param(
            GOOGLE,
            GOOGLE_SENDS,
            {"auth_time": SECOND - 9000},
            "the login is older than the statement",
            id="google, old",
        ),
    ],
)
def test_x12_what_each_provider_really_sends_counts_and_what_it_sends_of_less_does_not(
    issuer: dict[str, Any], sends: dict[str, Any], without: dict[str, Any], reason: str
) -> None:
    good = judged(PROVIDER.token(MARIA, STATEMENT.text, **sends), **issuer)
    assert (good.refusal, good.subject) == ("", MARIA)
    assert judged(PROVIDER.token(MARIA, STATEMENT.text, **(sends | without)), **issuer).refusal == reason


def test_x12_the_rules_name_the_claim_that_tells_whose_it_is() -> None:
    token = PROVIDER.token("pairwise", STATEMENT.text, oid=MARIA, tid="t-1")
    assert judged(token, subject_claim="oid", tenant="t-1").subject == MARIA
    assert judged(PROVIDER.token(MARIA, STATEMENT.text), subject_claim="oid").refusal == NOBODYS


PAYLOAD = a_json(PROVIDER.claims(MARIA, STATEMENT.text))
MORE = "the token's header asks for something else than its key does"
TWICE = "the token is not JSON that says everything once"
NO_RECORD = "the token is not a record"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "ES256"}, ""),
        ({"alg": "ES256", "kid": "unknown"}, ""),
        ({"alg": "ES256", "kid": 7}, ""),
        ({"alg": "ES256", "typ": "at+jwt"}, ""),
        ({"alg": "ES256", "jku": "https://evil.example.com/jwks", "x5u": "https://evil.example.com"}, ""),
        ({"alg": "ES256", "jwk": Provider(name="evil").jwk}, ""),
        ({}, MORE),
        ({"alg": "none"}, MORE),
        ({"alg": "None"}, MORE),
        ({"alg": "HS256"}, MORE),
        ({"alg": "RS256"}, MORE),
        ({"alg": "es256"}, MORE),
        ({"alg": ["ES256"]}, MORE),
        ({"alg": "ES256", "crit": []}, MORE),
        ({"alg": "ES256", "crit": ["b64"], "b64": False}, MORE),
        ({"alg": "ES256", "crit": None}, MORE),
    ],
    ids=str,
)
def test_the_keys_own_kind_decides_and_never_the_header(header: dict[str, Any], reason: str) -> None:
    made = PROVIDER.made(PAYLOAD, header=a_json(header))
    nameless = {name: value for name, value in PROVIDER.jwk.items() if name != "kid"}
    assert judged(replace(made, jwk=nameless)).refusal == reason


@pytest.mark.parametrize(
    ("more", "stranger"),
    [
        ({}, None),
        ({"kid": "one"}, None),
        ({"kid": "one", "use": "sig", "alg": "ES256", "key_ops": ["verify"]}, None),
        ({"kid": "two"}, "kid"),
        ({"kid": None}, "kid"),
        ({"use": "enc"}, "use"),
        ({"use": None}, "use"),
        ({"alg": "RS256"}, "alg"),
        ({"key_ops": ["sign", "verify"]}, "key_ops"),
        ({"x5c": ["AAAA"]}, "x5c"),
        ({"comment" * 9: "for nobody"}, "commentcommentcommen"),
    ],
    ids=str,
)
def test_a_kept_key_says_nothing_that_could_be_changed_unseen(more: dict[str, Any], stranger: str | None) -> None:
    bare = {name: value for name, value in PROVIDER.jwk.items() if name != "kid"}
    found = judged(replace(HONEST, jwk=bare | more)).refusal
    assert found == ("" if stranger is None else f"the token's key has a {stranger} that it must not have")


def test_a_key_without_a_name_is_not_the_key_of_a_token_that_names_none() -> None:
    made = PROVIDER.made(PAYLOAD, header=b'{"alg":"ES256"}')
    assert judged(replace(made, jwk=PROVIDER.jwk | {"kid": None})).refusal.startswith("the token's key has a kid")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (b'{"alg":"none","alg":"ES256"}', TWICE),
        (b'{"alg":"ES256"', TWICE),
        (b'\xff{"alg":"ES256"}', TWICE),
        (b'\xef\xbb\xbf{"alg":"ES256"}', TWICE),
        (b"[" * 200_000, TWICE),
        (b'["ES256"]', NO_RECORD),
        (b"null", NO_RECORD),
    ],
    ids=["twice", "cut", "no UTF-8", "mark", "deep", "list", "null"],
)
def test_a_header_or_a_payload_of_another_form_does_not_count(header: bytes, reason: str) -> None:
    assert judged(PROVIDER.made(PAYLOAD, header=header)).refusal == reason
    assert judged(PROVIDER.made(header)).refusal == (reason if reason != "" else NOBODYS)


def test_a_claim_that_is_said_twice_does_not_count() -> None:
    for more in (b',"sub":"eve"}', b',"nonce":"x"}', b',"x":{"y":1,"y":1}}'):
        assert judged(PROVIDER.made(PAYLOAD[:-1] + more)).refusal == TWICE


FORM = "the token is not in compact form"
NOT_BASE64 = "a part of the token is not base64url"
SPELLING = "a part of the token is not the one spelling of its bytes"
HONEST = PROVIDER.token(MARIA, STATEMENT.text)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda token: token + ".", FORM),
        (lambda token: token + ".AAAA", FORM),
        (lambda token: token.rpartition(".")[0], FORM),
        (lambda token: token.rpartition(".")[0] + ".", "a part of the token is not a text"),
        (lambda token: token + "=", SPELLING),
        (lambda token: token + "\n", NOT_BASE64),
        (lambda token: " " + token, NOT_BASE64),
        (lambda token: token.replace(".", "=.", 1), NOT_BASE64),
        (lambda token: token[:-1] + chr(ord(token[-1]) + 1), SPELLING),
        (lambda token: token[:-4] + "AAAA", "the token's signature is not good"),
        (lambda token: token + "AAAA", "the token's signature is not good"),
        (lambda token: token[:-2] + "A" * 60, "the token's signature is not good"),
    ],
    ids=[
        "empty part more", "four parts", "two parts", "no signature", "padding", "line end", "blank",
        "padded header", "other spelling", "other signature", "longer signature", "much longer signature",
    ],
)  # fmt: skip
def test_a_token_of_another_form_does_not_count(change: Callable[[str], str], reason: str) -> None:
    assert judged(replace(HONEST, token=change(HONEST.token))).refusal == reason


def test_every_character_of_a_token_counts() -> None:
    for place, letter in enumerate(HONEST.token):
        other = HONEST.token[:place] + ("A" if letter != "A" else "B") + HONEST.token[place + 1 :]
        assert judged(replace(HONEST, token=other)).refusal != "", place


UNSEEN = "the token's key was never seen at the identity provider"
NO_KIND = "the key is of no kind that signs ID tokens here"


def test_a_token_by_a_key_that_was_never_seen_does_not_count() -> None:
    other = Provider(name="evil")
    assert judged(other.token(MARIA, STATEMENT.text)).refusal == UNSEEN
    assert judged(HONEST, keys=set()).refusal == UNSEEN


def test_a_token_by_another_key_than_it_comes_with_does_not_count() -> None:
    forged = PROVIDER.made(PAYLOAD, key=a_key("evil"))
    assert judged(forged).refusal == "the token's signature is not good"


def test_a_signature_in_der_is_none_of_a_token() -> None:
    message = HONEST.token.rpartition(".")[0]
    token = f"{message}.{base64url(a_signature(PROVIDER.key, message.encode()))}"
    assert judged(replace(HONEST, token=token)).refusal == "the token's signature is not good"


def test_a_token_signed_with_the_public_key_as_a_secret_does_not_count() -> None:
    rsa = Provider(algorithm="RS256")
    made = rsa.made(PAYLOAD, header=a_json({"alg": "HS256"}))
    message = made.token.rpartition(".")[0]
    tag = hashlib.sha256(message.encode() + json.dumps(rsa.jwk).encode()).digest()
    assert judged(replace(made, token=f"{message}.{base64url(tag)}")).refusal == MORE


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
        {"kty": ["EC"], "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": 7},
        {"kty": "RSA", "n": "AAAA"},
        {"kty": "RSA", "n": ["AAAA"], "e": "AQAB"},
        {"kty": None, "n": "AAAA", "e": "AQAB"},
    ],
    ids=str,
)
def test_a_key_of_another_kind_signs_no_token(jwk: dict[str, Any]) -> None:
    assert judged(replace(HONEST, jwk=jwk)).refusal == NO_KIND
    with pytest.raises(MalformedRecordError, match=NO_KIND):
        thumbprint_of(jwk)


def test_a_thumbprint_is_the_one_of_rfc_7638() -> None:
    jwk = Provider(algorithm="RS256").jwk | {"alg": "RS256", "kid": "2011-04-29"}
    # RFC 7638 hashes e, kty and n, in this order and nothing else.
    text = f'{{"e":"AQAB","kty":"RSA","n":"{jwk["n"]}"}}'
    assert thumbprint_of(jwk) == base64url(hashlib.sha256(text.encode()).digest())
    jwk = PROVIDER.jwk
    text = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    assert thumbprint_of(jwk) == base64url(hashlib.sha256(text.encode()).digest())


def test_what_else_a_key_says_does_not_change_its_thumbprint() -> None:
    assert thumbprint_of(PROVIDER.jwk | {"kid": "two", "use": "enc", "d": "secret"}) == thumbprint_of(PROVIDER.jwk)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
CLAIMS = ("iss", "aud", "azp", "nonce", "auth_time", "iat", "exp", "acr", "sub")


@given(st.dictionaries(st.sampled_from(CLAIMS), JSON, min_size=1))
def test_no_claim_of_any_kind_crashes_and_none_makes_somebody_else(changes: dict[str, Any]) -> None:
    claims = PROVIDER.claims(MARIA, STATEMENT.text) | changes
    verdict = judged(PROVIDER.made(a_json(claims)))
    assert verdict.subject in ("", claims["sub"])
    assert bool(verdict.subject) is not bool(verdict.refusal)


@given(st.text(alphabet="AZaz09-_.= ", max_size=60) | st.text(max_size=20), JSON)
def test_no_junk_counts_and_none_raises(token: str, jwk: Any) -> None:
    for key in (PROVIDER.jwk, jwk if isinstance(jwk, dict) else {"kty": jwk}):
        assert judged(KeptToken(token=token, jwk=key)).refusal != ""


def test_the_bytes_of_the_parts_are_what_was_signed() -> None:
    assert bytes_of(HONEST.token.split(".")[1], of="it") == PAYLOAD
