"""A file of version 1 is rewritten in version 2: the same intent, and every comment of its author."""

import re
from pathlib import Path

import pytest
import yaml

from strongroom.domain.backup_policy.rendering import render_backup_policies
from strongroom_cli.intent.file import load_intent_file
from strongroom_cli.intent.upgrade import upgraded_text
from strongroom_cli.main import main

OLD = Path(__file__).parent / "version_1.yaml"
COMMENT = re.compile(r"(?:^|\s)# *(.*)$", re.MULTILINE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A copy of the old example."""
    copy = tmp_path / "strongroom.yaml"
    copy.write_bytes(OLD.read_bytes())
    return copy


def test_the_upgraded_file_says_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, _ = load_intent_file(file)
    assert main(["intent", "upgrade", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} is of version 2 now\n"
    after, findings = load_intent_file(file)
    assert [each.code for each in findings if each.code == "version"] == []
    assert render_backup_policies(after) == render_backup_policies(before)
    assert (after.organization, after.vaults) == (before.organization, before.vaults)


def test_no_comment_is_lost_but_that_of_a_key_which_is_gone() -> None:
    text = upgraded_text(OLD.read_text("utf-8"))
    lost = [each for each in COMMENT.findall(OLD.read_text("utf-8")) if each not in text]
    assert lost == ["where critical tiers keep one more copy", "who approved the change"]


def test_only_the_lines_that_version_2_says_otherwise_change() -> None:
    old, new = OLD.read_text("utf-8").splitlines(), upgraded_text(OLD.read_text("utf-8")).splitlines()
    assert [
        line
        for line in old
        if line not in new and not re.search(r"_region|_days|critical|schedule|approver_field", line)
    ] == []
    assert [line for line in new if line not in old and not re.search(r"version|region|keep|schedule", line)] == []


def test_an_upgraded_file_is_left_as_it_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["intent", "upgrade", str(file)])
    text = file.read_bytes()
    capsys.readouterr()
    assert main(["intent", "upgrade", str(file)]) == 0
    assert (file.read_bytes(), capsys.readouterr().out) == (text, f"{file} is of version 2 already\n")


def test_check_writes_nothing_and_ends_with_1(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["intent", "upgrade", str(file), "--check"]) == 1
    assert file.read_bytes() == OLD.read_bytes()
    assert "strongroom intent upgrade" in capsys.readouterr().err


def test_a_file_with_a_mistake_is_not_rewritten(file: Path) -> None:
    file.write_text(OLD.read_text("utf-8").replace("tag_key: Backup", "tag_key: aws:x"), "utf-8")
    text = file.read_bytes()
    assert main(["intent", "upgrade", str(file)]) == 2
    assert file.read_bytes() == text


def test_cold_storage_and_a_replica_of_its_own_go_into_keep() -> None:
    text = OLD.read_text("utf-8").replace(
        "    critical: true",
        "    critical: true\n    replica_retention_days: 400\n    local_cold_storage_after_days: 5",
    )
    assert "keep: {local: {days: 35, cold_after: 5}, central: 2555, replica: 400}" in upgraded_text(text)


def test_who_named_no_deployers_names_none_afterwards(file: Path) -> None:
    document = yaml.safe_load(OLD.read_text("utf-8"))
    del document["guardrails"]["deployer_role_arns"]
    file.write_text(yaml.safe_dump(document), "utf-8")
    before, _ = load_intent_file(file)
    assert main(["intent", "upgrade", str(file)]) == 0
    after, _ = load_intent_file(file)
    assert before.deployer_role_arns == after.deployer_role_arns == ()
