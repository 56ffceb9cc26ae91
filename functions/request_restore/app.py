"""Open a restore request."""

from strongroom.runtime.contracts.http import RestoreBody
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.asking.request_restore import request_restore
from strongroom.wiring.people import person_of
from strongroom.wiring.restores.asking import restore_request


def ask(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Check and plan the wish, then answer 201 with the request's id."""
    requester = person_of(request.bearer, platform)
    wish = request.read(RestoreBody).wish
    opened = request_restore(wish, requester=requester, needs=restore_request(platform), now=platform.now())
    return HttpAnswer(status=201, content=opened)


handler = Routes({("POST", "/restores"): ask})
