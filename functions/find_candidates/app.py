"""Find the backups that a resource can be restored from."""

from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.asking.find_candidates import CandidateWish, find_candidates
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.finding import candidate_finding


def find(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Answer the candidates to anybody who is known."""
    person_of(request.bearer, platform)
    asked = {name: request.plain_query.get(name, "") for name in ("resource", "account", "before", "region")}
    found = find_candidates(CandidateWish(**asked), needs=candidate_finding(platform), now=platform.now())
    return HttpAnswer(content=found)


handler = Routes({("GET", "/candidates"): find})
