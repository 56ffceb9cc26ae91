"""Take a click on a button in Slack."""

from strongroom.runtime.contracts.slack import SlackInteraction
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.receive_slack_click import receive_slack_click
from strongroom.wiring.restores.clicking import signed_click, slack_click


def take_click(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Verify Slack's signature over the raw bytes, then take the click."""
    signed = signed_click(request, platform)
    click = SlackInteraction.from_form(request.body).click()
    answer = receive_slack_click(click, signed=signed, needs=slack_click(platform), now=platform.now())
    return HttpAnswer(content=answer)


handler = Routes({("POST", "/slack/interactions"): take_click})
