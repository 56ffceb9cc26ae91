"""`strongroom explain`: what it prints, as text and as JSON, and what it refuses."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from strongroom_cli.main import main
from tests.conftest import ROOT

TABLE = str(ROOT / "events/aws.dynamodb/CreateTable.json")
RUNNING = str(ROOT / "events/aws.backup/copy_job__running.json")
INTENT = ("--intent", str(ROOT / "strongroom.yaml"))


def test_people_read_the_verdict_its_facts_and_what_would_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", TABLE, *INTENT, "--unit", "Production", "--tag", "Backup=wrong", "--tag", "a=b=c"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "CreateTable of aws.dynamodb, 222222222222 in eu-west-1: creations: CORRECTED"
    assert "    tags today: Backup=wrong and a=b=c [--tag]" in lines
    assert any(line.startswith("      would write Backup=daily-prod") for line in lines)


def test_people_read_what_differs_from_the_nearest_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", RUNNING, *INTENT]) == 0
    printed = capsys.readouterr().out
    assert "  nearest rule CopyJobsRule (ends of copies)\n" in printed
    assert "    detail.state is 'RUNNING'; the rule takes COMPLETED, FAILED, PARTIAL\n" in printed


def test_scripts_read_the_same_as_a_list_of_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", TABLE, *INTENT, "--unit", "ou-strg-prod0001", "--json"]) == 0
    [answer] = json.loads(capsys.readouterr().out)
    [reading] = answer["readings"]
    assert reading["function"] == "enforce_tags"
    assert reading["outcomes"][0]["state"] == "COMPLIANT"
    assert answer["reach"]["is_heard"] is True


def test_standard_input_is_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.BytesIO(Path(TABLE).read_bytes())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=given))
    assert main(["explain", "-", *INTENT, "--unit", "root"]) == 0
    assert "NOT_GOVERNED" in capsys.readouterr().out


def test_nothing_in_an_event_moves_the_cursor(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text('{"source": "aws.\\u001b[2J", "detail-type": "x\\ny", "detail": {}}', encoding="utf-8")
    assert main(["explain", str(odd), *INTENT]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("missing.json",), "missing.json cannot be used"),
        ((str(ROOT / "README.md"),), "is no JSON"),
        ((TABLE, "--unit", "Nowhere"), "the intent has no such unit; there are Production"),
        ((TABLE, "--tag", "Backup"), "it must read KEY=VALUE"),
        ((TABLE, "--tag", "=x"), "it must read KEY=VALUE"),
    ],
    ids=["no file", "no JSON", "no unit", "no value", "no key"],
)
def test_bad_input_is_refused_on_one_line(
    arguments: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *arguments, *INTENT]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert why in printed.err
    assert len(printed.err.splitlines()) == 1
