"""Why a resource is not backed up."""

import pytest

from strongroom.domain.identifiers import Region
from strongroom.domain.preview.resources.fates import Fate, judge_of
from strongroom.domain.preview.resources.inventory import Resource, types_of
from strongroom.domain.preview.resources.selections import Answer
from tests.builders.places import HOME
from tests.builders.preview import (
    EVERYTHING_OPTED_IN,
    a_plan_document,
    a_plan_list,
    a_resource,
    a_tag_selection,
    a_type_selection,
    a_volume,
)

NORTH = Region("eu-north-1")
JUDGE = judge_of(
    a_plan_list(
        daily=a_plan_document(a_tag_selection("Backup", "daily")),
        buckets=a_plan_document(
            a_type_selection("arn:aws:s3:::*", string_equals={"Stage": "prod"}, string_not_equals={"Backup": "no"})
        ),
    ),
    {HOME: {**EVERYTHING_OPTED_IN, "EFS": False}, NORTH: EVERYTHING_OPTED_IN},
)
FILES = "arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (a_volume(tags={"Backup": "daily"}), Fate.CAUGHT),
        (a_resource("arn:aws:s3:::one", tags={"Stage": "prod"}), Fate.CAUGHT),
        (a_resource(FILES, tags={"Backup": "daily"}), Fate.NOT_OPTED_IN),
        (a_volume(region=NORTH, tags={"Backup": "daily"}), Fate.ELSEWHERE),
        (a_volume(tags={"Name": "one"}), Fate.UNTAGGED),
        (a_volume(tags={"backup": "daily"}), Fate.MISSPELLED),
        (a_volume(tags={"Backup": "monthly"}), Fate.OTHER),
        (a_resource("arn:aws:s3:::one", tags={"Stage": "prod", "Backup": "no"}), Fate.OTHER),
        (a_resource("arn:aws:sqs:eu-west-1:222222222222:queue", tags={"Backup": "daily"}), Fate.UNPROTECTABLE),
    ],
)
def test_the_first_reason_is_told(resource: Resource, expected: Fate) -> None:
    assert JUDGE.verdict(resource, types_of(resource)).fate is expected


def test_a_verdict_names_the_plans_and_how_sure_each_is() -> None:
    both = a_resource("arn:aws:s3:::one", tags={"Stage": "prod", "Backup": "daily"})
    unsure = a_resource("arn:aws:s3:::one", tags={"Stage": "prod"})
    sure = JUDGE.verdict(both, types_of(both))
    assert sure.plans == ("daily", "buckets")
    assert [choice.answer for choice in sure.choices] == [Answer.YES, Answer.YES]
    assert [choice.answer for choice in JUDGE.verdict(unsure, types_of(unsure)).choices] == [Answer.OPEN]
