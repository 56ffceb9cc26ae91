"""A statement says by its format what it is, and each is taken as that."""

import pytest

from strongroom.domain.errors import MalformedRecordError, RestoreRefusedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.reviews import ReviewFinding
from strongroom.domain.proofs.statements import Decision
from strongroom.services.restores.approving.propose_statement import StatementProposed
from strongroom.services.restores.approving.take_proof import ProofTaken
from strongroom.services.restores.approving.take_signed import SigningNeeds, propose_signing, take_signed
from tests.builders.restores import AUTHENTICATORS, an_urgent_intent, an_urgent_wish
from tests.fakes.restores.world import CeremonyWorld


@pytest.fixture
def world(intent: Intent) -> CeremonyWorld:
    """The example, where Ada, Piet and Omar are called to incidents and Sana reviews."""
    return CeremonyWorld(an_urgent_intent(intent))


def _needs(world: CeremonyWorld) -> SigningNeeds:
    return SigningNeeds(
        proposing=world.proposing, proving=world.proving, reviewing=world.reviewing, stating=world.stating
    )


def test_a_vote_is_taken_as_a_vote(world: CeremonyWorld) -> None:
    request = world.open(an_urgent_wish())
    proposed = propose_signing(request, Decision.APPROVE, view=None, needs=_needs(world), now=world.now)
    assert isinstance(proposed, StatementProposed)
    signed = AUTHENTICATORS["ada"].sign(proposed.statement)
    taken = take_signed(request, statement=proposed.statement, signed=signed, needs=_needs(world), now=world.now)
    assert isinstance(taken, ProofTaken)
    assert taken.decision is Decision.APPROVE


def test_a_review_is_asked_for_and_taken_as_one(world: CeremonyWorld) -> None:
    request = world.open(an_urgent_wish())
    with pytest.raises(RestoreRefusedError, match="has not ended"):
        propose_signing(request, ReviewFinding.IN_ORDER, view=None, needs=_needs(world), now=world.now)


def test_what_is_neither_is_refused(world: CeremonyWorld) -> None:
    request = world.open(an_urgent_wish())
    signed = AUTHENTICATORS["ada"].sign("{}")
    with pytest.raises(MalformedRecordError):
        take_signed(request, statement="{}", signed=signed, needs=_needs(world), now=world.now)
