"""Tokens that are good, and all the ways in which they are not."""

import time
from copy import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from strongroom.adapters.identity.oidc import IdentityTokens, PublishedKeys
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import NotAuthenticatedError, TemporarilyUnavailableError
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.id_tokens import judge_token, thumbprint_of
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import KeptToken
from strongroom.domain.proofs.statements import Decision, make_statement
from strongroom.domain.proofs.trust import Period
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.written import base64url
from tests.builders.proving.ceremony import a_policy_content
from tests.builders.proving.signing import Provider, a_json
from tests.builders.restores import NOW, a_request
from tests.fakes.issuer import FakeIssuer


@pytest.fixture
def issuer(intent: Intent) -> FakeIssuer:
    return FakeIssuer(ceremony_of(intent).identity_provider)


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
    ("claims", "said"),
    [
        ({"exp": int(time.time()) - 60}, "your login has ended: run `strongroom login`"),
        ({"aud": "somebody-else"}, "your login is for something else: run `strongroom login`"),
        ({"iss": "https://evil.example"}, "your login is of another identity provider: run `strongroom login`"),
        ({"iat": int(time.time()) + 86_400}, "your login begins in the future: is a clock wrong?"),
        ({"sub": None}, "the identity token is not good"),
    ],
    ids=["ended", "for-another", "of-another-provider", "begins-later", "of-nobody"],
)
def test_a_token_that_is_not_good_says_what_to_do(claims: dict[str, Any], said: str, issuer: FakeIssuer) -> None:
    with pytest.raises(NotAuthenticatedError) as refused:
        IdentityTokens(issuer.provider, http=issuer).subject_of(issuer.token(**claims))
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "claims", [{"aud": ["strongroom-cli"]}, {"aud": ["strongroom-cli", "x"], "azp": "strongroom-cli"}], ids=str
)
def test_a_token_in_a_list_of_audiences_is_good_when_it_was_made_for_us(
    claims: dict[str, Any], issuer: FakeIssuer
) -> None:
    assert IdentityTokens(issuer.provider, http=issuer).subject_of(issuer.token(**claims)) == "idp|omar"


def test_x12_a_bearer_is_known_by_the_claim_that_the_intent_names(issuer: FakeIssuer) -> None:
    """Entra ID's `sub` is another in each application, so that the command line's is not the page's."""
    provider = replace(issuer.provider, subject_claim="oid", tenant="t-1")
    tokens = IdentityTokens(provider, http=issuer)
    assert tokens.subject_of(issuer.token(sub="pairwise", oid="idp|omar", tid="t-1")) == "idp|omar"
    for claims in (
        {"oid": "idp|omar", "tid": "t-2"},
        {"tid": "t-1"},
        {"oid": "", "tid": "t-1"},
        {"oid": 7, "tid": "t-1"},
    ):
        with pytest.raises(NotAuthenticatedError):
            tokens.subject_of(issuer.token(**claims))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_what_is_no_token_stands_for_nobody(token: str, issuer: FakeIssuer) -> None:
    with pytest.raises(NotAuthenticatedError):
        IdentityTokens(issuer.provider, http=issuer).subject_of(token)


def test_an_issuer_that_calls_itself_something_else_is_not_asked(issuer: FakeIssuer) -> None:
    token = issuer.token()
    issuer.name = "https://evil.example"
    with pytest.raises(NotAuthenticatedError):
        IdentityTokens(issuer.provider, http=issuer).subject_of(token)


# Keys

STATEMENT = make_statement(seal_request(a_request()).asked, Decision.APPROVE, nonce=base64url(bytes(16)), issued_at=NOW)
PROVIDER = Provider()
# What issuers say of their keys besides: Entra, Auth0, and Keycloak.
SAID: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a certificate": {"x5t": "aGFzaA", "x5c": ["Y2VydA"]},
    "an issuer": {"issuer": "https://login.example.com"},
    "a chain and its hash": {"x5u": "https://login.example.com/c", "x5t#S256": "aGFzaA"},
    "nothing of its algorithm": {"alg": None, "use": None},
}
UNUSABLE: dict[str, Any] = {
    "an Ed25519 key": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "two"},
    "a secret": {"kty": "oct", "k": "AAAA", "kid": "two"},
    "half a key": {"kty": "RSA", "n": "AAAA", "kid": "two"},
    "a number for a text": {"kty": "RSA", "n": "AAAA", "e": 65537, "kid": "two"},
    "no kind": {"kid": "two"},
    "a list": ["two"],
    "text": "two",
}

