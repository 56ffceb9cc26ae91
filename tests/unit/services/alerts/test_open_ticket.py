"""A ticket is opened once for each opening of an alert that wants one, whatever is lost on the way."""

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.facts import TicketOpened
from strongroom.domain.alerts.ticketing import NewTicket
from strongroom.domain.errors import ResourceNotReadyError, TemporarilyUnavailableError
from strongroom.services.alerts.open_ticket import (
    SHOWN_WITHIN,
    TicketOpeningNeeds,
    TicketState,
    open_ticket,
)
from strongroom.services.alerts.tell_alerts import AlertNotifier
from tests.builders.copies import IN_TIME
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts

TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
ALERT = Alert(
    kind=AlertKind.RESOURCE_NOT_TAGGED,
    subject=TABLE,
    account=PAYMENTS,
    region=HOME,
    reason="the mode of Production is quarantine",
    wants_ticket=True,
)


@dataclass
class FakeDesk:
    """A ticket system that is down, loses answers, or shows late what it has."""

    opened: list[tuple[datetime, NewTicket]] = field(default_factory=list)
    now: datetime = IN_TIME
    is_down: bool = False
    loses_answers: bool = False
    shows_after: timedelta = timedelta()

    def find(self, mark: str, *, since: datetime) -> str | None:
        self._demand_up()
        for number, (at, ticket) in enumerate(self.opened, 1):
            if ticket.mark == mark and since <= at <= self.now - self.shows_after:
                return f"OPS-{number}"
        return None

    def open(self, ticket: NewTicket) -> str:
        self._demand_up()
        self.opened.append((self.now, ticket))
        if self.loses_answers:
            raise TemporarilyUnavailableError("the ticket system did not answer in time")
        return f"OPS-{len(self.opened)}"

    def _demand_up(self) -> None:
        if self.is_down:
            raise TemporarilyUnavailableError("the ticket system is down")


class Tickets:
    """The ledger with its alerts, the ticket system, and the one who opens tickets."""

    def __init__(self, table: MemoryTable) -> None:
        self.book, self.desk, self.bus = LedgerAlerts(table), FakeDesk(), FakeAlerts()
        self.alerts = AlertNotifier(book=self.book, announcer=FakeAlerts(), publisher=FakeAlerts())
        self.now = IN_TIME

    def complain(self, alert: Alert = ALERT) -> None:
        self.alerts.complain(alert, now=self.now)

    def ring(self) -> TicketState:
        self.now += timedelta(seconds=1)
        self.desk.now = self.now
        needs = TicketOpeningNeeds(book=self.book, desk=self.desk, publisher=self.bus)
        return open_ticket(ALERT.fingerprint, needs=needs, now=self.now).state

    @property
    def kept(self) -> str:
        state = self.book.find(ALERT.fingerprint)
        return "" if state is None else state.ticket

    @property
    def rung(self) -> list[str]:
        return [fact.ticket for fact in self.bus.facts if isinstance(fact, TicketOpened)]


@pytest.fixture
def tickets(ledger_table: MemoryTable) -> Tickets:
    return Tickets(ledger_table)


def test_one_ticket_is_opened_however_often_the_news_comes(tickets: Tickets) -> None:
    tickets.complain()
    assert [tickets.ring() for _ in range(3)] == [TicketState.OPENED, *[TicketState.UNCHANGED] * 2]
    [(_, ticket)] = tickets.desk.opened
    assert TABLE in ticket.summary
    assert (tickets.kept, tickets.rung) == ("OPS-1", ["OPS-1"] * 3)


@pytest.mark.parametrize(
    ("alert", "is_over"),
    [(None, False), (replace(ALERT, wants_ticket=False), False), (ALERT, True)],
    ids=["there is none", "its mode wants none", "it is over"],
)
def test_news_of_an_alert_that_wants_no_ticket_opens_none(
    alert: Alert | None, tickets: Tickets, *, is_over: bool
) -> None:
    if alert is not None:
        tickets.complain(alert)
    if is_over:
        tickets.alerts.settle(ALERT.fingerprint, reason="tagged", now=tickets.now)
    assert tickets.ring() is TicketState.UNCHANGED
    assert (tickets.desk.opened, tickets.rung) == ([], [])


