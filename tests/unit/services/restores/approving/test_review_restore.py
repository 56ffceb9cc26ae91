"""X12, attack 25: an urgent restore is reviewed by somebody who took no part in it, and by nobody else."""

import json

import pytest

from strongroom.domain.errors import (
    MalformedRecordError,
    PermissionRefusedError,
    RestoreRefusedError,
    TemporarilyUnavailableError,
)
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.reviews import ReviewFinding, make_review
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.approving.review_restore import propose_review, take_review
from strongroom.services.restores.approving.take_proof import ProofState, take_proof
from tests.builders.restores import AUTHENTICATORS, an_urgent_intent, an_urgent_wish
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """The example, where Ada, Piet and Omar are called to incidents and Sana reviews."""
    return CeremonyWorld(an_urgent_intent(intent))


def test_x12_a_review_is_kept_and_frees_the_next(world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    taken = world.review(first, "sana")
    assert (taken.state, taken.subject) == (ProofState.COUNTED, "idp|sana")
    assert world.open(an_urgent_wish(target_name="another-db"))


def test_a_review_that_was_not_asked_for_here_is_refused(world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    needs = world.reviewing
    proposed = propose_review(first, ReviewFinding.IN_ORDER, view=None, needs=needs, now=world.now)
    signed = AUTHENTICATORS["sana"].sign(proposed.statement)
    world.later(minutes=6)
    taken = take_review(first, statement=proposed.statement, signed=signed, needs=needs, now=world.now)
    assert taken.state is ProofState.REFUSED
    assert "too long ago" in taken.reason


def test_a_review_of_another_end_is_refused(world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    asked = world.kept(first).sealed.asked
    statement = make_review(asked, ReviewFinding.IN_ORDER, closed="0" * 64, nonce="A" * 22, issued_at=world.now)
    world.statements.hand_out(statement, until=world.now + asked.policy.presence_max_age)
    signed = AUTHENTICATORS["sana"].sign(statement.text)
    taken = take_review(first, statement=statement.text, signed=signed, needs=world.reviewing, now=world.now)
    assert taken.reason == "it is about another end of the ceremony"


def test_a_link_of_another_request_gets_no_statement(world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    with pytest.raises(PermissionRefusedError):
        propose_review(first, ReviewFinding.IN_ORDER, view="A" * 22, needs=world.reviewing, now=world.now)


@pytest.mark.parametrize(
    ("person", "why"),
    [
        pytest.param("omar", "none of those who review", id="its requester, who does not review"),
        pytest.param("ada", "none of those who review", id="who approved it, and does not review"),
        pytest.param("maria", "nobody here has enrolled this passkey", id="somebody else"),
    ],
)
def test_attack_25_only_the_reviewers_review(person: str, why: str, world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    taken = world.review(first, person)
    assert taken.state is ProofState.REFUSED
    assert why in taken.reason
    with pytest.raises(RestoreRefusedError, match="nobody has reviewed"):
        world.open(an_urgent_wish(target_name="another-db"))


@pytest.mark.parametrize("person", ["omar", "ada", "piet"])
def test_attack_25_nobody_who_took_part_reviews(person: str, intent: Intent) -> None:
    made = an_urgent_intent(intent, reviewers="incident")
    world = CeremonyWorld(made)
    world.tickets.ticket = None
    taken = world.review(world.come_to_urgent_end(), person)
    assert (taken.state, taken.reason) == (
        ProofState.REFUSED,
        "you took part in it; somebody else must review it",
    )


def test_x07_a_review_that_could_not_be_kept_is_held_against_nobody(
    world: CeremonyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.come_to_urgent_end()

    def refuse(*_: object) -> bool:
        raise TemporarilyUnavailableError("the bucket is busy")

    with monkeypatch.context() as broken:
        broken.setattr(world.shelf, "put_new", refuse)
        for _ in range(6):
            with pytest.raises(TemporarilyUnavailableError):
                world.review(first, "sana")
    assert world.review(first, "sana").state is ProofState.COUNTED


def test_attack_28_one_reviewer_reviews_five_times_an_hour(world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    taken = [world.review(first, "sana").state for _ in range(6)]
    assert taken == [ProofState.COUNTED] * 5 + [ProofState.REFUSED]


def test_a_review_says_what_was_found(world: CeremonyWorld) -> None:
    assert world.review(world.come_to_urgent_end(), "sana", ReviewFinding.MISUSE).finding is ReviewFinding.MISUSE


def test_a_review_of_what_is_not_over_or_was_not_urgent_is_refused(world: CeremonyWorld) -> None:
    request = world.come_to_urgent_approval()
    with pytest.raises(RestoreRefusedError, match="has not ended"):
        world.review(request, "sana")
    world.sign(request, "piet", Decision.DENY)
    world.close(request, reason="")
    with pytest.raises(RestoreRefusedError, match="nothing to review"):
        world.review(request, "sana")


def test_attack_25_a_review_is_no_vote_and_a_vote_no_review(world: CeremonyWorld) -> None:
    first = world.come_to_urgent_end()
    world.review(first, "sana")
    kept = world.kept(first)
    assert "strongroom-breakglass/1" in " ".join(kept.proofs)
    verdict = world.judge.decide(kept, now=world.now)
    assert verdict.people == ("idp|ada", "idp|piet")
    assert [each.reason for each in verdict.set_aside if "closed" in each.reason or "missing" in each.reason]
    review = next(text for text in kept.proofs if "strongroom-breakglass/1" in text)
    with pytest.raises(MalformedRecordError):
        take_proof(
            first,
            statement=_statement(review),
            signed=AUTHENTICATORS["sana"].sign(_statement(review)),
            needs=world.proving,
            now=world.now,
        )


def _statement(proof: str) -> str:
    return str(json.loads(proof)["statement"])


def test_attack_25_a_forged_review_in_the_bucket_frees_nobody(world: CeremonyWorld) -> None:
    """Whoever may put under proofs/ copies a review of another restore there, and one with a stranger's signature."""
    first = world.come_to_urgent_end()
    world.review(first, "sana")
    second = world.come_to_urgent_end(an_urgent_wish(target_name="another-db"))
    other = next(text for text in world.kept(first).proofs if "strongroom-breakglass/1" in text)
    statement = _statement(other).replace(first, second)
    for said, signer in ((_statement(other), "sana"), (statement, "sana"), (statement, "maria")):
        world.keeper.add_proof(second, statement=said, signed=AUTHENTICATORS[signer].sign(said))
    with pytest.raises(RestoreRefusedError, match="nobody has reviewed"):
        world.open(an_urgent_wish(target_name="a-third-db"))
