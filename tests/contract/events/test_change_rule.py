"""The calls that change tags, against AWS's own models: what is heard, and what is read out of it."""

import json
from typing import Any, Final

import msgspec
import pytest

from sandbox.seams.host import lets_in
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.drift.changes import TAG_CALLS, TagChange, judge_change, judge_named
from strongroom.domain.tags.drift.patterns import change_forwarder_pattern, change_pattern
from strongroom.domain.tags.judging import Place
from strongroom.domain.tags.patterns import LONGEST_PATTERN
from strongroom.domain.tags.verdicts import TagVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TagsChanged
from tests.contract.events.change_records import KEY, ChangeRecord, a_notice, records_of_changes
from tests.contract.events.every_operation import every_operation
from tests.contract.templates import CONTROL_PLANE, MEMBER
from tests.unit.services.tags.world import NOW

BUS: Final = change_pattern()
KEYS_OF_THE_STACK: Final = {"!Split": [",", {"!Ref": "TagKeys"}]}
FORWARDER: Final = change_forwarder_pattern([KEY])
RECORDS: Final = [*records_of_changes()]
OTHERS: Final = [*records_of_changes(key="team", value="payments")]
CASES = pytest.mark.parametrize("record", RECORDS, ids=lambda each: f"{each.call.call} {each.label}")
DECODER: Final = msgspec.json.Decoder(Event[TagsChanged])
# Event sources, where they are not what AWS's models call the service.
SOURCES: Final = {
    "efs": "elasticfilesystem",
    "timestream-write": "timestream",
    "timestream-query": "timestream",
    "s3control": "s3",
    "resourcegroupstaggingapi": "tagging",
}


def read(event: dict[str, Any], intent: Intent) -> TagVerdict | TagChange:
    """What the function makes of the event before it asks anybody."""
    parsed = DECODER.decode(json.dumps(event))
    return judge_change(parsed.detail.observed(parsed), intent=intent, now=NOW)


def test_the_calls_that_are_heard_are_those_of_the_catalogue() -> None:
    named = {call for row in ROWS for call in (*row.tagging, *row.untagging, *row.unseen_tagging)}
    beside = {"s3:DeleteBucketTagging", "tagging:TagResources", "tagging:UntagResources"}
    assert set(TAG_CALLS) == named | beside
    assert {call for row in ROWS if row.is_tagged for call in row.tag_calls} == {
        call for row in ROWS for call in row.tag_calls
    }
    assert all(row.tag_calls for row in ROWS if row.is_tagged)


def test_what_clears_every_tag_is_what_the_guardrails_know_to() -> None:
    assert {call.call for call in TAG_CALLS.values() if call.clears} == {call for row in ROWS for call in row.clearing}


def test_the_rules_are_as_the_catalogue_says() -> None:
    assert CONTROL_PLANE["TagChangesRule"]["Properties"]["EventPattern"] == BUS
    rendered = change_forwarder_pattern(KEYS_OF_THE_STACK)
    assert MEMBER["TagChangeForwarderRule"]["Properties"]["EventPattern"] == rendered


@pytest.mark.parametrize("keys", [1, 4, 9])
def test_the_patterns_fit_into_rules(keys: int) -> None:
    assert len(json.dumps(BUS)) < LONGEST_PATTERN
    pattern = change_forwarder_pattern([f"company:backup-tier-{number:02}" for number in range(keys)])
    assert len(json.dumps(pattern, separators=(",", ":"))) <= LONGEST_PATTERN


@pytest.mark.parametrize("pattern", [BUS, FORWARDER], ids=["on the bus", "in a member"])
def test_no_branch_lets_through_a_call_that_changes_none_of_our_tags(pattern: dict[str, Any]) -> None:
    assert _existing(pattern) == set(TAG_CALLS)


def _existing(pattern: dict[str, Any]) -> set[str]:
    """The calls of AWS's models that the branches name."""
    branches = [branch for branch in pattern["$or"] if "eventName" in branch.get("detail", {})]
    pairs = {(source, name) for each in branches for source in each["source"] for name in each["detail"]["eventName"]}
    having = {
        (f"aws.{SOURCES.get(service, service)}", name) for service, names in every_operation().items() for name in names
    }
    return {f"{source.removeprefix('aws.')}:{name}" for source, name in pairs & having}


@CASES
def test_a_change_of_ours_leaves_the_member_is_heard_and_names_what_was_changed(
    record: ChangeRecord, intent: Intent
) -> None:
    assert lets_in(FORWARDER, record.event)
    assert lets_in(BUS, record.event)
    change = read(record.event, intent)
    assert isinstance(change, TagChange)
    place = Place(target=intent.targets[0])
    reading = judge_named(change, place=place, intent=intent)
    assert [each.resource.arn for each in reading.made] == [record.arn]
    assert (reading.ended, reading.told) == ((), ())


@pytest.mark.parametrize("record", OTHERS, ids=lambda each: f"{each.call.call} {each.label}")
def test_a_change_of_another_key_is_none_of_ours(record: ChangeRecord, intent: Intent) -> None:
    if record.call.replaces:
        assert isinstance(read(record.event, intent), TagChange), "what it took away it does not say"
    else:
        assert isinstance(read(record.event, intent), TagVerdict)
    if record.call.asked_at is not None:
        assert not lets_in(FORWARDER, record.event)


@CASES
def test_a_change_that_failed_is_not_heard(record: ChangeRecord) -> None:
    event = record.event
    failed = event | {"detail": event["detail"] | {"errorCode": "AccessDenied"}}
    assert not lets_in(FORWARDER, failed)
    assert not lets_in(BUS, failed)


@CASES
def test_the_same_record_of_another_source_is_refused(record: ChangeRecord, intent: Intent) -> None:
    event = record.event | {"source": "aws.glue"}
    assert not lets_in(BUS, event)
    assert isinstance(read(event, intent), TagVerdict)


def test_taking_off_every_tag_without_a_key_leaves_the_member() -> None:
    [record] = [each for each in RECORDS if each.call.call == "ec2:DeleteTags" and each.label == "EC2 instance"]
    event = record.event
    event["detail"]["requestParameters"].pop("tagSet")
    assert lets_in(FORWARDER, event)
    event["detail"]["requestParameters"]["tagSet"] = {}
    assert lets_in(FORWARDER, event)


def test_a_notice_leaves_the_member_where_our_key_has_changed(intent: Intent) -> None:
    ours, other = a_notice(arn=RECORDS[0].arn), a_notice(arn=RECORDS[0].arn, keys=("team",))
    assert (lets_in(FORWARDER, ours), lets_in(FORWARDER, other)) == (True, False)
    assert lets_in(BUS, ours)
    assert isinstance(read(ours, intent), TagChange)
    assert isinstance(read(other, intent), TagVerdict)
