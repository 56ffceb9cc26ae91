"""When enough different people have approved."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.errors import QuorumUndefinedError
from strongroom.domain.intent.ceremony import ApprovalRule, Restores
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.quorum import QuorumState, decide_approval, decide_quorum
from strongroom.domain.restores.votes import Decision, VoteState
from tests.builders.restores import a_vote
from tests.unit.domain.restores.groups import a_circle, the_rules


@pytest.mark.parametrize(
    ("rules", "votes", "state"),
    [
        (the_rules(owners=1), [], QuorumState.PENDING),
        (the_rules(owners=1), [a_vote("maria")], QuorumState.APPROVED),
        (the_rules(owners=1), [a_vote("maria", state=VoteState.AWAITING_PRESENCE)], QuorumState.PENDING),
        (the_rules(owners=1), [a_vote("ada")], QuorumState.PENDING),
        (the_rules(duty=1), [a_vote("omar")], QuorumState.PENDING),
        (the_rules(owners=1), [a_vote("maria"), a_vote("sana", decision=Decision.DENY)], QuorumState.DENIED),
        (the_rules(owners=1), [a_vote("ada", decision=Decision.DENY)], QuorumState.PENDING),
        (the_rules(owners=2), [a_vote("maria"), a_vote("maria")], QuorumState.PENDING),
        (the_rules(owners=2), [a_vote("maria"), a_vote("sana")], QuorumState.APPROVED),
        (the_rules(owners=1, security=1), [a_vote("sana")], QuorumState.PENDING),
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
        the_rules(owners=1, security=1),
        [a_vote(person) for person in order],
        requester="omar",
        restores=restores,
        people=intent.people,
    )
    assert verdict.state is QuorumState.APPROVED
    assert verdict.people == ("maria", "sana")


@pytest.mark.parametrize("rules", [(), the_rules(owners=0)], ids=["none", "a rule that needs nobody"])
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
        the_rules(**needed),
        [a_vote(voter) for voter in voters],
        requester="a",
        restores=restores,
        people=a_circle(**{name: f"{name}@x.example" for name in "abcd"}),
    )
    places = [name for name, count in needed.items() for _ in range(count)]
    possible = any(
        all(person in groups.get(place, ()) for person, place in zip(people, places, strict=True))
        for people in permutations(sorted(voters - {"a"}), len(places))
    )
    assert (verdict.state is QuorumState.APPROVED) == possible


def test_the_stricter_of_the_rules_then_and_now_decides(restores: Restores, intent: Intent) -> None:
    lax, strict = the_rules(owners=1), the_rules(owners=2)
    for pinned, current in ((lax, strict), (strict, lax)):
        verdict = decide_approval(
            pinned, current, (a_vote("maria"),), requester="omar", restores=restores, people=intent.people
        )
        assert verdict.state is QuorumState.PENDING
