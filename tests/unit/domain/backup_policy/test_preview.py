"""The warnings that come with an effective policy."""

from strongroom.domain.backup_policy.preview import preview
from tests.unit.domain.backup_policy.strategies import Document, document_of

CONTROL = "@@operators_allowed_for_child_policies"
REGIONS = ("plans", "daily", "regions")


def regions(operators: Document, path: tuple[str, ...] = REGIONS) -> Document:
    """A policy of one list."""
    return document_of([(path, operators)])


def test_a_merge_that_hangs_on_nothing_gives_no_warning() -> None:
    seen = preview([[regions({"@@assign": ["a"]}), regions({"@@assign": ["a"]})], [regions({"@@append": ["b"]})]])
    assert seen.findings == ()


def test_a_result_that_hangs_on_the_order_of_attachment_is_warned_of() -> None:
    (finding,) = preview([[], [regions({"@@assign": ["a"]}), regions({"@@assign": ["b"]})]]).findings
    assert (finding.level, finding.code) == ("warning", "attachment-order")
    assert finding.path == "$.levels[1][1].plans.daily.regions"


def test_an_operator_that_a_parent_forbids_is_warned_of_with_its_level() -> None:
    locked = regions({"@@assign": ["a"], CONTROL: ["@@none"]})
    (finding,) = preview([[locked], [], [{}, regions({"@@append": ["b"]})]]).findings
    assert (finding.level, finding.code) == ("warning", "operator-ignored")
    assert finding.path == "$.levels[2][1].plans.daily.regions.@@append"
    assert "on level 2" in finding.message
    assert "$.plans.daily.regions" in finding.message


def test_what_only_a_container_holds_back_is_warned_of_with_its_place() -> None:
    root = regions({"@@assign": ["a"]}, ("plans", "Daily", "regions"))
    root["plans"]["Daily"][CONTROL] = ["@@none"]
    child = document_of([(("plans", "daily", "scan_settings", "GUARDDUTY", "resource_types"), {"@@assign": ["EBS"]})])
    seen = preview([[root], [child]])
    assert seen.effective == {"plans": {"Daily": {"regions": ["a"]}}}
    assert [(finding.code, finding.path) for finding in seen.findings] == [
        ("operator-ignored", "$.levels[1][0].plans.daily.scan_settings.GUARDDUTY.resource_types.@@assign"),
        ("readings-differ", "$.plans.Daily.scan_settings.GUARDDUTY.resource_types"),
    ]
    assert "anything new there" in seen.findings[0].message


def test_a_valid_result_is_in_force_and_an_invalid_one_leaves_the_last_valid() -> None:
    empty: Document = {"plans": {}}
    assert preview([[]], last_valid=empty).in_force == {}
    broken = [[regions({"@@assign": []})]]
    assert preview(broken, last_valid=empty).in_force == empty
    assert preview(broken).in_force is None
    assert preview(broken).faults
