"""When a ticket entitles to a restore; whatever is unknown entitles to nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from strongroom.domain.intent.ceremony import Tickets
from strongroom.domain.proofs.policies import CeremonyPolicy, ClaimGroup, read_policy
from strongroom.domain.restores.ceremony import Ceremony
from strongroom.domain.restores.people import person_by, same_person
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.tickets.naming import is_named
from strongroom.domain.restores.tickets.pinning import find_changes, pin_ticket
from strongroom.domain.restores.tickets.ticket import Ticket, TicketApproval


class TicketState(StrEnum):
    """Whether the ticket carries the restore."""

    ENTITLES = "entitles"
    REFUSED = "refused"


class TicketPin(Struct, frozen=True, kw_only=True):
    """What was kept of the ticket when it was first read: who had approved it, and the snapshot of all that counts."""

    approver: str
    snapshot: str


class TicketVerdict(Struct, frozen=True, kw_only=True):
    """Whether the ticket carries the restore, in words; `approver` is the person who approved the ticket."""

    state: TicketState
    reason: str
    key: str
    status: str
    approver: str
    snapshot: str


class _Approver(Struct, frozen=True):
    """The person behind an approval, and why that does not count; empty where it does."""

    person: str
    refusal: str
    at: datetime | None = None


def judge_ticket(
    ticket: Ticket,
    *,
    request: RestoreRequest,
    ceremony: Ceremony,
    now: datetime,
    voters: Sequence[str] = (),
    pinned: TicketPin | None = None,
) -> TicketVerdict:
    """Whether the ticket names what is restored, is approved by somebody else than asks or votes, and is in its window.

    `voters` are the people whose votes approved the restore, so far nobody. `pinned` is what the first reading kept;
    from then on the ticket must be as it was.
    """
    tickets = ceremony.tickets
    approver = _approver_of(ticket, request=request, ceremony=ceremony, voters=voters)
    refusal = (
        _misplaced(ticket, request=request, tickets=tickets)
        or _unapproved(ticket, tickets=tickets)
        or approver.refusal
        or _unnamed(ticket, request=request, tickets=tickets)
        or _edited(ticket, approver)
        or _out_of_window(ticket, tickets=tickets, now=now)
        or _changed(ticket, approver.person, pinned=pinned)
    )
    state = TicketState.REFUSED if refusal else TicketState.ENTITLES
    reason = f"{request.ticket}: {refusal or f'{ticket.status}, approved by {approver.person}'}"
    return TicketVerdict(
        state=state,
        reason=reason,
        key=ticket.key,
        status=ticket.status,
        approver=approver.person,
        snapshot=pin_ticket(ticket),
    )


def ticket_approvers(request: RestoreRequest, *, ceremony: Ceremony) -> tuple[str, ...]:
    """Who may approve the request's ticket: the group that the intent names, or else those who may approve the restore.

    Those are, by the rules of today and those that the request was made under, both.
    """
    restores, named, policy = ceremony.restores, ceremony.tickets.approver_group, read_policy(request.policy)
    if named is not None and not policy.ticket:
        return restores.members(named)  # rules that say nothing of tickets narrow nothing
    then = _approvers_then(policy)
    today = (rule.group for rule in restores.rules_for(request.account, request.unit)) if named is None else (named,)
    able = {person for group in today for person in restores.members(group)}
    return tuple(sorted(person for person in able if ceremony.subject_of(person) in then))


def _approvers_then(policy: CeremonyPolicy) -> frozenset[str]:
    """The subjects of those who may approve the ticket by the request's own rules."""
    named = policy.ticket.get("approver_group")
    groups = [policy.groups.get(name, ()) for name in ((named,) if named else (rule.group for rule in policy.rules))]
    return frozenset(subject for group in groups if not isinstance(group, ClaimGroup) for subject in group)


def _misplaced(ticket: Ticket, *, request: RestoreRequest, tickets: Tickets) -> str:
    if (ticket.system, ticket.key) != (tickets.system, request.ticket):
        return f"the ticket system answered with {ticket.key[:40]} instead of {request.ticket}"
    if tickets.places and ticket.project not in tickets.places:
        return f"it lies in {ticket.project!r}, not in {' or '.join(tickets.places)}"
    if tickets.types and ticket.type not in tickets.types:
        return f"its type is {ticket.type!r}, not {' or '.join(tickets.types)}"
    return ""


def _unapproved(ticket: Ticket, *, tickets: Tickets) -> str:
    if ticket.status not in tickets.approved_statuses:
        return f"its status is {ticket.status!r}, not {' or '.join(tickets.approved_statuses)}"
    return ""


def _approver_of(ticket: Ticket, *, request: RestoreRequest, ceremony: Ceremony, voters: Sequence[str]) -> _Approver:
    """The first approval that counts, or what is wrong with the first of all."""
    found = [
        _judge_approval(each, request=request, ceremony=ceremony, voters=voters)
        for each in sorted(ticket.approvals, key=lambda each: (each.at, each.account))
    ]
    able = ", ".join(ticket_approvers(request, ceremony=ceremony)) or "nobody"
    nobody = _Approver("", f"nobody has approved it; {able} may")
    return next((each for each in found if not each.refusal), found[0] if found else nobody)


def _judge_approval(
    approval: TicketApproval, *, request: RestoreRequest, ceremony: Ceremony, voters: Sequence[str]
) -> _Approver:
    people = ceremony.people
    person = person_by(people, ticket_account=approval.account)
    able = ticket_approvers(request, ceremony=ceremony)
    if not person:
        refusal = f"its approver is not exactly one person known here ({approval.through})"
    elif same_person(person, person_by(people, subject=request.requester), people=people):
        refusal = "it was approved by the one who asks for the restore"
    elif person not in able:
        refusal = f"{person}, who approved it, is not one of those who may: {', '.join(able) or 'nobody'}"
    elif any(same_person(person, voter, people=people) for voter in voters):
        refusal = f"{person} approved it and the restore as well: two people must do that"
    else:
        refusal = ""
    return _Approver(person, refusal, approval.at)


def _unnamed(ticket: Ticket, *, request: RestoreRequest, tickets: Tickets) -> str:
    if is_named(ticket, request=request):
        return ""
    place = "" if ticket.resources is None else f" in its field {tickets.resource_field}"
    return f"it names neither {request.resource} nor the recovery point{place}; an ARN does, an account number does not"


def _edited(ticket: Ticket, approver: _Approver) -> str:
    if ticket.edited_at is None or (approver.at is not None and ticket.edited_at <= approver.at):
        return ""
    return f"it was edited at {_clock(ticket.edited_at)}, after {approver.person} had approved it"


def _out_of_window(ticket: Ticket, *, tickets: Tickets, now: datetime) -> str:
    window = tickets.change_window
    if window is not None and window.required and (ticket.opens_at is None or ticket.closes_at is None):
        return f"it has no change window: {window.start_field} and {window.end_field} must be filled"
    if ticket.opens_at is not None and now < ticket.opens_at:
        return f"its change window opens at {_clock(ticket.opens_at)}"
    if ticket.closes_at is not None and now >= ticket.closes_at:
        return f"its change window closed at {_clock(ticket.closes_at)}"
    return ""


def _changed(ticket: Ticket, approver: str, *, pinned: TicketPin | None) -> str:
    if pinned is None:
        return ""
    if approver != pinned.approver:
        return f"its approver was {pinned.approver} and is now {approver}"
    if changes := find_changes(ticket, snapshot=pinned.snapshot):
        return f"it changed since it was first read: {', '.join(changes)}"
    return ""


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
