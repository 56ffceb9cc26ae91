"""`strongroom status`: the sentence first, and an exit code that a script may lean on."""

import json
from datetime import timedelta

import pytest

from strongroom_cli.main import main
from tests.builders.copies import RESOURCE
from tests.builders.places import PAYMENTS
from tests.unit.cli.status.conftest import HOSTILE, OTHER, StatusApi

SENTENCE = (
    "1 of 2 resources are protected (1 not fully protected); last night 3 backups, 2 copies verified, 1 missed; "
    "data 0 seconds old; not compared with AWS's own lists yet."
)
COPIED = (
    "    copied to     central-backup-vault in 999999999999, eu-west-1, for 2,555 days: "
    "of 2026-09-01 02:00 UTC, verified 2026-09-01 03:10 UTC (known by event)"
)


def test_the_sentence_comes_first_then_where_to_look(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        SENTENCE,
        "  unit not known: 1 of 2 protected in 2 accounts",
        "  333333333333 in unit not known: 1 not fully protected",
        "Look closer: strongroom status --account 333333333333",
    ]
    assert api.asked == ["/status"]


def test_a_resource_answers_each_question_with_how_it_is_known(
    api: StatusApi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", RESOURCE]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  account         222222222222 in eu-west-1, tier daily-prod",
        "  last backup     2026-09-01 02:00 UTC (known by event)",
        "  restorable to   2026-09-01 02:00 UTC",
        "  rule backup-and-copy of daily-prod",
        "    schedule      daily 02:00, next 2026-09-02 02:00 UTC",
        "    last run      2026-09-01 02:00 UTC: the backup completed",
        "    kept          35 days in local-prod-vault",
        COPIED,
        "  restore test    none",
        "  looked at       2026-09-01 03:11 UTC",
    ]


def test_a_resource_that_is_not_right_says_why(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", HOSTILE]) == 1
    out = capsys.readouterr().out
    assert f"{HOSTILE} is not fully protected since 2026-09-01 03:11 UTC: nothing arrived." in out
    assert "the last one is missing: nothing arrived" in out


@pytest.mark.parametrize(("account", "code"), [(PAYMENTS, 0), (OTHER, 1), ("444444444444", 1)], ids=str)
def test_an_account_is_well_where_nothing_of_it_is_wrong(api: StatusApi, account: str, code: int) -> None:
    assert main(["status", "--account", account]) == code


def test_what_is_not_known_is_no_success(api: StatusApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.world.now += timedelta(hours=1)
    assert main(["status", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["is_well"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["payments"], "'payments' is not an ARN"),
        (["--account", "payments"], "'payments' is not an account id"),
        ([f"{RESOURCE}-2"], "nothing is known of"),
    ],
    ids=["no ARN", "no account", "nobody knows it"],
)
def test_a_mistake_is_one_line(
    api: StatusApi, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
