"""Take a click on one of our buttons in Slack: it decides nothing, and leads to the page on which one can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import PermissionRefusedError

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import Slack
    from strongroom.domain.restores.approving.clicks import SlackClick
    from strongroom.ports.restores import Nonces

_REMEMBERED: Final = timedelta(minutes=15)  # longer than a signature stays fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickTaken:
    """What became of a click."""

    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackClickNeeds:
    """What taking a click needs of the world."""

    slack: Slack
    nonces: Nonces


def receive_slack_click(click: SlackClick, *, signature: str, needs: SlackClickNeeds, now: datetime) -> ClickTaken:
    """Acknowledge the click: its button is a link, and the browser is there already.

    PermissionRefusedError for a foreign workspace or app.
    """
    slack = needs.slack
    if click.team != slack.team_id or click.user_team != slack.team_id or click.app != slack.app_id:
        raise PermissionRefusedError("the click comes from another workspace or app")
    if not needs.nonces.use(f"slack {signature}", until=now + _REMEMBERED):
        return ClickTaken(state="replayed", reason="this very click was taken before")
    return ClickTaken(state="taken", reason="a click decides nothing; the page does")
