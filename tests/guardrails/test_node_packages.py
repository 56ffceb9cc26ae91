"""What Node's engine is made of: pinned by content, from wherever npm is told to look."""

import json

import pytest

from tests.guardrails.scp_engines import NODE


@pytest.fixture(scope="module")
def packages() -> dict[str, dict[str, str]]:
    """The packages of the lock file, by place."""
    locked = json.loads((NODE / "package-lock.json").read_text())["packages"]
    return {place: package for place, package in locked.items() if place}


def test_every_package_is_pinned_by_its_content(packages: dict[str, dict[str, str]]) -> None:
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())


def test_no_package_names_a_place_to_come_from(packages: dict[str, dict[str, str]]) -> None:
    assert [place for place, package in packages.items() if "resolved" in package] == []
