"""What of a ticket is pinned when it is first read, so that any later reading can be held against it."""

import unicodedata
from datetime import UTC, datetime
from typing import Any, Final

from strongroom.domain.canonical import canonical_text, digest_of, read_canonical
from strongroom.domain.errors import MalformedRecordError
from strongroom.domain.restores.tickets.ticket import Ticket

FORMAT: Final = "strongroom-ticket/1"


def pin_ticket(ticket: Ticket) -> str:
    """All that is judged of a ticket, as canonical JSON.

    Of free text the SHA-256 stands in it, so that it may be kept where the text may not. Left out are status and
    `updated_at`: work begins on an approved ticket, and every comment moves that time, ours among them. An edit moves
    `edited`, and an approval that was taken back and given again is another one.
    """
    return canonical_text(_pinned(ticket))


def find_changes(ticket: Ticket, *, snapshot: str) -> tuple[str, ...]:
    """The pinned fields in which the ticket is not as it was; all of them where the snapshot cannot be read."""
    now, then = _read(pin_ticket(ticket)), _read(snapshot)
    return tuple(name for name in sorted(now.keys() | then.keys()) if now.get(name) != then.get(name))


def _pinned(ticket: Ticket) -> dict[str, Any]:
    pinned: dict[str, Any] = {
        "format": FORMAT,
        "system": _whole(ticket.system),
        "key": _whole(ticket.key),
        "project": _whole(ticket.project),
        "type": _whole(ticket.type),
        "summary": _hidden(ticket.summary),
        "description": _hidden(ticket.description),
        "window": {"start": _moment(ticket.opens_at), "end": _moment(ticket.closes_at)},
        "edited": _moment(ticket.edited_at),
        "approvals": sorted(
            (
                {"account": _whole(each.account), "at": _moment(each.at), "through": _whole(each.through)}
                for each in ticket.approvals
            ),
            key=lambda each: (each["at"], each["account"], each["through"]),
        ),
    }
    # Where a field names what is restored, nobody reads the labels, and machines are free to set some.
    named = {"labels": ticket.labels} if ticket.resources is None else {"resources": ticket.resources}
    return pinned | {name: sorted(map(_whole, values)) for name, values in named.items()}


def _read(snapshot: str) -> dict[str, Any]:
    try:
        found = read_canonical(snapshot)
    except MalformedRecordError:
        return {}
    return found if isinstance(found, dict) else {}


def _whole(text: str) -> str:
    """The text without halves of characters, which no canonical text holds."""
    return unicodedata.normalize("NFC", text.encode(errors="backslashreplace").decode())


def _hidden(text: str) -> str:
    return digest_of(_whole(text))


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
