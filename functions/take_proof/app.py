"""Hand out statements about a restore request, and take what people sign."""

from strongroom.runtime.contracts.http import ProofBody, StatementBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.take_signed import propose_signing, take_signed
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.approving import signed, signing


def propose(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer a statement to somebody who has the link, or is logged in."""
    body, restore, now = request.read(StatementBody), request.parameters["id"], platform.now()
    if body.view is None:
        person_of(request.bearer, platform)
    needs = signing(platform)
    return HttpAnswer(content=propose_signing(restore, body.wanted, view=body.view, needs=needs, now=now))


def take(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Take a proof; it is all the authentication that there is."""
    body, restore, now = request.read(ProofBody), request.parameters["id"], platform.now()
    proof, needs = signed(body, platform), signing(platform)
    return HttpAnswer(content=take_signed(restore, statement=body.statement, signed=proof, needs=needs, now=now))


handler = Routes({("POST", "/restores/{id}/statements"): propose, ("POST", "/restores/{id}/proofs"): take})
