"""Mark an alert as looked after by whoever clicked so in chat, in the version that stood beside the button."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from strongroom.domain.alerts.acknowledging import parse_seen
from strongroom.domain.chat import ACKNOWLEDGE
from strongroom.domain.errors import AccessRefusedError, AlertChangedError, MalformedEventError, NotFoundError
from strongroom.domain.restores.people import person_by
from strongroom.services.alerts.acknowledge_alert import acknowledge_alert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.chat import SlackClick
    from strongroom.domain.intent.ceremony import Person, Slack
    from strongroom.ports.alerts import ClickAnswers
    from strongroom.services.alerts.acknowledge_alert import AcknowledgementNeeds


class AlertClickState(StrEnum):
    """What became of a click."""

    MARKED = "MARKED"
    TAKEN = "TAKEN"
    REFUSED = "REFUSED"


class AlertClickVerdict(Struct, frozen=True, kw_only=True):
    """What became of a click on which alert, and why."""

    state: AlertClickState
    reason: str
    fingerprint: str


class AlertClickNeeds(Struct, frozen=True, kw_only=True):
    """What carrying out a click needs of the world."""

    slack: Slack
    people: Mapping[str, Person]
    marking: AcknowledgementNeeds
    answers: ClickAnswers


def take_alert_click(click: SlackClick, *, needs: AlertClickNeeds | None, now: datetime) -> AlertClickVerdict:
    """Let whoever clicked look after the alert, unless it is over, changed since, or another's; then say so to them.

    MalformedEventError for a click of another workspace or app, or on another button; without needs there is no Slack.
    """
    if needs is None or not _is_ours(click, needs.slack):
        raise MalformedEventError("the click is not one of our workspace on the button of an alert")
    fingerprint, seen = parse_seen(click.value)
    name = _name_of(click.user, needs.people)
    try:
        marked = acknowledge_alert(fingerprint, seen=seen, by=name, needs=needs.marking, now=now)
    except (AlertChangedError, NotFoundError) as error:
        reason = f"nothing was marked: {error}"
        return _answered(click, AlertClickState.REFUSED, reason, fingerprint=fingerprint, needs=needs)
    if marked["acknowledged_by"] != name:
        reason = f"{marked['acknowledged_by']} looks after it already"
        return _answered(click, AlertClickState.TAKEN, reason, fingerprint=fingerprint, needs=needs)
    return AlertClickVerdict(state=AlertClickState.MARKED, reason=f"{name} looks after it", fingerprint=fingerprint)


def _is_ours(click: SlackClick, slack: Slack) -> bool:
    return click.action == ACKNOWLEDGE and click.is_from(team=slack.team_id, app=slack.app_id)


def _name_of(user: str, people: Mapping[str, Person]) -> str:
    """The person whom the intent knows by that account; of anybody else no more is known than the account."""
    return person_by(people, slack_user=user) or f"Slack user {user}"


def _answered(
    click: SlackClick, state: AlertClickState, reason: str, *, fingerprint: str, needs: AlertClickNeeds
) -> AlertClickVerdict:
    """The verdict, once whoever clicked was told; where Slack takes no answer any more, the message says it all."""
    try:
        needs.answers.answer(click.response_url, text=f"{reason[0].upper()}{reason[1:]}.")
    except AccessRefusedError as error:
        reason = f"{reason}; {error}"
    return AlertClickVerdict(state=state, reason=reason, fingerprint=fingerprint)
