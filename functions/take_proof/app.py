"""Hand out statements about a restore request, and take what people sign."""

from strongroom.domain.proofs.statements import Decision
from strongroom.runtime.contracts.http import ProofBody, StatementBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.propose_statement import propose_statement
from strongroom.services.restores.approving.take_proof import take_proof
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.approving import proof_taking, signed, statement_proposal


def propose(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer a statement to somebody who has the link, or is logged in."""
    body, restore, now = request.read(StatementBody), request.parameters["id"], platform.now()
    if body.view is None:
        person_of(request.bearer, platform)
    decision, needs = Decision(body.decision), statement_proposal(platform)
    return HttpAnswer(content=propose_statement(restore, decision, view=body.view, needs=needs, now=now))


def take(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Take a proof; it is all the authentication that there is."""
    body, asked, now = request.read(ProofBody), request.parameters["id"], platform.now()
    sign, needs = signed(body, platform), proof_taking(platform)
    return HttpAnswer(content=take_proof(asked, **body.said, signed=sign, needs=needs, now=now))


handler = Routes({("POST", "/restores/{id}/statements"): propose, ("POST", "/restores/{id}/proofs"): take})
