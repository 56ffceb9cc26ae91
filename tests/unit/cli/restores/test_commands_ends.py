"""`strongroom restore ends`: what restores left behind for a while."""

import json

import pytest

from strongroom_cli.main import main
from tests.unit.cli.restores.conftest import FakeApi
from tests.unit.cli.restores.shown import COPY, ID


def test_what_restores_left_behind_is_listed(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    late = COPY | {"request_id": "r-late", "is_overdue": True}
    api.answers = [{"ends": [COPY, late]}]
    assert main(["restore", "ends"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{ID}  open     Omar Haddad  since before  gone by later",
        "  the copy arn:copy in arn:vault",
        "  arn:r: it is there, EXPIRED",
        "r-late  open     Omar Haddad  since before  OVERDUE, was to be gone by later",
        "  the copy arn:copy in arn:vault",
        "  arn:r: it is there, EXPIRED",
    ]
    assert api.calls[-1][:2] == ("GET", "/restores/ends")


def test_where_nothing_is_left_behind_that_is_said(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.answers = [{"ends": []}, {"ends": []}]
    assert main(["restore", "ends"]) == 0
    assert main(["restore", "ends", "--json"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert (first, json.loads("".join(rest))) == ("Nothing is left behind.", {"ends": []})
