"""Take a click on a button in Slack."""

from strongroom.runtime.contracts.slack import SlackInteraction
from strongroom.runtime.platform import Platform
from strongroom.runtime.requests import HttpAnswer, HttpRequest
from strongroom.runtime.routes import Routes
from strongroom.services.restores.approving.receive_slack_click import receive_slack_click
from strongroom.wiring.restores.clicking import slack_click, slack_signature


def take_click(request: HttpRequest, platform: Platform) -> HttpAnswer:
    """Verify Slack's signature over the raw bytes, then acknowledge the click."""
    signature = slack_signature(request, platform)
    click = SlackInteraction.from_form(request.body).click()
    answer = receive_slack_click(click, signature=signature, needs=slack_click(platform), now=platform.now())
    return HttpAnswer(content=answer)


handler = Routes({("POST", "/slack/interactions"): take_click})
