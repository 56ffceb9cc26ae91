"""Attacks with tickets: exchanged, rewritten, unrelated, made by oneself, or a key that is none."""

from copy import replace
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.errors import (
    ApprovalPendingError,
    MalformedRequestError,
    RestoreRefusedError,
    TicketRefusedError,
    TicketWithdrawnError,
)
from strongroom.domain.restores.tickets.ticket import Ticket
from strongroom.services.restores.acting.starting.start_restore import start_restore
from strongroom.services.restores.asking.open_restore import open_restore
from tests.builders.intents import with_restores
from tests.builders.places import PAYMENTS
from tests.builders.restores import AUTHENTICATORS, DATABASE, NOW, POINT, a_ticket, a_wish, an_approval
from tests.fakes.restores.outside import FakeTickets
from tests.fakes.restores.world import CeremonyWorld

MINUTE = timedelta(minutes=1)


def _start(world: CeremonyWorld, request: str) -> None:
    start_restore(request, execution=world.execution(request), needs=world.restoring, now=world.now)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "Open"},
        {"status": "Withdrawn"},
        {"description": "Restore everything."},
        {"summary": "Restore billing-db"},
        {"resources": (DATABASE, f"{DATABASE}-2")},
        {"resources": ()},
        {"project": "PLAY"},
        {"type": "Task"},
        {"key": "SAFE-9"},
        {"edited_at": NOW},
        {"closes_at": NOW},
        {"approvals": ()},
        {"approvals": (an_approval("sana"),)},
        {"approvals": (an_approval(at=NOW),)},
    ],
    ids=lambda changes: "-".join(f"{name} {value}" for name, value in changes.items())[:40],
)
def test_attack_10_the_ticket_at_the_act_is_the_one_that_was_read(
    changes: dict[str, Any], world: CeremonyWorld
) -> None:
    """Mallory rewrites, reopens or exchanges the ticket between vote and act, where it is read and compared again."""
    request = world.come_to_approval()
    world.tickets.ticket = a_ticket(**changes)
    with pytest.raises(TicketWithdrawnError):
        _start(world, request)
    assert world.restores.begun == []


def test_attack_10_one_ticket_carries_one_restore(world: CeremonyWorld) -> None:
    """Omar asks for a second restore by the same ticket, and opening a request uses its ticket in one transaction."""
    drafted = world.draft(a_wish(target_name="payments-db-0201"))
    request = world.come_to_restore()
    signed = AUTHENTICATORS["omar"].sign(drafted.statement)
    with pytest.raises(RestoreRefusedError, match="was used for another restore"):
        open_restore(drafted.request_id, statement=drafted.statement, signed=signed, needs=world.opening, now=world.now)
    with pytest.raises(RestoreRefusedError, match=f"was used for {request}"):
        world.open(a_wish(target_name="payments-db-0201"))
    assert len(world.restores.begun) == 1
    assert world.kinds(request)[-1] == "restore-started"


@dataclass
class _Asked(FakeTickets):
    """A ticket system that remembers what it was asked."""

    asked: list[str] = field(default_factory=list)

    def read(self, key: str) -> Ticket:
        self.asked.append(key)
        return super().read(key)


@pytest.mark.parametrize(
    "key",
    [
        "OPS-1/../SAFE-9",
        "OPS-1 OR status = Approved",
        'OPS-1" OR "1"="1',
        "CHG1^NQapproval=approved",
        "OPS-1\n",
        "OPS-1?expand=names",
        "ops-1",
        "OPS-0",
        "OPS-\u0661",
        "../OPS-1",
        "%4fPS-1",
        "",
    ],
)
def test_attack_11_what_is_no_key_never_leaves(key: str, world: CeremonyWorld) -> None:
    """Mallory puts a query or a path into a ticket's key, and what is not spelled as a key is sent nowhere."""
    world.tickets = tickets = _Asked()
    with pytest.raises(MalformedRequestError, match="not a ticket key"):
        world.draft(a_wish(ticket=key))
    assert tickets.asked == []


def test_attack_11_another_ticket_than_was_asked_for_is_none(world: CeremonyWorld) -> None:
    """Mallory has the ticket system answer with a row that was not asked for, and the key in the answer
    must be equal.
    """
    world.tickets.ticket = a_ticket(key="OPS-999")
    with pytest.raises(RestoreRefusedError, match="answered with OPS-999"):
        world.draft()


