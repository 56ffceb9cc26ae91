"""What holds of every ceremony, whatever people sign, in whatever order, beside whatever junk."""

import sys
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from strongroom.domain.canonical import digest_of
from strongroom.domain.proofs import decisions
from strongroom.domain.proofs.decisions import DecisionState, Verdict, decide
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.values import field_names
from tests.builders.proving.oracle import CLOCKS, Rules, Said, as_if_pinned, asked_under, decided, oracle, proof_under
from tests.builders.proving.signed_requests import (
    ACT_BEFORE,
    APPROVE_BEFORE,
    EVE,
    MARIA,
    OMAR,
    PEOPLE,
    PIET,
    SOON,
    START,
    an_asked,
    by_passkey,
    by_token,
    the_evidence,
)

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NAMES = ("red", "blue")
MEMBERS = st.sets(st.sampled_from(PEOPLE), max_size=4).map(sorted).map(tuple)
RULES = st.builds(
    Rules,
    needed=st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 2)), max_size=2).map(tuple),
    groups=st.tuples(*(st.tuples(st.just(name), MEMBERS) for name in NAMES)),
    delay=st.sampled_from([timedelta(0), HOUR]),
    bars_ticket_approver=st.booleans(),
)
SAID = st.builds(
    Said,
    at=st.sampled_from([START, START + HOUR, START + 2 * HOUR, APPROVE_BEFORE, APPROVE_BEFORE + SECOND]),
    person=st.sampled_from(PEOPLE),
    decision=st.sampled_from([Decision.APPROVE, Decision.APPROVE, Decision.APPROVE, Decision.DENY, Decision.CANCEL]),
)
APPROVALS = st.lists(SAID.map(lambda said: Said(said.at, said.person, Decision.APPROVE)), max_size=6, unique=True)
WORDS = APPROVALS | st.lists(SAID, max_size=6, unique=True)
BOTH = st.lists(RULES, min_size=1, max_size=2)
NOW = st.sampled_from([START + HOUR, START + 3 * HOUR, APPROVE_BEFORE, ACT_BEFORE - SECOND, ACT_BEFORE])
APPROVER = st.sampled_from(["", *PEOPLE])


@st.composite
def junk(draw: st.DrawFn, rules: Rules) -> str:
    """Something that lies among the proofs and is none: anything, or a good proof but for one character."""
    asked = asked_under(rules)
    good = proof_under(rules, draw(SAID))
    place = draw(st.integers(0, len(good) - 1))
    letter = draw(st.sampled_from('Aa0{}",:-_ \ud800é'))
    assume(good[place] != letter)
    return draw(
        st.sampled_from(
            [
                draw(st.text(max_size=20)),
                good[:place] + letter + good[place + 1 :],
                good[:place],
                by_passkey(draw(st.sampled_from(PEOPLE)), an_asked(reason="another"), draw(st.sampled_from(Decision))),
                by_passkey(EVE, asked, draw(st.sampled_from(Decision))),
                by_token(draw(st.sampled_from(PEOPLE)), asked, draw(st.sampled_from(Decision)), acr="pwd"),
            ]
        )
    )


@given(WORDS, BOTH, NOW, APPROVER)
def test_a_ceremony_is_decided_as_by_trying_everything(
    said: list[Said], rules: list[Rules], now: datetime, approver: str
) -> None:
    expected = oracle(said, rules, now=now, ticket_approver=approver)
    assert decided(said, rules, now=now, ticket_approver=approver).state is expected


@given(WORDS.flatmap(lambda said: st.tuples(st.just(said), st.permutations(said))), BOTH, NOW, APPROVER)
def test_attack_14_no_order_in_which_proofs_are_found_changes_anything(
    orders: tuple[list[Said], list[Said]], rules: list[Rules], now: datetime, approver: str
) -> None:
    one, other = (decided(said, rules, now=now, ticket_approver=approver) for said in orders)
    assert one == other


