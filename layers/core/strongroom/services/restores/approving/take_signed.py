"""What is signed on a request tells by its own format what it is: a vote while it is open, a review after its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.proofs.reviews import ReviewFinding, is_review_statement
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.review_restore import propose_review, take_review
from strongroom.services.restores.approving.take_proof import take_proof

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.proofs.proof import Assertion, KeptToken
    from strongroom.domain.proofs.statements import Decision
    from strongroom.services.restores.approving.propose_statement import StatementProposalNeeds, StatementProposed
    from strongroom.services.restores.approving.review_restore import ReviewNeeds, ReviewProposed, ReviewTaken
    from strongroom.services.restores.approving.take_proof import ProofTaken, ProofTakingNeeds


class SigningNeeds(Struct, frozen=True, kw_only=True):
    """What handing out statements, and taking what was signed, needs of the world."""

    proposing: StatementProposalNeeds
    proving: ProofTakingNeeds
    reviewing: ReviewNeeds


def propose_signing(
    request_id: str,
    wanted: Decision | ReviewFinding,
    *,
    view: str | None,
    number: str = "",
    person: str = "",
    needs: SigningNeeds,
    now: datetime,
) -> StatementProposed | ReviewProposed:
    """A statement of a decision, or of what a review has found; errors as of those.

    `person` is who is logged in, empty for whoever came by the link.
    """
    if isinstance(wanted, ReviewFinding):
        return propose_review(request_id, wanted, view=view, needs=needs.reviewing, now=now)
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
) -> ProofTaken | ReviewTaken:
    """Keep it as what it is, a vote with `why`; MalformedRecordError for what is no statement of ours."""
    if is_review_statement(statement):
        return take_review(request_id, statement=statement, signed=signed, needs=needs.reviewing, now=now)
    return take_proof(request_id, statement=statement, signed=signed, why=why, needs=needs.proving, now=now)
