"""Every attack that is known has a test of its number, and the page of threats says what these tests say."""

from collections import Counter

import pytest

from tests.conftest import ROOT
from tools.import_table import embed
from tools.threat_table import BEGIN, TITLES, NumberedTest, find_tests, render_threats

TESTS = find_tests(ROOT)
TOLD = {(test.kind, test.number) for test in TESTS if test.told}
NUMBERS = [(kind, number) for kind, titles in TITLES.items() for number in titles]


def test_thirty_attacks_and_twelve_exploits_are_known() -> None:
    assert {kind: list(titles) for kind, titles in TITLES.items()} == {
        "attack": list(range(1, 31)),
        "x": list(range(1, 13)),
    }


@pytest.mark.parametrize(("kind", "number"), NUMBERS)
def test_every_attack_is_tried_by_a_test_that_says_what_stops_it(kind: str, number: int) -> None:
    assert (kind, number) in TOLD


def test_no_test_has_a_number_that_is_no_attack() -> None:
    assert {(test.kind, test.number) for test in TESTS} == set(NUMBERS)


def test_no_two_numbered_tests_have_one_name() -> None:
    assert [name for name, count in Counter(test.name for test in TESTS if test.told).items() if count > 1] == []


@pytest.mark.parametrize("test", [test for test in TESTS if test.told], ids=lambda test: test.name)
def test_what_stops_an_attack_is_said_in_one_sentence(test: NumberedTest) -> None:
    assert test.told.endswith(".")
    assert ". " not in test.told


def test_the_page_of_threats_is_what_the_tests_say() -> None:
    page = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    assert embed(page, render_threats(TESTS), BEGIN) == page
