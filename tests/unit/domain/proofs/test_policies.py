"""Rules are read as the format has them; a word that is not known is refused, because it might have demanded more."""

from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, digest_of
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.proofs.policies import Assurance, ClaimGroup, Issuer, Passkey, Rule, When, read_policy
from tests.builders.proving.signed_requests import MARIA, STRONG, a_policy, people_entry, policy_content
from tests.builders.proving.signing import Authenticator

LEAST = {
    "format": "strongroom-policy/1",
    "requesters": "engineers",
    "rules": [],
    "groups": {},
    "people": {},
    "presence_max_age": 0,
}
PASSKEY = {"id": "key", "public_key": "AAAA", "algorithm": "RS256"}


def test_rules_that_say_nothing_more_demand_all_that_they_can() -> None:
    policy = read_policy(canonical_text(LEAST))
    assert (policy.requesters, policy.rules, policy.groups, policy.people) == ("engineers", (), {}, {})
    assert policy.issuer is None
    assert policy.presence_max_age == policy.delay == timedelta(0)
    assert policy.needs_ticket is True
    assert policy.device_bound is False
    assert policy.disjoint == ("ticket_approver", "requester", "voters")


def test_rules_are_named_by_the_digest_of_their_text() -> None:
    assert read_policy(a_policy()).digest == digest_of(a_policy())


def test_everything_that_rules_can_say_is_read() -> None:
    when = {"tiers": ["gold"], "risks": ["in_place"]}
    policy = read_policy(
        a_policy(
            rules=[{"group": "approvers", "needed": 2}, {"group": "leads", "needed": 1, "when": when}],
            groups={"approvers": [MARIA], "leads": {"claim": "groups", "value": "Leads"}},
            people={MARIA: people_entry(Authenticator(name=MARIA)), "nobody": {"passkeys": []}},
            presence_max_age=300,
            device_bound=True,
            disjoint=["voters"],
            delay=60,
            ticket="none",
        )
    )
    assert policy.rules == (
        Rule(group="approvers", needed=2, when=When(tiers=None, risks=None)),
        Rule(group="leads", needed=1, when=When(tiers=("gold",), risks=("in_place",))),
    )
    assert policy.groups == {"approvers": (MARIA,), "leads": ClaimGroup(claim="groups", value="Leads")}
    assert policy.people == {MARIA: (Authenticator(name=MARIA).passkey,), "nobody": ()}
    assert (policy.presence_max_age, policy.delay) == (timedelta(seconds=300), timedelta(seconds=60))
    assert (policy.device_bound, policy.disjoint, policy.needs_ticket) == (True, ("voters",), False)


@pytest.mark.parametrize(
    ("when", "read"),
    [
        ({}, When()),
        ({"tiers": []}, When(tiers=())),
        ({"tiers": ["gold"]}, When(tiers=("gold",))),
        ({"risks": ["in_place"]}, When(risks=("in_place",))),
    ],
    ids=str,
)
def test_a_rule_may_count_somewhere_only(when: dict[str, Any], read: When) -> None:
    [rule] = read_policy(a_policy(rules=[{"group": "approvers", "needed": 1, "when": when}])).rules
    assert rule.when == read


@pytest.mark.parametrize(
    ("issuer", "read"),
    [
        (
            {"client_id": "page"},
            Issuer(
                issuer="https://login.example.com",
                client_ids=("page",),
                subject_claim="sub",
                assurance=Assurance(claim="acr", any_of=("phr",)),
            ),
        ),
        (
            {
                "client_id": ["page", "cli"],
                "tenant": "t-1",
                "subject_claim": "oid",
                "assurance": {"claim": "amr", "all_of": ["mfa"]},
            },
            Issuer(
                issuer="https://login.example.com",
                client_ids=("page", "cli"),
                subject_claim="oid",
                assurance=Assurance(claim="amr", all_of=("mfa",)),
                tenant="t-1",
            ),
        ),
    ],
    ids=["least", "most"],
)
def test_an_identity_provider_is_read(issuer: dict[str, Any], read: Issuer) -> None:
    assert read_policy(a_policy(issuer=STRONG | issuer)).issuer == read


