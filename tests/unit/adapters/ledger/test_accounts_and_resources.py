"""Accounts and resources in the ledger."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.accounts import LedgerAccounts
from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.table import Table
from strongroom.domain.accounts.membership import AccountState, AccountVerdict, KnownAccount
from strongroom.domain.identifiers import AccountId
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from tests.builders.places import HOME, PAYMENTS, PRODUCTION, REPORTS

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
OTHER = AccountId("444444444444")
ORDERS = "arn:aws:rds:eu-west-1:222222222222:db:orders"


def verdict(state: AccountState, account: AccountId = REPORTS) -> AccountVerdict:
    return AccountVerdict(
        account=account, state=state, reason="because", missing=("a vault",), unit="Production", units=(PRODUCTION,)
    )


def test_an_account_is_found_as_it_was_judged(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    assert book.find(REPORTS) is None
    book.record(verdict(AccountState.NOT_READY), not_ready_since=NOW, now=LATER)
    assert book.find(REPORTS) == KnownAccount(
        account=REPORTS, state=AccountState.NOT_READY, units=(PRODUCTION,), assessed_at=LATER, not_ready_since=NOW
    )
    item = ledger_table.get(Key(f"ACCOUNT#{REPORTS}", "STATE"))
    assert item is not None
    assert (item["missing"], item["reason"], item["target_unit"]) == (["a vault"], "because", "Production")


def test_only_accounts_that_are_not_ready_are_listed_the_oldest_first(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.NOT_READY, REPORTS), not_ready_since=NOW, now=LATER)
    book.record(verdict(AccountState.NOT_READY, OTHER), not_ready_since=NOW, now=NOW)
    assert [known.account for known in book.not_ready(until=LATER)] == [OTHER, REPORTS]
    assert [known.account for known in book.not_ready(until=NOW)] == [OTHER]
    book.record(verdict(AccountState.READY, OTHER), not_ready_since=None, now=LATER)
    assert [known.account for known in book.not_ready(until=LATER)] == [REPORTS]


def test_an_older_judgement_never_replaces_a_later_one(ledger_table: Table) -> None:
    book = LedgerAccounts(ledger_table)
    book.record(verdict(AccountState.READY), not_ready_since=None, now=LATER)
    book.record(verdict(AccountState.NOT_READY), not_ready_since=NOW, now=NOW)
    known = book.find(REPORTS)
    assert known is not None
    assert known.state is AccountState.READY


def tagged(state: TagState, tier: str | None, reason: str) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=reason,
        resource=ORDERS,
        account=PAYMENTS,
        region=HOME,
        tier=tier,
    )


def test_a_duplicate_does_not_replace_the_reason_why_a_resource_has_its_tier(ledger_table: Table) -> None:
    book = LedgerResources(ledger_table)
    book.record_tag(tagged(TagState.CORRECTED, "daily-prod", "it was wrong"), now=NOW)
    book.record_tag(tagged(TagState.LEFT_ALONE, "daily-prod", "it is right"), now=LATER)
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_reason"], item["account"]) == ("daily-prod", "it was wrong", "222222222222")


def test_a_later_tier_replaces_the_earlier_and_nothing_else_of_the_resource(ledger_table: Table) -> None:
    book = LedgerResources(ledger_table)
    ledger_table.put({"pk": f"RESOURCE#{ORDERS}", "sk": "STATE", "last_backup": "yesterday"})
    book.record_tag(tagged(TagState.TAGGED, "daily-prod", "none"), now=NOW)
    book.record_tag(tagged(TagState.LEFT_ALONE, "monthly-prod", "changed by its owner"), now=LATER)
    book.record_tag(tagged(TagState.TAGGED, "daily-prod", "an old event"), now=NOW)
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["last_backup"]) == ("monthly-prod", "yesterday")


def test_a_resource_that_is_gone_has_no_tier(ledger_table: Table) -> None:
    book = LedgerResources(ledger_table)
    book.record_tag(tagged(TagState.GONE, None, "deleted"), now=NOW)
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_state"]) == ("", "GONE")
