"""A card in chat calls those whose approval is missing, and counts those that are there."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text, read_canonical
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.decisions import DecisionState, Verdict
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.drafts import Draft
from strongroom.domain.restores.requests import UNNAMED, SealedRequest, seal_request
from strongroom.domain.restores.showing.card import Standing, deciders, nobody_signed, open_card, tally, time_left
from strongroom.domain.restores.showing.card import able_to_decide as able
from tests.builders.places import HOME
from tests.builders.restores import NOW, POLICY, a_request

TWO_GROUPS: dict[str, Any] = {
    "groups": {"approvers": ["idp|maria", "idp|sana", "idp|omar"], "oncall": ["idp|omar"], "security": ["idp|sana"]},
    "rules": [{"group": "approvers", "needed": 1}, {"group": "security", "needed": 1}],
}


def _asked(**policy: Any) -> SealedRequest:
    return seal_request(a_request(policy=canonical_text({**read_canonical(POLICY), **policy})))


def _pending(*missing: str, people: tuple[str, ...] = (), **changes: Any) -> Verdict:
    verdict = Verdict(state=DecisionState.PENDING, reason="", missing=missing, people=people, needed=2)
    return replace(verdict, **changes)


def test_nobody_has_signed_at_first_and_every_seat_is_missing() -> None:
    verdict = nobody_signed(_asked(**TWO_GROUPS).asked).verdict
    assert (verdict.missing, verdict.needed, verdict.people) == (("approvers", "security"), 2, ())


@pytest.mark.parametrize(
    ("policy", "standing", "people"),
    [
        pytest.param({}, Standing(verdict=_pending("approvers", "security")), ("idp|maria", "idp|sana"), id="all"),
        pytest.param({}, Standing(verdict=_pending("security", people=("idp|maria",))), ("idp|sana",), id="one signed"),
        pytest.param({}, Standing(verdict=_pending()), (), id="nobody is missing"),
        pytest.param(
            {},
            Standing(verdict=_pending("approvers"), ticket_approver="idp|maria"),
            ("idp|sana",),
            id="not who approved the ticket",
        ),
        pytest.param(
            {"disjoint": ["requester", "voters"]},
            Standing(verdict=_pending("approvers"), ticket_approver="idp|maria"),
            ("idp|maria", "idp|sana"),
            id="unless the rules allow that",
        ),
        pytest.param(
            {"groups": {"approvers": [], "oncall": [], "security": {"claim": "groups", "value": "sec"}}},
            Standing(verdict=_pending("security")),
            (),
            id="a group that the identity provider keeps",
        ),
    ],
)
def test_those_can_decide_who_fill_a_seat_that_is_still_empty(
    policy: dict[str, Any], standing: Standing, people: tuple[str, ...]
) -> None:
    assert able(_asked(**TWO_GROUPS | policy).asked, standing) == people


def test_of_a_group_that_the_identity_provider_keeps_nobody_can_be_named(intent: Intent) -> None:
    kept = {"groups": TWO_GROUPS["groups"] | {"security": {"claim": "groups", "value": "sec"}}}
    standing = Standing(verdict=_pending("approvers", "security", people=("idp|maria",)))
    assert deciders(_asked(**TWO_GROUPS | kept).asked, standing, ceremony=ceremony_of(intent)) == (
        "Sana Iqbal",
        "whoever the identity provider counts among security",
    )


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (_pending("approvers", "security"), "0 of 2; still needed: one of approvers, one of security"),
        (_pending("security", people=("idp|maria",)), "1 of 2 (Maria Lindqvist); still needed: one of security"),
        (_pending(people=("idp|maria", "idp|sana")), "2 of 2 (Maria Lindqvist, Sana Iqbal)"),
        (_pending("a", "a", "a"), "0 of 3; still needed: one of a, one of a, one of a"),
    ],
)
def test_approvals_are_counted_with_their_people(verdict: Verdict, said: str, intent: Intent) -> None:
    assert tally(verdict, ceremony=ceremony_of(intent)) == said


@pytest.mark.parametrize(
    ("standing", "headline", "action"),
    [
        (Standing(verdict=_pending("approvers")), "awaits approval", "Review and decide"),
        (
            Standing(verdict=_pending(ready_at=NOW + timedelta(hours=1))),
            "is approved, and begins at 15:20:00 UTC",
            "See it, or stop it",
        ),
        (
            Standing(verdict=replace(_pending(), state=DecisionState.APPROVED)),
            "is approved, and about to begin",
            "See it, or stop it",
        ),
        (
            Standing(verdict=replace(_pending(), state=DecisionState.APPROVED), is_copying=True),
            "is approved, and being copied back",
            "See it, or stop it",
        ),
        (
            Standing(verdict=replace(_pending(), state=DecisionState.EXPIRED), is_started=True),
            "is being carried out",
            "See it",
        ),
    ],
)
def test_the_headline_says_how_far_it_is(standing: Standing, headline: str, action: str, intent: Intent) -> None:
    card = open_card(Draft(sealed=_asked(), view="v"), standing, ceremony=ceremony_of(intent), now=NOW)
    assert card.headline == f"Restore r-abcdefgh2345 {headline}: payments-db-0200"
    is_asked = headline == "awaits approval"
    assert (card.action, bool(card.called), bool(card.number)) == (action, is_asked, is_asked)


def test_what_nobody_names_is_called_by_what_it_is_of(intent: Intent) -> None:
    system = f"arn:aws:elasticfilesystem:{HOME}:222222222222:file-system/fs-1"
    sealed = seal_request(a_request(target_name=UNNAMED, resource=system, resource_type="EFS"))
    standing = Standing(verdict=_pending("approvers"))
    card = open_card(Draft(sealed=sealed, view="v"), standing, ceremony=ceremony_of(intent), now=NOW)
    assert card.headline == "Restore r-abcdefgh2345 awaits approval: a new fs-1"
    assert dict(card.rows)["Becomes"] == f"a new resource in account 222222222222, {HOME}"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(hours=4), "more than 4 h left"),
        (timedelta(minutes=119), "more than 1 h left"),
        (timedelta(minutes=59), "more than 45 min left"),
        (timedelta(minutes=15), "more than 15 min left"),
        (timedelta(seconds=1), "less than 15 min left"),
        (timedelta(0), "the time is over"),
    ],
)
def test_the_time_that_is_left_is_never_told_too_long(left: timedelta, said: str) -> None:
    assert time_left(left) == said
