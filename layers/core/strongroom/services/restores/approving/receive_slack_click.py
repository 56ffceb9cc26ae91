"""Take a click on one of our buttons in Slack: of a restore it decides nothing, and of an alert it is handed on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.chat import ACKNOWLEDGE
from strongroom.domain.errors import PermissionRefusedError

if TYPE_CHECKING:
    from strongroom.domain.chat import SignedClick, SlackClick
    from strongroom.domain.intent.ceremony import Slack
    from strongroom.ports.alerts import ClickTakers
    from strongroom.ports.restores import Nonces

_REMEMBERED: Final = timedelta(minutes=15)  # longer than a signature stays fresh


class ClickTaken(Struct, frozen=True, kw_only=True):
    """What became of a click."""

    state: str
    reason: str


class SlackClickNeeds(Struct, frozen=True, kw_only=True):
    """What taking a click needs of the world."""

    slack: Slack
    nonces: Nonces
    takers: ClickTakers


def receive_slack_click(click: SlackClick, *, signed: SignedClick, needs: SlackClickNeeds, now: datetime) -> ClickTaken:
    """Take the click once; what marks an alert goes on to whoever may, as it was signed.

    The button of a restore request is a link, and the browser is there already. PermissionRefusedError for a foreign
    workspace or app.
    """
    if not click.is_from(team=needs.slack.team_id, app=needs.slack.app_id):
        raise PermissionRefusedError("the click comes from another workspace or app")
    if not needs.nonces.use(f"slack {signed.signature}", until=now + _REMEMBERED):
        return ClickTaken(state="replayed", reason="this very click was taken before")
    if click.action == ACKNOWLEDGE:
        needs.takers.hand_on(signed, now=now)
        return ClickTaken(state="handed-on", reason="the alert says who looks after it, as soon as that is written")
    return ClickTaken(state="taken", reason="a click decides nothing; the page does")
