"""The function that takes proofs, where they are made by a login on the page."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from strongroom.domain.evidence.object_keys import proof_key
from tests.builders.proving.signing import ORIGIN
from tests.fakes.ceremony import Functions
from tests.fakes.control_plane import load_handler

OURS = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    """Somebody's browser at the page: it keeps its cookies."""

    functions: Functions
    cookie: str = ""

    def send(self, method: str, path: str, *, body: str | None = None, query: Any = None, **headers: str) -> Any:
        sent = {"Cookie": self.cookie, "Accept": "text/html"} | headers
        event = self.functions.http(method, path, resource=path, body=body, queryStringParameters=query, headers=sent)
        answer = load_handler("take_proof")(event, None)
        if given := answer["headers"].get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return answer

    def begin(self, request: str, decision: str = "approve", *, headers: Any = None, **changes: str) -> Any:
        view = self.functions.world.asking.drafts.read(request).view
        body = json.dumps({"request": request, "decision": decision, "view": view} | changes)
        return self.send("POST", "/logins", body=body, **(OURS if headers is None else headers))

    def come_back(self, back: dict[str, str]) -> Any:
        return self.send("GET", "/logins/callback", query=back)

    def confirm(self, back: dict[str, str], *, headers: Any = None) -> Any:
        sent = OURS if headers is None else headers
        return self.send("POST", "/logins/confirmation", body=urlencode(back), **sent)

    def log_in(self, request: str, person: str = "maria", **claims: Any) -> dict[str, str]:
        address = json.loads(self.begin(request)["body"])["address"]
        return self.functions.issuer.log_in(address, f"idp|{person}", now=self.functions.world.now, **claims)


def test_an_approval_by_a_login_is_kept_in_the_evidence_and_leads_back_to_the_page(functions: Functions) -> None:
    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    page = browser.come_back(back)
    assert (page["statusCode"], page["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "You approve: payments-db becomes payments-db-0200" in page["body"]
    assert functions.world.kept(request).proofs == ()
    answer = browser.confirm(back)
    location, _, digest = answer["headers"]["Location"].partition("#signed=")
    assert (answer["statusCode"], f"/approvals/{request}?view=" in location) == (303, True)
    assert proof_key(request, digest) in functions.world.shelf.kept
    assert functions.log.hinted == [request]


@pytest.mark.parametrize(
    "headers",
    [{}, OURS | {"Origin": "https://evil.example"}, OURS | {"Sec-Fetch-Site": "cross-site"}],
    ids=["none", "another origin", "from another site"],
)
def test_x05_no_other_page_begins_a_login_or_confirms_one(headers: dict[str, str], functions: Functions) -> None:
    request, browser = functions.world.open(), Browser(functions)
    began = browser.begin(request, headers=headers)
    assert (began["statusCode"], "Set-Cookie" in began["headers"]) == (403, False)
    back = browser.log_in(request)
    assert browser.confirm(back, headers=headers)["statusCode"] == 403
    assert (functions.issuer.forms, functions.world.kept(request).proofs) == ([], ())


def test_x05_attack_29_a_relayed_login_ends_in_the_browser_in_which_it_began_or_nowhere(functions: Functions) -> None:
    request, mallory, maria = functions.world.open(), Browser(functions), Browser(functions)
    back = mallory.log_in(request)
    for answer in (maria.come_back(back), maria.confirm(back)):
        assert answer["statusCode"] == 401
        assert "tell security" in answer["body"]
    assert (functions.issuer.forms, functions.world.kept(request).proofs) == ([], ())


def test_attack_07_whatever_fetches_the_way_back_in_advance_uses_nothing_up(functions: Functions) -> None:
    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    for _ in range(3):
        assert browser.come_back(back)["statusCode"] == 200
    assert functions.issuer.forms == []
    assert browser.confirm(back)["statusCode"] == 303


def test_a_double_click_leads_to_the_page_and_signs_once(functions: Functions) -> None:
    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    first, second = browser.confirm(back), browser.confirm(back)
    assert (first["statusCode"], second["statusCode"]) == (303, 303)
    assert "#" not in second["headers"]["Location"]
    assert len(functions.world.kept(request).proofs) == 1


def test_what_does_not_count_is_a_page_that_says_why_and_leads_back(functions: Functions) -> None:
    request, browser = functions.world.open(), Browser(functions)
    answer = browser.confirm(browser.log_in(request, amr=["pwd"]))
    assert answer["statusCode"] == 409
    assert "It does not count" in answer["body"]
    assert "The login was not as strong as the rules demand, by amr." in answer["body"]
    assert f"/approvals/{request}?view=" in answer["body"]


def test_somebody_who_gave_up_at_the_provider_is_told_that_nothing_was_signed(functions: Functions) -> None:
    request, browser = functions.world.open(), Browser(functions)
    state = browser.log_in(request)["state"]
    answer = browser.come_back({"error": "access_denied", "state": state})
    assert (answer["statusCode"], "nothing was signed" in answer["body"]) == (401, True)


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_answer_by_form_post_is_not_taken(method: str, functions: Functions) -> None:
    """It would come from another site, without the cookie."""
    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    assert browser.send(method, "/logins/callback", body=urlencode(back))["statusCode"] == 405
    assert functions.world.kept(request).proofs == ()


@pytest.mark.parametrize(
    "changes", [{"decision": "request"}, {"number": "123"}, {"more": "x"}, {"view": "x" * 201}], ids=str
)
def test_what_is_no_login_is_400(changes: dict[str, str], functions: Functions) -> None:
    assert Browser(functions).begin(functions.world.open(), **changes)["statusCode"] == 400


def test_a_provider_that_is_away_signs_nothing_and_says_so(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from strongroom.adapters.identity.oidc import Web
    from strongroom.domain.errors import TemporarilyUnavailableError

    def away(*_: Any) -> Any:
        raise TemporarilyUnavailableError("the identity provider cannot be reached")

    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    monkeypatch.setattr(Web, "post", away)
    answer = browser.confirm(back)
    assert (answer["statusCode"], "Error" in answer["body"]) == (503, False)
    assert functions.world.kept(request).proofs == ()


def test_no_secret_of_a_login_reaches_the_log(functions: Functions, capsys: pytest.CaptureFixture[str]) -> None:
    request, browser = functions.world.open(), Browser(functions)
    back = browser.log_in(request)
    browser.come_back(back)
    browser.confirm(back)
    said = capsys.readouterr()
    for secret in (browser.cookie.partition("=")[2], back["code"], back["state"], "hush"):
        assert secret not in said.out + said.err
