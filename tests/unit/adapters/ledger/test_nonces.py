"""What may be used once is used once, and what may be done so often is done no oftener."""

from copy import replace
from datetime import datetime, timedelta

import pytest

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.nonces import LedgerLimits, LedgerLogins, LedgerNonces, LedgerStatements
from strongroom.adapters.ledger.table import Table
from strongroom.domain.proofs.statements import Decision, Statement, make_statement
from strongroom.domain.restores.approving.logins import BrowserSecret, Login
from strongroom.domain.restores.drafts import Link
from strongroom.domain.restores.requests import seal_request
from strongroom.domain.written import base64url
from tests.builders.restores import NOW, a_request

UNTIL = NOW + timedelta(minutes=5)
HOUR = timedelta(hours=1)


def a_statement(
    decision: Decision = Decision.APPROVE, *, number: int = 1, target: str = "payments-db-0200"
) -> Statement:
    """What somebody shall sign on the request; its nonce is the number."""
    asked = seal_request(a_request(target_name=target)).asked
    return make_statement(asked, decision, nonce=base64url(number.to_bytes(16)), issued_at=NOW)


STATEMENT = a_statement()


class Clock:
    """It is now, until somebody says otherwise."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def statements(ledger_table: Table, clock: Clock) -> LedgerStatements:
    return LedgerStatements(ledger_table, now=clock)


# Nonces


def test_a_nonce_is_used_once(ledger_table: Table) -> None:
    nonces = LedgerNonces(ledger_table)
    assert nonces.use("n", until=NOW)
    assert not nonces.use("n", until=NOW)
    assert nonces.use("m", until=NOW)


# Statements


def test_a_statement_that_was_handed_out_is_open_until_it_is_used(statements: LedgerStatements) -> None:
    assert not statements.is_open(STATEMENT)
    statements.hand_out(STATEMENT, until=UNTIL)
    assert statements.is_open(STATEMENT)
    assert statements.use(STATEMENT)
    assert not statements.is_open(STATEMENT)


def test_of_two_who_use_a_statement_one_does(statements: LedgerStatements) -> None:
    statements.hand_out(STATEMENT, until=UNTIL)
    assert statements.is_open(STATEMENT)
    assert [statements.use(STATEMENT), statements.use(STATEMENT)] == [True, False]


OTHERS = {
    "another decision": a_statement(Decision.DENY),
    "another request": a_statement(target="somebody-elses"),
    "another nonce": a_statement(number=2),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_nothing_but_the_very_statement_is_open_and_used(other: Statement, statements: LedgerStatements) -> None:
    statements.hand_out(STATEMENT, until=UNTIL)
    assert not statements.is_open(other)
    assert not statements.use(other)
    assert statements.is_open(STATEMENT)


def test_a_statement_that_was_used_is_not_handed_out_again(statements: LedgerStatements) -> None:
    for _ in range(2):
        statements.hand_out(STATEMENT, until=UNTIL)
        statements.use(STATEMENT)
    statements.hand_out(STATEMENT, until=UNTIL)
    assert not statements.is_open(STATEMENT)


def test_a_statement_runs_out_although_dynamodb_deletes_late(statements: LedgerStatements, clock: Clock) -> None:
    statements.hand_out(STATEMENT, until=UNTIL)
    clock.now = UNTIL - timedelta(microseconds=1)
    assert statements.is_open(STATEMENT)
    clock.now = UNTIL
    assert not statements.is_open(STATEMENT)


# Limits


def test_there_are_so_many_and_no_more_in_a_span_of_time(ledger_table: Table) -> None:
    limits = LedgerLimits(ledger_table)
    start = datetime.fromtimestamp(NOW.timestamp() // 3600 * 3600, NOW.tzinfo)
    last = start + HOUR - timedelta(microseconds=1)
    moments = (start, NOW, last, last, start + HOUR)
    answers = [limits.count("approve", most=3, within=HOUR, now=now) for now in moments]
    assert answers == [True, True, True, False, True]


def test_whoever_is_refused_is_not_counted(ledger_table: Table) -> None:
    limits = LedgerLimits(ledger_table)
    assert [limits.count("n", most=1, within=HOUR, now=NOW) for _ in range(3)] == [True, False, False]
    assert limits.count("n", most=2, within=HOUR, now=NOW)


def test_what_has_another_name_is_counted_apart(ledger_table: Table) -> None:
    limits = LedgerLimits(ledger_table)
    assert limits.count("approve maria", most=1, within=HOUR, now=NOW)
    assert limits.count("approve sana", most=1, within=HOUR, now=NOW)


def test_what_nothing_came_of_is_given_back_once(ledger_table: Table) -> None:
    limits = LedgerLimits(ledger_table)
    limits.give_back("n", within=HOUR, now=NOW)
    assert [limits.count("n", most=2, within=HOUR, now=NOW) for _ in range(3)] == [True, True, False]
    limits.give_back("n", within=HOUR, now=NOW)
    limits.give_back("n", within=HOUR, now=NOW + HOUR)
    limits.give_back("another", within=HOUR, now=NOW)
    assert [limits.count("n", most=2, within=HOUR, now=NOW) for _ in range(2)] == [True, False]


def test_whether_there_were_so_many_is_seen_without_counting(ledger_table: Table) -> None:
    limits = LedgerLimits(ledger_table)
    seen = []
    for _ in range(3):
        seen += [limits.is_reached("n", most=2, within=HOUR, now=NOW) for _ in range(2)]
        limits.count("n", most=2, within=HOUR, now=NOW)
    assert seen == [False, False, False, False, True, True]
    assert not limits.is_reached("n", most=2, within=HOUR, now=NOW + HOUR)
    assert not limits.is_reached("another", most=2, within=HOUR, now=NOW)


# Logins

SECRET, OTHER = BrowserSecret("A" * 43), BrowserSecret("B" * 43)
LOGIN = Login(request_id="r-abcdefgh2345", statement=STATEMENT.text, link=Link.CHAT)


def test_a_login_is_found_by_the_secret_of_its_browser_until_it_is_over(ledger_table: Table, clock: Clock) -> None:
    logins = LedgerLogins(ledger_table, now=lambda: clock.now)
    logins.begin(LOGIN, secret=SECRET, until=UNTIL)
    assert (logins.find(SECRET), logins.find(OTHER)) == (LOGIN, None)
    clock.now = UNTIL
    assert logins.find(SECRET) is None


def test_a_login_is_used_once_and_found_all_the_same(ledger_table: Table, clock: Clock) -> None:
    logins = LedgerLogins(ledger_table, now=lambda: clock.now)
    logins.begin(LOGIN, secret=SECRET, until=UNTIL)
    assert [logins.use(SECRET) for _ in range(3)] == [True, False, False]
    assert logins.find(SECRET) == LOGIN
    assert not logins.use(OTHER)


# What lies in the table


def test_what_dynamodb_shall_forget_says_when_and_no_secret() -> None:
    kept = {}
    for family in ("nonce", "statement", "login", "limit"):
        table = MemoryTable()
        match family:
            case "nonce":
                LedgerNonces(table).use("very-secret", until=UNTIL)
            case "statement":
                LedgerStatements(table, now=lambda: NOW).hand_out(STATEMENT, until=UNTIL)
            case "login":
                LedgerLogins(table, now=lambda: NOW).begin(replace(LOGIN, statement="x"), secret=SECRET, until=UNTIL)
            case _:
                LedgerLimits(table).count("very-secret", most=1, within=HOUR, now=NOW)
        [item] = table.everything()
        assert "very-secret" not in str(item)
        assert STATEMENT.nonce not in str(item)
        assert not any(each in str(item) for each in (SECRET.text, SECRET.state, SECRET.verifier, SECRET.challenge))
        kept[family] = (item["pk"].partition("#")[0], item["expires_at"])
    assert kept == {
        "nonce": ("NONCE", UNTIL.timestamp()),
        "statement": ("CHALLENGE", UNTIL.timestamp()),
        "login": ("CHALLENGE", UNTIL.timestamp()),
        "limit": ("LIMIT", (NOW + timedelta(minutes=40)).timestamp()),
    }
