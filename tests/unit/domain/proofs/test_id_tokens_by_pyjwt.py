"""PyJWT, which is not ours, says the same of tokens as we do."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.proofs.id_tokens import judge_token, thumbprint_of
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import KeptToken
from tests.builders.proving.signed_requests import MARIA, a_policy, a_statement, an_asked
from tests.builders.proving.signing import CLIENT, ISSUER, Provider, a_json, a_key

STATEMENT = a_statement(an_asked())
PROVIDERS = [Provider(algorithm="ES256"), Provider(algorithm="RS256")]


def is_good_to_us(kept: KeptToken, provider: Provider) -> bool:
    verdict = judge_token(
        kept,
        statement=STATEMENT,
        policy=read_policy(a_policy()),
        issuer_keys={thumbprint_of(provider.jwk)},
        signatures=CryptographySignatures(),
    )
    return verdict.subject == MARIA


def is_good_to_pyjwt(kept: KeptToken, provider: Provider) -> bool:
    """By signature, issuer, audience and the claims that must be there; its clock is left out, for it is today's."""
    try:
        jwt.decode(
            kept.token,
            key=jwt.PyJWK(provider.jwk | {"alg": provider.algorithm}),
            algorithms=[provider.algorithm],
            audience=[CLIENT],
            issuer=ISSUER,
            options={
                "require": ["exp", "iat", "sub", "nonce"],
                "verify_exp": False,
                "verify_iat": False,
                "strict_aud": False,
            },
        )
    except jwt.InvalidTokenError:
        return False
    return True


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.algorithm)
@pytest.mark.parametrize(
    ("claims", "is_good"),
    [
        ({}, True),
        ({"aud": [CLIENT]}, True),
        ({"groups": ["Leads"], "name": "Maria Müller"}, True),
        ({"exp": int((STATEMENT.issued_at + timedelta(days=1)).timestamp())}, True),
        ({"iss": "https://evil.example.com"}, False),
        ({"aud": "other"}, False),
        ({"aud": None}, False),
        ({"exp": None}, False),
        ({"iat": None}, False),
        ({"sub": None}, False),
        ({"sub": 7}, False),
        ({"nonce": None}, False),
    ],
    ids=str,
)
def test_both_take_and_refuse_the_same_tokens(provider: Provider, claims: dict[str, Any], *, is_good: bool) -> None:
    kept = provider.token(MARIA, STATEMENT.text, **claims)
    assert is_good_to_pyjwt(kept, provider) is is_good
    assert is_good_to_us(kept, provider) is is_good


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.algorithm)
def test_both_take_what_pyjwt_itself_has_made(provider: Provider) -> None:
    claims = provider.claims(MARIA, STATEMENT.text)
    token = jwt.encode(claims, provider.key, algorithm=provider.algorithm, headers={"kid": "one"})
    kept = KeptToken(token=token, jwk=provider.jwk)
    assert is_good_to_pyjwt(kept, provider)
    assert is_good_to_us(kept, provider)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.algorithm)
def test_both_refuse_what_somebody_else_has_signed(provider: Provider) -> None:
    payload = a_json(provider.claims(MARIA, STATEMENT.text))
    for forged in (
        provider.made(payload, key=a_key("evil")),
        provider.made(payload, key=a_key("evil", "EdDSA")),
        provider.made(payload, header=a_json({"alg": "EdDSA"}), key=a_key("evil", "EdDSA")),
        provider.made(payload, header=a_json({"alg": "none"})),
        provider.made(payload, header=a_json({"alg": "HS256"})),
    ):
        assert not is_good_to_pyjwt(forged, provider)
        assert not is_good_to_us(forged, provider)


def test_we_refuse_what_pyjwt_takes_where_a_token_is_for_others_too() -> None:
    provider = PROVIDERS[0]
    kept = provider.token(MARIA, STATEMENT.text, aud=[CLIENT, "other"])
    assert is_good_to_pyjwt(kept, provider)
    assert not is_good_to_us(kept, provider)
