"""A request as a card in chat: who is called to decide, what is asked, what differs, and how far it is."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.identifiers import Arn
from strongroom.domain.proofs.decisions import DecisionState, Verdict, seats_of
from strongroom.domain.proofs.policies import ClaimGroup
from strongroom.domain.proofs.risks import NATIVE, RAW
from strongroom.domain.restores.kinds.table import kind_of_request
from strongroom.domain.restores.requests import UNNAMED
from strongroom.domain.restores.showing.approval_view import differences
from strongroom.domain.restores.showing.candidates import told_candidates
from strongroom.domain.restores.showing.told import told_aim, told_kind, told_to_people
from strongroom.domain.restores.tickets.keys import page_of_ticket

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.proofs.asked import AskedRestore
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.drafts import Draft
    from strongroom.domain.restores.requests import RestoreRequest, SealedRequest

_HOUR: Final = timedelta(hours=1)
_QUARTER: Final = timedelta(minutes=15)
_BARRING: Final = {"ticket_approver", "voters"}
_ONGOING: Final = {
    DecisionState.PENDING: "awaits approval",
    DecisionState.APPROVED: "is approved, and about to begin",
    DecisionState.DENIED: "is denied",
    DecisionState.CANCELLED: "is taken back",
    DecisionState.EXPIRED: "was not approved in time",
}

type Rows = tuple[tuple[str, str], ...]


class Standing(Struct, frozen=True, kw_only=True):
    """How far a request is: what its proofs come to, whether copy and restore have begun, who approved its ticket.

    `reads_ticket` is whether the next that happens to it is an act, before which its ticket is read anew.
    """

    verdict: Verdict
    is_started: bool = False
    is_copying: bool = False
    reads_ticket: bool = False
    ticket_approver: str = ""


class Card(Struct, frozen=True, kw_only=True):
    """All the words of a card.

    `called` are chat's ids of those who can decide, `candidates` is what there was to choose from, line by line,
    `action` is what the way to the page is called, empty where there is none any more, `number` is what the page asks
    whoever approves for, empty where nobody is asked any more, and `ending` says what became of it, empty until then.
    """

    request_id: str
    mark: str
    headline: str
    called: tuple[str, ...]
    rows: Rows
    changed: tuple[str, ...]
    settings: str
    consequences: tuple[str, ...]
    candidates: tuple[str, ...]
    ticket: str
    ticket_url: str
    number: str = ""
    action: str = ""
    ending: str = ""


class Ending(Struct, frozen=True, kw_only=True):
    """How a request ended: the outcome, all that is to be said of it, and the subjects who decided."""

    outcome: str
    text: str
    handled_by: tuple[str, ...]


def nobody_signed(asked: AskedRestore) -> Standing:
    """How far a request is that was just opened."""
    seats = seats_of(asked, asked.policy)
    verdict = Verdict(state=DecisionState.PENDING, reason="", missing=tuple(seats), needed=len(seats))
    return Standing(verdict=verdict)


def open_card(draft: Draft, standing: Standing, *, ceremony: Ceremony, now: datetime) -> Card:
    """The card of a request that is not over."""
    sealed, verdict = draft.sealed, standing.verdict
    request = sealed.request
    is_asked = verdict.state is DecisionState.PENDING and verdict.ready_at is None and not standing.is_started
    until = f"{request.approve_before:%Y-%m-%d %H:%M:%S} UTC"
    rows = (
        ("Approve before", f"{until} ({time_left(request.approve_before - now)})" if is_asked else until),
        ("Approvals", tally(verdict, ceremony=ceremony)),
    )
    card = _card(sealed, rows=rows, ceremony=ceremony, account_name=draft.account_name)
    return replace(
        card,
        headline=f"{told_kind(request)} {request.id} {_ongoing(standing)}: {_wanted(request)}",
        called=called_to_decide(sealed.asked, standing, ceremony=ceremony) if is_asked else (),
        number=draft.number if is_asked else "",
        action="Review and decide" if is_asked else "See it" if standing.is_started else "See it, or stop it",
    )


def closed_card(sealed: SealedRequest, ending: Ending, *, ceremony: Ceremony, account_name: str) -> Card:
    """The card of a request that is over: it asks nobody, and says so first."""
    people = ", ".join(ceremony.name_of(subject) for subject in ending.handled_by) or "nobody"
    card = _card(sealed, rows=(("Handled by", people),), ceremony=ceremony, account_name=account_name)
    headline = f"Closed, {ending.outcome}: {_wanted(sealed.request)} ({sealed.request.id})"
    return replace(card, headline=headline, ending=ending.text)


def called_to_decide(asked: AskedRestore, standing: Standing, *, ceremony: Ceremony) -> tuple[str, ...]:
    """Chat's ids of those who can fill a seat that is still empty, as far as the intent knows them."""
    able = able_to_decide(asked, standing)
    return tuple(
        person.slack_user for person in ceremony.people.values() if person.slack_user and person.subject in able
    )