def test_periods_may_be_as_long_as_any_evidence_is_kept() -> None:
    policy = read_policy(a_policy(presence_max_age=10**9, delay=10**9))
    assert policy.presence_max_age == policy.delay == timedelta(seconds=10**9)


@pytest.mark.parametrize(("ticket", "needed"), [({}, True), ({"project": "OPS"}, True), ("none", False)], ids=str)
def test_a_ticket_is_needed_unless_the_rules_say_that_there_is_none(ticket: Any, *, needed: bool) -> None:
    assert read_policy(a_policy(ticket=ticket)).needs_ticket is needed


@pytest.mark.parametrize(
    ("ticket", "demands"), [({}, {}), ({"project": "OPS"}, {"project": "OPS"}), ("none", {})], ids=str
)
def test_what_a_ticket_must_say_is_kept_as_it_is_written(ticket: Any, demands: dict[str, str]) -> None:
    assert read_policy(a_policy(ticket=ticket)).ticket == demands


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_a_passkey_signs_by_one_of_three_algorithms(algorithm: str) -> None:
    [passkey] = read_policy(a_policy(people={MARIA: {"passkeys": [PASSKEY | {"algorithm": algorithm}]}})).people[MARIA]
    assert passkey == Passkey(id="key", public_key=b"\0\0\0", algorithm=algorithm)


