"""Resources in the ledger: which tag each carries, and why."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from strongroom.adapters.ledger.changes import Key
from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.due_buckets import DUE_BUCKETS
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.table import LedgerTable, to_text
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, judge_complaint
from strongroom.domain.catalogue.facets.creations import Kind
from strongroom.domain.catalogue.rows import row_of
from strongroom.domain.copies.expected.backups import ExpectedBackup
from strongroom.domain.identifiers import AccountId
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.judging import Made
from strongroom.domain.tags.quarrels import Drift, Quarrel
from strongroom.domain.tags.remembered import Judged, Remembered
from strongroom.domain.tags.verdicts import TagState, TagVerdict, judge_waiting
from strongroom.domain.tags.waiting import Task
from tests.builders.places import HOME, PAYMENTS

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
OTHER = AccountId("444444444444")
ORDERS = "arn:aws:rds:eu-west-1:222222222222:db:orders"


@pytest.fixture
def table(ledger_table: LedgerTable) -> LedgerTable:
    return ledger_table


def tagged(state: TagState, tier: str | None, reason: str) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=reason,
        resource=ORDERS,
        account=PAYMENTS,
        region=HOME,
        tier=tier,
    )


def record(book: LedgerResources, verdict: TagVerdict, *, now: datetime) -> None:
    book.record([Judged(verdict=verdict, event_id="e-1")], now=now)


def test_a_duplicate_does_not_replace_the_reason_why_a_resource_has_its_tier(table: LedgerTable) -> None:
    book = LedgerResources(table)
    record(book, tagged(TagState.CORRECTED, "daily-prod", "it was wrong"), now=NOW)
    record(book, tagged(TagState.COMPLIANT, "daily-prod", "it is right"), now=LATER)
    item = table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_reason"], item["account"]) == ("daily-prod", "it was wrong", "222222222222")


def test_what_somebody_else_has_judged_since_it_was_recalled_is_left_and_said(table: LedgerTable) -> None:
    book = LedgerResources(table)
    record(book, tagged(TagState.TAGGED, "daily-prod", "it was missing"), now=NOW)
    known = book.recall([ORDERS])
    theirs = Judged(verdict=tagged(TagState.COMPLIANT, "monthly-prod", "changed by its owner"), event_id="e-2")
    mine = Judged(verdict=tagged(TagState.UNTAGGED, None, "nobody may write it"), event_id="e-3")
    assert book.record([theirs], now=LATER, known=known) == ()
    assert book.record([mine], now=LATER, known=known) == (ORDERS,)
    assert book.recall([ORDERS])[ORDERS].event_id == "e-2"
    assert book.record([mine], now=LATER, known=book.recall([ORDERS])) == ()
    assert book.record([mine], now=LATER, known={}) == (ORDERS,)


def test_a_later_tier_replaces_the_earlier_and_nothing_else_of_the_resource(table: LedgerTable) -> None:
    book = LedgerResources(table)
    table.put({"pk": f"RESOURCE#{ORDERS}", "sk": "STATE", "last_backup": "yesterday"})
    record(book, tagged(TagState.TAGGED, "daily-prod", "none"), now=NOW)
    record(book, tagged(TagState.COMPLIANT, "monthly-prod", "changed by its owner"), now=LATER)
    record(book, tagged(TagState.TAGGED, "daily-prod", "an old event"), now=NOW)
    item = table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["last_backup"]) == ("monthly-prod", "yesterday")


def test_a_resource_that_is_gone_has_no_tier(table: LedgerTable) -> None:
    book = LedgerResources(table)
    record(book, tagged(TagState.GONE, None, "deleted"), now=NOW)
    item = table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_state"]) == ("", "GONE")


def test_the_latest_reason_is_kept_why_a_resource_is_in_no_tier(table: LedgerTable) -> None:
    book = LedgerResources(table)
    record(book, tagged(TagState.UNTAGGED, None, "there is no default tier"), now=NOW)
    record(book, tagged(TagState.EXEMPT, None, "opted out: scratch data"), now=LATER)
    item = table.get(Key(f"RESOURCE#{ORDERS}", "STATE"))
    assert item is not None
    assert (item["tier"], item["tag_state"], item["tag_reason"]) == ("", "EXEMPT", "opted out: scratch data")


def test_the_tier_of_a_source_is_that_of_the_resource_or_of_a_recovery_points_promise(
    table: LedgerTable,
) -> None:
    book, point = LedgerResources(table), "arn:aws:ec2:eu-west-1::snapshot/snap-1"
    record(book, tagged(TagState.TAGGED, "daily-prod", "none"), now=NOW)
    table.put({"pk": f"COPY#{point}", "sk": "TO#vault", "tier": "monthly-prod"})
    assert [book.tier_of(arn) for arn in (ORDERS, point, f"{ORDERS}-2")] == ["daily-prod", "monthly-prod", None]


def test_what_is_in_no_tier_gives_none(table: LedgerTable) -> None:
    book = LedgerResources(table)
    record(book, tagged(TagState.UNTAGGED, None, "there is no default tier"), now=NOW)
    assert book.tier_of(ORDERS) is None


TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
KEY = "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SOURCE = "arn:aws:dynamodb:eu-west-1:222222222222:table/shop"


def a_task(*, written: bool = False, number: int = 1) -> Task:
    arn = f"{TABLE}-{number}"
    resource = Resource(arn=arn, label="DynamoDB table", account=PAYMENTS, region=HOME)
    row = row_of(arn)
    assert row is not None
    made = Made(
        resource=resource,
        kind=Kind.RESTORE,
        type=row,
        limits=row.limits,
        origins=(SOURCE,),
        invoked_by="x",
        keys=(KEY,),
    )
    verdict = replace(tagged(TagState.CORRECTED, "daily-prod", "it was wrong"), resource=arn, previous="weekly")
    return Task(
        made=made,
        event_id="e-1",
        made_at=NOW - timedelta(hours=1),
        since=NOW,
        looks=3,
        written=replace(verdict, writes={"Backup": "daily-prod"}) if written else None,
    )


def wait(book: LedgerResources, *tasks: Task, until: datetime, now: datetime = NOW) -> None:
    verdicts = [judge_waiting(task.made.resource, "not yet", until=until) for task in tasks]
    judged = [
        Judged(verdict=verdict, event_id="e-1", waits=task) for verdict, task in zip(verdicts, tasks, strict=True)
    ]
    book.record(judged, now=now)


@pytest.mark.parametrize("written", [False, True])
def test_what_waits_is_due_in_a_bucket_of_its_own_and_comes_back_whole(table: LedgerTable, *, written: bool) -> None:
    book, task = LedgerResources(table), a_task(written=written)
    wait(book, task, until=LATER)
    assert book.waiting(LATER - timedelta(seconds=1), most=10) == ()
    assert book.waiting(LATER, most=10) == (task,)
    assert [item["pk"] for bucket in DUE_BUCKETS for item in table.due(bucket=bucket, until="~")] == []


def test_the_longest_due_come_first_and_no_more_than_asked_for(table: LedgerTable) -> None:
    book = LedgerResources(table)
    for number in (1, 2, 3):
        wait(book, a_task(number=number), until=LATER - timedelta(minutes=number))
    assert [task.arn for task in book.waiting(LATER, most=2)] == [f"{TABLE}-3", f"{TABLE}-2"]


def test_what_has_come_to_its_end_waits_no_more(table: LedgerTable) -> None:
    book, task = LedgerResources(table), a_task()
    wait(book, task, until=LATER)
    record(book, replace(tagged(TagState.COMPLIANT, "daily-prod", "right"), resource=task.arn), now=LATER)
    assert book.waiting(LATER, most=10) == ()
    assert (table.get(Key(f"RESOURCE#{task.arn}", "STATE")) or {}).keys().isdisjoint({"due_at", "task"})


def test_what_is_remembered_of_many_is_one_call(table: LedgerTable) -> None:
    book = LedgerResources(table)
    record(book, tagged(TagState.UNTAGGED, None, "no default"), now=NOW)
    LedgerAlerts(table).keep(an_alert(ORDERS), was=None)
    assert book.recall([ORDERS, f"{ORDERS}-2"]) == {
        ORDERS: Remembered(tier=None, state="UNTAGGED", event_id="e-1", is_told=True)
    }


def an_alert(arn: str) -> AlertState:
    alert = Alert(kind=AlertKind.RESOURCE_NOT_TAGGED, subject=arn, account=PAYMENTS, region=HOME, reason="untagged")
    following = judge_complaint(None, alert, version=None, now=NOW)
    assert following.state is not None
    return following.state


def test_backups_that_are_expected_are_written_with_the_verdict_and_never_over_others(
    table: LedgerTable,
) -> None:
    book, expected = LedgerResources(table), LedgerExpectedBackups(table)
    first = ExpectedBackup(
        resource=ORDERS, account=PAYMENTS, region=HOME, tier="daily-prod", rule="daily", version=1, revision=1
    )
    verdict = replace(tagged(TagState.TAGGED, "daily-prod", "none"), writes={"Backup": "daily-prod"})
    judged = Judged(verdict=verdict, event_id="e-1", expected=(first,))
    book.record([judged], now=NOW)
    assert expected.find(first.key) == first
    moved = replace(first, revision=2, last_job="job-1")
    assert expected.keep(moved, was=first)
    book.record([judged], now=LATER)
    assert expected.find(first.key) == moved
    assert (table.get(Key(f"RESOURCE#{ORDERS}", "STATE")) or {})["decided_at"] == to_text(LATER)


def test_more_than_a_call_takes_is_written_all_the_same(table: LedgerTable) -> None:
    book = LedgerResources(table)
    many = [replace(tagged(TagState.TAGGED, "daily-prod", "none"), resource=f"{ORDERS}-{n}") for n in range(205)]
    book.record([Judged(verdict=verdict, event_id="e-1") for verdict in many], now=NOW)
    assert len(book.recall(verdict.resource for verdict in many)) == 205


def test_what_somebody_did_to_its_tags_is_remembered_with_the_look_and_with_the_resource(table: LedgerTable) -> None:
    book = LedgerResources(table)
    row = row_of(ORDERS)
    assert row is not None
    resource = Resource(arn=ORDERS, label=row.label, account=PAYMENTS, region=HOME)
    drift = Drift(
        act="rds:RemoveTagsFromResource",
        at=NOW,
        keys=("Backup",),
        caller="arn:aws:sts::222222222222:assumed-role/Developer/dana",
        role="arn:aws:iam::222222222222:role/Developer",
        person="dana@example.com",
        through="cloudformation.amazonaws.com",
    )
    made = Made(resource=resource, kind=Kind.DISCOVERY, type=row)
    task = Task(made=made, event_id="e-1", made_at=NOW, since=NOW, looks=1, drift=drift)
    quarrels = (Quarrel(by=drift.actor, times=(NOW, LATER), is_open=True), Quarrel(by="", times=(NOW,)))
    judged = Judged(
        verdict=judge_waiting(resource, "busy", until=NOW),
        event_id="e-1",
        waits=task,
        had="daily-prod",
        label=row.label,
        limits=(row.limits[0].fact,),
        quarrels=quarrels,
    )
    book.record([judged], now=NOW)
    assert book.waiting(LATER, most=1) == (task,)
    known = book.recall([ORDERS])[ORDERS]
    assert (known.had, known.label, known.limits, known.quarrels) == (
        "daily-prod",
        row.label,
        judged.limits,
        quarrels,
    )
    book.record([replace(judged, had=None, limits=(), quarrels=(), waits=None)], now=LATER)
    forgotten = book.recall([ORDERS])[ORDERS]
    assert (forgotten.had, forgotten.limits, forgotten.quarrels) == (None, (), ())


def test_that_nobody_said_whose_its_key_is_is_remembered_until_somebody_does(table: LedgerTable) -> None:
    book = LedgerResources(table)
    right = Judged(verdict=tagged(TagState.COMPLIANT, "daily-prod", "right"), event_id="e-1")
    for number, is_untold in enumerate((False, True, True, False)):
        book.record([replace(right, is_key_untold=is_untold)], now=NOW + timedelta(minutes=number))
        assert book.recall([ORDERS])[ORDERS].is_key_untold == is_untold


def test_a_right_tag_is_written_again_where_a_quarrel_is_to_be_remembered(table: LedgerTable) -> None:
    book = LedgerResources(table)
    record(book, tagged(TagState.TAGGED, "daily-prod", "it was missing"), now=NOW)
    seen = Judged(
        verdict=tagged(TagState.COMPLIANT, "daily-prod", "it is right"),
        event_id="e-2",
        quarrels=(Quarrel(by="omar", times=(NOW,)),),
    )
    book.record([seen], now=LATER)
    assert [each.by for each in book.recall([ORDERS])[ORDERS].quarrels] == ["omar"]


def test_in_which_alert_it_is_told_with_others_is_remembered_until_that_is_over(table: LedgerTable) -> None:
    book = LedgerResources(table)
    left = Judged(verdict=tagged(TagState.TAG, None, "quarantine"), event_id="e-1", told_in="a call")
    book.record([left], now=NOW)
    known = book.recall([ORDERS])[ORDERS]
    assert (known.told_in, known.is_told) == ("a call", True)
    right = replace(left, verdict=tagged(TagState.COMPLIANT, "daily-prod", "its owner tagged it"))
    for told_in in ("a call", ""):
        book.record([replace(right, told_in=told_in)], now=LATER)
        known = book.recall([ORDERS])[ORDERS]
        assert (known.told_in, known.is_told, known.tier) == (told_in, bool(told_in), "daily-prod")
