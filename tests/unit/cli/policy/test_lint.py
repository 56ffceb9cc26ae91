"""`strongroom policy lint`: findings as JSON, and an exit code that a pipeline can trust."""

import json
from pathlib import Path
from typing import Any

import pytest

from strongroom_cli.main import main
from tests.builders.places import CENTRAL_VAULT
from tests.unit.domain.backup_policy.good_policies import copies, locked, plan, rule, unlocked

GOOD = locked(plan({"nightly": rule(copy_actions=copies(CENTRAL_VAULT, days=365))}))


def written(folder: Path, document: Any) -> str:
    file = folder / "policy.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return str(file)


def test_a_good_policy_has_no_findings_and_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", written(tmp_path, GOOD), "--vault-lock", "30:2555"]) == 0
    assert json.loads(capsys.readouterr().out) == {"findings": [], "notes": []}


def test_warnings_alone_end_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, unlocked({"plans": {"p": {"regions": ["eu-west-1"]}}}))
    assert main(["policy", "lint", file]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == [
        {
            "level": "warning",
            "code": "unlocked",
            "path": "$",
            "message": "nothing is locked, so every setting is left to child policies: any policy attached further "
            'down can change it; write "@@operators_allowed_for_child_policies": ["@@none"] into every object, '
            "settings included",
            "file": file,
            "line": 1,
            "resource": "",
        }
    ]


def test_an_error_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", written(tmp_path, GOOD), "--vault-lock", "366:2555"]) == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["level"], finding["code"]) == ("error", "retention-outside-lock")
    copy = f'$.plans.daily.rules.nightly.copy_actions["{CENTRAL_VAULT}"]'
    assert finding["path"] == f"{copy}.lifecycle.delete_after_days"


def test_a_year_that_is_over_never_comes_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    past = locked(plan({"once": rule(schedule_expression="cron(0 2 1 1 ? 2020)")}))
    assert main(["policy", "lint", written(tmp_path, past)]) == 1
    assert "schedule-never-fires" in capsys.readouterr().out


def test_a_misspelt_region_is_answered_with_the_one_that_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, locked({"plans": {"p": {"regions": ["eu-centrl-1"]}}}))
    assert main(["policy", "lint", file]) == 0
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert finding["code"] == "region-unknown"
    assert finding["message"].endswith("did you mean eu-central-1?")


def test_an_empty_document_is_linted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", written(tmp_path, {})]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["code"] == "empty-document"


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        pytest.param("{,}", "line 1, column 2: this is not JSON", id="no JSON"),
        pytest.param("[]", 'a backup policy is a JSON object with the key "plans"', id="a list"),
        pytest.param('{"Statement": []}', "this is a service control policy", id="an SCP"),
        pytest.param('{"tags": {}}', "this is a tag policy", id="a tag policy"),
        pytest.param("[" * 200_000, "nested too deeply", id="too deep"),
    ],
)
def test_a_file_that_holds_no_backup_policy_is_refused_in_one_line(
    document: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "lint", written(tmp_path, document)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert complaint in printed.err
    assert printed.err.count("\n") == 1


def test_a_file_that_is_not_there_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "lint", str(tmp_path / "absent.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("lock", ["", "30", "30:", "a:b", "0:10", "90:30", "30:36501", "-1:5", "30:2555:1", "٣:٩"])
def test_a_range_that_is_none_is_refused_in_one_line(
    lock: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "lint", written(tmp_path, GOOD), f"--vault-lock={lock}"]) == 2
    printed = capsys.readouterr()
    assert "for instance 30:2555" in printed.err
    assert printed.err.count("\n") == 1
