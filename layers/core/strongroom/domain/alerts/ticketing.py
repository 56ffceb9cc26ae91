"""Tickets about alerts: what one says, and by which mark it is found again.

The mark is a hash, so that nothing that somebody named reaches a query, and each time that the alert opens has its own.
"""

import hashlib
from typing import Final

from msgspec import Struct

from strongroom.domain.alerts.lifecycle import AlertState
from strongroom.domain.alerts.meanings import MEANING_OF
from strongroom.domain.alerts.messages import account_of, owner_of, section_of, title_of

# What ServiceNow keeps of a short description and of a description, unless somebody made the fields longer; Jira more.
_SUMMARY_LIMIT: Final = 160
_TEXT_LIMIT: Final = 4000
_CUT: Final = "..."


class NewTicket(Struct, frozen=True, kw_only=True):
    """A ticket to open; no other has its mark."""

    mark: str
    summary: str
    description: str


def ticket_about(state: AlertState, *, runbook: str | None = None) -> NewTicket:
    """The ticket about an alert since it opened: which resource, whose, what to do, and why."""
    alert, meaning = state.alert, MEANING_OF[state.alert.kind]
    about = f"{len(alert.resources)} resources" if alert.resources else alert.resource or alert.subject
    title = title_of(alert)
    lines = [
        f"{title} in account {account_of(alert)}, {alert.region}",
        f"Resource: {about}",
        f"Owner: {owner_of(alert)}",
        f"Means: {meaning.means}",
        f"To do: {meaning.to_do}",
        f"Runbook: {section_of(alert.kind, runbook=runbook)}",
        f"Alert: {alert.fingerprint}",
        "Once it is put right the alert is resolved by itself; this ticket is yours to close.",
        f"Why: {alert.reason}",
    ]
    return NewTicket(
        mark=mark_of(state),
        summary=_cut(f"{title}: {about} in account {account_of(alert)}".replace("\n", " "), _SUMMARY_LIMIT),
        description=_cut("\n".join(lines), _TEXT_LIMIT),
    )


def mark_of(state: AlertState) -> str:
    """The mark of the ticket about the alert since it opened: ours, and 32 hexadecimal digits."""
    said = f"{state.alert.fingerprint}\n{state.opened_at.isoformat()}"
    return f"strongroom-{hashlib.sha256(said.encode()).hexdigest()[:32]}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - len(_CUT)] + _CUT
