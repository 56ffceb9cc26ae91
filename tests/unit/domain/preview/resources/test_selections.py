"""Which plans choose a resource."""

from collections.abc import Mapping

import pytest

from strongroom.domain.preview.plans import Comparison, Condition
from strongroom.domain.preview.resources.inventory import Resource, types_of
from strongroom.domain.preview.resources.selections import Answer, Choice, Chooser, judge_condition, matches
from tests.builders.places import HOME
from tests.builders.preview import (
    EVERYTHING_OPTED_IN,
    Document,
    a_condition_block,
    a_plan_document,
    a_plan_list,
    a_resource,
    a_tag_selection,
    a_type_selection,
    a_volume,
)

VOLUMES = "arn:aws:ec2:*:*:volume/*"
CLUSTERS = "arn:aws:rds:*:*:cluster:*"
CLUSTER = "arn:aws:rds:eu-west-1:222222222222:cluster:orders"
DAILY = {"Backup": "daily"}


def choices(
    selections: Document, resource: Resource, *, opt_ins: Mapping[str, bool] | None = EVERYTHING_OPTED_IN
) -> tuple[Choice, ...]:
    """What a plan with these selections, which runs at home, says of the resource."""
    served = {} if opt_ins is None else {HOME: opt_ins}
    return (
        Chooser(a_plan_list(nightly=a_plan_document(selections)), served).chosen(resource, types_of(resource)).choices
    )


def answer(selections: Document, resource: Resource) -> Answer:
    """The answer of the one plan, NO where it does not choose at all."""
    return max((choice.answer for choice in choices(selections, resource)), default=Answer.NO)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"Backup": "daily"}, Answer.YES),
        ({"Backup": "weekly"}, Answer.YES),
        ({"Backup": "Daily"}, Answer.NO),
        ({"backup": "daily"}, Answer.NO),
        ({"Backup": "daily "}, Answer.NO),
        ({"Backup": "monthly"}, Answer.NO),
        ({"Other": "daily"}, Answer.NO),
        ({}, Answer.NO),
    ],
)
def test_one_of_the_values_is_enough_and_letters_count(tags: dict[str, str], expected: Answer) -> None:
    assert answer(a_tag_selection("Backup", "daily", "weekly"), a_volume(tags=tags)) is expected


def test_a_star_in_a_tag_value_is_a_star() -> None:
    assert answer(a_tag_selection("Backup", "*"), a_volume(tags=DAILY)) is Answer.NO
    assert answer(a_tag_selection("Backup", "*"), a_volume(tags={"Backup": "*"})) is Answer.YES


@pytest.mark.parametrize(
    ("arn", "types", "without", "expected"),
    [
        (a_volume().arn, (VOLUMES,), (), Answer.YES),
        (a_volume().arn, ("*",), (), Answer.YES),
        (a_volume().arn, ("*",), (VOLUMES,), Answer.NO),
        (a_volume().arn, (CLUSTERS, VOLUMES), (), Answer.YES),
        (CLUSTER, (VOLUMES,), (), Answer.NO),
        (CLUSTER, ("arn:aws:rds:*:*:cluster:ord*",), (), Answer.YES),
        (CLUSTER, ("arn:aws:rds:*:*:cluster:pay*",), (), Answer.NO),
        ("arn:aws-us-gov:ec2:us-gov-west-1:222222222222:volume/vol-1", (VOLUMES,), (), Answer.NO),
        ("arn:aws:s3:::a.bucket", ("arn:aws:s3:::*",), (), Answer.YES),
        ("arn:aws:sqs:eu-west-1:222222222222:queue", ("*",), (), Answer.NO),
        ("arn:aws:ec2:eu-west-1:222222222222:subnet/subnet-1", ("*",), (), Answer.NO),
    ],
)
def test_types_are_patterns_of_what_aws_backup_can_protect(
    arn: str, types: tuple[str, ...], without: tuple[str, ...], expected: Answer
) -> None:
    assert answer(a_type_selection(*types, without=without), a_resource(arn)) is expected


@pytest.mark.parametrize(
    ("comparison", "wanted", "value", "expected"),
    [
        (Comparison.EQUALS, "true", "true", Answer.YES),
        (Comparison.EQUALS, "true", "True", Answer.NO),
        (Comparison.EQUALS, "true", None, Answer.NO),
        (Comparison.EQUALS, "", None, Answer.NO),
        (Comparison.EQUALS, "t*", "true", Answer.NO),
        (Comparison.LIKE, "prod-*", "prod-1", Answer.YES),
        (Comparison.LIKE, "*-db-*", "prod-db-1", Answer.YES),
        (Comparison.LIKE, "prod-?", "prod-1", Answer.NO),
        (Comparison.LIKE, "prod.1", "prod-1", Answer.NO),
        (Comparison.LIKE, "*", "", Answer.YES),
        (Comparison.LIKE, "*", None, Answer.NO),
        (Comparison.NOT_EQUALS, "false", "true", Answer.YES),
        (Comparison.NOT_EQUALS, "false", "false", Answer.NO),
        (Comparison.NOT_EQUALS, "false", None, Answer.OPEN),
        (Comparison.NOT_LIKE, "tmp-*", "prod", Answer.YES),
        (Comparison.NOT_LIKE, "tmp-*", "tmp-1", Answer.NO),
        (Comparison.NOT_LIKE, "tmp-*", None, Answer.OPEN),
    ],
)
def test_a_condition_is_judged_by_the_value_of_its_tag(
    comparison: Comparison, wanted: str, value: str | None, expected: Answer
) -> None:
    tags = {"key": "another", **({} if value is None else {"Key": value})}
    assert judge_condition(Condition(comparison, "Key", wanted), tags) is expected


