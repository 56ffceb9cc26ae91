"""`strongroom login`: only the redirect that we asked for is believed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from strongroom.adapters.identity.oidc import Web
from strongroom.domain.errors import NotAuthenticatedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom_cli import login
from tests.fakes.issuer import FakeIssuer


@pytest.fixture
def issuer(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> FakeIssuer:
    made = FakeIssuer(ceremony_of(intent).identity_provider)
    monkeypatch.setattr(Web, "get", lambda _, url: made.get(url))
    monkeypatch.setattr(Web, "post", lambda _, url, form: made.post(url, form | {"client_secret": "hush"}))
    monkeypatch.setattr(login, "_WAIT_SECONDS", 2)
    return made


class Browser:
    """Somebody's browser: after the login it sends, in order, what a test wants sent to the loopback."""

    def __init__(self, issuer: FakeIssuer, *sent: str) -> None:
        self._issuer, self._sent = issuer, sent
        self.thread: threading.Thread | None = None

    def show(self, address: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self._issuer.codes["good"] = {"challenge": asked["code_challenge"]}
        root = asked["redirect_uri"].removesuffix("/callback")
        urls = [root + each.replace("STATE", asked["state"]) for each in self._sent]
        self.thread = threading.Thread(target=self._go, args=(urls,))
        self.thread.start()

    def _go(self, urls: list[str]) -> None:
        for url in urls:
            urllib3.request("GET", url, retries=False, timeout=60)


@contextmanager
def _browser(issuer: FakeIssuer, *sent: str) -> Iterator[Browser]:
    browser = Browser(issuer, *sent)
    yield browser
    if browser.thread is not None:
        browser.thread.join()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(("/callback?code=good&state=STATE",), id="the redirect"),
        pytest.param(("/favicon.ico", "/callback?code=good&state=STATE"), id="something else first"),
        pytest.param(
            ("/callback?code=evil&state=forged", "/x?code=evil&state=STATE", "/callback?code=good&state=STATE"),
            id="another site's login first",
        ),
    ],
)
def test_our_own_redirect_logs_in(sent: tuple[str, ...], issuer: FakeIssuer, intent: Intent) -> None:
    with _browser(issuer, *sent) as browser:
        token = login.fetch_token(ceremony_of(intent).identity_provider, show=browser.show)
    assert token.count(".") == 2
    assert [form["code"] for form in issuer.forms] == ["good"]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param("/callback?code=evil&state=forged", id="another site's login"),
        pytest.param("/callback?code=evil", id="no state"),
        pytest.param("/callback?error=access_denied&state=STATE", id="refused"),
    ],
)
def test_nothing_else_does(sent: str, issuer: FakeIssuer, intent: Intent) -> None:
    with _browser(issuer, sent) as browser, pytest.raises(NotAuthenticatedError):
        login.fetch_token(ceremony_of(intent).identity_provider, show=browser.show)
    assert issuer.forms == []


def test_an_answer_without_a_token_is_one_clear_line(
    issuer: FakeIssuer, intent: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: Any = {"access_token": "x"}
    monkeypatch.setattr(Web, "post", lambda *_: answer)
    with (
        _browser(issuer, "/callback?code=good&state=STATE") as browser,
        pytest.raises(NotAuthenticatedError, match="no identity token"),
    ):
        login.fetch_token(ceremony_of(intent).identity_provider, show=browser.show)
