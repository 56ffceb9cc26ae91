"""The function behind GET /status."""

import json
from copy import replace
from typing import Any

import pytest

from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.copies.promises import LedgerPromises
from strongroom.adapters.ledger.copies.protection import LedgerProtection
from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.ledger.settings import LedgerSettings
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.adapters.ledger.views.counted import LedgerViews
from strongroom.adapters.ledger.views.reading import LedgerReading
from strongroom.adapters.ledger.views.table import LedgerViewTable
from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.lifecycle import AlertState, AlertStatus, told
from strongroom.domain.restores.settings.note import KeptNote, make_note
from strongroom.domain.status.hints import Hint
from strongroom.domain.tags.creations import Resource
from strongroom.domain.tags.inventory.news import first_mark
from strongroom.domain.tags.inventory.runs import Place, Run
from strongroom.domain.tags.remembered import Judged
from strongroom.domain.tags.verdicts import TagState, judge_unmade
from strongroom.services.status.roll_up_status import StatusRollUpNeeds, recount, roll_up_status
from tests.builders.copies import COMPLETED_AT, RESOURCE, SOURCE
from tests.builders.places import HOME, PAYMENTS
from tests.conftest import VIEWS
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler
from tests.fakes.status_views.world import a_verified

ROUTES = (
    "/status",
    "/status/days",
    "/status/accounts",
    "/status/resource",
    "/status/tags",
    "/status/settings",
    f"/status/accounts/{PAYMENTS}",
    "/status/unit",
)


@pytest.fixture
def shown(functions: Functions, dynamodb: Any, ledger_table: LedgerTable) -> Functions:
    """One resource is protected."""
    LedgerPromises(ledger_table).open(a_verified())
    LedgerProtection(ledger_table).record_backup(RESOURCE, recovery_point=SOURCE, at=COMPLETED_AT)
    views = LedgerViews(LedgerViewTable(dynamodb, VIEWS))
    needs = StatusRollUpNeeds(intent=functions.world.intent, ledger=LedgerReading(ledger_table), views=views)
    for hint in (Hint(account=PAYMENTS, resource=RESOURCE, recovery_point=SOURCE), None):
        roll_up_status(hint, needs=needs, now=functions.now())
    return functions


