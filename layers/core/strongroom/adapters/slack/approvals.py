"""Restore requests in Slack: a message whose button leads to the page on which people decide, and its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.slack.markup import Block, escape_mrkdwn
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.landing import consequences

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.adapters.slack.workspace import Workspace
    from strongroom.domain.chat import PostedMessage
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest

ACTIONS: tuple[str, ...] = ()

_FIELD_LIMIT = 1900  # Slack takes 2000 characters ("Section block")
_HEADER_LIMIT = 150
_SETTINGS_LIMIT = 1500


class SlackApprovals:
    """The approval board, kept in one Slack channel."""

    def __init__(self, slack: Workspace, *, channel: str, name_of: Callable[[str], str]) -> None:
        """`channel` is where approvers are, `name_of` what people call a subject."""
        self._slack = slack
        self._channel = channel
        self._name_of = name_of

    def post(self, sealed: SealedRequest, *, page: str, number: str) -> PostedMessage:
        """Show the request with the button that leads to its page, and the number that an approval there takes."""
        blocks = approval_blocks(sealed, page=page, number=number, name_of=self._name_of)
        return self._slack.post(self._channel, text=_headline(sealed.request), blocks=blocks)

    def close(self, message: PostedMessage, sealed: SealedRequest, *, text: str) -> None:
        """Take the button away, and say in the message and its thread what has become of it."""
        blocks = [*_facts(sealed, name_of=self._name_of), {"type": "section", "text": _plain(text)}]
        self._slack.update(message, text=_headline(sealed.request), blocks=blocks)
        self._slack.reply(message, text=escape_mrkdwn(text))


def approval_blocks(sealed: SealedRequest, *, page: str, number: str, name_of: Callable[[str], str]) -> list[Block]:
    """The message: everything that a person typed is plain text, so that it can look like nothing else."""
    button = {
        "type": "button",
        "action_id": "review",
        "text": {"type": "plain_text", "text": "Review and decide"},
        "style": "primary",
        "url": page,
        "value": f"{sealed.request.id}.{sealed.mark}",
    }
    actions = {"type": "actions", "block_id": "decision", "elements": [button]}
    note = {"type": "section", "text": _plain(f"The page asks whoever approves for this number: {number}")}
    return [*_facts(sealed, name_of=name_of), note, actions]


def _facts(sealed: SealedRequest, *, name_of: Callable[[str], str]) -> list[Block]:
    request = sealed.request
    rows = (
        ("What", f"{Arn.parse(request.resource).name} ({request.resource_type})"),
        ("State of", f"{request.recovery_point_created_at:%Y-%m-%d %H:%M} UTC"),
        ("Becomes", f"{request.target_name}, a new resource in account {request.account}, {request.region}"),
        ("From", f"{Arn.parse(request.vault).name} ({request.plan})"),
        ("Asked by", name_of(request.requester)),
        ("Urgent, incident", request.incident) if request.is_urgent else ("Ticket", request.ticket),
        ("Reason", request.reason),
        ("Approve before", f"{request.approve_before:%Y-%m-%d %H:%M:%S} UTC"),
        ("Settings", _settings(request)),
        ("Mark", _grouped(sealed.mark)),
    )
    return [
        {"type": "header", "text": {"type": "plain_text", "text": _headline(request)[:_HEADER_LIMIT]}},
        {"type": "section", "fields": [_plain(f"{name}: {value}") for name, value in rows]},
        *({"type": "section", "text": _plain(text)} for text in consequences(request)),
    ]


def _grouped(mark: str) -> str:
    """The mark in groups of four, as the page shows it."""
    return " ".join(mark[place : place + 4] for place in range(0, len(mark), 4))


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
