"""Alerts in Slack: a message for each that opens, marked and answered in its thread when it is resolved."""

from strongroom.adapters.slack.markup import Block, escape_mrkdwn
from strongroom.adapters.slack.workspace import Workspace
from strongroom.domain.alerts.acknowledging import seen_text
from strongroom.domain.alerts.complaints import Severity
from strongroom.domain.alerts.digest import Digest
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus
from strongroom.domain.alerts.messages import text_of
from strongroom.domain.chat import ACKNOWLEDGE, PostedMessage

ACTIONS: tuple[str, ...] = ()

_TEXT_LIMIT = 3000  # Slack refuses longer section texts (Block Kit reference)
_MARK_OF = {
    Severity.CRITICAL: ":red_circle:",
    Severity.WARNING: ":large_orange_circle:",
    Severity.NOTICE: ":large_blue_circle:",
}
_RESOLVED_MARK = ":white_check_mark:"


class SlackAlerts:
    """The alert channel, kept in one Slack channel."""

    def __init__(self, slack: Workspace, *, channel: str, runbook: str | None = None) -> None:
        """`channel` is where those on call are, `runbook` the address of theirs."""
        self._slack = slack
        self._channel = channel
        self._runbook = runbook

    def show(self, state: AlertState) -> PostedMessage:
        """Post that the alert opened, with the mark of its severity."""
        text = text_of(state, runbook=self._runbook)
        return self._slack.post(self._channel, text=escape_mrkdwn(text), blocks=_shown(text, state))

    def replace(self, message: PostedMessage, state: AlertState) -> None:
        """Let the message say what the alert says now."""
        text = text_of(state, runbook=self._runbook)
        self._slack.update(message, text=escape_mrkdwn(text), blocks=_shown(text, state))

    def mark_resolved(self, message: PostedMessage, text: str) -> None:
        """Replace the message by itself with the mark of what is over."""
        self._slack.update(message, text=escape_mrkdwn(text), blocks=_blocks(text, mark=_RESOLVED_MARK))

    def answer(self, message: PostedMessage, state: AlertState) -> None:
        """Say in the thread what became of the alert."""
        text = text_of(state, runbook=self._runbook)
        self._slack.reply(message, text=escape_mrkdwn(text), blocks=_blocks(text, mark=_mark(state)))

    def tell_digest(self, digest: Digest) -> None:
        """Post the day's digest."""
        self._slack.post(self._channel, text=escape_mrkdwn(digest.title), blocks=_blocks(digest.text, mark=""))


def _mark(state: AlertState) -> str:
    return _RESOLVED_MARK if state.status is AlertStatus.RESOLVED else _MARK_OF[state.alert.severity]


def _shown(text: str, state: AlertState) -> list[Block]:
    """The message of an alert, with a button until somebody looks after it, bound to the version beside it."""
    button = {
        "type": "button",
        "action_id": ACKNOWLEDGE,
        "text": {"type": "plain_text", "text": "I am on it"},
        "value": seen_text(state),
    }
    is_free = state.status is AlertStatus.OPEN and not state.is_acknowledged
    actions: list[Block] = [{"type": "actions", "block_id": "alert", "elements": [button]}]
    return [*_blocks(text, mark=_mark(state)), *(actions if is_free else [])]


def _blocks(text: str, *, mark: str) -> list[Block]:
    """One section of plain text, in which nothing that an attacker named can become a link or a mention."""
    shown = f"{mark} {text}".strip()[:_TEXT_LIMIT]
    return [{"type": "section", "text": {"type": "plain_text", "text": shown, "emoji": True}}]
