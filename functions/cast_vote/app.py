"""Take a vote from the command line, or take the request back."""

from strongroom.runtime.contracts.http import VoteBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request
from strongroom.services.restores.approving.cast_vote import vote_or_cancel
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.voting import vote_or_cancellation


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer where the voter has to prove their presence, or why the vote is refused."""
    person = person_of(request.bearer, platform)
    request_id, vote = request.parameters.get("id", ""), request.read(VoteBody).vote
    needs = vote_or_cancellation(platform)
    return HttpAnswer(content=vote_or_cancel(request_id, vote, person=person, needs=needs, now=platform.now()))