def test_all_conditions_must_hold_and_the_selections_of_a_plan_add_up() -> None:
    both = a_type_selection("*", string_equals={"Backup": "daily", "Stage": "prod"})
    assert answer(both, a_volume(tags=DAILY)) is Answer.NO
    assert answer(both, a_volume(tags={**DAILY, "Stage": "prod"})) is Answer.YES
    two = {
        "tags": {
            **a_tag_selection("Backup", "daily")["tags"],
            "more": a_tag_selection("Stage", "prod")["tags"]["by-tag"],
        }
    }
    assert answer(two, a_volume(tags={"Stage": "prod"})) is Answer.YES


def test_a_selection_by_tag_may_have_conditions_too() -> None:
    narrowed = a_tag_selection("Backup", "daily", conditions=a_condition_block(string_not_equals={"Stage": "test"}))
    assert answer(narrowed, a_volume(tags={**DAILY, "Stage": "test"})) is Answer.NO
    assert answer(narrowed, a_volume(tags={**DAILY, "Stage": "prod"})) is Answer.YES
    assert answer(narrowed, a_volume(tags=DAILY)) is Answer.OPEN


def test_a_tag_chooses_no_type_that_is_not_opted_in() -> None:
    [choice] = choices(
        a_tag_selection("Backup", "daily"), a_volume(tags=DAILY), opt_ins={**EVERYTHING_OPTED_IN, "EBS": False}
    )
    assert (choice.is_served, choice.is_made) == (False, False)


@pytest.mark.parametrize(
    ("types", "expected"),
    [((VOLUMES,), True), (("*",), False), (("arn:aws:ec2:*:*:*",), False)],
)
def test_an_explicit_type_may_be_backed_up_without_its_opt_in(types: tuple[str, ...], *, expected: bool) -> None:
    [choice] = choices(a_type_selection(*types), a_volume(), opt_ins={**EVERYTHING_OPTED_IN, "EBS": False})
    assert choice.is_made is expected
    assert choice.answer is (Answer.OPEN if expected else Answer.YES)


def test_types_that_share_an_arn_need_their_opt_in_always() -> None:
    none = {**EVERYTHING_OPTED_IN, "Aurora": False, "DocumentDB": False, "Neptune": False}
    [refused] = choices(a_type_selection(CLUSTERS), a_resource(CLUSTER), opt_ins=none)
    [perhaps] = choices(a_type_selection(CLUSTERS), a_resource(CLUSTER), opt_ins={**none, "Aurora": True})
    [known] = choices(a_type_selection(CLUSTERS), a_resource(CLUSTER, type="Aurora"), opt_ins={**none, "Aurora": True})
    assert not refused.is_made
    assert (perhaps.is_made, perhaps.answer) == (True, Answer.OPEN)
    assert (known.is_made, known.answer) == (True, Answer.YES)


def test_where_nobody_looked_at_the_opt_ins_the_answer_is_open() -> None:
    [choice] = choices(a_tag_selection("Backup", "daily"), a_volume(tags=DAILY), opt_ins=None)
    assert (choice.is_made, choice.answer) == (True, Answer.OPEN)


def test_a_plan_makes_no_backup_in_a_region_where_it_does_not_run() -> None:
    elsewhere = a_volume(tags=DAILY, region="eu-north-1")
    plans = a_plan_list(nightly=a_plan_document(a_tag_selection("Backup", "daily"), regions=("eu-west-1",)))
    [choice] = Chooser(plans, {elsewhere.region: EVERYTHING_OPTED_IN}).chosen(elsewhere, types_of(elsewhere)).choices
    assert (choice.runs_there, choice.is_made) == (False, False)


def test_resources_that_look_alike_are_told_apart_where_an_arn_is_named() -> None:
    named = a_type_selection(a_volume(1).arn)
    chooser = Chooser(a_plan_list(nightly=a_plan_document(named)), {HOME: EVERYTHING_OPTED_IN})
    assert [chooser.chosen(each, types_of(each)).plans for each in map(a_volume, (1, 2, 1))] == [
        ("nightly",),
        (),
        ("nightly",),
    ]


def test_only_a_star_is_special_in_a_pattern() -> None:
    assert matches("a*c.[d]", "abbc.[d]")
    assert not matches("a*c.[d]", "abbcxd")
    assert matches("*", "two\nlines")
