"""`strongroom explain --resource`: one sentence of why, from what the API has, the intent and the ARN."""

import dataclasses
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
from strongroom_cli.explain.answers import Told
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

UNKNOWN: dict[str, Any] = {"resource": TABLE, "tags": None, "account": None, "inventory": []}
READY = {
    "account": "222222222222",
    "account_name": "payments-prod",
    "state": "READY",
    "reason": "it has all",
    "missing": [],
    "units": ["ou-strg-prod0001"],
    "assessed_at": "2026-09-01T10:00:00+00:00",
}
INVENTORY = {
    "inventory": "2026-09-01T02:00:00Z",
    "region": "eu-west-1",
    "seen_at": "2026-09-01T02:05:00+00:00",
    "ended_at": "2026-09-01T02:05:00+00:00",
    "left": [],
    "listed": 3,
    "states": {"COMPLIANT": 3},
    "found": {},
    "unread": {"dsql:ListClusters": "not allowed"},
}


def decided(state: str, *, reason: str = "so it is", tier: str | None = None, **said: Any) -> dict[str, Any]:
    """The last verdict on the table's tags, as the API has it."""
    at = "2026-09-01T09:00:00+00:00"
    return {
        "state": state,
        "reason": reason,
        "tier": tier,
        "event": "e-1",
        "decided_at": at,
        "waits_until": None,
    } | said


type Serve = Callable[[dict[str, tuple[int, Any]]], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Lets the API answer, by path."""
    monkeypatch.setenv("STRONGROOM_API", "https://api.example/v1")
    monkeypatch.setenv("STRONGROOM_TOKEN", "token")

    def answering(answers: dict[str, tuple[int, Any]]) -> None:
        def request(_method: str, url: str, **_: Any) -> SimpleNamespace:
            status, content = ({"/status/tags": (200, UNKNOWN)} | answers)[urlsplit(url).path.removeprefix("/v1")]
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


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (
            decided("WAITING", waits_until="2026-09-01T10:20:00+00:00"),
            "it waits for its tag, until 2026-09-01 10:20 UTC",
        ),
        (decided("WAITING"), "it waited for its tag in vain, and the inventory looks at it next"),
        (decided("UNTAGGED"), "nothing was tagged, because it is UNTAGGED: so it is"),
        (decided("EXEMPT"), "nothing was tagged, because it is EXEMPT: so it is"),
        (decided("COVERED"), "nothing was tagged, because it is COVERED: so it is"),
        (decided("TAG"), "nothing was tagged, because it is TAG: so it is"),
        (decided("CORRECT"), "nothing was tagged, because it is CORRECT: so it is"),
        (decided("CANNOT"), "nothing was tagged, because it is CANNOT: so it is"),
        (decided("CANNOT", tier="daily-prod"), "it is tagged, and has a limit: so it is"),
        (decided("GONE"), "nothing was tagged, because it is gone: so it is"),
        (decided("TAGGED", tier="daily-prod"), "it is tagged, and no backup of it is known yet: so it is"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["state"],
)
def test_every_state_of_its_tags_is_one_sentence(last: dict[str, Any], why: str, intent: Intent) -> None:
    seen = dataclasses.replace(NOTHING, tags=last, account=READY)
    assert explain_resource(Arn.parse(TABLE), seen=seen, intent=intent, today=TODAY).summary.startswith(why)


def test_the_facts_name_verdict_event_account_and_inventory(intent: Intent) -> None:
    seen = dataclasses.replace(
        NOTHING,
        tags=decided("WAITING", waits_until="2026-09-01T10:20:00+00:00", event="inventory 2026-09-01T02:00:00Z"),
        account=READY | {"state": "NOT_READY", "missing": ["a vault", "a role"]},
        inventory=(INVENTORY, INVENTORY | {"region": "us-west-2"}),
    )
    facts = {
        fact.name: (fact.value, fact.origin)
        for fact in explain_resource(Arn.parse(TABLE), seen=seen, intent=intent, today=TODAY).facts
    }
    assert facts["account"] == (
        "222222222222 is NOT_READY, it lacks a vault, a role: it has all",
        "the ledger, judged 2026-09-01 10:00 UTC",
    )
    assert facts["target"] == ("Production, mode correct", "the ledger and the intent")
    assert facts["last verdict"] == (
        "WAITING: so it is",
        "the ledger, 2026-09-01 09:00 UTC, for inventory 2026-09-01T02:00:00Z",
    )
    assert facts["waits until"] == ("2026-09-01 10:20 UTC", "the ledger")
    assert facts["inventory of eu-west-1"] == (
        "ended 2026-09-01 02:05 UTC; dsql:ListClusters could not be read: not allowed",
        "the ledger, inventory 2026-09-01T02:00:00Z",
    )
    assert "inventory of us-west-2" not in facts
    assert facts["rule"][0].startswith("ResourceCreationRule hears dynamodb:CreateTable, ")


def test_an_inventory_that_did_not_see_it_is_named(intent: Intent) -> None:
    seen = dataclasses.replace(NOTHING, account=READY, inventory=(INVENTORY,))
    summary = explain_resource(Arn.parse(TABLE), seen=seen, intent=intent, today=TODAY).summary
    assert "the inventory that ended at 2026-09-01 02:05 UTC did not see it: if ListTables shows it" in summary


@pytest.mark.parametrize(
    ("units", "tags", "state"),
    [
        (None, {"Backup": "daily-prod"}, "COMPLIANT"),
        (None, {}, "TAGGED"),
        (None, {"Backup": "weekly"}, "CORRECTED"),
        (("ou-strg-nobody00",), {"Backup": "daily-prod"}, "NOT_GOVERNED"),
        (("ou-strg-nobody00",), None, "NOT_GOVERNED"),
        (None, None, None),
    ],
)
def test_with_its_tags_told_the_judge_says_how_it_stands(
    units: tuple[str, ...] | None, tags: dict[str, str] | None, state: str | None, intent: Intent
) -> None:
    seen, told = dataclasses.replace(NOTHING, account=READY), Told(units=units, tags=tags)
    answer = explain_resource(Arn.parse(TABLE), seen=seen, told=told, intent=intent, today=TODAY)
    assert (answer.verdict and answer.verdict["state"]) == state
    judged = [fact.value for fact in answer.facts if fact.name == "judged now"]
    assert [value.partition(":")[0] for value in judged] == ([state] if state else [])


def test_of_a_stack_no_tag_is_needed_to_know_that_nobody_tags_it(intent: Intent) -> None:
    stack = f"arn:aws:cloudformation:eu-west-1:222222222222:stack/shop/{'0' * 8}-0000-0000-0000-{'0' * 12}"
    answer = explain_resource(
        Arn.parse(stack), seen=dataclasses.replace(NOTHING, account=READY), intent=intent, today=TODAY
    )
    assert answer.verdict is not None
    assert answer.verdict["state"] == "CANNOT"
    assert "nobody but its owner can tag it" in answer.summary


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
        pytest.param(("--resource", TABLE.replace("2:table", "22:table")), (200, {}), "2222222222222", id="13 digits"),
        pytest.param(("--resource", TABLE.replace("eu-west-1", "../x")), (200, {}), "../x", id="a Region of no kind"),
        pytest.param(("--resource", f"{TABLE}*"), (200, {}), "no pattern of many", id="a pattern"),
        pytest.param(("--resource", TABLE, "--tag", "Backup"), (200, {}), "it must read KEY=VALUE", id="half a tag"),
        pytest.param(("--resource", TABLE, "--unit", "Nowhere"), (200, {}), "no such unit", id="no unit"),
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
