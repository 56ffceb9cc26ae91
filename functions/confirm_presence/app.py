"""Prove that a voter is really there."""

from strongroom.runtime.pages import show_page
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.confirm_presence import confirm_presence, send_to_login
from strongroom.wiring.restores.proving import PRESENCE_CALLBACK, presence_page, presence_proof


def ask_for_login(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Send the browser to the login."""
    address = send_to_login(request.parameters["challenge"], needs=presence_proof(platform), now=platform.now())
    return HttpAnswer(status=302, location=address)


def take_login(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Count the vote when the browser comes back with a good login."""
    challenge, code = request.query.get("state", ""), request.query.get("code", "")
    answer = confirm_presence(challenge, code=code, needs=presence_proof(platform), now=platform.now())
    if not answer.counted:
        retry = presence_page(challenge, platform)
        return show_page("Your vote does not count", f"{answer.reason}.", status=403, link=retry)
    said = f"{answer.person}: {answer.decision} {answer.request_id}. {answer.reason}."
    return show_page("Your vote counts", " ".join((said, *answer.consequences)))


handler = Routes({("GET", "/presence/{challenge}"): ask_for_login, ("GET", PRESENCE_CALLBACK): take_login})
