"""The version of the intent file: none is the first, an older one is brought up, another one is refused in words."""

from collections.abc import Mapping
from typing import Any

import pytest

from strongroom.domain.findings import Level, warning
from strongroom_cli.intent.versions import Document, Findings, Step, in_newest_version

NOTE = warning("version", "tiers", "is written as in version 1")


def _upgrade(document: Document) -> tuple[Document, Findings]:
    return {"layers": document["tiers"]}, (NOTE,)


def _as_it_is(document: Document) -> tuple[Document, Findings]:
    return document, ()


TWO: Mapping[int, Step] = {1: _upgrade, 2: _as_it_is}


@pytest.mark.parametrize("document", [{"tiers": 7}, {"version": 1, "tiers": 7}])
def test_the_first_version_needs_no_number(document: Any) -> None:
    assert in_newest_version(document) == ({"tiers": 7}, ())


def test_an_older_version_is_brought_to_the_newest_and_says_so() -> None:
    assert in_newest_version({"tiers": 7}, TWO) == ({"layers": 7}, (NOTE,))
    assert in_newest_version({"version": 2, "layers": 7}, TWO) == ({"layers": 7}, ())


@pytest.mark.parametrize(
    ("version", "steps", "message"),
    [
        (3, TWO, "3 is newer than this release, which reads 1 and 2: install the release that the file is written for"),
        (0, TWO, "must be a version that is read, 1 and 2, not 0; left out, it is 1"),
        ("2", TWO, "must be a version that is read, 1 and 2, not '2'"),
        (2.0, TWO, "not 2.0"),
        (True, TWO, "not True"),
        (None, TWO, "not None"),
        ([2], TWO, "not [2]"),
        (10**90, TWO, "is newer than this release"),
    ],
)
def test_a_version_that_is_not_read_is_one_error(version: Any, steps: Mapping[int, Step], message: str) -> None:
    _, [finding] = in_newest_version({"version": version, "tiers": 7}, steps)
    assert (finding.level, finding.path) == (Level.ERROR, "version")
    assert message in finding.message


@pytest.mark.parametrize("document", [None, [], "version: 1"])
def test_what_is_no_mapping_is_left_to_whoever_judges_it(document: Any) -> None:
    assert in_newest_version(document) == (document, ())
