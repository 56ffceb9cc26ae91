"""Units, accounts, and what lies above them."""

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.tree import LiveTree

FIRST, SECOND = AccountId("111111111111"), AccountId("222222222222")
TREE = LiveTree(
    units={"r-1": None, "ou-work": "r-1", "ou-pci": "ou-work"},
    names={"r-1": "Root", "ou-work": "Workloads", "ou-pci": "PCI"},
    accounts={FIRST: "ou-pci", SECOND: "r-1"},
)


def test_the_way_leads_from_an_account_to_the_root() -> None:
    assert list(TREE.way(FIRST)) == [FIRST, "ou-pci", "ou-work", "r-1"]
    assert list(TREE.way("ou-work")) == ["ou-work", "r-1"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("ou-pci", "Workloads/PCI"),
        ("ou-work", "Workloads"),
        ("r-1", "the root"),
        (FIRST, FIRST),
        ("ou-new", "the root"),
    ],
)
def test_a_unit_is_called_by_its_path(place: str, expected: str) -> None:
    assert TREE.name(place) == expected


def test_the_nearest_target_is_the_first_on_the_way_up() -> None:
    assert TREE.nearest(FIRST, {"ou-work", "r-1"}) == "ou-work"
    assert TREE.nearest(FIRST, {FIRST, "ou-pci"}) == FIRST
    assert TREE.nearest(SECOND, {"ou-work"}) is None
