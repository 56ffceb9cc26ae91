"""The version of the intent file: none is the first, and one that is not read is refused in words."""

from typing import Any

import pytest

from strongroom.domain.findings import Level
from strongroom_cli.intent.versions import FORMS, form_of


@pytest.mark.parametrize(
    ("document", "version"), [({"tiers": 7}, 1), ({"version": 1, "tiers": 7}, 1), ({"version": 2, "tiers": 7}, 2)]
)
def test_a_document_is_read_in_the_form_of_its_version_and_without_one_in_the_first(
    document: Any, version: int
) -> None:
    assert form_of(document) == (FORMS[version], ())


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (3, "3 is newer than this release, which reads 1 and 2: install the release that the file is written for"),
        (0, "must be a version that is read, 1 and 2, not 0; left out, it is 1"),
        ("2", "must be a version that is read, 1 and 2, not '2'"),
        (2.0, "not 2.0"),
        (True, "not True"),
        (None, "not None"),
        ([2], "not [2]"),
        (10**90, "is newer than this release"),
    ],
)
def test_a_version_that_is_not_read_is_one_error(version: Any, message: str) -> None:
    _, [finding] = form_of({"version": version, "tiers": 7})
    assert (finding.level, finding.path) == (Level.ERROR, "version")
    assert message in finding.message


@pytest.mark.parametrize("document", [None, [], "version: 1"])
def test_what_is_no_mapping_is_left_to_whoever_judges_it(document: Any) -> None:
    assert form_of(document) == (FORMS[2], ())
