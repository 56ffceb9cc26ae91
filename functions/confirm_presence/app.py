"""Prove that a voter is really there."""

from strongroom.runtime.pages import show_page
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest, each_request
from strongroom.services.restores.approving.confirm_presence import PresenceAnswer, confirm_presence, send_to_login
from strongroom.wiring.restores.proving import PRESENCE_CALLBACK, presence_page, presence_proof


@each_request
def handler(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Send the browser to the login, and count the vote when it comes back with a good one."""
    needs = presence_proof(platform)
    if not request.path.endswith(PRESENCE_CALLBACK):
        address = send_to_login(request.parameters.get("challenge", ""), needs=needs, now=platform.now())
        return HttpAnswer(status=302, location=address)
    challenge_id, code = request.query.get("state", ""), request.query.get("code", "")
    answer = confirm_presence(challenge_id, code=code, needs=needs, now=platform.now())
    return _page(answer, retry=presence_page(challenge_id, platform))


def _page(answer: PresenceAnswer, *, retry: str) -> HttpAnswer:
    if not answer.counted:
        return show_page("Your vote does not count", f"{answer.reason}.", status=403, link=retry)
    return show_page("Your vote counts", f"{answer.person}: {answer.decision} {answer.request_id}. {answer.reason}.")
