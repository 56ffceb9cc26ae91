"""A ticket as its system shows it: read once, judged and pinned as a whole."""

from datetime import datetime

from msgspec import Struct


class TicketApproval(Struct, frozen=True, kw_only=True):
    """Who approved a ticket, when, and what the system keeps that in.

    `account` is the account of whoever gave the approval, empty where the system does not say, or where somebody else
    than the approver entered it.
    """

    account: str
    at: datetime
    through: str


class Ticket(Struct, frozen=True, kw_only=True):
    """A ticket; what its system does not say is empty, and entitles to nothing.

    `resources` are the entries of the field that names what is restored, None where the intent names no such field.
    `edited_at` is when something that is judged here was last edited after the ticket was made, None where it never
    was, or where the system keeps no history that it shows. `approvals` stand today: none that was taken back.
    """

    system: str
    key: str
    project: str
    type: str
    status: str
    summary: str
    description: str
    labels: tuple[str, ...]
    resources: tuple[str, ...] | None
    opens_at: datetime | None
    closes_at: datetime | None
    updated_at: datetime | None
    edited_at: datetime | None
    approvals: tuple[TicketApproval, ...]
