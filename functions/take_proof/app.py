"""Hand out statements about a restore request, and take what people sign."""

from strongroom.domain.proofs.reviews import ReviewFinding
from strongroom.domain.proofs.statements import Decision
from strongroom.runtime.contracts.http import ProofBody, ReviewBody, StatementBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.review_restore import propose_review, take_review
from strongroom.services.restores.approving.take_proof import take_proof
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.approving import proof_taking, reviewing, signed, statement_proposal


def propose(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer a statement to somebody who has the link, or is logged in."""
    body, restore, now = request.read(StatementBody), request.parameters["id"], platform.now()
    if body.view is None:
        person_of(request.bearer, platform)
    decision, needs = Decision(body.decision), statement_proposal(platform)
    return HttpAnswer(content=propose_statement(restore, decision, view=body.view, needs=needs, now=now))


def take(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Take a proof; it is all the authentication that there is."""
    body, restore, now = request.read(ProofBody), request.parameters["id"], platform.now()
    proof, needs = signed(body, platform), proof_taking(platform)
    return HttpAnswer(content=take_proof(restore, statement=body.statement, signed=proof, needs=needs, now=now))


def propose_its_review(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer the statement of a review to somebody who has the link, or is logged in."""
    body, restore, now = request.read(ReviewBody), request.parameters["id"], platform.now()
    if body.view is None:
        person_of(request.bearer, platform)
    finding, needs = ReviewFinding(body.finding), reviewing(platform)
    return HttpAnswer(content=propose_review(restore, finding, view=body.view, needs=needs, now=now))


def take_its_review(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Take a review; what was signed is all the authentication that there is."""
    body, restore, now = request.read(ProofBody), request.parameters["id"], platform.now()
    proof, needs = signed(body, platform), reviewing(platform)
    return HttpAnswer(content=take_review(restore, statement=body.statement, signed=proof, needs=needs, now=now))


handler = Routes(
    {
        ("POST", "/restores/{id}/statements"): propose,
        ("POST", "/restores/{id}/proofs"): take,
        ("POST", "/restores/{id}/reviews/statements"): propose_its_review,
        ("POST", "/restores/{id}/reviews"): take_its_review,
    }
)
