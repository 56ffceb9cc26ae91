"""Resources in the ledger: which tag each carries, and why."""

from datetime import UTC, datetime, timedelta

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.table import Table
from strongroom.domain.identifiers import AccountId
from strongroom.domain.tags.verdicts import TagState, TagVerdict
from tests.builders.places import HOME, PAYMENTS

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
OTHER = AccountId("444444444444")
ORDERS = "arn:aws:rds:eu-west-1:222222222222:db:orders"


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
    book.record_tag(tagged(TagState.COMPLIANT, "daily-prod", "it is right"), now=LATER)
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_reason"], item["account"]) == ("daily-prod", "it was wrong", "222222222222")


def test_a_later_tier_replaces_the_earlier_and_nothing_else_of_the_resource(ledger_table: Table) -> None:
    book = LedgerResources(ledger_table)
    ledger_table.put({"pk": f"RESOURCE#{ORDERS}", "sk": "STATE", "last_backup": "yesterday"})
    book.record_tag(tagged(TagState.TAGGED, "daily-prod", "none"), now=NOW)
    book.record_tag(tagged(TagState.COMPLIANT, "monthly-prod", "changed by its owner"), now=LATER)
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


def test_the_latest_reason_is_kept_why_a_resource_is_in_no_tier(ledger_table: Table) -> None:
    book = LedgerResources(ledger_table)
    book.record_tag(tagged(TagState.UNTAGGED, None, "there is no default tier"), now=NOW)
    book.record_tag(tagged(TagState.EXEMPT, None, "opted out: scratch data"), now=LATER)
    item = ledger_table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_state"], item["tag_reason"]) == ("", "EXEMPT", "opted out: scratch data")


def test_the_tier_of_a_source_is_that_of_the_resource_or_of_a_recovery_points_promise(ledger_table: Table) -> None:
    book, point = LedgerResources(ledger_table), "arn:aws:ec2:eu-west-1::snapshot/snap-1"
    book.record_tag(tagged(TagState.TAGGED, "daily-prod", "none"), now=NOW)
    ledger_table.put({"pk": f"COPY#{point}", "sk": "TO#vault", "tier": "monthly-prod"})
    assert [book.tier_of(arn) for arn in (ORDERS, point, f"{ORDERS}-2")] == ["daily-prod", "monthly-prod", None]


def test_what_is_in_no_tier_gives_none(ledger_table: Table) -> None:
    book = LedgerResources(ledger_table)
    book.record_tag(tagged(TagState.UNTAGGED, None, "there is no default tier"), now=NOW)
    assert book.tier_of(ORDERS) is None