@given(st.data(), WORDS, BOTH, NOW)
def test_junk_is_set_aside_and_changes_nothing_else(
    data: st.DataObject, said: list[Said], rules: list[Rules], now: datetime
) -> None:
    found = data.draw(st.lists(junk(rules[0]), min_size=1, max_size=4))
    proofs = [proof_under(rules[0], each) for each in said]

    def verdict(*more: str) -> dict[str, Any]:
        also = rules[1].policy if len(rules) > 1 else None
        asked, texts = asked_under(rules[0]), [*more, *proofs]
        made = decide(asked, texts, evidence=the_evidence(), now=now, also=also, ticket_approver="")
        return {name: getattr(made, name) for name in field_names(Verdict)}

    clean, full = verdict(), verdict(*found)
    aside = {each.digest for each in full.pop("set_aside")} - {each.digest for each in clean.pop("set_aside")}
    assert full == clean
    assert aside == {digest_of(each) for each in found}


@given(APPROVALS, SAID, BOTH, NOW, APPROVER)
def test_one_more_approval_never_takes_an_approval_away(
    said: list[Said], more: Said, rules: list[Rules], now: datetime, approver: str
) -> None:
    before = decided(said, rules, now=now, ticket_approver=approver)
    approval = Said(more.at, more.person, Decision.APPROVE)
    after = decided([*said, approval], rules, now=now, ticket_approver=approver)
    if before.state is DecisionState.APPROVED:
        assert after.state is DecisionState.APPROVED
        assert after.ready_at is not None
        assert before.ready_at is not None
        assert after.ready_at <= before.ready_at


@given(WORDS, BOTH, NOW, APPROVER, st.sampled_from(PEOPLE))
def test_attack_14_one_denial_by_anybody_who_could_approve_always_denies(
    said: list[Said], rules: list[Rules], now: datetime, approver: str, person: str
) -> None:
    could = any(person in one.members(group) for one in rules for group, _ in one.needed)
    assume(could and person != OMAR)
    denial = Said(START, person, Decision.DENY)
    verdict = decided([*said, denial], rules, now=now, ticket_approver=approver)
    assert verdict.state is DecisionState.DENIED
    assert person in verdict.people


@given(WORDS, RULES, RULES, NOW, APPROVER)
def test_attack_26_the_rules_of_two_times_are_never_looser_than_either(
    said: list[Said], pinned: Rules, current: Rules, now: datetime, approver: str
) -> None:
    proofs = [proof_under(pinned, each) for each in said]
    alone = [
        decide(asked, proofs, evidence=the_evidence(), now=now, also=None, ticket_approver=approver).state
        for asked in (asked_under(pinned), as_if_pinned(current, to=pinned))
    ]
    both = decided(said, [pinned, current], now=now, ticket_approver=approver).state
    if both is DecisionState.APPROVED:
        assert alone == [DecisionState.APPROVED] * 2
    assert (both is DecisionState.DENIED) is (DecisionState.DENIED in alone)
    turned = decide(
        as_if_pinned(current, to=pinned),
        proofs,
        evidence=the_evidence(),
        now=now,
        also=pinned.policy,
        ticket_approver=approver,
    )
    assert turned.state is both


@given(WORDS, BOTH, NOW, APPROVER)
def test_what_is_relied_on_is_enough_for_the_same_decision(
    said: list[Said], rules: list[Rules], now: datetime, approver: str
) -> None:
    verdict = decided(said, rules, now=now, ticket_approver=approver)
    kept = [each for each in said if digest_of(proof_under(rules[0], each)) in verdict.relied_on]
    again = decided(kept, rules, now=now, ticket_approver=approver)
    if verdict.relied_on:
        assert (again.state, again.people, again.ready_at) == (verdict.state, verdict.people, verdict.ready_at)
        assert set(again.relied_on) == set(verdict.relied_on)
    assert bool(verdict.relied_on) is (
        verdict.state in {DecisionState.APPROVED, DecisionState.DENIED, DecisionState.CANCELLED}
        or verdict.ready_at is not None
    )


