"""`strongroom restore list`: a line each, and what those that are open wait for."""

import json
from typing import Any

import pytest

from strongroom_cli.api_client import ApiClient, ApiError
from strongroom_cli.main import main
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import ID, SHOWN

LINE = {
    "id": ID,
    "outcome": "",
    "account": "222222222222",
    "resource": "arn:aws:rds:eu-west-1:222222222222:db:payments-db",
    "target_name": "db-2",
    "ticket": "OPS-1",
}


def test_restores_are_listed_with_what_became_of_them_or_whom_they_wait_for(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [{"restores": [LINE, LINE | {"outcome": "denied"}]}, SHOWN]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{ID}  open       222222222222  db:payments-db → db-2  OPS-1",
        "  Approved: waits for 1 of approvers; can decide: Maria Lindqvist; more than 3 h left, until then",
        f"{ID}  denied     222222222222  db:payments-db → db-2  OPS-1",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"gates": [], "state": "restoring", "time_left": ""}, "restoring"),
        (
            {"gates": [{"name": "Restored", "state": "waits", "text": "AWS Backup"}], "time_left": ""},
            "Restored: waits for AWS Backup",
        ),
        (
            {"gates": [], "time_left": "", "unreached": [{"whom": "ticket", "since": None, "why": ""}]},
            "pending; nobody could reach the ticket system; it is tried again",
        ),
    ],
    ids=["nothing more", "a job", "somebody away"],
)
def test_what_is_open_and_waits_for_no_approval_says_for_what(
    changes: dict[str, Any], told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [{"restores": [LINE]}, SHOWN | changes]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"  {told}"]


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("arn:aws:elasticfilesystem:eu-west-1:333333333333:file-system/fs-1", "file-system/fs-1 → db-2"),
        ("arn:aws:s3:::papers", "papers → db-2"),
        ("of a stranger", "of a stranger → db-2"),
    ],
)
def test_what_comes_back_is_told_also_where_that_has_no_name(
    resource: str, told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.answers = [{"restores": [LINE | {"resource": resource, "outcome": "restored"}]}]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out == f"{ID}  restored   222222222222  {told}  OPS-1\n"


def test_the_ten_newest_open_ones_are_looked_at(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"restores": [LINE] * 11}, SHOWN]
    assert main(["restore", "list"]) == 0
    assert len(api.calls) == 11
    assert capsys.readouterr().out.splitlines()[-1] == f"  strongroom restore show {ID}"


def test_one_that_cannot_be_shown_hides_no_other(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def get(_api: ApiClient, *path: str) -> Any:
        if len(path) > 1:
            raise ApiError("it is busy", is_passing=True)
        return {"restores": [LINE, LINE | {"outcome": "denied"}]}

    monkeypatch.setattr(ApiClient, "get", get)
    assert main(["restore", "list"]) == 0
    _, told, last = capsys.readouterr().out.splitlines()
    assert told == f"  what it waits for cannot be told at the moment, it is busy: strongroom restore show {ID}"
    assert " denied " in last


def test_for_scripts_the_list_is_what_the_api_answers(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"restores": [LINE]}]
    assert main(["restore", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"restores": [LINE]}
    assert len(api.calls) == 1


def test_an_empty_list_says_so(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"restores": []}]
    assert main(["restore", "list"]) == 0
    assert capsys.readouterr().out == "No restore was asked for yet.\n"
