"""Answers to clicks in Slack, which only the one who clicked can see."""

from strongroom.adapters.slack.markup import escape_mrkdwn
from strongroom.adapters.slack.workspace import Answers
from strongroom.domain.restores.clicks import SlackClick
from strongroom.domain.restores.votes import VoteAnswer

ACTIONS: tuple[str, ...] = ()


class SlackClickAnswers:
    """Answers for the one who clicked, and nobody else."""

    def __init__(self, slack: Answers) -> None:
        """`slack` is the workspace that the clicks come from."""
        self._slack = slack

    def answer(self, click: SlackClick, answer: VoteAnswer) -> None:
        """Say what became of the vote, at the address that came with the click."""
        self._slack.answer(click.response_url, text=_said(answer))


def _said(answer: VoteAnswer) -> str:
    if not answer.presence_url:
        return f"Not counted: {escape_mrkdwn(answer.reason)}."
    return f"Your vote {escape_mrkdwn(answer.reason)}: <{answer.presence_url}|prove it now>, within five minutes."
