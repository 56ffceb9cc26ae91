"""Who may vote, when presence is proven, and when enough different people have approved."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.errors import QuorumUndefinedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import ApprovalRule, Intent, Person, Restores
from strongroom.domain.restores.people import person_by, same_person
from strongroom.domain.restores.presence import PresenceClaims, PresenceState, judge_presence, presence_nonce
from strongroom.domain.restores.quorum import QuorumState, decide_approval, decide_quorum
from strongroom.domain.restores.votes import Decision, VoteState, judge_click, rules_for
from tests.builders.places import PAYMENTS
from tests.builders.restores import NOW, a_vote

GROUPS = {"owners": ("maria", "sana"), "security": ("sana",), "duty": ("omar", "maria")}


def _rules(**needed: int) -> tuple[ApprovalRule, ...]:
    return tuple(ApprovalRule(unit="Production", group=group, needed=count) for group, count in needed.items())


def test_the_rules_of_an_account_replace_those_of_its_unit() -> None:
    [unit] = _rules(owners=1)
    own = ApprovalRule(account=PAYMENTS, group="security", needed=1)
    assert rules_for([unit, own], account=PAYMENTS, unit="Production") == (own,)
    assert rules_for([unit, own], account=AccountId("333333333333"), unit="Production") == (unit,)
    assert rules_for([unit, own], account=AccountId("333333333333"), unit="Sandbox") == ()


@pytest.fixture
def restores(intent: Intent) -> Restores:
    return replace(intent.restores, groups=GROUPS)


@pytest.mark.parametrize(
    ("rules", "votes", "state"),
    [
        (_rules(owners=1), [], QuorumState.PENDING),
        (_rules(owners=1), [a_vote("maria")], QuorumState.APPROVED),
        (_rules(owners=1), [a_vote("maria", state=VoteState.AWAITING_PRESENCE)], QuorumState.PENDING),
        (_rules(owners=1), [a_vote("ada")], QuorumState.PENDING),
        (_rules(duty=1), [a_vote("omar")], QuorumState.PENDING),
        (_rules(owners=1), [a_vote("maria"), a_vote("sana", decision=Decision.DENY)], QuorumState.DENIED),
        (_rules(owners=1), [a_vote("ada", decision=Decision.DENY)], QuorumState.PENDING),
        (_rules(owners=2), [a_vote("maria"), a_vote("maria")], QuorumState.PENDING),
        (_rules(owners=2), [a_vote("maria"), a_vote("sana")], QuorumState.APPROVED),
        (_rules(owners=1, security=1), [a_vote("sana")], QuorumState.PENDING),
    ],
    ids=[
        "no vote",
        "one of one",
        "presence not proven",
        "in no group",
        "the requester",
        "one denial is enough",
        "a stranger's denial",
        "the same person twice",
        "two of two",
        "one person for two places",
    ],
)
def test_quorum(
    rules: tuple[ApprovalRule, ...], votes: list[Any], state: QuorumState, restores: Restores, intent: Intent
) -> None:
    verdict = decide_quorum(rules, votes, requester="omar", restores=restores, people=intent.people)
    assert verdict.state is state


@pytest.mark.parametrize("order", list(permutations(["maria", "sana"])), ids=" then ".join)
def test_a_person_in_two_groups_blocks_nobody(order: tuple[str, ...], restores: Restores, intent: Intent) -> None:
    # GitLab issue 425759: sana first taken for `owners` leaves nobody for `security`, although two people suffice.
    verdict = decide_quorum(
        _rules(owners=1, security=1),
        [a_vote(person) for person in order],
        requester="omar",
        restores=restores,
        people=intent.people,
    )
    assert verdict.state is QuorumState.APPROVED
    assert verdict.people == ("maria", "sana")


@pytest.mark.parametrize("rules", [(), _rules(owners=0)], ids=["none", "a rule that needs nobody"])
def test_rules_that_nobody_has_to_satisfy_are_an_error(
    rules: tuple[ApprovalRule, ...], restores: Restores, intent: Intent
) -> None:
    with pytest.raises(QuorumUndefinedError):
        decide_quorum(rules, [a_vote()], requester="omar", restores=restores, people=intent.people)


@given(
    groups=st.dictionaries(st.sampled_from("gh"), st.frozensets(st.sampled_from("abcd")), min_size=1),
    needed=st.dictionaries(st.sampled_from("gh"), st.integers(1, 2), min_size=1),
    voters=st.frozensets(st.sampled_from("abcd")),
)
def test_approved_means_that_different_people_fill_every_place(
    groups: dict[str, frozenset[str]], needed: dict[str, int], voters: frozenset[str]
) -> None:
    restores = Restores(
        approval_expires_after=timedelta(),
        execution_expires_after=timedelta(),
        presence_max_age=timedelta(),
        accepted_methods=(),
        requesters="g",
        groups={name: tuple(sorted(members)) for name, members in groups.items()},
        rules=(),
    )
    verdict = decide_quorum(
        _rules(**needed),
        [a_vote(voter) for voter in voters],
        requester="a",
        restores=restores,
        people=_people(**{name: f"{name}@x.example" for name in "abcd"}),
    )
    places = [name for name, count in needed.items() for _ in range(count)]
    possible = any(
        all(person in groups.get(place, ()) for person, place in zip(people, places, strict=True))
        for people in permutations(sorted(voters - {"a"}), len(places))
    )
    assert (verdict.state is QuorumState.APPROVED) == possible


def test_the_stricter_of_the_rules_then_and_now_decides(restores: Restores, intent: Intent) -> None:
    lax, strict = _rules(owners=1), _rules(owners=2)
    for pinned, current in ((lax, strict), (strict, lax)):
        verdict = decide_approval(
            pinned, current, (a_vote("maria"),), requester="omar", restores=restores, people=intent.people
        )
        assert verdict.state is QuorumState.PENDING


def _people(**emails: str) -> dict[str, Person]:
    return {
        name: Person(subject=f"idp|{name}", name=name, email=email, slack_user=f"U{name}", ticket_account=name)
        for name, email in emails.items()
    }


@pytest.mark.parametrize("alias", ["omar@x.example", "OMAR@X.Example", "omar+2@x.example", " omar@x.example "])
def test_a_second_account_of_the_requester_is_the_requester(alias: str, restores: Restores) -> None:
    people = _people(omar="omar@x.example", maria=alias)
    assert same_person("omar", "maria", people=people)
    verdict = decide_quorum(_rules(owners=1), [a_vote("maria")], requester="omar", restores=restores, people=people)
    assert verdict.state is QuorumState.PENDING
    click = judge_click("maria", requester="omar", rules=_rules(owners=1), restores=restores, people=people)
    assert click.state is VoteState.REFUSED


@pytest.mark.parametrize("mark", ["subject", "slack_user", "ticket_account"])
def test_two_entries_that_share_an_account_are_one_person(mark: str) -> None:
    people = _people(omar="omar@x.example", maria="maria@x.example", sana="sana@x.example")
    people["maria"] = replace(people["maria"], **{mark: f" {getattr(people['omar'], mark).upper()}"})
    assert same_person("omar", "maria", people=people)
    assert not same_person("omar", "sana", people=people)


def test_a_requester_who_is_not_known_any_more_cannot_be_told_apart_from_an_approver(restores: Restores) -> None:
    people = _people(maria="maria@x.example", sana="sana@x.example")
    votes = [a_vote("maria"), a_vote("sana")]
    verdict = decide_quorum(_rules(owners=1), votes, requester="omar", restores=restores, people=people)
    assert verdict.state is QuorumState.PENDING
    click = judge_click("maria", requester="omar", rules=_rules(owners=1), restores=restores, people=people)
    assert click.state is VoteState.REFUSED


@pytest.mark.parametrize(
    ("person", "state", "why"),
    [
        ("maria", VoteState.AWAITING_PRESENCE, "proven"),
        ("omar", VoteState.REFUSED, "your own request"),
        ("ada", VoteState.REFUSED, "only members of owners"),
        ("", VoteState.REFUSED, "nobody here"),
    ],
    ids=["an approver", "the requester", "a stranger to the group", "nobody known"],
)
def test_whose_click_becomes_a_vote(
    person: str, state: VoteState, why: str, restores: Restores, intent: Intent
) -> None:
    verdict = judge_click(person, requester="omar", rules=_rules(owners=1), restores=restores, people=intent.people)
    assert (verdict.state, why in verdict.reason) == (state, True)


def test_an_account_that_two_people_share_is_nobodys() -> None:
    people = {name: replace(person, slack_user="U1") for name, person in _people(a="a@x", b="b@x").items()}
    assert person_by(people, slack_user="U1") == ""


NONCE = presence_nonce("c" * 48, digest="d" * 64, decision=Decision.APPROVE)
GOOD = PresenceClaims(subject="idp|maria", nonce=NONCE, authenticated_at=NOW, methods=("pwd", "mfa"))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, PresenceState.PROVEN),
        ({"subject": "idp|sana"}, PresenceState.REFUSED),
        ({"nonce": "0" * 64}, PresenceState.REFUSED),
        ({"nonce": ""}, PresenceState.REFUSED),
        ({"authenticated_at": None}, PresenceState.REFUSED),
        ({"authenticated_at": NOW - timedelta(minutes=5)}, PresenceState.PROVEN),
        ({"authenticated_at": NOW - timedelta(minutes=5, seconds=1)}, PresenceState.REFUSED),
        ({"authenticated_at": NOW + timedelta(seconds=60)}, PresenceState.PROVEN),
        ({"authenticated_at": NOW + timedelta(seconds=61)}, PresenceState.REFUSED),
        ({"methods": ("pwd",)}, PresenceState.REFUSED),
        ({"methods": ()}, PresenceState.REFUSED),
    ],
    ids=[
        "good",
        "another person",
        "another question",
        "no nonce",
        "no time",
        "as old as may be",
        "too old",
        "clock skew",
        "from the future",
        "password only",
        "no method",
    ],
)
def test_presence(changes: dict[str, Any], state: PresenceState, intent: Intent) -> None:
    verdict = judge_presence(
        replace(GOOD, **changes),
        person=intent.people["maria"],
        nonce=NONCE,
        restores=intent.restores,
        asked_at=NOW - timedelta(minutes=5),
        now=NOW,
    )
    assert verdict.state is state


@pytest.mark.parametrize(("early", "state"), [(60, PresenceState.PROVEN), (61, PresenceState.REFUSED)])
def test_a_session_that_is_older_than_the_question_shows_nobodys_presence(
    early: int, state: PresenceState, intent: Intent
) -> None:
    verdict = judge_presence(
        replace(GOOD, authenticated_at=NOW - timedelta(seconds=early)),
        person=intent.people["maria"],
        nonce=NONCE,
        restores=intent.restores,
        asked_at=NOW,
        now=NOW,
    )
    assert verdict.state is state


def test_a_nonce_is_bound_to_question_request_and_decision() -> None:
    others = {
        presence_nonce("e" * 48, digest="d" * 64, decision=Decision.APPROVE),
        presence_nonce("c" * 48, digest="e" * 64, decision=Decision.APPROVE),
        presence_nonce("c" * 48, digest="d" * 64, decision=Decision.DENY),
    }
    assert len(others | {NONCE}) == 4
