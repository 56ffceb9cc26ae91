"""Restore requests in Slack: a card whose button leads to the page on which people decide, and its thread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from strongroom.adapters.slack.markup import Block, escape_mrkdwn, visible
from strongroom.domain.chat import REVIEW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from strongroom.adapters.slack.workspace import Workspace
    from strongroom.domain.chat import PostedMessage
    from strongroom.domain.restores.showing.card import Card

ACTIONS: tuple[str, ...] = ()

_FIELD_LIMIT = 1900  # Slack takes 2000 characters ("Section block")
_TEXT_LIMIT = 2900  # and 3000 in a section's own text
_HEADER_LIMIT = 150
_LINE_LIMIT = 700
_MOST_CALLED = 20
_USER: Final = re.compile(r"[UW][A-Z0-9]{2,30}")  # Slack's ids of people
_DIFFERS: Final = "\N{LARGE RED CIRCLE}"


class SlackApprovals:
    """The approval board, kept in one Slack channel."""

    def __init__(self, slack: Workspace, *, channel: str) -> None:
        """`channel` is where approvers are."""
        self._slack = slack
        self._channel = channel

    def post(self, card: Card, *, page: str) -> PostedMessage:
        """Show the request with the button that leads to its page, and call those who can decide."""
        return self._slack.post(self._channel, text=_notified(card), blocks=card_blocks(card, page=page))

    def update(self, message: PostedMessage, card: Card, *, page: str) -> None:
        """Show how far it is now; nobody is called by that a second time."""
        self._slack.update(message, text=_notified(card), blocks=card_blocks(card, page=page))

    def close(self, message: PostedMessage, card: Card) -> None:
        """Take the button away, and say in the message and its thread what has become of it."""
        self._slack.update(message, text=_notified(card), blocks=card_blocks(card, page=""))
        self._slack.reply(message, text=escape_mrkdwn(visible(card.ending)))


def card_blocks(card: Card, *, page: str) -> list[Block]:
    """The message: whatever a person typed is plain text, so that it can look like nothing else.

    Of markup there are only people's ids and the ticket's address, both out of the intent.
    """
    return [
        {"type": "header", "text": _plain(visible(card.headline), limit=_HEADER_LIMIT)},
        *_calls(card),
        {"type": "section", "fields": [_plain(f"{name}: {visible(value)}") for name, value in card.rows]},
        *_differences(card),
        *(
            {"type": "section", "text": _plain(_all_or_more(card, visible(text)), limit=_TEXT_LIMIT)}
            for text in card.consequences
        ),
        *_candidates(card),
        {"type": "section", "text": _plain(_settings(card), limit=_TEXT_LIMIT)},
        *_ending(card),
        *_ticket(card),
        *_number(card),
        *_way(card, page=page),
    ]


def _calls(card: Card) -> Iterable[Block]:
    people = [f"<@{user}>" for user in card.called if _USER.fullmatch(user)][:_MOST_CALLED]
    if people:
        text = f"{' '.join(people)} can decide on it."
        yield {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _differences(card: Card) -> Iterable[Block]:
    if card.changed:
        said = (_told(card, shown) for shown in range(len(card.changed), -1, -1))
        text = next(each for each in said if len(each) <= _TEXT_LIMIT)
        yield {"type": "section", "text": _plain(text, limit=_TEXT_LIMIT)}


def _told(card: Card, shown: int) -> str:
    """So many of the differences, and how many more there are and where they can be read."""
    lines = [_line(each) for each in card.changed[:shown]]
    more = [_rest(card, len(card.changed) - shown)] if shown < len(card.changed) else []
    return "\n".join(f"{_DIFFERS} {each}" for each in ("Otherwise than at backup:", *lines, *more))


def _line(text: str) -> str:
    said = visible(text)
    return said if len(said) <= _LINE_LIMIT else f"{said[: _LINE_LIMIT - 1]}…"


def _ticket(card: Card) -> Iterable[Block]:
    if card.ticket_url:
        address = card.ticket_url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
        text = f"Ticket: <{address}|{escape_mrkdwn(card.ticket)}>"
        yield {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def _number(card: Card) -> Iterable[Block]:
    if card.number:
        text = f"The page asks whoever approves for this number: {card.number}"
        yield {"type": "section", "text": _plain(text)}


def _way(card: Card, *, page: str) -> Iterable[Block]:
    if card.action and page:
        button = {
            "type": "button",
            "action_id": REVIEW,
            "text": {"type": "plain_text", "text": card.action},
            "style": "primary",
            "url": page,
            "value": f"{card.request_id}.{card.mark}",
        }
        yield {"type": "actions", "block_id": "decision", "elements": [button]}


def _candidates(card: Card) -> Iterable[Block]:
    if card.candidates:
        text = _all_or_more(card, "\n".join(map(visible, card.candidates)))
        yield {"type": "section", "text": _plain(text, limit=_TEXT_LIMIT)}


def _ending(card: Card) -> Iterable[Block]:
    if card.ending:
        yield {"type": "section", "text": _plain(_all_or_more(card, visible(card.ending)), limit=_TEXT_LIMIT)}


def _settings(card: Card) -> str:
    """Everything that the restore will be told, because a setting can open what is restored to others."""
    return _all_or_more(card, f"Settings: {visible(card.settings)}")


def _all_or_more(card: Card, said: str) -> str:
    """The text, or as much of it as Slack takes, and where the rest can be read."""
    rest = _rest(card)
    return said if len(said) <= _TEXT_LIMIT else f"{said[: _TEXT_LIMIT - len(rest)]}{rest}"


def _rest(card: Card, left: int = 0) -> str:
    """Where what is left can be read; and how much that is, where it is counted."""
    return f"… and {f'{left} ' if left else ''}more: read all with `strongroom restore show {card.request_id}`"


def _notified(card: Card) -> str:
    """What notifications and screen readers say."""
    return escape_mrkdwn(visible(card.headline))


def _plain(text: str, *, limit: int = _FIELD_LIMIT) -> Block:
    return {"type": "plain_text", "text": text[:limit], "emoji": False}
