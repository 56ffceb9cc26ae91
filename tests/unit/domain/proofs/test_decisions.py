"""What proofs come to: who counts, what ends a request, when it may be carried out, and what is set aside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from inspect import Parameter, signature
from typing import Any

import pytest

from strongroom.domain.canonical import digest_of
from strongroom.domain.proofs.asked import AskedRestore
from strongroom.domain.proofs.decisions import DecisionState, SetAside, Verdict, decide, why_not_counted, why_not_opened
from strongroom.domain.proofs.policies import CeremonyPolicy, read_policy
from strongroom.domain.proofs.proof import proof_text, read_proof
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.proofs.trust import Period
from tests.builders.proving.signed_requests import (
    ACT_BEFORE,
    APPROVE_BEFORE,
    EVE,
    LENA,
    MARIA,
    OMAR,
    PEOPLE,
    PIET,
    SOON,
    STRONG,
    a_policy,
    a_statement,
    altered,
    an_asked,
    by_passkey,
    by_token,
    enrolled,
    people_entry,
    the_evidence,
)
from tests.builders.proving.signing import Authenticator

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NOW = SOON + MINUTE
TWO = [{"group": "approvers", "needed": 2}]
APPROVERS = [MARIA, PIET, LENA]
LEADS = {"claim": "groups", "value": "Leads"}


def verdict(
    asked: AskedRestore, *proofs: str, now: datetime = NOW, also: str | None = None, approver: str = "", **evidence: Any
) -> Verdict:
    """What the proofs come to."""
    current: CeremonyPolicy | None = None if also is None else read_policy(also)
    return decide(asked, proofs, evidence=the_evidence(**evidence), now=now, also=current, ticket_approver=approver)


def forged(person: str, asked: AskedRestore, **changes: Any) -> str:
    """A proof over a statement with other values."""
    text = altered(a_statement(asked), **changes)
    return proof_text(text, signed=Authenticator(name=person).sign(text))


def test_there_are_five_things_that_proofs_can_come_to() -> None:
    assert sorted(map(str, DecisionState)) == ["approved", "cancelled", "denied", "expired", "pending"]


# Approving


@pytest.mark.parametrize("proof", [by_passkey, by_token], ids=["passkey", "token"])
def test_a_request_is_approved_once_enough_people_have_signed(proof: Any) -> None:
    asked = an_asked()
    signed = proof(MARIA, asked)
    assert verdict(asked, signed) == Verdict(
        state=DecisionState.APPROVED,
        reason="approved by maria",
        people=(MARIA,),
        relied_on=(digest_of(signed),),
        ready_at=SOON,
        needed=1,
    )


def test_several_people_are_told_by_name_with_their_proofs_the_earliest_first() -> None:
    asked = an_asked(a_policy(rules=TWO))
    maria, piet = by_token(MARIA, asked), by_passkey(PIET, asked, at=SOON - MINUTE)
    assert verdict(asked, maria, piet) == Verdict(
        state=DecisionState.APPROVED,
        reason="approved by maria, piet",
        people=(MARIA, PIET),
        relied_on=(digest_of(piet), digest_of(maria)),
        ready_at=SOON,
        needed=2,
    )


def test_what_is_still_needed_is_told() -> None:
    asked = an_asked(
        a_policy(
            rules=[{"group": "approvers", "needed": 2}, {"group": "leads", "needed": 1}],
            groups={"engineers": [OMAR], "approvers": APPROVERS, "leads": [LENA]},
        )
    )
    assert verdict(asked) == Verdict(
        state=DecisionState.PENDING,
        reason="still needed: approvers, approvers, leads",
        missing=("approvers", "approvers", "leads"),
        needed=3,
    )
    assert verdict(asked, by_passkey(PIET, asked)) == Verdict(
        state=DecisionState.PENDING,
        reason="still needed: approvers, leads",
        people=(PIET,),
        missing=("approvers", "leads"),
        needed=3,
    )
    assert verdict(asked, by_passkey(PIET, asked), by_passkey(MARIA, asked)).people == (MARIA, PIET)


def test_attack_06_nobody_takes_two_seats() -> None:
    asked = an_asked(
        a_policy(
            rules=[{"group": "approvers", "needed": 1}, {"group": "leads", "needed": 1}],
            groups={"engineers": [OMAR], "approvers": APPROVERS, "leads": [LENA]},
        )
    )
    lena, again = by_passkey(LENA, asked), by_passkey(LENA, asked, nonce=2)
    assert verdict(asked, lena, again, by_token(LENA, asked)).state is DecisionState.PENDING
    approved = verdict(asked, lena, by_passkey(MARIA, asked))
    assert (approved.state, approved.people) == (DecisionState.APPROVED, (LENA, MARIA))


def test_attack_05_two_passkeys_of_one_person_are_one_person() -> None:
    second = Authenticator(name="maria's second", algorithm="EdDSA")
    people = {MARIA: people_entry(Authenticator(name=MARIA), second)}
    asked = an_asked(a_policy(rules=TWO, people=people))
    text = a_statement(asked, nonce=2).text
    trusted = dict([enrolled(MARIA), (second.passkey.id, enrolled(MARIA)[1])])
    passkeys = trusted | {
        second.passkey.id: type(trusted[second.passkey.id])(subject=MARIA, public_key=second.passkey.public_key)
    }
    found = verdict(asked, by_passkey(MARIA, asked), proof_text(text, signed=second.sign(text)), passkeys=passkeys)
    assert (found.state, found.people, found.set_aside) == (DecisionState.PENDING, (MARIA,), ())


def test_only_those_who_take_a_seat_are_relied_on() -> None:
    asked = an_asked()
    first, later = by_passkey(MARIA, asked), by_passkey(PIET, asked, at=SOON + SECOND)
    found = verdict(asked, later, first)
    assert (found.people, found.relied_on, found.ready_at) == ((MARIA,), (digest_of(first),), SOON)


def test_of_those_who_signed_in_the_same_second_the_first_by_name_takes_the_seat() -> None:
    asked = an_asked()
    for nonce in range(5):
        found = verdict(asked, by_passkey(PIET, asked), by_passkey(MARIA, asked, nonce=nonce))
        assert found.people == (MARIA,)


def test_of_those_who_are_needed_by_the_one_rules_the_earliest_sits_by_the_other() -> None:
    groups = {"engineers": [OMAR], "approvers": APPROVERS, "leads": [LENA]}
    asked = an_asked(a_policy(groups=groups))
    piet, lena = by_passkey(PIET, asked), by_passkey(LENA, asked, at=SOON + SECOND)
    found = verdict(asked, lena, piet, also=a_policy(rules=[{"group": "leads", "needed": 1}], groups=groups))
    assert (found.people, found.relied_on) == ((LENA, PIET), (digest_of(piet), digest_of(lena)))


def test_somebody_who_cannot_sit_is_not_relied_on() -> None:
    asked = an_asked()
    eve_sits_nowhere = by_token(EVE, asked, at=SOON - MINUTE)
    found = verdict(asked, eve_sits_nowhere, by_passkey(MARIA, asked))
    assert (found.state, found.people, found.ready_at) == (DecisionState.APPROVED, (MARIA,), SOON)


def test_more_seats_than_there_can_be_proofs_are_never_taken_and_take_no_time_to_count() -> None:
    asked = an_asked(a_policy(rules=[{"group": "approvers", "needed": 2**52}]))
    found = verdict(asked, by_passkey(MARIA, asked))
    assert (found.state, len(found.missing)) == (DecisionState.PENDING, 200)


def test_a_delay_beyond_the_end_of_time_ends_there() -> None:
    asked = an_asked(a_policy(delay=10**9), approve_before="9999-12-30T00:00:00Z", act_before="9999-12-31T00:00:00Z")
    late = datetime(9999, 12, 29, tzinfo=UTC)
    found = verdict(asked, by_passkey(MARIA, asked, at=late), now=late)
    assert (found.state, found.ready_at) == (DecisionState.PENDING, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


# The requester


def test_the_requester_never_approves() -> None:
    asked = an_asked(a_policy(groups={"engineers": [OMAR], "approvers": [OMAR, MARIA]}))
    assert verdict(asked, by_passkey(OMAR, asked), by_token(OMAR, asked)).state is DecisionState.PENDING


def test_the_requester_does_not_deny_but_cancels() -> None:
    asked = an_asked(a_policy(groups={"engineers": [OMAR], "approvers": [OMAR, MARIA]}))
    denial, cancel = by_passkey(OMAR, asked, Decision.DENY), by_passkey(OMAR, asked, Decision.CANCEL)
    approval = by_passkey(MARIA, asked)
    assert verdict(asked, approval, denial).state is DecisionState.APPROVED
    assert verdict(asked, approval, cancel) == Verdict(
        state=DecisionState.CANCELLED,
        reason="cancelled by omar",
        people=(OMAR,),
        relied_on=(digest_of(cancel),),
        needed=1,
    )


def test_nobody_else_cancels() -> None:
    asked = an_asked()
    cancel = by_passkey(PIET, asked, Decision.CANCEL)
    assert verdict(asked, by_passkey(MARIA, asked), cancel).state is DecisionState.APPROVED


def test_a_request_signed_once_more_is_no_vote() -> None:
    asked = an_asked()
    assert verdict(asked, by_passkey(MARIA, asked, Decision.REQUEST)).state is DecisionState.PENDING


# Denying


@pytest.mark.parametrize(
    "now", [NOW, APPROVE_BEFORE, ACT_BEFORE - SECOND, ACT_BEFORE, ACT_BEFORE + timedelta(days=9)], ids=str
)
def test_attack_14_a_denial_by_anybody_who_could_approve_wins(now: datetime) -> None:
    asked = an_asked()
    denial = by_passkey(PIET, asked, Decision.DENY)
    cancel = by_passkey(OMAR, asked, Decision.CANCEL)
    assert verdict(asked, by_passkey(MARIA, asked), denial, cancel, now=now) == Verdict(
        state=DecisionState.DENIED, reason="denied by piet", people=(PIET,), relied_on=(digest_of(denial),), needed=1
    )


def test_all_who_denied_are_told_by_name_the_earliest_proof_first() -> None:
    asked = an_asked()
    later, piet = by_passkey(MARIA, asked, Decision.DENY, at=SOON + SECOND), by_passkey(PIET, asked, Decision.DENY)
    found = verdict(asked, later, piet)
    assert (found.reason, found.people) == ("denied by maria, piet", (MARIA, PIET))
    assert found.relied_on == (digest_of(piet), digest_of(later))


def test_a_denial_and_a_cancellation_count_after_the_time_of_approving() -> None:
    asked = an_asked()
    late = APPROVE_BEFORE + MINUTE
    for person, decision, state in (
        (PIET, Decision.DENY, DecisionState.DENIED),
        (OMAR, Decision.CANCEL, DecisionState.CANCELLED),
    ):
        stop = by_passkey(person, asked, decision, at=late)
        assert verdict(asked, by_passkey(MARIA, asked), stop, now=late).state is state


def test_whoever_could_not_approve_does_not_deny() -> None:
    asked = an_asked(a_policy(groups={"engineers": [OMAR, LENA], "approvers": [MARIA]}))
    denials = [by_passkey(LENA, asked, Decision.DENY), by_token(EVE, asked, Decision.DENY)]
    assert verdict(asked, by_passkey(MARIA, asked), *denials).state is DecisionState.APPROVED


def test_whoever_approved_the_ticket_may_still_deny() -> None:
    asked = an_asked()
    denial = by_passkey(PIET, asked, Decision.DENY)
    assert verdict(asked, by_passkey(MARIA, asked), denial, approver=PIET).state is DecisionState.DENIED


def test_a_denial_by_somebody_of_a_rule_that_does_not_count_here_does_not_count() -> None:
    rules = [{"group": "approvers", "needed": 1}, {"group": "leads", "needed": 1, "when": {"tiers": ["gold"]}}]
    groups = {"engineers": [OMAR], "approvers": [MARIA], "leads": [LENA]}
    silver, gold = (an_asked(a_policy(rules=rules, groups=groups), tier=tier) for tier in ("silver", "gold"))
    assert verdict(silver, by_passkey(LENA, silver, Decision.DENY)).state is DecisionState.PENDING
    assert verdict(gold, by_passkey(LENA, gold, Decision.DENY)).state is DecisionState.DENIED


# The ticket's approver


@pytest.mark.parametrize(
    ("disjoint", "state"),
    [
        (None, DecisionState.PENDING),
        (["ticket_approver", "requester", "voters"], DecisionState.PENDING),
        (["voters", "ticket_approver"], DecisionState.PENDING),
        (["ticket_approver", "requester"], DecisionState.APPROVED),
        (["requester", "voters"], DecisionState.APPROVED),
        ([], DecisionState.APPROVED),
    ],
    ids=str,
)
def test_attack_12_whoever_approved_the_ticket_does_not_approve_the_request(
    disjoint: list[str] | None, state: DecisionState
) -> None:
    asked = an_asked(a_policy(disjoint=disjoint))
    assert verdict(asked, by_passkey(MARIA, asked), approver=MARIA).state is state
    assert verdict(asked, by_passkey(MARIA, asked), approver=PIET).state is DecisionState.APPROVED


@pytest.mark.parametrize(("pinned", "current"), [([], None), (None, [])], ids=["today's", "the request's"])
def test_either_rules_may_bar_whoever_approved_the_ticket(pinned: Any, current: Any) -> None:
    asked = an_asked(a_policy(disjoint=pinned))
    found = verdict(asked, by_passkey(MARIA, asked), also=a_policy(disjoint=current), approver=MARIA)
    assert found.state is DecisionState.PENDING


def test_the_requester_never_approves_whatever_is_disjoint() -> None:
    asked = an_asked(a_policy(disjoint=[], groups={"engineers": [OMAR], "approvers": [OMAR]}))
    assert verdict(asked, by_passkey(OMAR, asked)).state is DecisionState.PENDING


# Where rules count


@pytest.mark.parametrize(
    ("when", "told", "counts"),
    [
        ({}, {"tier": "gold", "risks": []}, True),
        ({"tiers": ["gold", "silver"]}, {"tier": "silver"}, True),
        ({"tiers": ["gold"]}, {"tier": "silver"}, False),
        ({"tiers": []}, {"tier": "silver"}, False),
        ({"tiers": ["gold"]}, {}, True),
        ({"risks": ["in_place"]}, {"risks": ["public", "in_place"]}, True),
        ({"risks": ["in_place"]}, {"risks": ["public"]}, False),
        ({"risks": ["in_place"]}, {"risks": []}, False),
        ({"risks": []}, {"risks": ["public"]}, False),
        ({"risks": ["in_place"]}, {}, True),
        ({"tiers": ["gold"], "risks": ["in_place"]}, {"tier": "gold", "risks": ["in_place"]}, True),
        ({"tiers": ["gold"], "risks": ["in_place"]}, {"tier": "gold", "risks": []}, False),
        ({"tiers": ["gold"], "risks": ["in_place"]}, {"tier": "silver", "risks": ["in_place"]}, False),
        ({"tiers": ["gold"], "risks": ["in_place"]}, {"tier": "silver"}, False),
        ({"tiers": ["gold"], "risks": ["in_place"]}, {"tier": "gold"}, True),
    ],
    ids=str,
)
def test_a_rule_counts_where_it_says_and_where_the_request_does_not_tell(
    when: dict[str, Any], told: dict[str, Any], *, counts: bool
) -> None:
    rules = [{"group": "approvers", "needed": 1}, {"group": "leads", "needed": 1, "when": when}]
    groups = {"engineers": [OMAR], "approvers": [MARIA], "leads": [LENA]}
    asked = an_asked(a_policy(rules=rules, groups=groups), **told)
    state = verdict(asked, by_passkey(MARIA, asked)).state
    assert state is (DecisionState.PENDING if counts else DecisionState.APPROVED)


NOBODY_CAN = "no rule says who approves this, so nobody can"


@pytest.mark.parametrize(
    ("rules", "reason", "missing"),
    [
        ([], NOBODY_CAN, ()),
        ([{"group": "approvers", "needed": 1, "when": {"tiers": ["gold"]}}], NOBODY_CAN, ()),
        ([{"group": "unknown", "needed": 1}], "still needed: unknown", ("unknown",)),
    ],
    ids=["no rule", "no rule that counts", "unknown group"],
)
def test_attack_27_where_no_rule_tells_who_may_nobody_may(
    rules: list[dict[str, Any]], reason: str, missing: tuple[str, ...]
) -> None:
    asked = an_asked(a_policy(rules=rules), tier="silver")
    found = verdict(asked, by_passkey(MARIA, asked))
    assert (found.state, found.reason, found.missing) == (DecisionState.PENDING, reason, missing)
    assert found.people == (MARIA,)


@pytest.mark.parametrize("turned", [False, True], ids=["today's", "the request's"])
def test_attack_27_rules_of_one_time_without_any_rule_let_nobody(turned: bool) -> None:  # noqa: FBT001 - a column
    some, none = a_policy(), a_policy(rules=[])
    pinned, current = (none, some) if turned else (some, none)
    asked = an_asked(pinned)
    found = verdict(asked, by_passkey(MARIA, asked), also=current)
    assert (found.state, found.reason) == (DecisionState.PENDING, NOBODY_CAN)


# Groups that the identity provider keeps

CLAIMED = {
    "rules": [{"group": "leads", "needed": 1}],
    "groups": {"engineers": [OMAR], "leads": LEADS},
}


def test_a_group_by_claim_is_joined_by_the_token_and_never_by_a_passkey() -> None:
    asked = an_asked(a_policy(**CLAIMED))
    assert verdict(asked, by_passkey(LENA, asked)).state is DecisionState.PENDING
    assert verdict(asked, by_token(LENA, asked, groups=["Staff"])).state is DecisionState.PENDING
    assert verdict(asked, by_token(LENA, asked, groups=["Staff", "Leads"])).state is DecisionState.APPROVED
    assert verdict(asked, by_token(LENA, asked, Decision.DENY, groups="Leads")).state is DecisionState.DENIED


def test_what_is_relied_on_is_enough_when_somebody_signed_twice_and_only_once_with_the_claim() -> None:
    asked = an_asked(a_policy(**CLAIMED))
    passkey = by_passkey(LENA, asked)
    token = by_token(LENA, asked, at=SOON + SECOND, nonce=2, groups=["Leads"])
    found = verdict(asked, passkey, token)
    assert found.state is DecisionState.APPROVED
    kept = [proof for proof in (passkey, token) if digest_of(proof) in found.relied_on]
    assert verdict(asked, *kept) == found


# Clocks


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (APPROVE_BEFORE - SECOND, DecisionState.APPROVED),
        (APPROVE_BEFORE, DecisionState.APPROVED),
        (APPROVE_BEFORE + SECOND, DecisionState.EXPIRED),
    ],
    ids=["before", "at", "after"],
)
def test_attack_16_an_approval_is_signed_in_time(at: datetime, state: DecisionState) -> None:
    asked = an_asked()
    assert verdict(asked, by_passkey(MARIA, asked, at=at), now=ACT_BEFORE - SECOND).state is state


def test_attack_16_a_request_without_enough_approvals_expires() -> None:
    asked = an_asked(a_policy(rules=TWO))
    maria = by_passkey(MARIA, asked)
    assert verdict(asked, maria, now=APPROVE_BEFORE - SECOND).state is DecisionState.PENDING
    assert verdict(asked, maria, now=APPROVE_BEFORE) == Verdict(
        state=DecisionState.EXPIRED,
        reason="not enough people approved before 2026-11-23T18:00:00Z",
        people=(MARIA,),
        missing=("approvers",),
        needed=2,
    )


def test_attack_16_an_approved_request_is_carried_out_in_time_or_never() -> None:
    asked = an_asked()
    maria = by_passkey(MARIA, asked)
    assert verdict(asked, maria, now=ACT_BEFORE - SECOND).state is DecisionState.APPROVED
    assert verdict(asked, maria, now=ACT_BEFORE) == Verdict(
        state=DecisionState.EXPIRED, reason="it had to be carried out before 2026-11-23T19:00:00Z", needed=1
    )


@pytest.mark.parametrize(
    ("ahead", "people", "reasons"),
    [(60 * SECOND, (MARIA,), []), (61 * SECOND, (), ["it was signed in the future"])],
    ids=["a minute", "more"],
)
def test_what_was_signed_in_the_future_does_not_count(
    ahead: timedelta, people: tuple[str, ...], reasons: list[str]
) -> None:
    asked = an_asked()
    found = verdict(asked, by_passkey(MARIA, asked, at=NOW + ahead))
    assert (found.state, found.people) == (DecisionState.PENDING, people)
    assert [each.reason for each in found.set_aside] == reasons


def test_what_was_signed_a_little_ahead_is_carried_out_then() -> None:
    asked = an_asked()
    maria = by_passkey(MARIA, asked, at=NOW + MINUTE)
    assert verdict(asked, maria).ready_at == NOW + MINUTE
    assert verdict(asked, maria, now=NOW + MINUTE).state is DecisionState.APPROVED


def test_how_many_it_takes_is_told_by_the_rules_that_ask_for_more() -> None:
    asked = an_asked(a_policy(rules=TWO))
    assert (verdict(asked).needed, verdict(asked, by_passkey(PIET, asked)).needed) == (2, 2)
    one = an_asked(a_policy())
    assert (verdict(one).needed, verdict(one, also=a_policy(rules=TWO)).needed) == (1, 2)


def test_a_delay_runs_from_the_approval_that_was_the_last_needed() -> None:
    asked = an_asked(a_policy(rules=TWO, delay=600))
    piet = by_passkey(PIET, asked)
    maria = by_passkey(MARIA, asked, at=SOON + MINUTE)
    lena = by_passkey(LENA, asked, at=SOON + 5 * MINUTE)
    ready_at = SOON + 11 * MINUTE
    early = verdict(asked, piet, maria, lena, now=ready_at - SECOND)
    assert early == Verdict(
        state=DecisionState.PENDING,
        reason="approved by maria, piet; to be carried out from 2026-11-23T14:41:00Z",
        people=(MARIA, PIET),
        relied_on=(digest_of(piet), digest_of(maria)),
        ready_at=ready_at,
        needed=2,
    )
    late = verdict(asked, piet, maria, lena, now=ready_at)
    assert (late.state, late.reason) == (DecisionState.APPROVED, "approved by maria, piet")


def test_the_longer_delay_of_the_two_rules_runs() -> None:
    for pinned, current in ((600, 60), (60, 600)):
        asked = an_asked(a_policy(delay=pinned))
        maria = by_passkey(MARIA, asked)
        found = verdict(asked, maria, also=a_policy(delay=current), now=SOON + 10 * MINUTE - SECOND)
        assert (found.state, found.ready_at) == (DecisionState.PENDING, SOON + 10 * MINUTE)


def test_a_delay_that_runs_is_not_expired_when_the_time_of_approving_ends() -> None:
    asked = an_asked(a_policy(delay=4 * 3600))
    assert verdict(asked, by_passkey(MARIA, asked), now=APPROVE_BEFORE + MINUTE).state is DecisionState.PENDING
    assert verdict(asked, by_passkey(MARIA, asked), now=SOON + timedelta(hours=4)).state is DecisionState.APPROVED


# Today's rules


@pytest.mark.parametrize(
    ("current", "state"),
    [
        ({}, DecisionState.APPROVED),
        ({"groups": {"engineers": [OMAR], "approvers": [MARIA, PIET]}}, DecisionState.APPROVED),
        ({"rules": TWO}, DecisionState.PENDING),
        ({"groups": {"engineers": [OMAR], "approvers": [PIET]}}, DecisionState.PENDING),
        ({"people": {PIET: people_entry(Authenticator(name=PIET))}}, DecisionState.PENDING),
        ({"people": {PIET: people_entry(Authenticator(name=MARIA))}}, DecisionState.PENDING),
        ({"rules": [{"group": "leads", "needed": 1}]}, DecisionState.PENDING),
    ],
    ids=["same", "fewer people", "more needed", "left the group", "key removed", "key given away", "other group"],
)
def test_x9_todays_rules_must_be_satisfied_too(current: dict[str, Any], state: DecisionState) -> None:
    asked = an_asked()
    assert verdict(asked, by_passkey(MARIA, asked), also=a_policy(**current)).state is state


def test_x9_looser_rules_of_today_gain_nothing() -> None:
    asked = an_asked(a_policy(rules=TWO, groups={"engineers": [OMAR], "approvers": [MARIA, PIET]}))
    loose = a_policy(groups={"engineers": [OMAR], "approvers": [*PEOPLE, EVE]})
    found = verdict(asked, by_passkey(MARIA, asked), by_passkey(LENA, asked), also=loose)
    assert (found.state, found.missing) == (DecisionState.PENDING, ("approvers",))


def test_x9_the_rules_of_which_more_is_missing_are_told() -> None:
    asked = an_asked()
    assert verdict(asked, also=a_policy(rules=TWO)).missing == ("approvers", "approvers")
    two = an_asked(a_policy(rules=TWO))
    assert verdict(two, also=a_policy()).missing == ("approvers", "approvers")
    other = a_policy(rules=[{"group": "zebras", "needed": 1}])
    assert verdict(two, also=other).missing == ("approvers", "approvers")


def test_x9_whoever_takes_a_seat_by_either_rules_is_relied_on() -> None:
    groups = {"engineers": [OMAR], "approvers": [MARIA], "leads": [LENA]}
    asked = an_asked(a_policy(groups=groups))
    maria, lena = by_passkey(MARIA, asked), by_passkey(LENA, asked, at=SOON + SECOND)
    found = verdict(asked, maria, lena, also=a_policy(rules=[{"group": "leads", "needed": 1}], groups=groups))
    assert (found.state, found.people) == (DecisionState.APPROVED, (LENA, MARIA))
    assert found.ready_at == SOON + SECOND


@pytest.mark.parametrize("group", ["pinned", "current"])
def test_a_denial_counts_by_the_rules_of_either_time(group: str) -> None:
    pinned = {"engineers": [OMAR], "approvers": [MARIA, PIET] if group == "pinned" else [MARIA]}
    current = {"engineers": [OMAR], "approvers": [MARIA, PIET] if group == "current" else [MARIA]}
    asked = an_asked(a_policy(groups=pinned))
    denial = by_passkey(PIET, asked, Decision.DENY)
    found = verdict(asked, by_passkey(MARIA, asked), denial, also=a_policy(groups=current))
    assert found.state is DecisionState.DENIED


def test_a_denial_counts_with_a_key_that_only_one_of_the_two_rules_knows() -> None:
    without = {MARIA: people_entry(Authenticator(name=MARIA))}
    for pinned, current in ((None, without), (without, None)):
        asked = an_asked(a_policy() if pinned is None else a_policy(people=pinned))
        denial = by_passkey(PIET, asked, Decision.DENY)
        also = a_policy() if current is None else a_policy(people=current)
        assert verdict(asked, denial, also=also).state is DecisionState.DENIED


def test_whom_the_two_rules_call_by_different_names_does_not_approve() -> None:
    asked = an_asked(a_policy(groups={"engineers": [OMAR], "approvers": ["oid-1", MARIA]}))
    current = a_policy(
        issuer=STRONG | {"subject_claim": "oid"}, groups={"engineers": [OMAR], "approvers": ["oid-1", MARIA]}
    )
    token = by_token(MARIA, asked, oid="oid-1")
    assert verdict(asked, token, also=current).state is DecisionState.PENDING
    assert verdict(asked, token).state is DecisionState.APPROVED


def test_tokens_count_only_where_both_rules_take_them() -> None:
    asked = an_asked()
    assert verdict(asked, by_token(MARIA, asked), also=a_policy(issuer=None)).state is DecisionState.PENDING


# What was enrolled when


def test_attack_15_a_key_counts_at_the_time_at_which_its_proof_was_seen() -> None:
    asked = an_asked()
    proof = by_passkey(MARIA, asked)
    gone = dict([enrolled(MARIA, Period(until=SOON + 10 * MINUTE))])
    later = SOON + 20 * MINUTE
    assert verdict(asked, proof, passkeys=gone, now=later).state is DecisionState.PENDING
    seen = {digest_of(proof): SOON + 5 * MINUTE}
    assert verdict(asked, proof, passkeys=gone, now=later, seen_at=seen).state is DecisionState.APPROVED
    too_late = {digest_of(proof): SOON + 15 * MINUTE}
    assert verdict(asked, proof, passkeys=gone, now=later, seen_at=too_late).state is DecisionState.PENDING


# What counts for nothing


def test_proofs_about_something_else_are_set_aside_and_told() -> None:
    asked, other = an_asked(), an_asked(reason="another")
    eve = by_passkey(EVE, asked)
    cases = {
        by_passkey(MARIA, other): "it was signed for another request",
        forged(MARIA, asked, request="r-other"): "it was signed for another request",
        forged(MARIA, asked, policy="0" * 64): "it was signed under other rules",
        forged(MARIA, asked, expires_at="2026-11-23T20:00:00Z"): "it does not end when the request does",
        eve: "nobody here has enrolled this passkey",
        "junk": "this is no JSON as it is written here: Expecting value: line 1 column 1 (char 0)",
        "{}": "statement is missing",
        "\ud800": "this is no JSON as it is written here: Expecting value: line 1 column 1 (char 0)",
        by_passkey(MARIA, asked) + " ": "the text is not the canonical form of what it says",
        by_token(MARIA, asked, acr="pwd"): "the login was not as strong as the rules demand, by acr",
    }
    found = verdict(asked, *cases)
    assert found.state is DecisionState.PENDING
    told = {each.digest: each.reason for each in found.set_aside}
    assert told == {digest_of(proof): reason for proof, reason in cases.items()}
    assert found.set_aside == tuple(SetAside(digest=digest_of(proof), reason=cases[proof]) for proof in sorted(cases))


def test_what_was_set_aside_is_told_beside_what_counts() -> None:
    asked = an_asked()
    found = verdict(asked, by_passkey(MARIA, asked), "junk")
    assert (found.state, len(found.set_aside)) == (DecisionState.APPROVED, 1)


def test_why_the_requests_own_rules_refuse_a_proof_is_told() -> None:
    asked = an_asked(a_policy(issuer=None))
    elsewhere = a_policy(issuer=STRONG | {"issuer": "https://other.example.com"})
    found = verdict(asked, by_token(MARIA, asked), also=elsewhere)
    assert [each.reason for each in found.set_aside] == ["the rules take no ID tokens"]


def test_the_same_proof_is_one_proof_however_often_it_is_found() -> None:
    asked = an_asked(a_policy(rules=TWO))
    proof = by_passkey(MARIA, asked)
    assert verdict(asked, proof, proof).state is DecisionState.PENDING
    assert len(verdict(asked, "junk", "junk").set_aside) == 1


FLOOD = "more than 200 proofs: somebody floods the request"


@pytest.mark.parametrize(("junk", "state"), [(199, DecisionState.APPROVED), (200, DecisionState.PENDING)])
def test_attack_28_a_flood_of_proofs_approves_nothing(junk: int, state: DecisionState) -> None:
    asked = an_asked()
    found = verdict(asked, by_passkey(MARIA, asked), *(f"junk {number}" for number in range(junk)))
    assert (found.state, len(found.set_aside)) == (state, junk)
    assert (found.reason == FLOOD) is (state is DecisionState.PENDING)


def test_attack_28_a_flood_of_good_proofs_approves_nothing_either() -> None:
    asked = an_asked()
    found = verdict(asked, *(by_passkey(MARIA, asked, nonce=number) for number in range(201)))
    assert (found.state, found.reason, found.set_aside) == (DecisionState.PENDING, FLOOD, ())


def test_attack_28_a_flood_keeps_nobody_from_denying_and_no_clock_from_running() -> None:
    asked = an_asked()
    flood = [f"junk {number}" for number in range(300)]
    assert verdict(asked, *flood, by_passkey(PIET, asked, Decision.DENY)).state is DecisionState.DENIED
    assert verdict(asked, *flood, by_passkey(OMAR, asked, Decision.CANCEL)).state is DecisionState.CANCELLED
    assert verdict(asked, *flood, now=ACT_BEFORE).state is DecisionState.EXPIRED


# Opening


def opened(
    asked: AskedRestore, proof: str, *, now: datetime = NOW, also: CeremonyPolicy | None = None, **evidence: Any
) -> str:
    return why_not_opened(asked, read_proof(proof), evidence=the_evidence(**evidence), now=now, also=also)


@pytest.mark.parametrize("proof", [by_passkey, by_token], ids=["passkey", "token"])
def test_a_request_is_one_once_its_requester_has_signed_it(proof: Any) -> None:
    asked = an_asked()
    assert opened(asked, proof(OMAR, asked, Decision.REQUEST)) == ""


def test_a_request_in_somebody_elses_name_is_none() -> None:
    asked = an_asked()
    assert (
        opened(asked, by_passkey(MARIA, asked, Decision.REQUEST)) == "it is signed by somebody else than the requester"
    )


@pytest.mark.parametrize("decision", [Decision.APPROVE, Decision.DENY, Decision.CANCEL])
def test_another_statement_of_the_requester_opens_nothing(decision: Decision) -> None:
    asked = an_asked()
    assert opened(asked, by_passkey(OMAR, asked, decision)) == "the requester's statement asks for nothing"


def test_a_statement_for_another_request_opens_nothing() -> None:
    asked = an_asked()
    other = by_passkey(OMAR, an_asked(reason="another"), Decision.REQUEST)
    assert opened(asked, other) == "it was signed for another request"


def test_a_passkey_that_nobody_enrolled_opens_nothing() -> None:
    asked = an_asked(requester=EVE)
    assert opened(asked, by_passkey(EVE, asked, Decision.REQUEST)) == "nobody here has enrolled this passkey"


def test_whoever_may_not_ask_opens_nothing() -> None:
    asked = an_asked(a_policy(groups={"engineers": [PIET], "approvers": [OMAR]}))
    assert opened(asked, by_passkey(OMAR, asked, Decision.REQUEST)) == "the requester is not one of those who may ask"


@pytest.mark.parametrize(
    ("current", "reason"),
    [
        ({}, ""),
        ({"groups": {"engineers": [PIET]}}, "the requester is not one of those who may ask"),
        ({"requesters": "approvers"}, "the requester is not one of those who may ask"),
        ({"people": {}}, "nobody here has enrolled this passkey"),
        ({"people": {PIET: people_entry(Authenticator(name=OMAR))}}, "nobody here has enrolled this passkey"),
    ],
    ids=["same", "left the group", "another group", "key removed", "key given away"],
)
def test_attack_15_the_requester_may_ask_by_todays_rules_too(current: dict[str, Any], reason: str) -> None:
    asked = an_asked()
    proof = by_passkey(OMAR, asked, Decision.REQUEST)
    assert opened(asked, proof, also=read_policy(a_policy(**current))) == reason


def test_looser_rules_of_today_let_nobody_ask() -> None:
    asked = an_asked(a_policy(groups={"engineers": [PIET]}))
    proof = by_passkey(OMAR, asked, Decision.REQUEST)
    assert opened(asked, proof, also=read_policy(a_policy())) == "the requester is not one of those who may ask"


@pytest.mark.parametrize(
    ("ahead", "reason"), [(60 * SECOND, ""), (61 * SECOND, "it was signed in the future")], ids=["a minute", "more"]
)
def test_a_request_that_was_signed_in_the_future_is_none(ahead: timedelta, reason: str) -> None:
    asked = an_asked()
    assert opened(asked, by_passkey(OMAR, asked, Decision.REQUEST, at=NOW + ahead)) == reason


def test_who_may_ask_can_be_a_group_of_the_identity_provider() -> None:
    asked = an_asked(a_policy(groups={"engineers": LEADS, "approvers": [MARIA]}))
    assert opened(asked, by_token(OMAR, asked, Decision.REQUEST, groups=["Leads"])) == ""
    assert opened(asked, by_passkey(OMAR, asked, Decision.REQUEST)) == "the requester is not one of those who may ask"


def test_the_requesters_key_counts_at_the_time_at_which_the_request_was_seen() -> None:
    asked = an_asked()
    proof = by_passkey(OMAR, asked, Decision.REQUEST)
    gone = dict([enrolled(OMAR, Period(until=SOON + 10 * MINUTE))])
    later = SOON + 20 * MINUTE
    assert opened(asked, proof, passkeys=gone, now=later) == "nobody here has enrolled this passkey"
    assert opened(asked, proof, passkeys=gone, now=later, seen_at={digest_of(proof): SOON}) == ""


@pytest.mark.parametrize("function", [decide, why_not_counted, why_not_opened])
def test_attack_27_nobody_decides_without_saying_what_can_only_refuse(function: Callable[..., object]) -> None:
    refusing = {"also", "ticket_approver"} & signature(function).parameters.keys()
    assert {signature(function).parameters[name].default for name in refusing} == {Parameter.empty}