def test_where_the_intent_opens_none_nothing_is_read() -> None:
    assert open_ticket(ALERT.fingerprint, needs=None, now=IN_TIME).state is TicketState.LEFT


def test_a_ticket_system_that_is_down_is_asked_again_until_it_is_up(tickets: Tickets) -> None:
    tickets.complain()
    tickets.desk.is_down = True
    for _ in range(5):
        with pytest.raises(TemporarilyUnavailableError):
            tickets.ring()
    assert tickets.kept == ""
    tickets.desk.is_down = False
    assert (tickets.ring(), tickets.kept) == (TicketState.OPENED, "OPS-1")


def test_a_ticket_whose_answer_was_lost_is_found_and_no_second_one_is_opened(tickets: Tickets) -> None:
    tickets.complain()
    tickets.desk.loses_answers, tickets.desk.shows_after = True, timedelta(minutes=8)
    with pytest.raises(TemporarilyUnavailableError):
        tickets.ring()
    while True:
        tickets.now += timedelta(minutes=5)
        try:
            assert tickets.ring() is TicketState.FOUND
            break
        except ResourceNotReadyError:
            assert tickets.now < IN_TIME + SHOWN_WITHIN
    assert (len(tickets.desk.opened), tickets.kept, tickets.rung) == (1, "OPS-1", ["OPS-1"])


def test_one_that_was_never_opened_is_asked_for_again_once_it_would_be_shown(tickets: Tickets) -> None:
    tickets.complain()
    tickets.desk.loses_answers = True
    with pytest.raises(TemporarilyUnavailableError):
        tickets.ring()
    tickets.desk.opened.clear()
    tickets.desk.loses_answers = False
    with pytest.raises(ResourceNotReadyError):
        tickets.ring()
    tickets.now += SHOWN_WITHIN
    assert (tickets.ring(), len(tickets.desk.opened)) == (TicketState.OPENED, 1)


def test_an_alert_that_opens_again_gets_a_ticket_of_its_own(tickets: Tickets) -> None:
    for expected in ("OPS-1", "OPS-2"):
        tickets.complain()
        assert (tickets.ring(), tickets.kept) == (TicketState.OPENED, expected)
        tickets.alerts.settle(ALERT.fingerprint, reason="tagged", now=tickets.now)
        tickets.now += timedelta(hours=1)


def test_while_the_alert_is_being_told_nobody_writes_between(tickets: Tickets) -> None:
    tickets.complain()
    state = tickets.book.find(ALERT.fingerprint)
    assert state is not None
    tickets.book.keep(replace(state, claimed_until=tickets.now + timedelta(minutes=5)), was=state)
    with pytest.raises(ResourceNotReadyError, match="being told"):
        tickets.ring()
    assert tickets.desk.opened == []
    tickets.now += timedelta(minutes=5)
    assert tickets.ring() is TicketState.OPENED


class Racing(FakeDesk):
    """A ticket system during whose answer somebody else comes."""

    def __init__(self, tickets: Tickets) -> None:
        super().__init__(shows_after=timedelta(minutes=1))
        self.tickets = tickets

    def open(self, ticket: NewTicket) -> str:
        key = super().open(ticket)
        with pytest.raises(ResourceNotReadyError):
            self.tickets.ring()
        self.tickets.complain()
        return key


def test_of_two_at_once_one_opens_it_and_what_is_seen_meanwhile_is_kept(tickets: Tickets) -> None:
    tickets.desk = Racing(tickets)
    tickets.complain()
    assert tickets.ring() is TicketState.OPENED
    state = tickets.book.find(ALERT.fingerprint)
    assert state is not None
    assert (len(tickets.desk.opened), state.ticket, state.count) == (1, "OPS-1", 2)
