"""What would be enough that was not enough before is told, and nothing else is."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from strongroom.domain.proofs.looseness import loosenings
from strongroom.domain.proofs.policies import Assurance, CeremonyPolicy, ClaimGroup, Issuer, Passkey, Rule, When

type Change = Callable[[CeremonyPolicy], CeremonyPolicy]

KEY = Passkey(id="key-of-maria", public_key=b"maria", algorithm="ES256")
NEW_KEY = Passkey(id="new-key", public_key=b"new", algorithm="ES256")
ISSUER = Issuer(
    issuer="https://login.example.com",
    client_ids=("cli", "page"),
    subject_claim="oid",
    tenant="t-1",
    assurance=Assurance(claim="amr", any_of=("hwk", "mfa"), all_of=("pin",)),
)
TICKET: Final[dict[str, Any]] = {
    "system": "jira",
    "projects": ["OPS"],
    "window": {"start_field": "planned_start", "required": True},
}
POLICY = CeremonyPolicy(
    digest="",
    requesters="oncall",
    rules=(
        Rule(group="approvers", needed=2),
        Rule(group="security", needed=1, when=When(tiers=("gold", "gfs"), risks=("overwrites", "elevated"))),
    ),
    groups={
        "oncall": ("idp|omar", "idp|oda"),
        "approvers": ("idp|maria", "idp|sana"),
        "security": ("idp|sana", "idp|piet"),
    },
    people={"idp|maria": (KEY,)},
    issuer=ISSUER,
    presence_max_age=timedelta(minutes=5),
    device_bound=True,
    needs_ticket=True,
    ticket=TICKET,
    disjoint=("ticket_approver", "requester", "voters"),
    delay=timedelta(hours=1),
)


def group(name: str, members: tuple[str, ...] | ClaimGroup) -> Change:
    return lambda policy: replace(policy, groups={**policy.groups, name: members})


def rule(number: int, **changes: Any) -> Change:
    def change(policy: CeremonyPolicy) -> CeremonyPolicy:
        rules = list(policy.rules)
        rules[number] = replace(rules[number], **changes)
        return replace(policy, rules=tuple(rules))

    return change


def when(number: int, **changes: Any) -> Change:
    return lambda policy: rule(number, when=replace(policy.rules[number].when, **changes))(policy)


def issuer(**changes: Any) -> Change:
    return lambda policy: replace(policy, issuer=replace(ISSUER, **changes))


def assurance(**changes: Any) -> Change:
    return issuer(assurance=replace(ISSUER.assurance, **changes))


def ticket(**changes: Any) -> Change:
    return lambda policy: replace(policy, ticket={**policy.ticket, **changes})


def managers(*members: str) -> Change:
    """Let a group of their own approve tickets."""
    return lambda policy: group("managers", members)(ticket(approver_group="managers")(policy))


def policy(**changes: Any) -> Change:
    return lambda before: replace(before, **changes)


# What is looser with the change, and what is told of it.
LOOSER: dict[str, tuple[Change, str]] = {
    "a rule gone": (
        policy(rules=POLICY.rules[:1]),
        "the rule would be gone that 1 of security approve for gold, gfs where it is overwrites or elevated",
    ),
    "fewer needed": (rule(0, needed=1), "1 of approvers would be needed in place of 2 everywhere"),
    "when narrowed to tiers": (when(0, tiers=("gold",)), "0 of approvers would be needed in place of 2 everywhere"),
    "when narrowed by a tier": (
        when(1, tiers=("gold",)),
        "0 of security would be needed in place of 1 for gold, gfs where it is overwrites or elevated",
    ),
    "when narrowed by a risk": (
        when(1, risks=("elevated",)),
        "0 of security would be needed in place of 1 for gold, gfs where it is overwrites or elevated",
    ),
    "another group": (
        rule(0, group="security"),
        "the rule would be gone that 2 of approvers approve everywhere",
    ),
    "a person added": (
        group("approvers", ("idp|maria", "idp|piet", "idp|sana")),
        "approvers would be joined by idp|piet",
    ),
    "somebody in another's place": (
        group("approvers", ("idp|maria", "idp|piet")),
        "approvers would be joined by idp|piet",
    ),
    "a requester added": (
        group("oncall", ("idp|omar", "idp|oda", "idp|ada")),
        "those who may ask would be joined by idp|ada",
    ),
    "another group of requesters": (
        policy(requesters="security"),
        "those who may ask would be joined by idp|sana, idp|piet",
    ),
    "a claim in place of a list": (
        group("approvers", ClaimGroup(claim="groups", value="approvers")),
        "approvers would be whoever the identity provider says, by groups = approvers",
    ),
    "a key added": (
        policy(people={"idp|maria": (KEY, NEW_KEY)}),
        "idp|maria could sign with one more passkey, new-key",
    ),
    "another key under the id": (
        policy(people={"idp|maria": (replace(KEY, public_key=b"other"),)}),
        "idp|maria could sign with one more passkey, key-of-maria",
    ),
    "the first key of somebody": (
        policy(people={"idp|maria": (KEY,), "idp|sana": (NEW_KEY,)}),
        "idp|sana could sign with one more passkey, new-key",
    ),
    "an older login": (
        policy(presence_max_age=timedelta(minutes=6)),
        "the age of a login would be 0:06:00 in place of 0:05:00",
    ),
    "a method added": (
        assurance(any_of=("hwk", "mfa", "sms")),
        "amr hwk or mfa or sms with pin in place of amr hwk or mfa",
    ),
    "no method demanded of several": (assurance(any_of=()), "by amr pin in place of amr hwk or mfa with pin"),
    "a method that must be there dropped": (
        assurance(all_of=()),
        "by amr hwk or mfa in place of amr hwk or mfa with pin",
    ),
    "another claim": (assurance(claim="acrs"), "by acrs hwk or mfa with pin in place of amr"),
    "another issuer": (
        issuer(issuer="https://other.example.com"),
        "ID tokens of https://other.example.com would count",
    ),
    "a client added": (issuer(client_ids=("cli", "page", "x")), "made for x would count"),
    "people by another claim": (issuer(subject_claim="email"), "known by the claim email in place of oid"),
    "the tenant dropped": (issuer(tenant=None), "ID tokens of every tenant would count, not of t-1 only"),
    "another tenant": (issuer(tenant="t-2"), "ID tokens of t-2 would count, not of t-1 only"),
    "no ticket": (policy(needs_ticket=False, ticket={}), "no ticket would be needed"),
    "a project added": (ticket(projects=["OPS", "DEV"]), "ticket.projects would take DEV, too"),
    "any project": (ticket(projects=[]), "ticket.projects would not be demanded any more"),
    "another system": (ticket(system="servicenow"), "ticket.system would be another"),
    "a group of their own that approves tickets": (
        managers("idp|maria", "idp|chiara"),
        "those who approve tickets would be joined by idp|chiara",
    ),
    "a demand gone": (
        policy(ticket={**TICKET, "window": {"required": True}}),
        "ticket.window.start_field would not be demanded any more",
    ),
    "a window that need not be": (
        ticket(window={"start_field": "planned_start", "required": False}),
        "ticket.window.required would not be demanded any more",
    ),
    "a shorter delay": (policy(delay=timedelta(minutes=59)), "the delay would be 0:59:00 in place of 1:00:00"),
    "a disjointness dropped": (
        policy(disjoint=("requester", "voters")),
        "ticket_approver could be one with the others",
    ),
    "copies of passkeys": (policy(device_bound=False), "passkeys that may be copied to other devices would count"),
}


@pytest.mark.parametrize(("change", "said"), LOOSER.values(), ids=LOOSER)
def test_a_looser_rule_is_one_sentence(change: Change, said: str) -> None:
    [found] = loosenings(POLICY, change(POLICY))
    assert said in found.sentence


STRICTER: dict[str, Change] = {
    "the same": policy(),
    "one more needed": rule(0, needed=3),
    "one more rule": lambda before: replace(before, rules=(*before.rules, Rule(group="oncall", needed=1))),
    "when widened": when(1, tiers=None),
    "a risk more": when(1, risks=("overwrites", "elevated", "acls")),
    "somebody gone": group("approvers", ("idp|maria",)),
    "a requester gone": group("oncall", ("idp|omar",)),
    "a key gone": policy(people={}),
    "a key of somebody who is in no group": policy(people={"idp|maria": (KEY,), "idp|ada": (NEW_KEY,)}),
    "a younger login": policy(presence_max_age=timedelta(minutes=1)),
    "a method gone": assurance(any_of=("mfa",)),
    "one of the methods always": assurance(any_of=(), all_of=("pin", "mfa")),
    "one method, which was to be there": assurance(any_of=("mfa",), all_of=("pin", "hwk")),
    "nothing is enough": assurance(any_of=(), all_of=()),
    "no issuer": policy(issuer=None),
    "a client gone": issuer(client_ids=("page",)),
    "a ticket that must say more": ticket(resource_field="cmdb_ci"),
    "fewer projects": ticket(projects=["OPS"]),
    "some of those who approve tickets anyway": managers("idp|maria", "idp|piet"),
    "a longer delay": policy(delay=timedelta(hours=2)),
}


@pytest.mark.parametrize("change", STRICTER.values(), ids=STRICTER)
def test_what_is_no_looser_is_not_told(change: Change) -> None:
    assert loosenings(POLICY, change(POLICY)) == ()


BACK: dict[str, tuple[CeremonyPolicy, CeremonyPolicy, str]] = {
    "an issuer where there was none": (replace(POLICY, issuer=None), POLICY, "ID tokens of https://login.example.com"),
    "somebody more who approves tickets": (
        managers("idp|chiara")(POLICY),
        managers("idp|chiara", "idp|ada")(POLICY),
        "those who approve tickets would be joined by idp|ada",
    ),
    "a list in place of a claim": (
        group("approvers", ClaimGroup(claim="groups", value="approvers"))(POLICY),
        POLICY,
        "approvers would be joined by idp|maria, idp|sana",
    ),
    "the value of a claim": (
        group("approvers", ClaimGroup(claim="groups", value="a"))(POLICY),
        group("approvers", ClaimGroup(claim="groups", value="b"))(POLICY),
        "by groups = b",
    ),
    "something is enough": (
        assurance(any_of=(), all_of=())(POLICY),
        POLICY,
        "in place of amr that nothing has",
    ),
    "a restore that nobody could approve": (
        replace(POLICY, rules=(Rule(group="approvers", needed=1, when=When(tiers=("gold",))),)),
        replace(
            POLICY,
            rules=(
                Rule(group="approvers", needed=1, when=When(tiers=("gold",))),
                Rule(group="security", needed=1, when=When(tiers=("gfs",))),
            ),
        ),
        "a restore could be approved for gfs, which nobody could before",
    ),
    "rules where there were none": (
        replace(POLICY, rules=()),
        replace(POLICY, rules=POLICY.rules[:1]),
        "a restore could be approved, which nobody could before",
    ),
}


@pytest.mark.parametrize(("before", "after", "said"), BACK.values(), ids=BACK)
def test_what_makes_something_possible_at_all_is_looser(
    before: CeremonyPolicy, after: CeremonyPolicy, said: str
) -> None:
    [found] = loosenings(before, after)
    assert said in found.sentence


def test_two_groups_with_the_same_people_are_two_seats_and_not_one() -> None:
    both = replace(POLICY, rules=(Rule(group="approvers", needed=1), Rule(group="approvers", needed=1)))
    one = replace(POLICY, rules=(Rule(group="approvers", needed=1),))
    two = replace(POLICY, rules=(Rule(group="approvers", needed=2),))
    assert loosenings(both, two) == loosenings(two, both) == ()
    [found] = loosenings(both, one)
    assert found.sentence == "1 of approvers would be needed in place of 2 everywhere"


def test_everything_at_once_is_told_in_the_order_of_the_rules() -> None:
    after = POLICY
    for change, _ in (LOOSER["fewer needed"], LOOSER["a shorter delay"], LOOSER["a person added"]):
        after = change(after)
    assert [each.sentence.split(" would")[0] for each in loosenings(POLICY, after)] == [
        "1 of approvers",
        "approvers",
        "the delay",
    ]


PEOPLE = ("idp|a", "idp|b", "idp|c", "idp|d")
TIERS = ("gold", "gfs", "daily")
RISKS = ("elevated", "overwrites", "acls")


def some(values: tuple[str, ...], *, least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, unique=True).map(lambda each: tuple(sorted(each)))


WHENS = st.builds(When, tiers=st.none() | some(TIERS, least=1), risks=st.none() | some(RISKS, least=1))
RULES = st.builds(Rule, group=st.sampled_from(("a", "b")), needed=st.integers(1, 3), when=WHENS)
ALWAYS = Rule(group="a", needed=1)
KEYS = {person: Passkey(id=f"key of {person}", public_key=person.encode(), algorithm="ES256") for person in PEOPLE}


@st.composite
def policies(draw: st.DrawFn) -> CeremonyPolicy:
    """Rules as `compile` lets them be: one of them always counts."""
    return replace(
        POLICY,
        rules=(ALWAYS, *draw(st.lists(RULES, max_size=3))),
        groups={"a": draw(some(PEOPLE, least=1)), "b": draw(some(PEOPLE, least=1)), "oncall": draw(some(PEOPLE))},
        people={person: (KEYS[person],) for person in draw(some(PEOPLE))},
        issuer=draw(st.none() | st.just(ISSUER)),
        presence_max_age=timedelta(minutes=draw(st.integers(1, 9))),
        device_bound=draw(st.booleans()),
        disjoint=draw(some(("requester", "ticket_approver", "voters"))),
        delay=timedelta(hours=draw(st.integers(0, 3))),
    )


def without(members: tuple[str, ...], person: str) -> tuple[str, ...]:
    return tuple(each for each in members if each != person)


@st.composite
def stricter(draw: st.DrawFn) -> tuple[CeremonyPolicy, CeremonyPolicy]:
    """Two sets of rules, of which the second one asks for one thing more."""
    before = draw(policies())
    number = draw(st.integers(0, len(before.rules) - 1))
    old, person = before.rules[number], draw(st.sampled_from(PEOPLE))
    name = draw(st.sampled_from(("a", "oncall")))
    members = before.groups[name]
    assert isinstance(members, tuple)
    changes: list[Change] = [
        policy(rules=(*before.rules, draw(RULES))),
        rule(number, needed=old.needed + 1),
        when(number, tiers=None),
        when(number, risks=None),
        group(name, without(members, person)),
        policy(people={each: keys for each, keys in before.people.items() if each != person}),
        policy(issuer=None),
        policy(presence_max_age=before.presence_max_age - timedelta(seconds=1)),
        policy(device_bound=True),
        policy(disjoint=("requester", "ticket_approver", "voters")),
        policy(delay=before.delay + timedelta(seconds=1)),
    ]
    after = draw(st.sampled_from(changes))(before)
    assume(after != before)
    return before, after


def counts_for_somebody(before: CeremonyPolicy, after: CeremonyPolicy) -> bool:
    """Whether a key that went away was of somebody whom the rules name; of others no key counts."""
    named = {before.requesters, *(each.group for each in before.rules)}
    members = {person for name in named for person in before.groups[name]}  # type: ignore[union-attr]
    gone = before.people.keys() - after.people.keys()
    return not gone or bool(gone & members)


@given(stricter())
def test_what_asks_for_more_is_never_looser(pair: tuple[CeremonyPolicy, CeremonyPolicy]) -> None:
    before, after = pair
    assert loosenings(before, after) == ()


@given(stricter())
def test_what_asks_for_more_is_always_looser_when_it_is_taken_back(
    pair: tuple[CeremonyPolicy, CeremonyPolicy],
) -> None:
    before, after = pair
    assume(counts_for_somebody(before, after))
    assert loosenings(after, before)


@given(policies(), policies(), policies())
def test_two_steps_that_are_no_looser_are_none_together(
    first: CeremonyPolicy, second: CeremonyPolicy, third: CeremonyPolicy
) -> None:
    if not loosenings(first, second) and not loosenings(second, third):
        assert not loosenings(first, third)
