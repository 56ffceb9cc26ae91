"""Alerts in Slack: a message for each that opens, marked and answered in its thread when it is resolved."""

from strongroom.adapters.slack.markup import Block, escape_mrkdwn
from strongroom.adapters.slack.workspace import Workspace
from strongroom.domain.alerts.messages import AlertNews, AlertThread
from strongroom.domain.chat import PostedMessage

ACTIONS: tuple[str, ...] = ()

_TEXT_LIMIT = 3000  # Slack refuses longer section texts (Block Kit reference)
_MARK_OF = {"critical": ":red_circle:", "warning": ":large_orange_circle:", "notice": ":large_blue_circle:"}
_RESOLVED_MARK = ":white_check_mark:"


class SlackAlerts:
    """The alert channel, kept in one Slack channel."""

    def __init__(self, slack: Workspace, *, channel: str) -> None:
        """`channel` is where those on call are."""
        self._slack = slack
        self._channel = channel

    def show(self, news: AlertNews) -> PostedMessage:
        """Post that the alert opened, with the mark of its severity."""
        mark = _MARK_OF.get(news.severity, "")
        return self._slack.post(self._channel, text=escape_mrkdwn(news.text), blocks=_blocks(news.text, mark=mark))

    def mark_resolved(self, thread: AlertThread) -> None:
        """Replace the message by itself with the mark of what is over."""
        blocks = _blocks(thread.text, mark=_RESOLVED_MARK)
        self._slack.update(thread.message, text=escape_mrkdwn(thread.text), blocks=blocks)

    def answer(self, thread: AlertThread, news: AlertNews) -> None:
        """Say in the thread what resolved the alert."""
        blocks = _blocks(news.text, mark=_RESOLVED_MARK)
        self._slack.reply(thread.message, text=escape_mrkdwn(news.text), blocks=blocks)


def _blocks(text: str, *, mark: str) -> list[Block]:
    """One section of plain text, in which nothing that an attacker named can become a link or a mention."""
    shown = f"{mark} {text}".strip()[:_TEXT_LIMIT]
    return [{"type": "section", "text": {"type": "plain_text", "text": shown, "emoji": True}}]
