"""`strongroom restore find`: what is asked, what is printed, and one line for every mistake."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
import urllib3

from strongroom_cli.main import main
from strongroom_cli.restores import finding
from strongroom_cli.restores.finding_words import described
from tests.builders.deciding.candidates import GIB
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT
from tests.builders.restores import CENTRAL_POINT, DATABASE, NOW, POINT

API = "https://api.example/v1"
LOCAL = {
    "recovery_point": POINT,
    "vault": LOCAL_VAULT,
    "plan": "local",
    "minutes": 15,
    "measured": False,
    "storage": "WARM",
    "size": 100 * GIB,
    "dollars": None,
}
CENTRAL = LOCAL | {"recovery_point": CENTRAL_POINT, "vault": CENTRAL_VAULT, "plan": "copy-back", "minutes": 42}
ROW = LOCAL | {
    "created_at": "2026-11-23T01:50:00Z",
    "instant": "2026-11-23T02:00:00Z",
    "minutes_lost": 720,
    "verified": True,
    "scan": "never",
    "scanned_at": None,
    "steps": ["Reboot."],
    "marks": ["least loss", "soonest"],
    "ways": [LOCAL, CENTRAL],
}
FOUND: dict[str, Any] = {
    "resource": DATABASE,
    "resource_type": "RDS",
    "account": PAYMENTS,
    "before": "2026-11-23T14:00:00Z",
    "region": "",
    "candidates": [ROW],
    "more": 0,
    "not_offered": [],
    "others_not_offered": [],
    "read": [LOCAL_VAULT, CENTRAL_VAULT],
    "unread": [],
}
BUCKET = "arn:aws:s3:::payments-docs"
PAYMENTS_ACCOUNT = {"account": PAYMENTS, "account_name": "payments"}
PROTECTED = [
    {"resource": DATABASE, "name": "payments-db"},
    {"resource": DATABASE.replace("payments-db", "twice"), "name": "twice"},
    {"resource": "arn:aws:dynamodb:eu-west-1:222222222222:table/twice", "name": "twice"},
]


class FakeApi:
    """Answers each path; `asked` are the queries of the candidates."""

    def __init__(self) -> None:
        self.found = deepcopy(FOUND)
        self.asked: list[dict[str, str]] = []

    def __call__(self, method: str, url: str, **_: Any) -> Any:
        parts = urlsplit(url.removeprefix(API))
        query = dict(parse_qsl(parts.query))
        content: Any = {
            "/status/accounts": {"accounts": [PAYMENTS_ACCOUNT]},
            f"/status/accounts/{PAYMENTS}": {
                **PAYMENTS_ACCOUNT,
                "alerts": [],
                "has_more_alerts": False,
                "inventory": [],
                "resources": PROTECTED,
                "next": "",
            },
            "/candidates": self.found,
        }[parts.path]
        if parts.path == "/candidates":
            self.asked.append(query)
        return SimpleNamespace(status=200, data=json.dumps(content).encode())


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    fake = FakeApi()
    monkeypatch.setattr(urllib3, "request", fake)
    monkeypatch.setattr(finding, "datetime", SimpleNamespace(now=lambda _: NOW))
    monkeypatch.setenv("STRONGROOM_API", API)
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")
    return fake


def find(*arguments: str) -> int:
    return main(["restore", "find", *arguments])


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        pytest.param(("payments", "payments-db"), {"resource": DATABASE, "account": PAYMENTS}, id="by names"),
        pytest.param((PAYMENTS, "payments-db"), {"resource": DATABASE, "account": PAYMENTS}, id="by id and name"),
        pytest.param((DATABASE,), {"resource": DATABASE}, id="by ARN"),
        pytest.param(("payments", BUCKET), {"resource": BUCKET, "account": PAYMENTS}, id="a bucket"),
        pytest.param(
            (DATABASE, "--before", "14:00", "--zone", "Europe/Berlin"),
            {"resource": DATABASE, "before": "2026-11-23T13:00:00Z"},
            id="a time of day in a zone",
        ),
        pytest.param(
            (DATABASE, "--before", "2026-11-22T14:00:00+01:00"),
            {"resource": DATABASE, "before": "2026-11-22T13:00:00Z"},
            id="RFC 3339",
        ),
        pytest.param(
            (DATABASE, "--region", "eu-central-1"), {"resource": DATABASE, "region": "eu-central-1"}, id="elsewhere"
        ),
    ],
)
def test_what_is_meant_is_asked_for(arguments: tuple[str, ...], asked: dict[str, str], api: FakeApi) -> None:
    assert find(*arguments) == 0
    assert api.asked == [asked]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("payments-db",), "in which account is payments-db?", id="a name alone"),
        pytest.param((BUCKET,), f"strongroom restore find ACCOUNT {BUCKET}", id="a bucket alone"),
        pytest.param(("arn:x",), "'arn:x' is not an ARN", id="no ARN"),
        pytest.param(("a", "b", "c"), "say one resource", id="too many"),
        pytest.param(("payments", "payments-bd"), "did you mean payments-db? Else say its ARN", id="nearly"),
        pytest.param(("payments", "zzzzz"), "is called zzzzz: say its ARN", id="nothing like it"),
        pytest.param(("payments", "twice"), "more than one resource is called twice", id="twice"),
        pytest.param((DATABASE, "--before", "noon"), "'noon' is no time", id="no time"),
        pytest.param((DATABASE, "--before", "2026-11-24T00:00Z"), "lies in the future", id="future"),
        pytest.param((DATABASE, "--zone", "Mars"), "'Mars' is no zone", id="no zone"),
        pytest.param((DATABASE, "--zone", "../etc"), "'../etc' is no zone", id="no zone but a path"),
        pytest.param((DATABASE, "--prices", "none.json"), "none.json", id="no price table"),
    ],
)
def test_a_mistake_takes_one_line_and_exit_code_2(
    arguments: tuple[str, ...], told: str, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    assert find(*arguments) == 2
    assert api.asked == []
    [line] = capsys.readouterr().err.splitlines()
    assert told in line


def test_the_row_says_what_it_loses_when_it_is_back_and_what_to_type(
    api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    named = "backup begun 2026-11-23 01:50 UTC, state of 2026-11-23 02:00 UTC"
    assert find(DATABASE, "--before", "14:00Z", "--zone", "UTC") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{DATABASE} of account 222222222222, not later than 2026-11-23 14:00 UTC (2026-11-23T14:00:00Z):",
        f"  1. {named}: loses 12 h, back in about 15 min, \N{EN DASH}  [least loss, soonest]",
        "     local from local-prod-vault, warm; copy verified; not scanned",
        "     or copy-back from central-backup-vault, warm: back in about 42 min, \N{EN DASH}",
        f"     strongroom restore request --account 222222222222 --recovery-point {POINT} \\",
        f"       --vault {LOCAL_VAULT} --before 2026-11-23T14:00:00Z \\",
        "       --target-name NAME --ticket KEY --reason WHY",
        "Minutes are those of AWS's jobs, without the approval; `about` is an estimate by type and size.",
        "Prices are of 2026-05-01, 206 days old; \N{EN DASH} is what it has none for.",
    ]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_nothing_that_was_answered_moves_the_cursor(
    form: tuple[str, ...], api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.found |= {"unread": [{"vault": REPLICA_VAULT, "reason": "gone\x1b[2J \u202eback\x9b2J"}]}
    assert find(DATABASE, "--zone", "UTC", *form) == 0
    out = capsys.readouterr().out
    assert all(each.isprintable() for each in out.splitlines())
    if form:
        assert json.loads(out)["unread"] == api.found["unread"]


def test_what_is_wished_elsewhere_is_asked_for_there(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.found |= {"region": "eu-central-1"}
    assert find(DATABASE, "--region", "eu-central-1") == 0
    assert "       --region eu-central-1 --target-name NAME --ticket KEY --reason WHY" in capsys.readouterr().out


def test_what_has_no_name_to_choose_is_asked_for_without_one(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    system = "arn:aws:elasticfilesystem:eu-west-1:222222222222:file-system/fs-1"
    api.found |= {"resource": system, "resource_type": "EFS"}
    assert find(system, "--zone", "UTC") == 0
    assert "       --ticket KEY --reason WHY" in capsys.readouterr().out.splitlines()


def test_where_there_is_nothing_it_ends_with_1(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.found |= {"candidates": [], "unread": [{"vault": REPLICA_VAULT, "reason": "there is no such vault"}]}
    assert find(DATABASE, "--zone", "UTC") == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  nothing to restore it from",
        "Could not be read, so that there may be more:",
        f"  {REPLICA_VAULT}: there is no such vault",
    ]


def test_json_has_the_same_with_prices_of_a_table_of_ones_own(
    api: FakeApi, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices.json"
    table = {"date": "2026-11-01", "restores": {"eu-west-1": {"RDS": {"warm": 0.02}}}}
    prices.write_text(json.dumps(table | {"storage": {"eu-west-1": {"RDS": {"warm": 0.06}}}}), encoding="utf-8")
    assert find(DATABASE, "--prices", str(prices), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    [row] = told["candidates"]
    assert (row["dollars"], [each["dollars"] for each in row["ways"]]) == (2.0, [2.0, 4.8])
    assert told["prices_of"] == "2026-11-01"
    assert {name: told[name] for name in ("before", "unread", "read")} == {
        name: FOUND[name] for name in ("before", "unread", "read")
    }


def _told(zone: str = "UTC", **changes: Any) -> list[str]:
    found = FOUND | changes
    return list(described(found, zone=ZoneInfo(zone), prices_of=date(2026, 11, 1), today=NOW.date()))


def _row(**changes: Any) -> str:
    return "\n".join(_told(candidates=[ROW | {"ways": [LOCAL]} | changes]))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": None}, "back in an unknown time, "),
        ({"measured": True}, "back in 15 min, "),
        ({"dollars": 1234.5}, ", $1,234.50  ["),
        ({"minutes_lost": 0}, "loses 0 min,"),
        ({"minutes_lost": 59}, "loses 59 min,"),
        ({"minutes_lost": 61}, "loses 1 h 1 min,"),
        ({"minutes_lost": 1440}, "loses 1 d,"),
        ({"minutes_lost": 1441}, "loses 1 d,"),
        ({"minutes_lost": 2940}, "loses 2 d 1 h,"),
        ({"verified": None}, "; not known to be verified; "),
        ({"verified": False}, "; copy missing or wrong; "),
        ({"scan": "clean", "scanned_at": "2026-11-23T03:00:00Z"}, "; scanned clean on 2026-11-23 03:00 UTC"),
        ({"scan": "threats"}, "; malware found"),
        ({"scan": "incomplete"}, "; scan incomplete"),
        ({"storage": "COLD"}, "local from local-prod-vault, cold; "),
        ({"marks": []}, ", \N{EN DASH}\n"),
    ],
)
def test_a_row_is_told_in_words(changes: dict[str, Any], said: str) -> None:
    assert said in _row(**changes)


def test_times_are_told_in_the_zone() -> None:
    assert _told("Asia/Tokyo")[1].startswith("  1. backup begun 2026-11-23 10:50 JST, state of 2026-11-23 11:00 JST: ")


def test_a_table_that_is_not_old_has_no_age() -> None:
    assert _told()[-1].startswith("Prices are of 2026-11-01; ")


def _refused(number: int, reason: str = "it is later") -> dict[str, Any]:
    instant = f"{datetime(2026, 11, 23, 15, number, tzinfo=UTC):%Y-%m-%dT%H:%M:%SZ}" if number else None
    point = {"recovery_point": f"p-{number}", "vault": LOCAL_VAULT, "created_at": "2026-11-23T14:00:00Z"}
    return point | {"instant": instant, "reason": reason}


@pytest.mark.parametrize(
    ("second", "told"),
    [(0, "14:00 UTC: "), (1, "14:00 UTC (14:00:01): "), (59, "14:00 UTC (14:00:59): "), (60, "14:01 UTC: ")],
)
def test_a_backup_that_was_begun_in_the_minute_asked_for_tells_its_second(second: int, told: str) -> None:
    begun = datetime(2026, 11, 23, 14, second // 60, second % 60, tzinfo=UTC)
    later = _refused(0) | {"created_at": f"{begun:%Y-%m-%dT%H:%M:%SZ}"}
    assert _told(not_offered=[later])[-3].startswith(f"  backup begun 2026-11-23 {told}p-0 in ")


def test_ten_of_what_is_not_offered_are_named_and_the_rest_are_counted_by_reason() -> None:
    every = [*(_refused(number) for number in range(12)), _refused(12, "it is a composite")]
    told = _told(not_offered=every, others_not_offered=[{"reason": "it is later", "count": 1000}], more=1234)
    begin = told.index("Not offered:")
    assert told[begin - 1] == "  1,234 more could be restored as well."
    assert told[begin + 1 : begin + 3] == [
        "  backup begun 2026-11-23 14:00 UTC: p-0 in local-prod-vault: it is later",
        "  backup begun 2026-11-23 14:00 UTC: p-1 in local-prod-vault: it is later",
    ]
    assert told[begin + 11 : begin + 13] == ["  1 more: it is a composite", "  1,002 more: it is later"]
