"""Take a click on one of our buttons in Slack; whoever clicked is told, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from strongroom.domain.errors import NotFoundError, PermissionRefusedError, RestoreRefusedError
from strongroom.domain.restores.people import person_by
from strongroom.domain.restores.requests import parse_request_id
from strongroom.domain.restores.votes import Decision, VoteAnswer, VoteState
from strongroom.services.restores.approving.cast_vote import VoteNeeds, cast_vote

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import Slack
    from strongroom.domain.restores.clicks import SlackClick
    from strongroom.ports.restores import ClickAnswers, Nonces

_REMEMBERED = timedelta(minutes=15)  # longer than a signature stays fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackClickNeeds(VoteNeeds):
    """What taking a click needs of the world."""

    nonces: Nonces
    answers: ClickAnswers


def receive_slack_click(click: SlackClick, *, signature: str, needs: SlackClickNeeds, now: datetime) -> VoteAnswer:
    """Take the click once and tell the one who clicked; PermissionRefusedError for a foreign workspace or app."""
    _check_origin(click, slack=needs.approvals.ceremony.slack)
    if not needs.nonces.use(f"slack {signature}", until=now + _REMEMBERED):
        return VoteAnswer(request_id="", state="replayed", reason="this very click was taken before")
    answer = _take(click, needs=needs, now=now)
    needs.answers.answer(click, answer)
    return answer


def _take(click: SlackClick, *, needs: SlackClickNeeds, now: datetime) -> VoteAnswer:
    request_id, _, mark = click.value.partition(".")
    try:
        sealed = needs.approvals.book.read(parse_request_id(request_id))
        decision = Decision(click.action)
    except (NotFoundError, ValueError) as error:
        raise NotFoundError("this button belongs to no request that is known here") from error
    if mark != sealed.mark:
        return VoteAnswer(request_id=request_id, state=VoteState.REFUSED, reason="this message shows another request")
    person = person_by(needs.approvals.ceremony.people, slack_user=click.user)
    try:
        return cast_vote(sealed, decision, person=person, needs=needs, now=now)
    except RestoreRefusedError as error:
        return VoteAnswer(request_id=request_id, state="closed", reason=str(error))


def _check_origin(click: SlackClick, *, slack: Slack) -> None:
    if click.team != slack.team_id or click.user_team != slack.team_id or click.app != slack.app_id:
        raise PermissionRefusedError("the click comes from another workspace or app")
