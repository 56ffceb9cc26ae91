"""What is known of a backup by several scans of it."""

from itertools import permutations

import pytest

from strongroom.domain.restores.scans.verdicts import Scan, graver, told_together

CLEAN, THREATS, INCOMPLETE, NEVER = Scan.CLEAN, Scan.THREATS, Scan.INCOMPLETE, Scan.NEVER


@pytest.mark.parametrize(
    ("said", "known"),
    [
        pytest.param([], NEVER, id="no copy"),
        pytest.param([NEVER, NEVER], NEVER, id="none was scanned"),
        pytest.param([NEVER, CLEAN], CLEAN, id="one was scanned and is clean, and so is the other"),
        pytest.param([NEVER, INCOMPLETE], INCOMPLETE, id="one was scanned in part"),
        pytest.param([CLEAN, INCOMPLETE], CLEAN, id="one scan saw all of it"),
        pytest.param([CLEAN, NEVER, THREATS], THREATS, id="malware in one is in all"),
        pytest.param([INCOMPLETE, THREATS], THREATS, id="a scan that failed takes nothing back"),
    ],
)
def test_what_one_copy_says_holds_for_all_in_any_order(said: list[Scan], known: Scan) -> None:
    assert {told_together(order) for order in permutations(said)} == {known}


def test_malware_alarms_most_and_a_clean_scan_least() -> None:
    order = [CLEAN, NEVER, INCOMPLETE, THREATS]
    for place, less in enumerate(order):
        for more in order[place:]:
            assert graver(less, more) is graver(more, less) is more
