"""`strongroom restore after`: what is asked for out of the original, out of a file, or out of the note of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from strongroom_cli.main import main
from tests.builders.deciding.afterwards import DOCS, NOTIFIED
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import ID, OVER, WISHED

ASK = ("restore", "after", ID, "notifications", "--reason", "as it was", "--dry-run")
NOTE: dict[str, Any] = {
    "resource": DOCS,
    "settings": [{"what": "notifications", "value": json.loads(NOTIFIED["NotificationConfiguration"])}],
    "left_out": [],
    "since": "2026-11-02T04:00:00+00:00",
    "read_at": "2026-11-22T04:00:00+00:00",
    "unread": [{"what": "replication", "reason": "it is as it was read by 2026-11-09 at the latest: no access"}],
}


def test_what_the_original_has_is_asked_for_without_a_word(api: FakeApi) -> None:
    api.answers = [{}]
    main([*ASK])
    [(method, place, wish)] = api.calls
    assert (method, place, wish["step"]) == ("POST", f"/restores/{ID}/after", "notifications")
    assert "parameters" not in wish


def test_what_was_noted_is_asked_for_as_a_person_writes_it_who_reads_how_old_it_is(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [OVER | {"request": WISHED | {"resource": DOCS}}, {"settings": NOTE}, {}]
    main([*ASK, "--noted"])
    (_, shown, _), (_, noted, _), (_, _, wish) = api.calls
    assert (shown, noted) == (f"/restores/{ID}", "/status/settings?arn=arn%3Aaws%3As3%3A%3A%3Ashop-docs")
    assert wish["parameters"] == NOTIFIED
    assert capsys.readouterr().err.splitlines()[:2] == [
        f"{DOCS}, as it has been since 2026-11-02T04:00:00+00:00; read last at 2026-11-22T04:00:00+00:00",
        "  replication: not known, because it is as it was read by 2026-11-09 at the latest: no access",
    ]


def test_what_was_not_noted_is_told_and_nobody_is_asked(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [OVER | {"request": WISHED | {"resource": DOCS}}, {"settings": NOTE | {"settings": []}}]
    assert main([*ASK, "--noted"]) == 2
    told = capsys.readouterr().err
    assert "the note has no notifications that are on: write them in a file" in told
    assert f"{DOCS}, as it has been since" in told
    assert [each[0] for each in api.calls] == ["GET", "GET"]


def test_it_is_either_noted_or_in_a_file(api: FakeApi, tmp_path: Path) -> None:
    assert main([*ASK, "--noted", "--file", str(tmp_path / "x.json")]) == 2
    assert api.calls == []
