"""Who signed is told by the rules and by what was enrolled, both at the same time, and by nothing that a proof says."""

from copy import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.proofs.id_tokens import thumbprint_of
from strongroom.domain.proofs.policies import read_policy
from strongroom.domain.proofs.proof import proof_text, read_proof
from strongroom.domain.proofs.signers import Signer, signer_of, signers_of
from strongroom.domain.proofs.trust import EnrolledKey, Period
from tests.builders.proving.signed_requests import (
    EVE,
    MARIA,
    PIET,
    PROVIDER,
    REMEMBERED,
    SOON,
    STRONG,
    a_policy,
    a_statement,
    a_trust,
    an_asked,
    by_passkey,
    by_token,
    enrolled,
    people_entry,
)
from tests.builders.proving.signing import Authenticator

MARIAS = Authenticator(name=MARIA)
SECOND = timedelta(seconds=1)
UNKNOWN = "nobody here has enrolled this passkey"
UNSEEN = "the token's key was never seen at the identity provider"


def signer(proof: str, *, rules: dict[str, Any] | None = None, at: datetime = SOON, **trust: Any) -> Signer:
    policy = read_policy(a_policy(**(rules or {})))
    return signer_of(read_proof(proof), policy=policy, trust=a_trust(**trust), signatures=REMEMBERED, at=at)


def test_a_passkey_tells_its_holder_and_claims_nothing() -> None:
    assert signer(by_passkey(MARIA, an_asked())) == Signer(subject=MARIA, claims={}, refusal="")


def test_a_token_tells_its_subject_and_its_claims() -> None:
    found = signer(by_token(MARIA, an_asked(), groups=["Leads"]))
    assert (found.subject, found.claims["groups"], found.refusal) == (MARIA, ["Leads"], "")


def test_a_refused_token_claims_nothing() -> None:
    assert signer(by_token(MARIA, an_asked(), acr="pwd")) == Signer(
        refusal="the login was not as strong as the rules demand, by acr"
    )


def test_a_passkey_that_did_not_sign_this_is_refused() -> None:
    proof = by_passkey(MARIA, an_asked()).replace("approve", "deny")
    assert signer(proof) == Signer(refusal="the passkey signed something else")


def test_rules_may_refuse_a_passkey_that_may_be_copied() -> None:
    text = a_statement(an_asked()).text
    for flags, counts in ((0x05, True), (0x0D, False)):
        proof = proof_text(text, signed=MARIAS.sign(text, flags=flags))
        assert bool(signer(proof, rules={"device_bound": True}).subject) is counts
        assert signer(proof).subject == MARIA


