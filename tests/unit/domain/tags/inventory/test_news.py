"""What of a list is news, and what costs neither a look nor a word."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.inventory.lists import LISTS, Item
from strongroom.domain.tags.inventory.news import EVENTS_TAKE, first_mark, is_settled, is_untold, wants_look
from strongroom.domain.tags.inventory.runs import Place, Run
from strongroom.domain.tags.remembered import Remembered
from strongroom.domain.tags.verdicts import TagState, TagVerdict, judge_tags
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.tags.world import NOW

ROW = {row.label: row for row in ROWS}
RUN = Run(id="2026-09-01T02:00:00Z", begun_at=NOW)


def an_item(label: str = "RDS instance", **said: Any) -> Item:
    resource = Resource(arn="arn", label=label, account=PAYMENTS, region=HOME)
    return replace(Item(resource=resource, type=ROW[label], tags={}), **said)


def a_verdict(state: TagState, tier: str | None = None, **said: Any) -> TagVerdict:
    verdict = judge_tags(an_item().resource, state, "so it is", tier=tier)
    return replace(verdict, **said)


def known(state: str | None, tier: str | None = None, **said: Any) -> Remembered:
    return Remembered(state=state, tier=tier, event_id="e-1", **said)


RIGHT = a_verdict(TagState.COMPLIANT, "daily-prod")
UNTAGGED = a_verdict(TagState.UNTAGGED)
EXEMPT = a_verdict(TagState.EXEMPT)
OWED = a_verdict(TagState.TAGGED, "daily-prod", writes={"Backup": "daily-prod"})


@pytest.mark.parametrize(
    ("verdict", "before", "is_known"),
    [
        pytest.param(RIGHT, None, False, id="never heard of"),
        pytest.param(RIGHT, known("TAGGED", "daily-prod"), True, id="tagged by us"),
        pytest.param(RIGHT, known("CANNOT", "daily-prod"), True, id="tagged, with a limit of copies"),
        pytest.param(RIGHT, known("COMPLIANT", "monthly-prod"), False, id="in another tier"),
        pytest.param(RIGHT, known("UNTAGGED", None, is_told=True), False, id="tagged by hand since"),
        pytest.param(RIGHT, known("COMPLIANT", "daily-prod", is_told=True), False, id="right, and still told"),
        pytest.param(OWED, known("TAGGED", "daily-prod"), False, id="its tag went away"),
        pytest.param(OWED, known("WAITING", None, waits=True), True, id="waits, and is looked at"),
        pytest.param(OWED, known("WAITING", None), False, id="waited for too long"),
        pytest.param(UNTAGGED, known("UNTAGGED", None, is_told=True), True, id="in no tier, and told"),
        pytest.param(UNTAGGED, known("UNTAGGED", None), False, id="in no tier, and told no more"),
        pytest.param(EXEMPT, known("EXEMPT"), True, id="exempt as before"),
        pytest.param(EXEMPT, known("TAGGED", "daily-prod"), False, id="exempt since"),
        pytest.param(a_verdict(TagState.NOT_GOVERNED), None, True, id="where no plan runs"),
    ],
)
def test_what_the_ledger_says_already_is_settled(
    verdict: TagVerdict, before: Remembered | None, *, is_known: bool
) -> None:
    assert is_settled(an_item(), verdict, before) is is_known


def test_a_bucket_that_had_no_versions_is_never_settled_and_a_member_always_is() -> None:
    before = known("CANNOT", "daily-prod")
    assert not is_settled(an_item("S3 bucket"), RIGHT, before)
    assert is_settled(an_item("DynamoDB table"), RIGHT, before)
    assert is_settled(an_item(cover="its cluster blue"), UNTAGGED, None)


@pytest.mark.parametrize(
    ("label", "verdict", "is_looked_at"),
    [
        ("RDS instance", RIGHT, False),
        ("RDS instance", OWED, True),
        ("S3 bucket", RIGHT, True),
        ("DynamoDB table", RIGHT, True),
        ("S3 bucket", UNTAGGED, False),
    ],
)
def test_a_look_is_taken_where_a_list_shows_too_little(label: str, verdict: TagVerdict, *, is_looked_at: bool) -> None:
    assert wants_look(an_item(label), verdict) is is_looked_at


@pytest.mark.parametrize(
    ("verdict", "before", "is_counted"),
    [
        (RIGHT, None, True),
        (RIGHT, Remembered(state="COMPLIANT", tier="daily-prod", event_id=RUN.event_id), True),
        (RIGHT, known("TAGGED", "daily-prod"), False),
        (OWED, known("TAGGED", "daily-prod"), True),
        (UNTAGGED, known("UNTAGGED"), False),
        (EXEMPT, known("TAGGED", "daily-prod"), True),
        (a_verdict(TagState.CANNOT, "daily-prod"), known("COMPLIANT", "daily-prod"), False),
    ],
)
def test_what_no_event_told_is_counted(verdict: TagVerdict, before: Remembered | None, *, is_counted: bool) -> None:
    assert is_untold(verdict, before, item=an_item(), run=RUN, now=NOW) is is_counted


@pytest.mark.parametrize(("age", "is_counted"), [(EVENTS_TAKE, True), (EVENTS_TAKE - timedelta(seconds=1), False)])
def test_what_is_new_may_have_an_event_on_its_way(age: timedelta, *, is_counted: bool) -> None:
    assert is_untold(RIGHT, None, item=an_item(made_at=NOW - age), run=RUN, now=NOW) is is_counted


def test_what_lies_in_every_region_is_listed_last_and_in_the_last_of_them() -> None:
    place = Place(RUN.id, PAYMENTS, HOME)
    everything = first_mark(place, is_last=True, now=NOW).left
    assert (everything[-1], len(everything)) == ("s3:ListBuckets", len(LISTS))
    assert first_mark(place, is_last=False, now=NOW).left == everything[:-1]