def asked(functions: Functions, path: str, *, person: str = "ada", **query: str) -> tuple[int, Any]:
    """The status and the JSON that answer the path."""
    _, is_account, account = path.partition("/accounts/")
    named = {"account": account} if is_account else None
    event = functions.http("GET", path, person=person, pathParameters=named, queryStringParameters=query or None)
    answer = load_handler("show_status")(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def test_the_sentence_comes_first(shown: Functions) -> None:
    status, content = asked(shown, "/status")
    assert (status, next(iter(content))) == (200, "sentence")
    assert content["sentence"].startswith("1 of 1 resource is protected; ")
    assert [(each["unit"], each["accounts"]) for each in content["units"]] == [("unit not known", 1)]


def test_a_resource_is_asked_for_by_its_arn(shown: Functions) -> None:
    status, content = asked(shown, "/status/resource", arn=RESOURCE)
    assert (status, content["resource"]["words"], len(content["backups"])) == (200, "protected", 1)
    said = f"{RESOURCE}-2 is not protected: it is in no tier, no backup of it is expected, and none was seen"
    assert asked(shown, "/status/resource", arn=f"{RESOURCE}-2") == (404, {"error": said})
    assert [asked(shown, "/status/resource", arn="payments")[0], asked(shown, "/status/resource")[0]] == [400, 400]


def test_the_tags_of_a_resource_are_asked_for_by_its_arn(shown: Functions, ledger_table: LedgerTable) -> None:
    ready = AccountVerdict(account=PAYMENTS, state=AccountState.READY, reason="it has all", units=("ou-1",))
    LedgerAccounts(ledger_table).record(ready, not_ready_since=None, now=shown.now())
    resource = Resource(arn=RESOURCE, label="RDS instance", account=PAYMENTS, region=HOME)
    verdict = judge_unmade(resource, TagState.UNTAGGED, "no tier")
    LedgerResources(ledger_table).record([Judged(verdict=verdict, event_id="e-1")], now=shown.now())
    run = Run(id="2026-09-01T02:00:00Z", begun_at=shown.now(), places=1, found={"RDS instance": 1})
    book = LedgerInventories(ledger_table)
    book.keep_run(run)
    book.keep(first_mark(Place(run.id, PAYMENTS, HOME), is_last=True, now=shown.now()), was=None)
    status, content = asked(shown, "/status/tags", arn=RESOURCE)
    assert (status, content["tags"]["state"], content["tags"]["event"]) == (200, "UNTAGGED", "e-1")
    assert (content["account"]["state"], content["account"]["units"]) == ("READY", ["ou-1"])
    assert [(each["region"], each["ended_at"], len(each["left"])) for each in content["inventory"]] == [
        (HOME, None, 18)
    ]
    _, unknown = asked(shown, "/status/tags", arn="arn:aws:s3:::nobody-knows")
    assert (unknown["tags"], unknown["account"], unknown["inventory"]) == (None, None, [])
    assert [asked(shown, "/status/tags", arn="payments")[0], asked(shown, "/status/tags")[0]] == [400, 400]
    assert asked(shown, "/status")[1]["inventory"]["found"] == {"RDS instance": 1}
    assert len(asked(shown, f"/status/accounts/{PAYMENTS}")[1]["inventory"]) == 1


def test_of_a_resource_in_no_tier_it_is_said_what_is_open_about_it(shown: Functions, ledger_table: LedgerTable) -> None:
    at, other = shown.now(), f"{RESOURCE}-2"
    alert = Alert(
        kind=AlertKind.RESOURCE_NOT_TAGGED, subject=other, account=PAYMENTS, region=HOME, reason="it has no tag"
    )
    state = AlertState(alert=alert, status=AlertStatus.OPEN, version=1, opened_at=at, last_seen_at=at)
    LedgerAlerts(ledger_table).keep(told(state), was=None)
    status, content = asked(shown, "/status/resource", arn=other)
    assert (status, content["error"].partition("; ")[2]) == (404, "an alert is open: it has no tag")


def test_an_open_alert_and_a_name_come_from_the_ledger(shown: Functions, ledger_table: LedgerTable) -> None:
    verdict = AccountVerdict(account=PAYMENTS, state=AccountState.READY, reason="it has all", name="payments-prod")
    LedgerAccounts(ledger_table).record(verdict, not_ready_since=None, now=shown.now())
    alert = Alert(kind=AlertKind.COPY_FAILED, subject=SOURCE, account=PAYMENTS, region=HOME, reason="it broke")
    at = shown.now()
    state = AlertState(alert=alert, status=AlertStatus.OPEN, version=1, opened_at=at, last_seen_at=at)
    LedgerAlerts(ledger_table).keep(told(replace(state, alert=replace(alert, resource=RESOURCE))), was=None)
    _, resource = asked(shown, "/status/resource", arn=RESOURCE)
    assert [(each["kind"], each["resource"]) for each in resource["alerts"]] == [("copy-failed", RESOURCE)]
    assert resource["resource"]["account_name"] == "payments-prod"
    assert len(asked(shown, "/status")[1]["alerts"]) == 1


def test_an_account_is_asked_for_by_its_name(shown: Functions, ledger_table: LedgerTable, dynamodb: Any) -> None:
    verdict = AccountVerdict(account=PAYMENTS, state=AccountState.READY, reason="it has all", name="payments-prod")
    LedgerAccounts(ledger_table).record(verdict, not_ready_since=None, now=shown.now())
    views = LedgerViews(LedgerViewTable(dynamodb, VIEWS))
    needs = StatusRollUpNeeds(intent=shown.world.intent, ledger=LedgerReading(ledger_table), views=views)
    recount(needs=needs, now=shown.now())
    status, content = asked(shown, "/status/accounts", name="Pay")
    assert (status, [each["account"] for each in content["accounts"]]) == (200, [PAYMENTS])
    assert asked(shown, "/status/accounts", name="pays")[1] == {"accounts": []}
    assert asked(shown, "/status/accounts")[0] == 400


def test_lists_are_read_page_by_page(shown: Functions) -> None:
    status, content = asked(shown, f"/status/accounts/{PAYMENTS}")
    assert (status, [each["resource"] for each in content["resources"]], content["next"]) == (200, [RESOURCE], "")
    assert asked(shown, f"/status/accounts/{PAYMENTS}", after=f"5#{RESOURCE}")[1]["resources"] == []
    assert asked(shown, "/status/unit", name="Production") == (200, {"unit": "Production", "accounts": [], "next": ""})
    assert asked(shown, "/status/accounts/payments")[0] == 400
    assert [each["protected"] for each in asked(shown, "/status/days")[1]["days"]] == [1]


@pytest.mark.parametrize("path", ROUTES)
def test_nobody_is_shown_anything_without_a_login_that_is_known(functions: Functions, path: str) -> None:
    assert asked(functions, path, person="")[0] == 401
    assert asked(functions, path, person="mallory")[0] == 403


def test_what_was_set_on_a_resource_is_shown_with_what_comes_back_of_it(
    shown: Functions, ledger_table: LedgerTable
) -> None:
    table = f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders"
    read = {"tags": [{"name": "a", "value": "b"}], "time to live": {"AttributeName": "ends"}}
    note = make_note(table, read=read, unread={"policy": "denied"})
    LedgerSettings(ledger_table).keep(KeptNote(note=note, since=shown.now(), read_at=shown.now()), was=None)
    status, content = asked(shown, "/status/settings", arn=table)
    at = shown.now().isoformat()
    assert (status, content["settings"]) == (
        200,
        {
            "resource": table,
            "since": at,
            "read_at": at,
            "settings": [
                {"what": "tags", "comes_back": "done", "step": "", "value": read["tags"]},
                {"what": "time to live", "comes_back": "asked", "step": "time-to-live", "value": read["time to live"]},
            ],
            "unread": [{"what": "policy", "reason": "denied"}],
            "left_out": [],
        },
    )
    said = f"nobody has noted what is set on {table}-2: that is read when a copy of it was verified"
    assert asked(shown, "/status/settings", arn=f"{table}-2") == (404, {"error": said})
    assert asked(shown, "/status/settings", arn="payments")[0] == 400