@given(WORDS, BOTH, APPROVER)
def test_a_request_that_has_expired_stays_so_and_an_approved_one_ends_in_time(
    said: list[Said], rules: list[Rules], approver: str
) -> None:
    clocks = [APPROVE_BEFORE + SECOND, APPROVE_BEFORE + HOUR / 2, ACT_BEFORE - SECOND, ACT_BEFORE, ACT_BEFORE + HOUR]
    states = [decided(said, rules, now=now, ticket_approver=approver).state for now in clocks]
    assert states[-2:] == [states[-1]] * 2
    assert states[-1] not in {DecisionState.APPROVED, DecisionState.PENDING}
    for before, after in pairwise(states):
        if before not in {DecisionState.APPROVED, DecisionState.PENDING}:
            assert after is before
        if before is DecisionState.APPROVED:
            assert after in {DecisionState.APPROVED, DecisionState.EXPIRED}


@given(WORDS, BOTH, NOW, APPROVER)
def test_an_approval_is_never_the_requesters_nor_that_of_whoever_approved_the_ticket(
    said: list[Said], rules: list[Rules], now: datetime, approver: str
) -> None:
    verdict = decided(said, rules, now=now, ticket_approver=approver)
    if verdict.state is DecisionState.APPROVED:
        assert OMAR not in verdict.people
        assert approver not in verdict.people or not any(one.bars_ticket_approver for one in rules)
        assert len(verdict.people) >= max(sum(count for _, count in one.needed) for one in rules)


# Every way in which three people can behave

MINUTE = timedelta(minutes=1)
TRIO = (OMAR, MARIA, PIET)
GROUPS = (("all", (OMAR, MARIA, PIET)), ("maria", (MARIA,)), ("nobody", ()), ("engineers", (OMAR,)))
SETS = {
    "one": Rules(needed=(("all", 1),), groups=GROUPS),
    "two": Rules(needed=(("all", 2),), groups=GROUPS),
    "one and Maria": Rules(needed=(("all", 1), ("maria", 1)), groups=GROUPS),
    "Maria, and then a delay": Rules(needed=(("maria", 1),), groups=GROUPS, delay=timedelta(minutes=208)),
    "two, whoever approved the ticket": Rules(needed=(("all", 2),), groups=GROUPS, bars_ticket_approver=False),
    "somebody of nobody": Rules(needed=(("all", 1), ("nobody", 1)), groups=GROUPS),
    "no rule": Rules(needed=(), groups=GROUPS),
}
WAYS: dict[str, tuple[tuple[Decision, bool], ...]] = {
    "nothing": (),
    "approves": ((Decision.APPROVE, True),),
    "approves too late": ((Decision.APPROVE, False),),
    "denies": ((Decision.DENY, False),),
    "cancels": ((Decision.CANCEL, True),),
    "approves and denies": ((Decision.APPROVE, True), (Decision.DENY, True)),
}


def said_by(person: str, way: str) -> list[Said]:
    """What the person says, each a minute after the one before, or as much after the end of approving."""
    minutes = MINUTE * (1 + TRIO.index(person))
    return [
        Said(SOON + minutes if in_time else APPROVE_BEFORE + minutes / 60, person, decision)
        for decision, in_time in WAYS[way]
    ]


@pytest.fixture(autouse=True)
def _proofs_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same few proofs are judged many thousand times; how they are read has tests of its own."""
    monkeypatch.setattr(decisions, "read_proof", cache(read_proof))


@pytest.mark.parametrize("pinned", SETS)
def test_whatever_three_people_do_is_decided_as_the_design_says(
    pinned: str, capsys: pytest.CaptureFixture[str]
) -> None:
    states: Counter[DecisionState] = Counter()
    for ways in product(WAYS, repeat=len(TRIO)):
        said = [each for person, way in zip(TRIO, ways, strict=True) for each in said_by(person, way)]
        for current, (clock, now), approver in product((None, *SETS), CLOCKS.items(), ("", MARIA)):
            rules = [SETS[pinned]] if current is None else [SETS[pinned], SETS[current]]
            expected = oracle(said, rules, now=now, ticket_approver=approver)
            state = decided(said, rules, now=now, ticket_approver=approver).state
            assert state is expected, (ways, current, clock, approver)
            states[state] += 1
    with capsys.disabled():
        counted = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
        sys.stdout.write(f"\n{pinned}: {states.total():,} ceremonies of three people, {counted}\n")
