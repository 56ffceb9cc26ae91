"""`strongroom check-history`: an archive in, violations out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from strongroom_cli.main import main

type Sample = Callable[[str], dict[str, Any]]


def an_archive(folder: Path, *events: Any) -> str:
    path = folder / "archive.jsonl"
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in events))
    return str(path)


@pytest.fixture
def night(sample: Sample) -> list[dict[str, Any]]:
    """A copy finished and was verified, and an alert was opened and resolved."""
    fact = sample("strongroom/CopyVerified")
    job = sample("aws.backup/copy_job__completed")
    job |= {"time": "2026-09-01T03:10:00Z", "resources": [fact["detail"]["recovery_point"]]}
    job["detail"] |= {"destinationBackupVaultArn": fact["detail"]["destination"]}
    later = sample("strongroom/AlertResolved") | {"time": "2026-09-01T23:00:00Z"}
    return [job, fact, sample("strongroom/AlertOpened"), later]


def test_a_good_night_has_no_violation(
    night: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check-history", an_archive(tmp_path, *night, night[2])]) == 0
    assert capsys.readouterr().out == "4 events, 0 violations, 0 copies still missing or failed at the end\n"


def test_what_is_broken_is_said_with_time_and_subject(
    night: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = night[2] | {"id": "another", "time": "2026-09-01T07:00:00Z"}
    assert main(["check-history", an_archive(tmp_path, *night, again, "")]) == 1
    first, _ = capsys.readouterr().out.splitlines()
    assert first.startswith("2026-09-01 07:00:00 opened and resolved alternate: arn:aws:rds:eu-west-1")
    assert main(["check-history", "--json", an_archive(tmp_path, *night, again)]) == 1
    assert len(json.loads(capsys.readouterr().out)["violations"]) == 1


def test_an_alert_that_tells_another_end_of_a_backup_is_no_repetition(
    night: list[dict[str, Any]], tmp_path: Path
) -> None:
    first = night[2] | {"detail": night[2]["detail"] | {"kind": "backup-expired"}}
    again = first | {"id": "another", "time": "2026-09-01T07:00:00Z"}
    failed = again | {"detail": first["detail"] | {"kind": "backup-failed"}}
    assert main(["check-history", an_archive(tmp_path, first, again)]) == 1
    assert main(["check-history", an_archive(tmp_path, first, failed)]) == 0


@pytest.mark.parametrize("state", ["FAILED", "PARTIAL"])
def test_a_copy_job_that_ended_badly_and_was_not_told_is_a_violation(
    state: str, night: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = night[0] | {"id": "another", "detail": night[0]["detail"] | {"state": state}, "resources": ["arn:other"]}
    assert main(["check-history", an_archive(tmp_path, *night, job)]) == 1
    assert "a failed copy is told: arn:other" in capsys.readouterr().out


def test_odd_events_are_read_over(night: list[dict[str, Any]], tmp_path: Path) -> None:
    base = {"time": "2026-09-01T03:10:00Z", "source": "aws.backup", "detail-type": "Copy Job State Change"}
    odd = [
        base | {"id": ["list"], "detail": {"state": {}}},
        base | {"id": "1", "detail": {"state": "FAILED"}, "resources": {"a": 1}},
        base | {"id": "2", "detail": "text", "source": {}, "detail-type": []},
    ]
    assert main(["check-history", an_archive(tmp_path, *night, *odd)]) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1 is no event"),
        ("[]", "line 1 is no event"),
        ('{"id": 1, "time": "yesterday", "detail": {}}', "line 1 is no event"),
        ("[" * 20_000, "line 1 is no event"),
        ("", "has no event"),
    ],
    ids=["no JSON", "no object", "no time", "deeply nested", "empty"],
)
def test_a_file_that_is_none_is_one_line(
    line: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check-history", an_archive(tmp_path, line)]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert said in told
