"""The history of a Jira issue: who moved it into an approved status, and when what counts was last edited.

Jira Cloud platform REST API v3, "Get changelogs".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from strongroom.adapters.tickets.values import moment, objects, text
from strongroom.adapters.tickets.web import not_understood
from strongroom.domain.restores.tickets.ticket import TicketApproval

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime


class Edit(Struct, frozen=True, kw_only=True):
    """One field that one entry of the history changed.

    `field` is its id, empty where the history does not say which it is; `after_id` is that of a status.
    """

    entry: str
    author: str
    at: datetime
    field: str
    before: str
    after: str
    after_id: str


def read_history(entries: Iterable[dict[str, Any]], *, about: str) -> tuple[Edit, ...]:
    """Every edit, the oldest first; TemporarilyUnavailableError for a history that cannot be understood."""
    edits = [edit for entry in entries for edit in _edits(entry, about=about)]
    return tuple(sorted(edits, key=lambda edit: (edit.at, int(edit.entry))))


def last_edit(history: Sequence[Edit], *, fields: Collection[str]) -> datetime | None:
    """When one of these fields was last edited, or one that is not named; None where none ever was."""
    return max((edit.at for edit in history if not edit.field or edit.field in fields), default=None)


def last_status(history: Sequence[Edit]) -> str:
    """The id of the status that the issue was last moved to; empty where it never was moved."""
    return next((edit.after_id for edit in reversed(history) if edit.field == "status"), "")


def approvals_in(history: Sequence[Edit], *, statuses: Collection[str]) -> tuple[TicketApproval, ...]:
    """The last step into the approved statuses, if the issue has not left them since."""
    found: Edit | None = None
    for edit in history:
        if edit.field != "status":
            continue
        if edit.after not in statuses:
            found = None
        elif edit.before not in statuses:
            found = edit
    if found is None:
        return ()
    return (TicketApproval(account=found.author, at=found.at, through=f"changelog {found.entry}"),)


def _edits(entry: dict[str, Any], *, about: str) -> Iterable[Edit]:
    at, items, number = moment(text(entry, "created")), objects(entry, "items"), text(entry, "id")
    if at is None or items is None or not (number.isascii() and number.isdecimal() and len(number) < 20):
        raise not_understood(about)
    for item in items:
        yield Edit(
            entry=number,
            author=text(entry, "author", "accountId"),
            at=at,
            field=_field(item),
            before=text(item, "fromString"),
            after=text(item, "toString"),
            after_id=text(item, "to"),
        )


def _field(item: dict[str, Any]) -> str:
    """The id of a field; one of Jira's own that comes without has it as its name, but for case."""
    is_own = text(item, "fieldtype") == "jira"
    return text(item, "fieldId") or (text(item, "field").lower() if is_own else "")
