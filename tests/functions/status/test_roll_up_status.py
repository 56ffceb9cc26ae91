"""The function that brings the views up to date, on DynamoDB, woken by facts and by its schedule."""

from collections.abc import Callable
from typing import Any

from strongroom.adapters.ledger.copies.protection import LedgerProtection
from strongroom.adapters.ledger.views.shown import LedgerShownViews
from strongroom.adapters.ledger.views.table import LedgerViewTable
from strongroom.domain.status.states import Protection
from tests.builders.copies import COMPLETED_AT, RESOURCE, SOURCE
from tests.builders.places import PAYMENTS
from tests.conftest import VIEWS
from tests.fakes.night import Night
from tests.fakes.status_views.world import a_verified

type Sample = Callable[[str], dict[str, Any]]


def views_of(dynamodb: Any) -> LedgerShownViews:
    return LedgerShownViews(LedgerViewTable(dynamodb, VIEWS))


def test_a_fact_and_a_tick_make_the_views_of_what_the_ledger_has(night: Night, sample: Sample, dynamodb: Any) -> None:
    night.promises.open(a_verified())
    LedgerProtection(night.table).record_backup(RESOURCE, recovery_point=SOURCE, at=COMPLETED_AT)
    fact, tick = sample("strongroom/CopyVerified"), sample("aws.events/tick")
    assert night.run("roll_up_status", fact, tick, fact, tick) == []
    summary = views_of(dynamodb).summary()
    assert summary is not None
    assert (summary.totals.states, summary.accounts) == ({Protection.PROTECTED: 1}, 1)
    found, following = views_of(dynamodb).page_of_account(PAYMENTS, after="", most=9)
    assert ([status.resource for status in found], following) == ([RESOURCE], "")
    (day,) = views_of(dynamodb).latest_days(most=9)
    assert day.totals == summary.totals


def test_a_fact_about_nothing_that_the_ledger_has_writes_nothing(night: Night, sample: Sample, dynamodb: Any) -> None:
    assert night.run("roll_up_status", sample("strongroom/CopyVerified")) == []
    assert dynamodb.scan(TableName=VIEWS)["Items"] == []


def test_what_names_no_resource_of_aws_is_buried_with_the_reason(night: Night, sample: Sample) -> None:
    fact = sample("strongroom/CopyVerified")
    assert night.run("roll_up_status", fact | {"detail": fact["detail"] | {"resource": "payments"}}) == []
    assert night.post.buried
    assert night.facts == []
