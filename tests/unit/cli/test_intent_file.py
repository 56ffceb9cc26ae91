"""The intent file: what it may hold, and that every problem is told with its place."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cli.intent_file import IntentFileError, load_intent_file
from strongroom.domain.findings import Level
from strongroom.domain.intent import Intent

ROOT = Path(__file__).parents[3]
EXAMPLE = (ROOT / "strongroom.yaml").read_text(encoding="utf-8")
TAG_LINE = EXAMPLE[: EXAMPLE.index("tag_key: ")].count("\n") + 1


@pytest.fixture
def problems_of(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """What is told about a file of this text: messages by path."""

    def load(text: str) -> dict[str, str]:
        file = tmp_path / "strongroom.yaml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(IntentFileError) as refused:
            load_intent_file(file)
        return {finding.path: finding.message for finding in refused.value.findings if finding.level is Level.ERROR}

    return load


def test_the_example_is_read_with_its_warnings() -> None:
    intent, findings = load_intent_file(ROOT / "strongroom.yaml")
    assert intent.organization.id == "o-strongroom1"
    assert [finding.level for finding in findings] == [Level.WARNING]


def test_the_sandbox_intent_is_the_same_organisation_with_short_clocks_and_loopback_addresses() -> None:
    example, sandbox = (
        flat(load_intent_file(ROOT / name)[0]) for name in ("strongroom.yaml", "sandbox/strongroom.yaml")
    )
    assert example.keys() == sandbox.keys()
    assert {path for path in example if example[path] != sandbox[path]} == {
        ".deadlines.copy_verified_within",
        ".deadlines.copy_retry_after",
        ".restores.approval_expires_after",
        ".slack.api_url",
        ".tickets.url",
        ".identity_provider.issuer",
    }


def flat(node: object, path: str = "") -> dict[str, object]:
    if isinstance(node, Intent):
        return flat(msgspec.to_builtins(node))
    if isinstance(node, dict):
        return {key: value for name, child in node.items() for key, value in flat(child, f"{path}.{name}").items()}
    return {path: node}


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        pytest.param("tag_key: Backup", "tag_kye: Backup", "tag_kye", "unknown key", id="unknown key"),
        pytest.param("tag_key: Backup", "tag_kye: Backup", "tag_key", "is missing", id="missing key"),
        pytest.param(
            "    local_retention_days: 35 # in",
            "    local_retention: 35 # in",
            "tiers.daily-prod.local_retention",
            "unknown key; known are schedule, start_window",
            id="unknown key inside",
        ),
        pytest.param(
            "local_retention_days: 35 # in",
            "local_retention_days: five weeks # in",
            "tiers.daily-prod.local_retention_days",
            "must be a whole number, not the text 'five weeks'",
            id="type",
        ),
        pytest.param(
            'management_account: "111111111111"',
            "management_account: 111111111111",
            "organization.management_account",
            "must be text, not 111111111111",
            id="account as a number",
        ),
        pytest.param(
            "start_window: PT1H # AWS",
            "start_window: 60 minutes # AWS",
            "tiers.daily-prod.start_window",
            "no ISO 8601 duration such as PT4H",
            id="duration",
        ),
        pytest.param(
            "max_retention_days: 2555, changeable_for_days: 30}\n  replica",
            "max_retention_days: 2555}\n  replica",
            "vaults.central.lock.changeable_for_days",
            "is missing",
            id="inside an optional part",
        ),
        pytest.param(
            "[daily-prod, monthly-prod, compliance-7y]",
            "daily-prod",
            "targets[0].tiers",
            "must be a list, not the text 'daily-prod'",
            id="list",
        ),
        pytest.param(
            "tag_key: Backup",
            "tag_key: Backup\ntag_key: backup",
            f"line {TAG_LINE + 1}",
            "stands twice",
            id="key twice",
        ),
        pytest.param("tag_key: Backup", "tag_key: [Backup", f"line {TAG_LINE + 1}", "expected", id="no YAML"),
        pytest.param(
            "tag_key: Backup",
            "tag_key: !!python/name:os.system x",
            f"line {TAG_LINE}",
            "could not determine a constructor",
            id="no objects",
        ),
    ],
)
def test_a_problem_is_told_at_its_place(
    problems_of: Callable[[str], dict[str, str]], old: str, new: str, path: str, message: str
) -> None:
    assert old in EXAMPLE
    problems = problems_of(EXAMPLE.replace(old, new, 1))
    assert message in problems.get(path, f"nothing is told there, only {problems}")


def test_unknown_keys_types_and_missing_keys_are_told_together(problems_of: Callable[[str], dict[str, str]]) -> None:
    text = (
        EXAMPLE.replace("tag_key:", "tag_kye:")
        .replace("id: o-strongroom1", "id: 7")
        .replace("  audit_account", "  adit")
    )
    assert problems_of(text).keys() == {
        "tag_kye",
        "tag_key",
        "organization.id",
        "organization.adit",
        "organization.audit_account",
    }


def test_an_unknown_key_does_not_hide_the_contradictions(problems_of: Callable[[str], dict[str, str]]) -> None:
    text = EXAMPLE.replace("tag_key:", "colour: red\ntag_key:").replace("unit: Production\n", "unit: Nowhere\n")
    assert {"colour", "targets[0].unit"} <= problems_of(text).keys()


@pytest.mark.parametrize("text", ["", "[]", "just words", "- 1"], ids=["empty", "list", "words", "items"])
def test_a_file_that_is_no_mapping_is_refused(problems_of: Callable[[str], dict[str, str]], text: str) -> None:
    assert "must be a mapping" in problems_of(text)["."]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IntentFileError, match="No such file"):
        load_intent_file(tmp_path / "absent.yaml")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "strongroom.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IntentFileError, match="not UTF-8"):
        load_intent_file(file)
