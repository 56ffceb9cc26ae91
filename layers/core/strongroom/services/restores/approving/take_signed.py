"""What is signed on a request tells by its own format what it is: a vote, a review after its end, or a step by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.proofs.reviews import ReviewFinding, is_review_statement
from strongroom.domain.restores.checklists.stated import StepWish, is_step_statement
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.review_restore import propose_review, take_review
from strongroom.services.restores.approving.state_step import propose_step, take_step
from strongroom.services.restores.approving.take_proof import take_proof

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.domain.proofs.statements import Decision
    from strongroom.services.restores.approving.propose_statement import StatementProposalNeeds, StatementProposed
    from strongroom.services.restores.approving.review_restore import ReviewNeeds, ReviewProposed, ReviewTaken
    from strongroom.services.restores.approving.state_step import StepProposed, StepStated, StepStatingNeeds
    from strongroom.services.restores.approving.take_proof import ProofTaken, ProofTakingNeeds


class SigningNeeds(Struct, frozen=True, kw_only=True):
    """What handing out statements, and taking what was signed, needs of the world."""

    proposing: StatementProposalNeeds
    proving: ProofTakingNeeds
    reviewing: ReviewNeeds
    stating: StepStatingNeeds


def propose_signing(
    request_id: str,
    wanted: Decision | ReviewFinding | StepWish,
    *,
    view: str | None,
    number: str = "",
    person: str = "",
    needs: SigningNeeds,
    now: datetime,
) -> StatementProposed | ReviewProposed | StepProposed:
    """A statement of a decision, of what a review has found, or about a step by hand; errors as of those.

    `person` is who is logged in, empty for whoever came by the link.
    """
    if isinstance(wanted, ReviewFinding):
        return propose_review(request_id, wanted, view=view, needs=needs.reviewing, now=now)
    if isinstance(wanted, StepWish):
        return propose_step(request_id, wanted, view=view, needs=needs.stating, now=now)
    return propose_statement(
        request_id, wanted, view=view, number=number, person=person, needs=needs.proposing, now=now
    )


def take_signed(
    request_id: str,
    *,
    statement: str,
    signed: Assertion | KeptToken,
    why: str = "",
    needs: SigningNeeds,
    now: datetime,
) -> ProofTaken | ReviewTaken | StepStated:
    """Keep it as what it is, a vote with `why`; MalformedRecordError for what is no statement of ours."""
    if is_review_statement(statement):
        return take_review(request_id, statement=statement, signed=signed, needs=needs.reviewing, now=now)
    if is_step_statement(statement):
        return take_step(request_id, statement=statement, signed=signed, needs=needs.stating, now=now)
    return take_proof(request_id, statement=statement, signed=signed, why=why, needs=needs.proving, now=now)
