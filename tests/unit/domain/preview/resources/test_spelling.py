"""Tags that were meant for a plan."""

import pytest

from strongroom.domain.preview.resources.spelling import is_near, spelling_of
from tests.builders.preview import a_plan_document, a_plan_list, a_tag_selection, a_type_selection

SPELLING = spelling_of(
    a_plan_list(
        daily=a_plan_document(a_tag_selection("Backup", "daily-prod", "monthly-prod")),
        production=a_plan_document(
            a_type_selection("*", string_equals={"is-production": "true"}, string_not_equals={"exempt": "yes"})
        ),
    )
)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"backup": "daily-prod"}, True),
        ({"Backup": "Daily-Prod"}, True),
        ({"Backup": "daily_prod"}, True),
        ({"Backup": "dialy-prod"}, True),
        ({"Backups": "daily-prod"}, True),
        ({"Is-Production": "true"}, True),
        ({"is-production": "True"}, True),
        ({"Backup": "daily-prod"}, False),
        ({"Backup": "none"}, False),
        ({"is-production": "false"}, False),
        ({"Name": "daily-prod"}, False),
        ({"Exempt": "yes"}, False),
        ({}, False),
    ],
)
def test_another_case_or_a_letter_or_two_is_a_misspelling(tags: dict[str, str], *, expected: bool) -> None:
    assert SPELLING.is_missed(tags) is expected


@pytest.mark.parametrize(
    ("tags", "expected"), [({"Backup": "none"}, True), ({"BACKUP": ""}, True), ({"Name": "x"}, False)]
)
def test_a_key_counts_as_there_however_it_is_spelled(tags: dict[str, str], *, expected: bool) -> None:
    assert SPELLING.has_key(tags) is expected


def test_short_values_must_be_alike_to_the_letter() -> None:
    assert not is_near("9y", ["7y"])
    assert is_near("7Y", ["7y"])
    assert not is_near("-", ["daily"])