LIES: dict[str, Any] = {
    "half a byte": {"kty": "RSA", "n": "A", "e": "AQAB", "kid": "two"},
    "no modulus": {"kty": "RSA", "n": "", "e": "AQAB", "kid": "two"},
    "no point of the curve": {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "kid": "two"},
    "no curve": {"kty": "EC", "crv": "P-0", "x": "AAAA", "y": "AAAA", "kid": "two"},
    "no algorithm": PROVIDER.jwk | {"alg": 7, "kid": "two"},
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_the_key_of_a_token_is_the_one_that_it_names_and_bare(said: dict[str, Any], issuer: FakeIssuer) -> None:
    issuer.said = said
    issuer.more_keys = [PROVIDER.jwk | {"kid": "two"}]
    key = IdentityTokens(issuer.provider, http=issuer).key_of(issuer.token())
    assert key == issuer.public_key
    assert key.keys() == {"kty", "crv", "x", "y"}


@pytest.mark.parametrize("provider", [PROVIDER, Provider(algorithm="RS256")], ids=["EC", "RSA"])
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_token_that_is_kept_with_its_key_is_judged_as_good(
    said: dict[str, Any], provider: Provider, issuer: FakeIssuer
) -> None:
    """Also of an issuer that says more of its keys than a proof may keep."""
    issuer.more_keys = [provider.jwk | {"kid": "two"} | said]
    tokens = IdentityTokens(issuer.provider, http=issuer)
    head = a_json({"alg": provider.algorithm, "kid": "two"})
    token = provider.made(a_json(provider.claims("idp|maria", STATEMENT.text)), header=head).token
    verdict = judge_token(
        KeptToken(token=token, jwk=tokens.key_of(token)),
        statement=STATEMENT,
        policy=read_policy(canonical_text(a_policy_content())),
        issuer_keys=tokens.thumbprints(),
        signatures=CryptographySignatures(),
    )
    assert (verdict.refusal, verdict.subject) == ("", "idp|maria")


@pytest.mark.parametrize("more", [[], *([key] for key in UNUSABLE.values())], ids=["no other key", *UNUSABLE])
def test_a_token_of_a_key_that_the_issuer_does_not_publish_has_none(more: list[Any], issuer: FakeIssuer) -> None:
    issuer.more_keys = more
    with pytest.raises(NotAuthenticatedError, match="names no key"):
        IdentityTokens(issuer.provider, http=issuer).key_of(issuer.token(kid="two"))


def test_a_token_that_could_be_of_two_keys_has_none(issuer: FakeIssuer) -> None:
    issuer.more_keys = [PROVIDER.jwk | {"kid": "one"}]
    with pytest.raises(NotAuthenticatedError, match="names no key"):
        IdentityTokens(issuer.provider, http=issuer).key_of(issuer.token())


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_what_is_no_token_has_no_key(token: str, issuer: FakeIssuer) -> None:
    with pytest.raises(NotAuthenticatedError, match="not good"):
        IdentityTokens(issuer.provider, http=issuer).key_of(token)


@pytest.mark.parametrize("unusable", UNUSABLE.values(), ids=UNUSABLE)
def test_every_key_that_signs_is_known_by_its_thumbprint_whatever_else_is_published(
    unusable: Any, issuer: FakeIssuer
) -> None:
    issuer.more_keys = [unusable, PROVIDER.jwk | {"x5t": "aGFzaA"}]
    thumbprints = IdentityTokens(issuer.provider, http=issuer).thumbprints()
    assert thumbprints == {thumbprint_of(issuer.public_key), thumbprint_of(PROVIDER.jwk)}


def test_a_key_that_was_withdrawn_is_out_at_once(issuer: FakeIssuer) -> None:
    tokens = IdentityTokens(issuer.provider, http=issuer)
    issuer.more_keys = [PROVIDER.jwk]
    assert thumbprint_of(PROVIDER.jwk) in tokens.thumbprints()
    issuer.more_keys = []
    assert thumbprint_of(PROVIDER.jwk) not in tokens.thumbprints()


@pytest.mark.parametrize("lie", [*UNUSABLE.values(), *LIES.values()], ids=[*UNUSABLE, *LIES])
def test_a_key_that_is_none_lets_nobody_in_and_keeps_nobody_out(lie: Any, issuer: FakeIssuer) -> None:
    issuer.more_keys = [lie]
    tokens = IdentityTokens(issuer.provider, http=issuer)
    with pytest.raises(NotAuthenticatedError, match="not good"):
        tokens.subject_of(issuer.token(kid="two"))
    assert tokens.subject_of(issuer.token()) == "idp|omar"


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("said", [{}, None, 7, ["https://a.example"]], ids=["nothing", "null", "a number", "a list"])
def test_an_issuer_that_does_not_say_where_it_is_asked_is_asked_later(
    name: str, said: Any, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = {key: value for key, value in issuer.get("/.well-known/openid-configuration").items() if key != name}
    lie = described if said == {} else described | {name: said}
    monkeypatch.setattr(issuer, "get", lambda _: lie)
    with pytest.raises(TemporarilyUnavailableError, match=f"does not say what its {name} is"):
        IdentityTokens(issuer.provider, http=issuer).subject_of(issuer.token())


@pytest.mark.parametrize("answer", [{}, {"keys": None}, {"keys": {"kid": "one"}}, [], None], ids=str)
def test_an_issuer_that_publishes_no_list_of_keys_has_none(
    answer: Any, issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = issuer.get
    monkeypatch.setattr(issuer, "get", lambda url: answer if url.endswith("/jwks") else described(url))
    tokens = IdentityTokens(issuer.provider, http=issuer)
    assert tokens.thumbprints() == frozenset()
    for ask in (tokens.key_of, tokens.subject_of):
        with pytest.raises(NotAuthenticatedError):
            ask(issuer.token())


@pytest.mark.parametrize("ask", [IdentityTokens.key_of, lambda tokens, _: tokens.thumbprints()], ids=["one", "all"])
def test_an_issuer_that_calls_itself_something_else_has_no_keys(ask: Any, issuer: FakeIssuer) -> None:
    token = issuer.token()
    issuer.name = "https://evil.example"
    with pytest.raises(NotAuthenticatedError, match="another issuer"):
        ask(IdentityTokens(issuer.provider, http=issuer), token)


def test_keys_are_asked_for_when_the_first_token_is_held_against_them(issuer: FakeIssuer) -> None:
    asked: list[str] = []

    class Counted:
        def get(self, url: str) -> Any:
            asked.append(url)
            return issuer.get(url)

        post = issuer.post

    keys = PublishedKeys(IdentityTokens(issuer.provider, http=Counted()))
    assert asked == []
    [thumbprint] = keys
    assert (keys[thumbprint], len(keys)) == (Period(), 1)
    assert thumbprint == thumbprint_of(issuer.public_key)
    assert len(asked) == 2
