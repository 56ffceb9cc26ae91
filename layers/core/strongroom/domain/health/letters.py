"""Dead letters: events that nobody could handle, each with the reason, and the queue that it is to go back to.

Three ways lead there, and each leaves other marks. A function buries what breaks its contract. EventBridge puts there
what it could not deliver (User Guide, "Using dead-letter queues to process undelivered events"). SQS moves there what
was received too often (API reference of ReceiveMessage, `DeadLetterQueueSourceArn`), and keeps no reason.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

# The marks of a buried event.
REASON: Final = "reason"
CAME_FROM: Final = "queue"


class LetterKind(StrEnum):
    """By which way a letter came."""

    BURIED = "BURIED"
    UNDELIVERED = "UNDELIVERED"
    FAILED = "FAILED"
    FOREIGN = "FOREIGN"


class Letter(Struct, frozen=True, kw_only=True):
    """One dead letter: what it is about, why it is here, and where it goes back to, if that is known.

    `id` is the message's, which it had on the queue that it failed on as well.
    """

    id: str
    kind: LetterKind
    reason: str
    about: str
    body: str
    sent_at: datetime | None = None
    goes_to: str | None = None


def read_letter(message: Mapping[str, Any]) -> Letter:
    """The letter that a message of SQS is, whatever stands in it."""
    kind, reason, goes_to = _way(message)
    return Letter(
        id=str(message["MessageId"]),
        kind=kind,
        reason=reason,
        about=_about(message["Body"]),
        body=message["Body"],
        sent_at=_sent_at(message),
        goes_to=goes_to,
    )


def _way(message: Mapping[str, Any]) -> tuple[LetterKind, str, str | None]:
    marks = {name: each.get("StringValue", "") for name, each in message.get("MessageAttributes", {}).items()}
    if REASON in marks:
        return LetterKind.BURIED, f"it breaks its contract: {marks[REASON]}", marks.get(CAME_FROM)
    if "TARGET_ARN" in marks:
        refusal = marks.get("ERROR_MESSAGE") or marks.get("ERROR_CODE") or "no reason was given"
        return LetterKind.UNDELIVERED, f"EventBridge could not deliver it: {refusal}", marks["TARGET_ARN"]
    source = message.get("Attributes", {}).get("DeadLetterQueueSourceArn")
    if source:
        return LetterKind.FAILED, "it failed as often as its queue allows", source
    return LetterKind.FOREIGN, "nobody of ours has put it here", None


def _about(body: str) -> str:
    """The event in a few words."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return "no event: it is not JSON"
    if not isinstance(event, dict):
        return "no event: it is not an object"
    names = (event.get(name) for name in ("detail-type", "account", "region", "time"))
    told = [name[:100] for name in names if isinstance(name, str) and name]
    return ", ".join(told) or "no event: nothing of its envelope is there"


def _sent_at(message: Mapping[str, Any]) -> datetime | None:
    stamp = message.get("Attributes", {}).get("SentTimestamp", "")
    return datetime.fromtimestamp(int(stamp) / 1000, UTC) if stamp.isdigit() else None
