"""Open a ticket about an alert that wants one, once from its opening to its end.

An event about an alert is a doorbell: whether a ticket is wanted, and about what, the ledger says. That one is asked
for is written before it is; where the answer is lost, it is looked for until the ticket system must show what it has,
and only then asked for again.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.alerts.facts import TicketOpened
from strongroom.domain.alerts.lifecycle import AlertStatus
from strongroom.domain.alerts.ticketing import ticket_about
from strongroom.domain.errors import ResourceNotReadyError

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.alerts.lifecycle import AlertState
    from strongroom.domain.alerts.ticketing import NewTicket
    from strongroom.ports.alerts import AlertBook, TicketDesk
    from strongroom.ports.facts import Publisher

# Jira's search shows a new issue after a while: https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/
SHOWN_WITHIN: Final = timedelta(minutes=10)
# So much two clocks may differ.
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


class TicketState(StrEnum):
    """What became of the news."""

    OPENED = "OPENED"
    FOUND = "FOUND"
    UNCHANGED = "UNCHANGED"
    LEFT = "LEFT"


class TicketVerdict(Struct, frozen=True, kw_only=True):
    """Which ticket tells which alert, and why none does."""

    state: TicketState
    reason: str
    fingerprint: str
    ticket: str = ""


class TicketOpeningNeeds(Struct, frozen=True, kw_only=True):
    """What opening a ticket needs of the world; `runbook` is the address that it names."""

    book: AlertBook
    desk: TicketDesk
    publisher: Publisher
    runbook: str | None = None


def open_ticket(fingerprint: str, *, needs: TicketOpeningNeeds | None, now: datetime) -> TicketVerdict:
    """Open the ticket that the alert wants, unless there is one; without needs the intent opens none.

    ResourceNotReadyError while the alert is being told, or while a ticket may be there that is not shown yet.
    """
    if needs is None:
        return _verdict(fingerprint, TicketState.LEFT, "the intent says nowhere where tickets are opened")
    state = needs.book.find(fingerprint)
    if state is None or not state.alert.wants_ticket:
        return _verdict(fingerprint, TicketState.UNCHANGED, "there is no such alert that wants a ticket")
    if state.ticket:
        # Rung each time: whoever died behind the write has rung for nobody.
        _ring(state, needs=needs)
        return _verdict(fingerprint, TicketState.UNCHANGED, "its ticket is open", ticket=state.ticket)
    if state.status is AlertStatus.RESOLVED:
        return _verdict(fingerprint, TicketState.UNCHANGED, "it was over before a ticket was opened")
    wanted = ticket_about(state, runbook=needs.runbook)
    found = needs.desk.find(wanted.mark, since=state.opened_at - _CLOCKS_DIFFER)
    key = found or _asked(wanted, state, needs=needs, now=now)
    _ring(_kept(key, state, needs=needs, now=now), needs=needs)
    opened = TicketState.FOUND if found else TicketState.OPENED
    return _verdict(fingerprint, opened, "the alert wants a ticket", ticket=key)


def _asked(wanted: NewTicket, state: AlertState, *, needs: TicketOpeningNeeds, now: datetime) -> str:
    """The key of a new ticket, once it is written down that it is asked for, which one at a time can."""
    asked_at = state.ticket_asked_at
    if asked_at is not None and now < asked_at + SHOWN_WITHIN:
        raise ResourceNotReadyError(
            f"a ticket about alert {state.alert.fingerprint} may be there, and not be shown yet"
        )
    _demand_untold(state, now=now)
    if not needs.book.keep(replace(state, ticket_asked_at=now), was=state):
        raise ResourceNotReadyError(f"alert {state.alert.fingerprint} is being changed")
    return needs.desk.open(wanted)


def _kept(key: str, state: AlertState, *, needs: TicketOpeningNeeds, now: datetime) -> AlertState:
    """The alert as it stands now, with its ticket; one that opened anew meanwhile has another ticket to come."""
    kept = needs.book.find(state.alert.fingerprint)
    if kept is None or kept.opened_at != state.opened_at:
        return replace(state, ticket=key)
    _demand_untold(kept, now=now)
    with_ticket = replace(kept, ticket=key)
    if not needs.book.keep(with_ticket, was=kept):
        raise ResourceNotReadyError(f"alert {state.alert.fingerprint} is being changed")
    return with_ticket


def _demand_untold(state: AlertState, *, now: datetime) -> None:
    """Whoever tells the alert writes behind that what was told, over what they read: nothing may come between."""
    if state.is_claimed(now):
        raise ResourceNotReadyError(f"alert {state.alert.fingerprint} is being told")


def _ring(state: AlertState, *, needs: TicketOpeningNeeds) -> None:
    alert = state.alert
    needs.publisher.publish(
        TicketOpened(
            account=alert.account,
            region=alert.region,
            resource=alert.subject,
            reason=f"ticket {state.ticket} tells it",
            fingerprint=alert.fingerprint,
            kind=alert.kind,
            ticket=state.ticket,
        )
    )


def _verdict(fingerprint: str, state: TicketState, reason: str, *, ticket: str = "") -> TicketVerdict:
    return TicketVerdict(state=state, reason=reason, fingerprint=fingerprint, ticket=ticket)