@pytest.mark.parametrize(
    "accounts",
    [("omar",), ("ada",), ("maria",), ("bot",), ("",), ("Chiara",), ("chiara ",), ()],
    ids=["requester", "auditor", "voter", "bot", "nobody", "another spelling", "a blank", "none"],
)
def test_attack_12_whoever_is_no_change_manager_approves_no_ticket(
    accounts: tuple[str, ...], world: CeremonyWorld
) -> None:
    """Omar has his ticket approved by himself, a bot or a friend, and an approver is a known person of the
    named group.
    """
    world.tickets.ticket = a_ticket(approvals=tuple(map(an_approval, accounts)))
    with pytest.raises(RestoreRefusedError, match="does not entitle"):
        world.draft()
    assert world.table.everything() == []


def test_attack_12_two_people_approve_ticket_and_restore(world: CeremonyWorld) -> None:
    """Chiara approves the ticket and then the restore that rests on it, and whoever did the one does not
    do the other.
    """
    groups = dict(world.ceremony.restores.groups) | {"change-managers": ("maria",)}
    world.intent = with_restores(world.intent, groups=groups)
    world.tickets.ticket = a_ticket(approvals=(an_approval("maria"),))
    request = world.open()
    world.read_ticket(request)
    taken = world.sign(request, "maria")
    assert (taken.state, "you approved its ticket" in taken.reason) == ("refused", True)
    with pytest.raises(ApprovalPendingError):
        _start(world, request)


def test_attack_12_an_approval_of_both_counts_for_neither_order(world: CeremonyWorld) -> None:
    """Maria approves the restore first and the ticket afterwards, and her vote is judged with the ticket's approver."""
    groups = dict(world.ceremony.restores.groups) | {"change-managers": ("chiara", "maria")}
    world.intent = with_restores(world.intent, groups=groups)
    request = world.open()
    assert world.sign(request, "maria").state == "counted"
    world.tickets.ticket = a_ticket(approvals=(an_approval("maria"),))
    world.read_ticket(request)
    with pytest.raises(ApprovalPendingError, match="still needed"):
        _start(world, request)


UNRELATED = {
    "certificates of the account": {"summary": f"Rotate TLS certificates of account {PAYMENTS}"},
    "laptops of the team": {"summary": "order laptops for payments-db team"},
    "another database": {"summary": f"Restore {DATABASE}-2"},
    "the same name elsewhere": {"summary": DATABASE.replace(PAYMENTS, "333333333333")},
    "a snapshot that is like it": {"summary": f"{POINT}9"},
    "the name without its kind": {"summary": f"payments-db {PAYMENTS}"},
}


@pytest.mark.parametrize("text", UNRELATED.values(), ids=UNRELATED)
def test_x_06_a_ticket_about_something_else_entitles_to_nothing(text: dict[str, Any], world: CeremonyWorld) -> None:
    """Omar uses an approved ticket that names the account or something like it, and only the resource or
    point counts.
    """
    assert world.intent.tickets is not None
    world.intent = replace(world.intent, tickets=replace(world.intent.tickets, resource_field=None))
    world.tickets.ticket = a_ticket(labels=(PAYMENTS,), resources=None, description="", **text)
    with pytest.raises(RestoreRefusedError, match="names neither"):
        world.draft()


def test_x_06_the_field_alone_is_read_where_there_is_one(world: CeremonyWorld) -> None:
    """Omar names the database in a text that he may edit himself, and the field that the intent names does not."""
    world.tickets.ticket = a_ticket(summary=DATABASE, description=POINT, labels=(DATABASE,), resources=())
    with pytest.raises(RestoreRefusedError, match="in its field"):
        world.draft()


def test_x_06_what_is_edited_after_its_approval_is_not_what_was_approved(world: CeremonyWorld) -> None:
    """Omar has a ticket approved and rewrites it, before or after asking, and an edit after the approval ends it."""
    world.tickets.ticket = a_ticket(edited_at=NOW - 9 * MINUTE)
    with pytest.raises(RestoreRefusedError, match="edited"):
        world.draft()
    world.tickets.ticket = a_ticket()
    request = world.open()
    world.tickets.ticket = a_ticket(edited_at=NOW - 9 * MINUTE)
    with pytest.raises(TicketRefusedError, match="edited"):
        world.read_ticket(request)