@pytest.mark.parametrize(
    ("people", "why"),
    [
        ({PIET: people_entry(Authenticator(name=PIET))}, "not in the rules"),
        ({}, "nobody in the rules"),
        ({PIET: people_entry(MARIAS)}, "somebody else's in the rules"),
        ({MARIA: people_entry(MARIAS, MARIAS)}, "twice in the rules"),
        ({MARIA: people_entry(MARIAS), PIET: people_entry(MARIAS)}, "of two people in the rules"),
        (
            {MARIA: {"passkeys": [{**people_entry(Authenticator(name=EVE))["passkeys"][0], "id": MARIAS.passkey.id}]}},
            "another key in the rules",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_attack_05_a_passkey_counts_for_the_one_person_of_the_rules(people: dict[str, Any], why: str) -> None:
    assert signer(by_passkey(MARIA, an_asked()), rules={"people": people}) == Signer(refusal=UNKNOWN)


@pytest.mark.parametrize(
    "passkeys",
    [
        {},
        dict([enrolled(PIET)]),
        {MARIAS.passkey.id: EnrolledKey(subject=PIET, public_key=MARIAS.passkey.public_key)},
        {MARIAS.passkey.id: EnrolledKey(subject=MARIA, public_key=Authenticator(name=EVE).passkey.public_key)},
    ],
    ids=["nobody's", "another", "somebody else's", "another key"],
)
def test_a_passkey_counts_as_it_was_enrolled(passkeys: dict[str, EnrolledKey]) -> None:
    assert signer(by_passkey(MARIA, an_asked()), passkeys=passkeys) == Signer(refusal=UNKNOWN)


def test_a_person_may_have_several_passkeys() -> None:
    second = Authenticator(name="maria's second", algorithm="EdDSA")
    people = {MARIA: people_entry(second, MARIAS)}
    assert signer(by_passkey(MARIA, an_asked()), rules={"people": people}).subject == MARIA


PERIODS = [
    (Period(), True),
    (Period(since=SOON), True),
    (Period(since=SOON + SECOND), False),
    (Period(until=SOON), False),
    (Period(until=SOON + SECOND), True),
]


@pytest.mark.parametrize(("period", "counts"), PERIODS, ids=str)
def test_attack_15_a_passkey_counts_while_it_is_enrolled(period: Period, *, counts: bool) -> None:
    found = signer(by_passkey(MARIA, an_asked()), passkeys=dict([enrolled(MARIA, period)]))
    assert found == (Signer(subject=MARIA) if counts else Signer(refusal=UNKNOWN))


@pytest.mark.parametrize(("period", "counts"), PERIODS, ids=str)
def test_a_key_of_the_provider_counts_while_it_is_seen(period: Period, *, counts: bool) -> None:
    found = signer(by_token(MARIA, an_asked()), issuer_keys={thumbprint_of(PROVIDER.jwk): period})
    assert (found.subject, found.refusal) == ((MARIA, "") if counts else ("", UNSEEN))


def test_a_key_of_the_provider_that_was_never_seen_counts_for_nobody() -> None:
    assert signer(by_token(MARIA, an_asked()), issuer_keys={}) == Signer(refusal=UNSEEN)


def signers(proof: str, *rules: dict[str, Any], at: datetime = SOON) -> tuple[tuple[Signer, ...], str]:
    policies = tuple(read_policy(a_policy(**each)) for each in rules)
    return signers_of(read_proof(proof), policies=policies, trust=a_trust(), signatures=REMEMBERED, at=at)


def test_who_signs_is_one_person_by_the_rules_of_then_and_of_today() -> None:
    found, why = signers(by_passkey(MARIA, an_asked()), {}, {"delay": 1})
    assert (found, why) == ((Signer(subject=MARIA), Signer(subject=MARIA)), "")
    assert signers(by_passkey(MARIA, an_asked()), {}) == ((Signer(subject=MARIA),), "")


NOBODY: dict[str, Any] = {"people": {}}


@pytest.mark.parametrize("rules", [({}, NOBODY), (NOBODY, {}), (NOBODY, NOBODY)], ids=["today", "then", "ever"])
def test_whoever_some_of_the_rules_do_not_know_has_not_signed(rules: tuple[dict[str, Any], ...]) -> None:
    assert signers(by_passkey(MARIA, an_asked()), *rules) == ((), UNKNOWN)


def test_whom_the_rules_of_then_and_of_today_call_otherwise_has_not_signed() -> None:
    today: dict[str, Any] = {"issuer": STRONG | {"subject_claim": "oid"}}
    rules: tuple[dict[str, Any], ...] = ({}, today)
    assert signers(by_token(MARIA, an_asked(), oid=PIET), *rules) == (
        (),
        "the rules of then and those of today do not know the same person by it",
    )
    found, why = signers(by_token(MARIA, an_asked(), oid=MARIA), *rules)
    assert ([each.subject for each in found], why) == ([MARIA, MARIA], "")


GROUPS = {"people": [MARIA, PIET], "leads": {"claim": "groups", "value": "Leads"}, "nobody": []}


@pytest.mark.parametrize(
    ("signer", "groups"),
    [
        (Signer(subject=MARIA), ["people"]),
        (Signer(subject=EVE), []),
        (Signer(refusal="because"), []),
        (Signer(subject=EVE, claims={"groups": "Leads"}), ["leads"]),
        (Signer(subject=EVE, claims={"groups": ["Staff", "Leads"]}), ["leads"]),
        (Signer(subject=MARIA, claims={"groups": ["Leads"]}), ["people", "leads"]),
        (Signer(subject=EVE, claims={"groups": "Leads and others"}), []),
        (Signer(subject=EVE, claims={"groups": {"Leads": True}}), []),
        (Signer(subject=EVE, claims={"groups": [["Leads"]]}), []),
        (Signer(subject=EVE, claims={"groups": None}), []),
        (Signer(subject=EVE, claims={"teams": ["Leads"]}), []),
    ],
    ids=str,
)
def test_somebody_is_in_a_group_by_the_rules_list_or_by_the_tokens_claim(signer: Signer, groups: list[str]) -> None:
    policy = read_policy(a_policy(groups=GROUPS))
    assert [group for group in (*GROUPS, "unknown") if signer.belongs_to(group, policy=policy)] == groups


def test_nobody_is_in_no_group_even_if_one_had_nobodys_name() -> None:
    policy = replace(read_policy(a_policy()), groups={"nameless": ("",)})
    assert not Signer(refusal="because").belongs_to("nameless", policy=policy)
