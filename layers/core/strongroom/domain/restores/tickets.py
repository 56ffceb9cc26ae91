"""Tickets: how a key is spelled, and when a ticket entitles to a restore."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.ceremony import Person, Tickets
from strongroom.domain.restores.people import person_by, same_person
from strongroom.domain.restores.requests import RestoreRequest

_KEY_OF: dict[str, tuple[re.Pattern[str], str]] = {
    "jira": (re.compile(r"[A-Z][A-Z0-9_]{1,30}-[1-9][0-9]{0,9}"), "OPS-123"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as its system shows it; `approver` is the account that approved it, empty unless there is one."""

    key: str
    status: str
    approver: str
    text: str
    labels: tuple[str, ...]


class TicketState(StrEnum):
    """Whether the ticket carries the restore."""

    ENTITLES = "entitles"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketVerdict:
    """Whether the ticket carries the restore, in words; `approver` is the person who approved the ticket."""

    state: TicketState
    reason: str
    key: str
    status: str
    approver: str


def parse_ticket_key(text: str, *, system: str) -> str:
    """Return `text` as a ticket's key, or raise MalformedRequestError: nothing else ever reaches the ticket system."""
    shape, example = _KEY_OF[system]
    if shape.fullmatch(text) is None:
        raise MalformedRequestError(f"{text[:40]!r} is not a ticket key; keys look like {example}")
    return text


def judge_ticket(
    ticket: Ticket, *, request: RestoreRequest, tickets: Tickets, people: Mapping[str, Person], approver: str = ""
) -> TicketVerdict:
    """Whether the ticket is approved by a known person other than the requester, and names what is restored.

    `approver` is who had approved it when it was first read; empty at that first reading.
    """
    person = person_by(people, ticket_account=ticket.approver)
    refusal = ""
    if ticket.key != request.ticket:
        refusal = f"the ticket system answered with {ticket.key} instead of {request.ticket}"
    elif ticket.status not in tickets.approved_statuses:
        refusal = f"its status is {ticket.status!r}, not {' or '.join(tickets.approved_statuses)}"
    elif not person:
        refusal = "its approver is not exactly one person known here"
    elif same_person(person, request.requester, people=people):
        refusal = "it was approved by the one who asks for the restore"
    elif approver and person != approver:
        refusal = f"its approver was {approver} and is now {person}"
    elif not _names(ticket, request):
        refusal = f"it names neither account {request.account} nor {Arn.parse(request.resource).name}"
    state = TicketState.REFUSED if refusal else TicketState.ENTITLES
    reason = f"{ticket.key}: {refusal or f'{ticket.status}, approved by {person}'}"
    return TicketVerdict(state=state, reason=reason, key=ticket.key, status=ticket.status, approver=person)


def _names(ticket: Ticket, request: RestoreRequest) -> bool:
    words = set(re.findall(r"[\w:./-]+", " ".join((ticket.text, *ticket.labels))))
    words |= {word.strip(".:/-") for word in words}
    names = {request.account, request.resource, request.recovery_point, Arn.parse(request.resource).name, request.id}
    return bool(words & names)
