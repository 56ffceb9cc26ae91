"""`strongroom explain --resource`: one sentence of why, from what the API has, the intent and the ARN."""

import json
from collections.abc import Callable
from copy import replace
from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3

from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.model import Exemption, Intent
from strongroom_cli.explain.resources import Seen, explain_resource
from strongroom_cli.main import main
from tests.conftest import ROOT

TABLE = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders"
INTENT = ("--intent", str(ROOT / "strongroom.yaml"))
NOTHING = Seen(resource=None, alerts=())
TODAY = date(2026, 9, 1)
PROTECTED = {"words": "protected", "reason": "the last copy is verified", "tier": "daily-prod"}
ALERT = {"kind": "resource-not-tagged", "resource": TABLE, "subject": TABLE, "reason": "it has no Backup tag"}
OTHERS = ALERT | {"resource": f"{TABLE}-2", "subject": f"{TABLE}-2", "reason": "another table"}

type Serve = Callable[[dict[str, tuple[int, Any]]], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Lets the API answer, by path."""
    monkeypatch.setenv("STRONGROOM_API", "https://api.example/v1")
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")

    def answering(answers: dict[str, tuple[int, Any]]) -> None:
        def request(_method: str, url: str, **_: Any) -> SimpleNamespace:
            status, content = answers[urlsplit(url).path.removeprefix("/v1")]
            return SimpleNamespace(status=status, data=json.dumps(content).encode())

        monkeypatch.setattr(urllib3, "request", request)

    return answering


@pytest.mark.parametrize(
    ("arn", "seen", "why"),
    [
        pytest.param(TABLE, Seen(resource=PROTECTED, alerts=()), "it is protected: the last copy", id="protected"),
        pytest.param(TABLE, Seen(resource=None, alerts=(ALERT,)), "it has no Backup tag", id="not tagged"),
        pytest.param(TABLE, NOTHING, "if ListTables shows it", id="nothing known"),
        pytest.param(TABLE.replace("eu-west-1", "us-west-2"), NOTHING, "no plan runs in us-west-2", id="other Region"),
        pytest.param("arn:aws:lambda:eu-west-1:222222222222:function:f", NOTHING, "no type that AWS", id="no type"),
        pytest.param("arn:aws:s3:::payments-docs", NOTHING, "if ListBuckets shows it", id="no Region in its ARN"),
    ],
)
def test_there_is_one_sentence_of_why(arn: str, seen: Seen, why: str, intent: Intent) -> None:
    assert why in explain_resource(Arn.parse(arn), seen=seen, intent=intent, today=TODAY).summary


@pytest.mark.parametrize(("until", "is_exempt"), [(date(2026, 9, 1), True), (date(2026, 8, 31), False)])
def test_an_exemption_counts_as_long_as_it_lasts(until: date, *, is_exempt: bool, intent: Intent) -> None:
    exempt = Exemption(resource=TABLE, until=until, reason="load test", granted_by="sana")
    excepted = replace(intent, exceptions=(exempt,))
    answer = explain_resource(Arn.parse(TABLE), seen=NOTHING, intent=excepted, today=TODAY)
    assert ("load test" in answer.summary) is is_exempt


def test_of_what_is_in_no_tier_the_open_alert_about_it_tells(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    serve({"/status/resource": (404, {"error": "nothing is known"}), "/alerts": (200, {"alerts": [OTHERS, ALERT]})})
    assert main(["explain", "--resource", TABLE, *INTENT]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{TABLE}: it is not protected, and this is told: it has no Backup tag"
    assert "  type: DynamoDB [the catalogue, by the ARN]" in lines
    assert "another table" not in "".join(lines)


def test_what_is_known_is_printed_for_scripts(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    serve({"/status/resource": (200, {"resource": PROTECTED, "alerts": []})})
    assert main(["explain", "--resource", TABLE, *INTENT, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["summary"] == "it is protected: the last copy is verified"
    assert {fact["name"]: fact["value"] for fact in answer["facts"]}["tier"] == "daily-prod"


@pytest.mark.parametrize(
    ("arguments", "answer", "why"),
    [
        pytest.param(("--resource", TABLE), (404, {"message": "Not Found"}), "is its address right?", id="address"),
        pytest.param(("--resource", TABLE), (403, {"error": "you may not"}), "you may not", id="refused"),
        pytest.param(("--resource", "orders"), (200, {}), "is not an ARN", id="no ARN"),
        pytest.param((), (200, {}), "one of the arguments EVENT --resource is required", id="nothing"),
        pytest.param(("-", "--resource", TABLE), (200, {}), "not allowed with argument", id="both"),
    ],
)
def test_bad_input_is_refused_on_one_line(
    arguments: tuple[str, ...], answer: tuple[int, Any], why: str, serve: Serve, capsys: pytest.CaptureFixture[str]
) -> None:
    serve({"/status/resource": answer})
    assert main(["explain", *arguments, *INTENT]) == 2
    printed = capsys.readouterr()
    assert (printed.out, len(printed.err.splitlines())) == ("", 1)
    assert why in printed.err
