"""What is wrong with what is asked of tickets: what their system does not have, and what nobody could fulfil."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain import forms
from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.ceremony import ApprovalRule, ClaimedGroup, OpenedTickets, Restores, Tickets
from strongroom.domain.intent.model import Intent

# The tables whose numbers are read as keys, and what Jira's own projects are keyed by.
_TABLES: Final = ("change_request", "incident", "sc_req_item")
# A requested item is not inserted by itself: an order makes it.
_INSERTED: Final = ("incident", "change_request")
_SOURCES: Final = {"jira": ("changelog", "jsm"), "servicenow": ("servicenow",)}


def find_ticket_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in what is asked of tickets, and each demand whose absence lets more pass than is meant."""
    tickets = intent.tickets
    if tickets is None:
        return
    if not tickets.approved_statuses:
        yield error("ticket-status", "tickets.approved_statuses", "is empty, so no ticket could ever entitle")
    if isinstance(tickets.approver_group, ClaimedGroup):
        why = "who approves a ticket has no login, so no claim says their groups; name a group of restores.groups"
        yield error("not-yet", "tickets.approver_group", why)
    yield from _of_the_system(tickets)
    yield from _fields(tickets)
    if tickets.opened is not None:
        yield from _opened(tickets, tickets.opened, is_ceremony=intent.restores is not None)
    if intent.restores is not None:
        yield from _left_out(tickets)
        for number, rule in enumerate(intent.restores.rules):
            yield from _enough_people(intent.restores, tickets, rule, path=f"restores.rules[{number}].needed")


def _of_the_system(tickets: Tickets) -> Iterator[Finding]:
    sources = _SOURCES[tickets.system]
    if tickets.approval is not None and tickets.approval not in sources:
        why = f"{tickets.approval} is nothing that {tickets.system} has; it has {' and '.join(sources)}"
        yield error("ticket-approval", "tickets.approval", why)
    for number, project in enumerate(tickets.projects):
        path = f"tickets.projects[{number}]"
        if tickets.system == "servicenow" and project not in _TABLES:
            yield error("ticket-project", path, f"{project!r} is none of the tables {', '.join(_TABLES)}")
        elif tickets.system == "jira" and not _is_project_key(project):
            yield error("ticket-project", path, f"{project!r} is no project key such as OPS")


def _is_project_key(project: str) -> bool:
    return forms.TICKET_PROJECT.fits(project) and project.isupper()


def _opened(tickets: Tickets, opened: OpenedTickets, *, is_ceremony: bool) -> Iterator[Finding]:
    """What is wrong with where tickets are opened; one that we open must never entitle to a restore."""
    path = "tickets.opened.project"
    if tickets.system == "servicenow":
        if opened.project not in _INSERTED:
            yield error("ticket-project", path, f"{opened.project!r} is none of the tables {', '.join(_INSERTED)}")
        if opened.type is not None:
            yield error("ticket-type", "tickets.opened.type", "is Jira's; ServiceNow has its table for that")
    elif not _is_project_key(opened.project):
        yield error("ticket-project", path, f"{opened.project!r} is no project key such as OPS")
    is_of_another_type = tickets.system == "jira" and tickets.types and opened.issue_type not in tickets.types
    if is_ceremony and not is_of_another_type and (not tickets.places or opened.project in tickets.places):
        why = (
            f"what is opened in {opened.project} would count as a ticket that entitles to a restore, and names the "
            "resource, too; take another project, or a type that tickets.types does not name"
        )
        yield error("ticket-entitles", path, why)


def _fields(tickets: Tickets) -> Iterator[Finding]:
    window = tickets.window
    named = {
        "resource_field": tickets.resource_field,
        "window.start_field": window.start_field if window else None,
        "window.end_field": window.end_field if window else None,
    }
    for name, field in named.items():
        if field is not None and not forms.TICKET_FIELD.fits(field):
            yield error("ticket-field", f"tickets.{name}", f"{field!r} is no field such as customfield_10020")
    if window is not None and window.start_field == window.end_field:
        yield error("ticket-field", "tickets.window.end_field", "is the field of the start as well")


def _left_out(tickets: Tickets) -> Iterator[Finding]:
    if not tickets.places:
        why = (
            "is left out: tickets of every project count, also of one whose rules its reporter made; name the projects"
        )
        yield warning("ticket-project", "tickets.projects", why)
    if tickets.approver_group is None:
        why = (
            "is left out: those who may approve a restore approve its ticket, and whoever does has no vote; name the "
            "group that approves tickets"
        )
        yield warning("ticket-approvers", "tickets.approver_group", why)


def _enough_people(restores: Restores, tickets: Tickets, rule: ApprovalRule, *, path: str) -> Iterator[Finding]:
    """Asker, ticket's approver and voters are all different people."""
    named = tickets.approver_group
    if isinstance(named, ClaimedGroup):
        return
    peers = [each for each in restores.rules if (each.unit, each.account) == (rule.unit, rule.account)]
    groups = [each.group for each in peers] if named is None else [named]
    approvers = {person for group in groups for person in restores.members(group)}
    voters = set(restores.members(rule.group))
    for asker in restores.members(restores.requesters):
        left = max((len(voters - {asker, each}) for each in approvers - {asker}), default=0)
        # Too few voters even without a ticket are told as that.
        if approvers and left < rule.needed <= len(voters - {asker}):
            why = (
                f"{rule.needed} approvals are needed, but besides {asker}, who asks, and one who approves the ticket "
                f"{rule.group} has only {left} people; tickets.approver_group may name others"
            )
            yield error("needed", path, why)
            return