def able_to_decide(asked: AskedRestore, standing: Standing) -> tuple[str, ...]:
    """Who can fill a seat that is still empty, of the groups that list their people; a subject each, in their order."""
    verdict, policy = standing.verdict, asked.policy
    barred = {asked.requester, *verdict.people}
    if set(policy.disjoint) >= _BARRING:
        barred.add(standing.ticket_approver)
    groups = (policy.groups.get(group, ()) for group in dict.fromkeys(verdict.missing))
    able = dict.fromkeys(subject for group in groups if isinstance(group, tuple) for subject in group)
    return tuple(subject for subject in able if subject not in barred)


def deciders(asked: AskedRestore, standing: Standing, *, ceremony: Ceremony) -> tuple[str, ...]:
    """Who can fill a seat that is still empty, by name; of a group that the identity provider keeps, in words."""
    people = [ceremony.name_of(subject) for subject in able_to_decide(asked, standing)]
    groups: Mapping[str, object] = asked.policy.groups
    claimed = [name for name in dict.fromkeys(standing.verdict.missing) if isinstance(groups.get(name), ClaimGroup)]
    return (*people, *(f"whoever the identity provider counts among {name}" for name in claimed))


def tally(verdict: Verdict, *, ceremony: Ceremony) -> str:
    """How many of the approvals that it takes there are, whose, and out of which groups the others must come."""
    needed = max(verdict.needed, len(verdict.missing))
    people = ", ".join(ceremony.name_of(subject) for subject in verdict.people)
    said = f"{needed - len(verdict.missing)} of {needed}{f' ({people})' if people else ''}"
    return (
        f"{said}; still needed: {', '.join(f'one of {group}' for group in verdict.missing)}"
        if verdict.missing
        else said
    )


def time_left(left: timedelta) -> str:
    """How long there is, in steps of an hour, at the end of a quarter of one: cards are not changed each minute."""
    if left >= _HOUR:
        return f"more than {left // _HOUR} h left"
    if left >= _QUARTER:
        return f"more than {left // _QUARTER * 15} min left"
    return "less than 15 min left" if left > timedelta(0) else "the time is over"


def changed_settings(sealed: SealedRequest) -> tuple[str, ...]:
    """Every setting that is asked for otherwise than the backup has it, but for the new name."""
    kind = kind_of_request(sealed.request)
    own = "" if kind is None else kind.name_key
    return tuple(
        f"{each.key}: {each.before or 'not set'} → {each.after}"
        for each in differences(sealed.asked.content)
        if each.after and each.key != own
    )


def _card(sealed: SealedRequest, *, rows: Rows, ceremony: Ceremony, account_name: str) -> Card:
    request, tickets = sealed.request, ceremony.tickets
    return Card(
        request_id=request.id,
        mark=sealed.mark,
        headline="",
        called=(),
        rows=(*_facts(request, ceremony=ceremony, account_name=account_name), *rows, ("Mark", in_groups(sealed.mark))),
        changed=changed_settings(sealed),
        settings=", ".join(f"{name}={value}" for name, value in request.metadata) or "none",
        consequences=told_to_people(sealed),
        candidates=told_candidates(request),
        ticket=request.ticket,
        ticket_url=page_of_ticket(request.ticket, system=tickets.system, url=tickets.url) if request.ticket else "",
    )


def _facts(request: RestoreRequest, *, ceremony: Ceremony, account_name: str) -> Rows:
    account = f"{account_name} ({request.account})" if account_name else request.account
    if request.is_after:
        return (
            ("What", told_aim(request)),
            ("On", f"{request.resource} in account {account}"),
            ("By", request.call),
            ("Asked by", ceremony.name_of(request.requester)),
            ("Ticket", request.ticket or f"none: it follows {request.of}"),
            ("Reason", request.reason),
        )
    by_hand = {RAW: "restored by hand, as its metadata say,", NATIVE: f"what {request.call} makes"}
    made = by_hand.get(request.kind, UNNAMED)
    named = "" if request.target_name == UNNAMED else f"{request.target_name}, "
    return (
        ("What", f"{Arn.parse(request.resource).name} ({request.resource_type})"),
        ("Backup begun", f"{request.recovery_point_created_at:%Y-%m-%d %H:%M} UTC"),
        ("Becomes", f"{named}{made} in account {account}, {request.region}"),
        ("From", f"{Arn.parse(request.vault).name} ({request.course})"),
        ("Asked by", ceremony.name_of(request.requester)),
        ("Urgent, incident", request.incident) if request.is_urgent else ("Ticket", request.ticket or "none"),
        ("Reason", request.reason),
    )


def _wanted(request: RestoreRequest) -> str:
    if request.is_after:
        return told_aim(request)
    is_named = request.target_name != UNNAMED
    return request.target_name if is_named else f"a new {Arn.parse(request.resource).name}"


def in_groups(mark: str) -> str:
    """The mark in groups of four, as the page shows it."""
    return " ".join(mark[place : place + 4] for place in range(0, len(mark), 4))


def _ongoing(standing: Standing) -> str:
    if standing.is_started:
        return "is being carried out"
    if standing.is_copying:
        return "is approved, and being copied back"
    if standing.verdict.state is DecisionState.PENDING and standing.verdict.ready_at is not None:
        return f"is approved, and begins at {standing.verdict.ready_at:%H:%M:%S} UTC"
    return _ONGOING[standing.verdict.state]
