"""Changes of tags, explained: whose, by whom, and what becomes of the resource."""

import json
from typing import Any

import pytest

from tests.contract.events.test_samples import SAMPLES
from tests.unit.cli.explain.conftest import Explained


def reading_of(explained: Explained, sample: str, detail: dict[str, Any] | None = None, **told: Any) -> Any:
    event = json.loads(SAMPLES[sample])
    event["detail"] |= detail or {}
    [reading] = [each for each in explained(event, **told).readings if each.function == "answer_drift"]
    return reading


def test_a_tag_that_was_taken_off_would_be_put_back_and_who_did_it_is_named(explained: Explained) -> None:
    reading = reading_of(explained, "aws.dynamodb/UntagResource")
    facts = {each.name: each.value for each in reading.facts}
    assert (
        "Backup was changed by arn:aws:sts::222222222222:assumed-role/Developer/dev under the role" in facts["change"]
    )
    assert facts["names"] == "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
    assert facts["tier before"] == "not known here"
    (outcome,) = reading.outcomes
    assert outcome.state == "TAGGED"
    assert any(act.startswith("write Backup=daily-prod in account 222222222222") for act in outcome.would)


def test_what_carries_its_tag_again_is_left_alone(explained: Explained) -> None:
    reading = reading_of(explained, "aws.dynamodb/UntagResource", tags={"Backup": "monthly-prod"})
    assert [each.state for each in reading.outcomes] == ["COMPLIANT"]
    assert not any(act.startswith("write") for act in reading.outcomes[0].would)


@pytest.mark.parametrize(
    ("sample", "state"),
    [
        ("aws.ec2/DeleteTags", "TAGGED"),
        ("aws.rds/AddTagsToResource", "CORRECTED"),
        ("aws.s3/PutBucketTagging", "TAGGED"),
        ("aws.tag/TagChange", "TAGGED"),
        ("aws.tagging/UntagResources", "TAGGED"),
    ],
)
def test_each_way_of_changing_a_tag_has_its_outcome(explained: Explained, sample: str, state: str) -> None:
    assert [each.state for each in reading_of(explained, sample).outcomes] == [state]


def test_a_tag_that_is_not_ours_says_so(explained: Explained) -> None:
    request = {"resourceArn": "arn:aws:dynamodb:eu-west-1:222222222222:table/orders", "tagKeys": ["team"]}
    reading = reading_of(explained, "aws.dynamodb/UntagResource", {"requestParameters": request})
    (outcome,) = reading.outcomes
    assert outcome.state == "IGNORED"
    assert "no tag of ours is among those that it changed" in outcome.reason


def test_where_the_account_lies_is_asked_for_each_answer(explained: Explained) -> None:
    reading = reading_of(explained, "aws.dynamodb/UntagResource", units=None)
    states = {each.state for each in reading.outcomes}
    assert {"TAGGED", "NOT_GOVERNED", "REFUSED"} <= states
