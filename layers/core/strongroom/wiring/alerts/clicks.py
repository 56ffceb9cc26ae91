"""Clicks on alerts in Slack, which were handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.slack.answers import SlackAnswers
from strongroom.adapters.slack.signature import verify_handed_on
from strongroom.services.alerts.take_alert_click import AlertClickNeeds
from strongroom.wiring.alerts.marking import acknowledgement
from strongroom.wiring.stack import secrets

if TYPE_CHECKING:
    from strongroom.domain.chat import SlackClick
    from strongroom.runtime.contracts.slack import HandedClick
    from strongroom.runtime.platform import Platform


def alert_click(platform: Platform) -> AlertClickNeeds | None:
    """What carrying out a click on an alert needs; None where the intent has no Slack."""
    slack = platform.intent.slack
    if slack is None:
        return None
    return AlertClickNeeds(
        slack=slack,
        people=platform.intent.people,
        marking=acknowledgement(platform),
        answers=SlackAnswers(api_url=slack.api_url),
    )


def verified_click(handed: HandedClick, platform: Platform) -> SlackClick:
    """The click, once Slack's signature over it was verified again; MalformedEventError for anything else."""
    verify_handed_on(handed.signed, secret=secrets(platform).value("slack_signing_secret"))
    return handed.click()
