"""The function behind GET /alerts, POST /alerts/{fingerprint}/acknowledgement, and the links that alerts come with."""

from collections.abc import Iterator
from copy import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from strongroom.adapters.aws import secrets
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.telling.alerts import LedgerAlerts
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.intent.model import Alerts, Intent
from strongroom.runtime.platform import current_platform
from strongroom.services.alerts.tell_alerts import AlertNotifier
from strongroom.wiring.alerts.telling import alert_notifier
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import NOW, a_proving_intent
from tests.conftest import FakeClients
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.ceremony import CEREMONY, Functions
from tests.fakes.control_plane import load_handler
from tests.fakes.evidence.bucket import LOG
from tests.fakes.restores.world import MACHINE

pytestmark = pytest.mark.usefixtures("platform_environment")

LIST, MARK = "GET /alerts", "POST /alerts/{fingerprint}/acknowledgement"
ALERT = Alert(kind=AlertKind.COPY_MISSING, subject="arn:db", account=PAYMENTS, region=HOME, reason="nothing arrived")


@pytest.fixture
def functions(
    dynamodb: Any, intent: Intent, fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Functions]:
    """The deployed functions of people who sign by passkeys."""
    monkeypatch.setenv("STRONGROOM_CEREMONY", CEREMONY)
    monkeypatch.setenv("STRONGROOM_RESTORE_MACHINE", MACHINE)
    secrets.forget()
    yield Functions(dynamodb, replace(a_proving_intent(intent), evidence=LOG), fake_clients, monkeypatch)
    secrets.forget()


@pytest.fixture(autouse=True)
def opened(ledger_table: LedgerTable) -> None:
    elsewhere = FakeAlerts()
    alerts = AlertNotifier(book=LedgerAlerts(ledger_table), announcer=elsewhere, publisher=elsewhere)
    alerts.complain(ALERT, now=NOW)


def test_what_is_open_is_listed_and_marked_by_whoever_is_logged_in(functions: Functions) -> None:
    status, content = functions.ask("acknowledge_alert", LIST, person="ada")
    [listed] = content["alerts"]
    assert (status, listed["fingerprint"], listed["acknowledged_by"]) == (200, ALERT.fingerprint, "")
    seen = {"version": listed["version"]}
    status, marked = functions.ask("acknowledge_alert", MARK, seen, person="ada", fingerprint=ALERT.fingerprint)
    assert (status, marked["acknowledged_by"]) == (200, "ada")


@pytest.mark.parametrize(
    ("body", "fingerprint", "status"),
    [
        ({"version": 9}, ALERT.fingerprint, 409),
        ({"version": 0}, ALERT.fingerprint, 400),
        ({}, ALERT.fingerprint, 400),
        ({"version": 1, "by": "sana"}, ALERT.fingerprint, 400),
        ({"version": 1}, "0" * 32, 404),
        ({"version": 1}, "STATE", 400),
    ],
)
def test_what_nobody_saw_is_not_marked(
    functions: Functions, body: dict[str, object], fingerprint: str, status: int
) -> None:
    assert functions.ask("acknowledge_alert", MARK, body, person="ada", fingerprint=fingerprint)[0] == status


def test_nothing_is_shown_or_marked_for_whoever_is_not_known(functions: Functions) -> None:
    assert functions.ask("acknowledge_alert", LIST)[0] == 401
    said = {"version": 1}
    assert functions.ask("acknowledge_alert", MARK, said, fingerprint=ALERT.fingerprint)[0] == 401


MISSED = Alert(
    kind=AlertKind.BACKUP_MISSING, subject="arn:<b>", account=PAYMENTS, region=HOME, reason="nothing <b>ran</b>"
)


