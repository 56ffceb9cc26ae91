"""A file of version 1 means what it meant, is told at its own places, and is not mixed with version 2."""

import hashlib
import json
from pathlib import Path
from typing import Protocol

import pytest
import yaml

from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom.domain.findings import Finding, Level
from strongroom_cli.errors import IntentFileError
from strongroom_cli.intent.file import load_intent_file

OLD = Path(__file__).parent / "version_1.yaml"
NEW = Path(__file__).parents[4] / "strongroom.yaml"
# SHA-256 of the minified documents, as version 1 alone rendered them.
RENDERED = {
    "daily-prod": "e7ea6e22a3d4225a",
    "monthly-prod": "dc03610719f6c31a",
    "compliance-7y": "7f0c22b0bc9a1d41",
}


class Found(Protocol):
    """Finds what is wrong with a file of which one text is replaced."""

    def __call__(self, old: str, new: str, source: Path = OLD) -> list[Finding]: ...


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """What is said about the old file after one change of its text."""

    def find(old: str, new: str, source: Path = OLD) -> list[Finding]:
        text = source.read_text("utf-8")
        assert old in text
        file = tmp_path / "strongroom.yaml"
        file.write_text(text.replace(old, new, 1), "utf-8")
        try:
            return list(load_intent_file(file)[1])
        except IntentFileError as refused:
            return [each for each in refused.findings if each.level is Level.ERROR]

    return find


@pytest.mark.parametrize("file", [OLD, NEW], ids=["version 1", "version 2"])
def test_both_versions_of_the_example_render_the_policies_of_ever(file: Path) -> None:
    policies = render_backup_policies(load_intent_file(file)[0])
    digests = {
        name: hashlib.sha256(json.dumps(document, separators=(",", ":")).encode()).hexdigest()[:16]
        for name, document in policies.items()
    }
    assert digests == RENDERED


def test_both_versions_of_the_example_say_the_same_but_for_schedules_in_words() -> None:
    old, new = load_intent_file(OLD)[0], load_intent_file(NEW)[0]
    assert (old.organization, old.vaults, old.targets) == (new.organization, new.vaults, new.targets)
    assert [tier.keep for tier in old.tiers.values()] == [tier.keep for tier in new.tiers.values()]


def test_one_note_says_that_the_file_is_of_version_1() -> None:
    notes = [each for each in load_intent_file(OLD)[1] if each.level is Level.NOTE]
    assert [(each.code, each.path) for each in notes] == [("version", ".")]
    assert "strongroom intent upgrade" in notes[0].message


@pytest.mark.parametrize(
    ("old", "new", "path", "code"),
    [
        pytest.param(
            "local_retention_days: 35",
            "local_retention_days: 0",
            "tiers.daily-prod.local_retention_days",
            "retention",
            id="local days",
        ),
        pytest.param(
            "central_retention_days: 2555",
            "central_retention_days: 2556",
            "tiers.daily-prod.central_retention_days",
            "retention-outside-lock",
            id="central days",
        ),
        pytest.param(
            "critical: true",
            "critical: true\n    replica_retention_days: 7",
            "tiers.compliance-7y.replica_retention_days",
            "retention-outside-lock",
            id="replica days",
        ),
        pytest.param(
            "central_retention_days: 2555",
            "central_retention_days: 2555\n    central_cold_storage_after_days: 2500",
            "tiers.daily-prod.central_cold_storage_after_days",
            "cold-storage",
            id="cold copies",
        ),
        pytest.param(
            "local_retention_days: 35",
            "local_retention_days: 35\n    local_cold_storage_after_days: 30",
            "tiers.daily-prod.local_cold_storage_after_days",
            "cold-storage",
            id="cold backups",
        ),
        pytest.param(
            "local_retention_days: 35",
            "local_retention_days: 35\n    replica_retention_days: 400",
            "tiers.daily-prod.replica_retention_days",
            "replica-retention",
            id="a replica that is none",
        ),
        pytest.param(
            "replica_region: eu-central-1",
            "replica_region: eu-west-1",
            "organization.replica_region",
            "replica-region",
            id="a replica at home",
        ),
        pytest.param(
            "replica_region: eu-central-1",
            "replica_region: eu-centrl-1",
            "organization.replica_region",
            "region-unknown",
            id="a replica nowhere",
        ),
        pytest.param(
            "local_retention_days: 35",
            "keep: {local: 35}",
            "tiers.daily-prod",
            "mixed-versions",
            id="a key of version 2",
        ),
        pytest.param(
            "local_retention_days: 35",
            "stays_days: 35",
            "tiers.daily-prod.local_retention_days",
            "missing-key",
            id="a key that is missing",
        ),
    ],
)
def test_a_mistake_is_told_at_its_place_in_version_1(found: Found, old: str, new: str, path: str, code: str) -> None:
    assert (path, code) in [(each.path, each.code) for each in found(old, new)]


def test_keys_of_version_1_in_version_2_are_one_error_with_the_line_to_write(found: Found) -> None:
    keys = "local_retention_days: 35\n    central_retention_days: 2555"
    [error] = found("keep: {local: 35, central: 2555}", keys, NEW)
    assert (error.path, error.code) == ("tiers.daily-prod", "mixed-versions")
    assert error.message == (
        "local_retention_days, central_retention_days are keys of version 1; write keep: {local: 35, central: 2555},"
        " or run strongroom intent upgrade"
    )


def test_the_approver_field_of_version_1_is_read_by_nobody_and_refused_in_version_2(found: Found) -> None:
    assert [each.path for each in found("", "") if each.path.startswith("tickets")] == [
        "tickets.projects",
        "tickets.approver_group",
    ]
    [error] = found("approver_group: change-managers", "approver_field: customfield_10011", NEW)
    assert (error.path, error.code) == ("tickets.approver_field", "mixed-versions")
    assert "name tickets.approver_group" in error.message


def test_a_file_of_version_1_may_ask_more_of_tickets(found: Found) -> None:
    more = "approver_field: customfield_10011\n  projects: [OPS]\n  approver_group: change-managers"
    assert not [each for each in found("approver_field: customfield_10011", more) if each.path.startswith("tickets")]


@pytest.mark.parametrize("path", ["slack", "tickets", "restores", "people", "deadlines", "organization/audit_account"])
@pytest.mark.parametrize("left", ["out", "empty"])
def test_version_1_asks_for_what_version_2_does_without(path: str, left: str, tmp_path: Path) -> None:
    document = yaml.safe_load(OLD.read_text("utf-8"))
    *parents, last = path.split("/")
    part = document[parents[0]] if parents else document
    part[last] = None
    if left == "out":
        del part[last]
    file = tmp_path / "strongroom.yaml"
    file.write_text(yaml.safe_dump(document), "utf-8")
    with pytest.raises(IntentFileError) as refused:
        load_intent_file(file)
    assert [each.path for each in refused.value.findings if each.level is Level.ERROR] == [path.replace("/", ".")]
