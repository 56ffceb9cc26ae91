"""`strongroom restore show`: one restore in full."""

from pathlib import Path
from typing import Any

import pytest

from strongroom_cli.main import main
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import COPY, ID, OVER, SHOWN


def test_what_follows_is_shown_with_the_request(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN]
    assert main(["restore", "show", ID]) == 0
    assert "  It will live under arn:key.\n" in capsys.readouterr().out


def test_what_there_was_to_choose_from_is_shown_below_its_first_line(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN | {"candidates": ["It could be:", "1. then  [chosen]"]}]
    assert main(["restore", "show", ID]) == 0
    assert "  It could be:\n    1. then  [chosen]\n" in capsys.readouterr().out


def test_a_copy_that_was_taken_back_is_shown_with_its_end(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN | {"left_behind": COPY}]
    assert main(["restore", "show", ID]) == 0
    told = "left behind: the copy arn:copy, for Omar Haddad; it expires by itself at then, and is gone by later"
    assert f"  {told}\n" in capsys.readouterr().out


def test_the_copy_between_is_shown_beside_it(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [SHOWN | {"left_behind": COPY, "left_between": COPY | {"recovery_point": "arn:between"}}]
    assert main(["restore", "show", ID]) == 0
    told = capsys.readouterr().out
    assert told.index("left behind: the copy arn:copy") < told.index("left behind: the copy arn:between")


def test_what_followed_a_restore_is_shown_step_by_step(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"steps": [{"step": "writer", "outcome": "skipped", "reason": "nobody can say"}]}]
    assert main(["restore", "show", ID]) == 0
    assert "\n  afterwards, writer skipped: nobody can say\n" in capsys.readouterr().out


def test_what_was_restored_with_faults_reads_so(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"state": "restored", "faults": ["One or more objects failed to be restored."]}]
    assert main(["restore", "show", ID]) == 0
    assert capsys.readouterr().out.startswith(f"{ID}: restored with faults: so it ended")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"state": "gone"}, "nothing any more; the copy arn:copy is gone from arn:vault", id="gone"),
        pytest.param({"is_overdue": True}, "is gone by later; OVERDUE: it is there, EXPIRED", id="overdue"),
        pytest.param({"recovery_point": ""}, "a copy of arn:central, on its way, for Omar Haddad", id="arriving"),
    ],
)
def test_what_became_of_it_is_shown(
    changes: dict[str, Any], told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN | {"left_behind": COPY | changes}]
    assert main(["restore", "show", ID]) == 0
    assert told in capsys.readouterr().out


def test_what_is_shown_says_of_each_gate_how_far_it_is_who_can_decide_and_who_could_not_be_reached(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    away = [
        {"whom": "chat", "since": "14:20", "why": "Slack refused chat.postMessage: invalid_auth"},
        {"whom": "identity-provider", "since": None, "why": ""},
    ]
    api.answers = [SHOWN | {"unreached": away}]
    assert main(["restore", "show", ID]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    chat = "nobody could reach chat since 14:20 (Slack refused chat.postMessage: invalid_auth); it is tried again"
    provider = "nobody could reach the identity provider; it is tried again"
    assert first == f"{ID}: pending; Approved: waits for 1 of approvers; {chat}; {provider}"
    for line in (
        "  done     Its ticket allows it: OPS-1",
        "  waits    Approved: 1 of approvers",
        "  later    Restored",
        f"  away     {chat}",
        "  can decide: Maria Lindqvist; more than 3 h left, until then",
    ):
        assert line in lines


def test_evidence_is_saved_as_its_canonical_text(api: FakeApi, tmp_path: Path) -> None:
    api.answers = [SHOWN, {"b": 1, "a": "ä"}]
    file = tmp_path / "bundle.json"
    assert main(["restore", "show", ID, "--evidence", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == '{"a":"ä","b":1}'


def test_evidence_that_cannot_be_saved_is_one_line_and_2(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [SHOWN, {}]
    there_is_none = tmp_path / "none" / "bundle.json"
    assert main(["restore", "show", ID, "--evidence", str(there_is_none)]) == 2
    assert capsys.readouterr().err == f"strongroom: {there_is_none} cannot be used: No such file or directory\n"
