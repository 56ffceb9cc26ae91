"""Take a vote from the command line, or take the request back."""

from strongroom.domain.restores.votes import Decision
from strongroom.runtime.contracts.http import VoteBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.cancel_restore import cancel_restore
from strongroom.services.restores.approving.cast_vote import vote_on_request
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.voting import restore_cancellation, vote


def decide(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer where the voter has to prove their presence, or why the vote is refused."""
    person, now = person_of(request.bearer, platform), platform.now()
    restore, decision = request.parameters["id"], request.read(VoteBody).decision
    if decision == "cancel":
        return HttpAnswer(content=cancel_restore(restore, person=person, needs=restore_cancellation(platform), now=now))
    needs = vote(platform)
    return HttpAnswer(content=vote_on_request(restore, Decision(decision), person=person, needs=needs, now=now))


handler = Routes({("POST", "/restores/{id}/votes"): decide})