class Mail:
    """An alert that was told by the topic, with its link, to somebody who has a browser and no login."""

    def __init__(self, functions: Functions) -> None:
        self.functions = functions
        functions.deploy(replace(functions.world.intent, alerts=Alerts(api_url="https://api.example.com/v1")))
        alert_notifier(current_platform()).complain(MISSED, version=1, now=functions.world.now)
        [told] = functions.post.announced
        address = urlsplit(told["link"])
        self.path, self.query = address.path.removeprefix("/v1"), dict(parse_qsl(address.query))

    def open(self, method: str = "GET", *, twice: str = "", **changed: str) -> tuple[int, str, dict[str, str]]:
        """The status, the page and its headers; `twice` is a parameter that comes two times."""
        query = self.query | changed
        values = {name: [value] * (1 + (name == twice)) for name, value in query.items()}
        event = self.functions.http(
            method,
            self.path,
            headers={"Accept": "text/html,*/*"},
            pathParameters={"fingerprint": MISSED.fingerprint},
            queryStringParameters=query,
            multiValueQueryStringParameters=values,
        )
        answer = load_handler("acknowledge_alert")(event, None)
        return answer["statusCode"], answer["body"], answer["headers"]

    @property
    def marks(self) -> list[str]:
        """Who looks after it, as the list of what is open says."""
        _, content = self.functions.ask("acknowledge_alert", LIST, person="ada")
        return [each["acknowledged_by"] for each in content["alerts"] if each["kind"] == MISSED.kind]


@pytest.fixture
def mail(functions: Functions) -> Mail:
    return Mail(functions)


def test_a_scanner_that_follows_the_link_sees_the_alert_and_marks_nothing(mail: Mail) -> None:
    for _ in range(2):
        status, page, _ = mail.open()
        assert status == 200
        assert "nothing &lt;b&gt;ran&lt;/b&gt;" in page
        assert '<form id="looking-after" method="post">' in page
    assert mail.marks == [""]


def test_a_person_who_presses_the_button_looks_after_it(mail: Mail) -> None:
    for _ in range(2):
        status, page, _ = mail.open("POST")
        assert (status, mail.marks) == (200, ["whoever holds the link"])
        assert "Whoever holds the link looks after it, since 20" in page
    assert "<form" not in mail.open()[1]


def test_the_page_runs_nothing_is_kept_nowhere_and_tells_nobody_its_address(mail: Mail) -> None:
    answers = [mail.open(), mail.open("POST"), mail.open(mac="0" * 64)]
    for _, page, headers in answers:
        assert "<script" not in page
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        )
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        assert headers["Content-Type"].startswith("text/html")
        assert mail.query["mac"] not in page


def test_a_link_to_what_has_changed_shows_what_it_is_now_and_marks_nothing(mail: Mail) -> None:
    worse = replace(MISSED, reason="the second one is missing, too")
    alert_notifier(current_platform()).complain(worse, version=2, now=mail.functions.world.now)
    for method, status, said in (("GET", 200, "This link marks nothing"), ("POST", 409, "Nothing was marked")):
        answered, page, _ = mail.open(method)
        assert (answered, mail.marks) == (status, [""])
        assert f"{said}: the alert has changed since you saw it" in page
        assert "<dd>the second one is missing, too</dd>" in page
        assert "<form" not in page


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"mac": "0" * 64}, 403, "This link is none of ours"),
        ({"version": "2"}, 403, "This link is none of ours"),
        ({"mac": ""}, 400, "take the whole link from the message"),
        ({"twice": "version"}, 400, "The address has a parameter twice"),
        ({"twice": "mac"}, 400, "The address has a parameter twice"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_no_link_of_ours_shows_and_marks_nothing(
    mail: Mail, method: str, changed: dict[str, str], status: int, said: str
) -> None:
    answered, page, _ = mail.open(method, **changed)
    assert (answered, mail.marks) == (status, [""])
    assert said in page
    assert "nothing &lt;b&gt;ran" not in page


def test_a_link_of_last_week_says_so_and_marks_nothing(mail: Mail) -> None:
    mail.functions.world.now += timedelta(days=7)
    for method in ("GET", "POST"):
        status, page, _ = mail.open(method)
        assert (status, mail.marks) == (403, [""])
        assert "This link was good until" in page


def test_where_the_intent_does_not_say_where_the_api_is_there_is_no_link(functions: Functions) -> None:
    alert_notifier(current_platform()).complain(MISSED, version=1, now=functions.world.now)
    [told] = functions.post.announced
    assert "link" not in told
