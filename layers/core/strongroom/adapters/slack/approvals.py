"""Restore requests in Slack: a message with two buttons, whose values hold no secret, and its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.slack.markup import Block, escape_mrkdwn
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.landing import consequences
from strongroom.domain.restores.votes import Decision

if TYPE_CHECKING:
    from strongroom.adapters.slack.workspace import Workspace
    from strongroom.domain.chat import PostedMessage
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest

ACTIONS: tuple[str, ...] = ()

_FIELD_LIMIT = 1900  # Slack takes 2000 characters ("Section block")
_HEADER_LIMIT = 150
_SETTINGS_LIMIT = 1500


class SlackApprovals:
    """The approval board, kept in one Slack channel."""

    def __init__(self, slack: Workspace, *, channel: str) -> None:
        """`channel` is where approvers are."""
        self._slack = slack
        self._channel = channel

    def post(self, sealed: SealedRequest) -> PostedMessage:
        """Show the request with its buttons."""
        return self._slack.post(self._channel, text=_headline(sealed.request), blocks=approval_blocks(sealed))

    def close(self, message: PostedMessage, sealed: SealedRequest, *, text: str) -> None:
        """Take the buttons away, and say in the message and its thread what has become of it."""
        blocks = [*_facts(sealed), {"type": "section", "text": _plain(text)}]
        self._slack.update(message, text=_headline(sealed.request), blocks=blocks)
        self._slack.reply(message, text=escape_mrkdwn(text))


def approval_blocks(sealed: SealedRequest) -> list[Block]:
    """The message: everything that a person typed is plain text, so that it can look like nothing else."""
    value = f"{sealed.request.id}.{sealed.mark}"
    buttons = [
        {
            "type": "button",
            "action_id": decision.value,
            "text": {"type": "plain_text", "text": text},
            "style": style,
            "value": value,
        }
        for decision, text, style in (
            (Decision.APPROVE, "Approve", "primary"),
            (Decision.DENY, "Deny", "danger"),
        )
    ]
    return [*_facts(sealed), {"type": "actions", "block_id": "decision", "elements": buttons}]


def _facts(sealed: SealedRequest) -> list[Block]:
    request = sealed.request
    rows = (
        ("What", f"{Arn.parse(request.resource).name} ({request.resource_type})"),
        ("State of", f"{request.recovery_point_created_at:%Y-%m-%d %H:%M} UTC"),
        ("Becomes", f"{request.target_name}, a new resource in account {request.account}, {request.region}"),
        ("From", f"{Arn.parse(request.vault).name} ({request.plan})"),
        ("Asked by", request.requester),
        ("Ticket", request.ticket),
        ("Reason", request.reason),
        ("Approve before", f"{request.approval_expires_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("Settings", _settings(request)),
        ("Digest", sealed.mark),
    )
    return [
        {"type": "header", "text": {"type": "plain_text", "text": _headline(request)[:_HEADER_LIMIT]}},
        {"type": "section", "fields": [_plain(f"{name}: {value}") for name, value in rows]},
        *({"type": "section", "text": _plain(text)} for text in consequences(request)),
    ]


def _settings(request: RestoreRequest) -> str:
    """Everything that the restore will be told, because a setting can open what is restored to others."""
    said = ", ".join(f"{name}={value}" for name, value in request.metadata)
    if len(said) <= _SETTINGS_LIMIT:
        return said or "none"
    return f"{said[:_SETTINGS_LIMIT]}… and more: read all with `strongroom restore show {request.id}`"


def _headline(request: RestoreRequest) -> str:
    return f"Restore {request.id} awaits approval: {escape_mrkdwn(request.target_name)}"


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text[:_FIELD_LIMIT], "emoji": False}