@pytest.mark.parametrize("name", sorted(LEAST))
def test_rules_without_one_of_their_parts_are_refused(name: str) -> None:
    content = {key: value for key, value in LEAST.items() if key != name}
    with pytest.raises(MalformedRecordError, match=f"^{name} is missing$"):
        read_policy(canonical_text(content))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"format": "strongroom-policy/2"}, "^the rules are not of the format strongroom-policy/1$"),
        ({"quorum": 1}, "^quorum does not belong here$"),
        ({"requesters": ""}, "^requesters is not a text$"),
        ({"requesters": ["engineers"]}, "^requesters is not a text$"),
        ({"rules": {}}, "^rules is not a list$"),
        ({"rules": ["approvers"]}, "^a record is expected$"),
        ({"rules": [{"group": "a"}]}, "^needed is missing$"),
        ({"rules": [{"needed": 1}]}, "^group is missing$"),
        ({"rules": [{"group": "", "needed": 1}]}, "^group is not a text$"),
        ({"rules": [{"group": "a", "needed": 0}]}, "^needed is not a number of at least 1$"),
        ({"rules": [{"group": "a", "needed": True}]}, "^needed is not a number of at least 1$"),
        ({"rules": [{"group": "a", "needed": 1, "unless": {}}]}, "^unless does not belong here$"),
        ({"rules": [{"group": "a", "needed": 1, "when": {"days": []}}]}, "^days does not belong here$"),
        ({"rules": [{"group": "a", "needed": 1, "when": {"tiers": "gold"}}]}, "^tiers is not a list$"),
        ({"rules": [{"group": "a", "needed": 1, "when": {"risks": "gold"}}]}, "^risks is not a list$"),
        ({"rules": [{"group": "a", "needed": 1, "when": None}]}, "^a record is expected$"),
        ({"groups": []}, "^groups is not a record$"),
        ({"groups": {"a": "maria"}}, "^a record is expected$"),
        ({"groups": {"a": [1]}}, "^a group is not a text$"),
        ({"groups": {"a": {"claim": "groups"}}}, "^value is missing$"),
        ({"groups": {"a": {"claim": "groups", "value": 1}}}, "^value is not a text$"),
        ({"groups": {"a": {"claim": "", "value": "x"}}}, "^claim is not a text$"),
        ({"groups": {"a": {"claim": "c", "value": "x", "values": []}}}, "^values does not belong here$"),
        ({"people": []}, "^people is not a record$"),
        ({"people": {"m": {}}}, "^passkeys is missing$"),
        ({"people": {"m": {"passkeys": {}}}}, "^passkeys is not a list$"),
        ({"people": {"m": {"passkeys": [], "mail": "x"}}}, "^mail does not belong here$"),
        ({"people": {"m": {"passkeys": [{"id": "k", "public_key": "AAAA"}]}}}, "^algorithm is missing$"),
        ({"people": {"m": {"passkeys": [PASSKEY | {"id": ""}]}}}, "^id is not a text$"),
        ({"people": {"m": {"passkeys": [PASSKEY | {"public_key": "A"}]}}}, "^public_key is not base64url$"),
        (
            {"people": {"m": {"passkeys": [PASSKEY | {"algorithm": "ES384"}]}}},
            "^the algorithm of a passkey is none of ES256, RS256, EdDSA$",
        ),
        ({"people": {"m": {"passkeys": [PASSKEY | {"algorithm": ["ES256"]}]}}}, "^the algorithm of a passkey"),
        ({"people": {"m": {"passkeys": [PASSKEY | {"label": "blue"}]}}}, "^label does not belong here$"),
        ({"issuer": "https://login.example.com"}, "^a record is expected$"),
        ({"issuer": STRONG | {"issuer": ""}}, "^issuer is not a text$"),
        ({"issuer": STRONG | {"client_id": 1}}, "^client_id is not a text$"),
        ({"issuer": STRONG | {"client_id": [""]}}, "^client_id is not a text$"),
        ({"issuer": STRONG | {"subject_claim": 1}}, "^subject_claim is not a text$"),
        ({"issuer": STRONG | {"tenant": ""}}, "^tenant is not a text$"),
        ({"issuer": STRONG | {"tenants": ["x"]}}, "^tenants does not belong here$"),
        ({"issuer": STRONG | {"assurance": "mfa"}}, "^a record is expected$"),
        ({"issuer": STRONG | {"assurance": {"any_of": ["phr"]}}}, "^claim is missing$"),
        ({"issuer": STRONG | {"assurance": {"claim": ""}}}, "^claim is not a text$"),
        ({"issuer": STRONG | {"assurance": {"claim": "acr", "none_of": []}}}, "^none_of does not belong here$"),
        ({"issuer": STRONG | {"assurance": {"claim": "acr", "any_of": "phr"}}}, "^any_of is not a list$"),
        ({"issuer": STRONG | {"assurance": {"claim": "acr", "all_of": "phr"}}}, "^all_of is not a list$"),
        ({"presence_max_age": -1}, "^presence_max_age is not a number of at least 0$"),
        ({"presence_max_age": "300"}, "^presence_max_age is not a number of at least 0$"),
        ({"presence_max_age": 10**9 + 1}, "^presence_max_age is longer than thirty years$"),
        ({"delay": 10**9 + 1}, "^delay is longer than thirty years$"),
        ({"delay": 2**53 - 1}, "^delay is longer than thirty years$"),
        ({"delay": -1}, "^delay is not a number of at least 0$"),
        ({"device_bound": "no"}, "^device_bound is neither true nor false$"),
        ({"device_bound": 0}, "^device_bound is neither true nor false$"),
        ({"ticket": "NONE"}, "^ticket is neither a record nor none$"),
        ({"ticket": False}, "^ticket is neither a record nor none$"),
        ({"disjoint": "voters"}, "^disjoint is not a list$"),
        ({"disjoint": ["b", "voters", "a", "c"]}, "^disjoint knows no a$"),
        ({"disjoint": ["voters", "x" * 90]}, "^disjoint knows no " + "x" * 40 + "$"),
    ],
    ids=str,
)
def test_rules_of_another_form_are_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(MalformedRecordError, match=reason):
        read_policy(a_policy(**changes))


@pytest.mark.parametrize("name", ["issuer", "ticket", "disjoint"])
def test_a_part_that_is_null_is_not_left_out(name: str) -> None:
    text = canonical_text(policy_content() | {name: None})
    if name == "ticket":
        assert read_policy(text).needs_ticket is True
        return
    with pytest.raises(MalformedRecordError):
        read_policy(text)


def test_rules_in_another_spelling_are_refused() -> None:
    with pytest.raises(MalformedRecordError, match="not the canonical form"):
        read_policy(a_policy() + "\n")
