"""Somebody without a passkey signs by a fresh login, in a real browser, and nobody does it for them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.proofs.statements import Decision
from strongroom.domain.restores.drafts import Link
from tests.browser.accessibility import AXE, violations
from tests.browser.chromium import Page
from tests.browser.logins.site import LoginSite
from tests.browser.server import STAGE
from tests.conftest import LEDGER, ROOT

PICTURES = ROOT / "build/approval-page"
type Browse = Callable[..., Page]
type LinkOf = Callable[..., str]


def sign_in(page: Page, decision: Decision = Decision.APPROVE) -> None:
    """Begin the login, as far as the question."""
    page.click(f"[data-login={decision}]")
    page.wait_for("Nothing is signed yet.")


def proofs(site: LoginSite, request: str) -> tuple[str, ...]:
    return site.functions.world.kept(request).proofs


def untouched(site: LoginSite, request: str) -> bool:
    """Nothing was signed, and no code was exchanged."""
    return proofs(site, request) == () and site.functions.issuer.forms == []


def logins(site: LoginSite) -> list[str]:
    """The logins that began."""
    items = site.functions.clients.own["dynamodb"].scan(TableName=LEDGER)["Items"]
    return [item["pk"]["S"] for item in items if item["sk"]["S"] == "LOGIN"]


def test_an_approval_by_a_login_on_a_phone_is_shown_asked_once_more_and_recorded(
    browse: Browse, site: LoginSite, link: LinkOf
) -> None:
    request = site.functions.world.open()
    page = browse(link(request, by=Link.CHAT))
    page.wait("document.querySelector('#number-row')?.hidden === false")
    number = site.functions.world.asking.drafts.read(request).number
    page.run("document.querySelector('#number').focus()")
    page.send("Input.insertText", text=number)
    page.wait_for("It is the number.")
    assert violations(page) == [] if AXE.is_file() else True
    assert page.run("document.scrollingElement.scrollWidth") <= 390
    page.screenshot(PICTURES / "login-offered.png")
    sign_in(page)
    assert "You approve: payments-db becomes payments-db-0200" in page.text()
    assert page.run("document.scrollingElement.scrollWidth") <= 390
    assert violations(page) == [] if AXE.is_file() else True
    page.screenshot(PICTURES / "login-confirmed.png")
    assert untouched(site, request)
    page.click("#confirm")
    page.wait_for("Recorded: the log of the audit account has it")
    page.wait_for("Approved: the restore is about to begin")
    page.screenshot(PICTURES / "login-recorded.png")
    [proof] = proofs(site, request)
    assert read_proof(proof).statement.decision is Decision.APPROVE
    assert "#signed" not in page.run("location.href")
    assert page.faults() == []


def test_a_refusal_by_a_login_stops_the_request(browse: Browse, site: LoginSite, link: LinkOf) -> None:
    request = site.functions.world.open()
    page = browse(link(request))
    sign_in(page, Decision.DENY)
    page.click("#confirm")
    page.wait_for("Recorded: the log of the audit account has it")
    page.wait_for("Refused")
    assert page.run("document.querySelectorAll('#logins button').length") == 0


def test_a_login_that_does_not_count_says_why_and_leads_back(browse: Browse, site: LoginSite, link: LinkOf) -> None:
    request, site.person = site.functions.world.open(), "piet"
    page = browse(link(request))
    sign_in(page)
    page.click("#confirm")
    page.wait_for("It does not count")
    assert proofs(site, request) == ()
    page.run("document.querySelector('main a').click()")
    page.wait_for("A restore waits for your decision")


def test_x05_attack_29_a_relayed_way_back_signs_nothing_in_another_browser(
    browse: Browse, site: LoginSite, link: LinkOf
) -> None:
    """Mallory begins a login, and has Maria make it: she has no cookie, he has no login."""
    request = site.functions.world.open()
    mallory = browse(link(request))
    sign_in(mallory)
    maria = browse(site.backs[-1])
    maria.wait_for("This login signs nothing")
    assert "tell security" in maria.text()
    assert maria.run("document.querySelectorAll('form, button').length") == 0
    assert untouched(site, request)


def test_attack_07_what_fetches_the_way_back_in_advance_changes_nothing(
    browse: Browse, site: LoginSite, link: LinkOf
) -> None:
    request = site.functions.world.open()
    page = browse(link(request))
    sign_in(page)
    fetched = page.run(f"fetch({json.dumps(site.backs[-1])}, {{credentials: 'include'}}).then((told) => told.status)")
    assert (fetched, untouched(site, request)) == (200, True)
    page.click("#confirm")
    page.wait_for("Recorded: the log of the audit account has it")
    assert len(proofs(site, request)) == 1


def test_a_double_click_on_the_last_question_signs_once(browse: Browse, site: LoginSite, link: LinkOf) -> None:
    request = site.functions.world.open()
    page = browse(link(request))
    sign_in(page)
    page.wait("document.readyState === 'complete'")  # from then on a button that was pressed is dead
    page.click("#confirm", times=2)
    page.wait_for("Recorded: the log of the audit account has it")
    assert (len(proofs(site, request)), len(site.functions.issuer.forms)) == (1, 1)


def test_an_answer_by_form_post_has_lost_the_cookie_and_signs_nothing(
    browse: Browse, site: LoginSite, link: LinkOf
) -> None:
    request, site.mode = site.functions.world.open(), "form_post"
    page = browse(link(request))
    page.click("[data-login=approve]")
    page.wait("location.pathname.endsWith('/logins/callback')")
    page.wait_for("this path takes GET only")
    assert untouched(site, request)


_BEGIN = "fetch({}, {{method: 'POST', mode: 'no-cors', credentials: 'include', body: {}}}).then(() => 'sent')"
_CONFIRM = (
    "<!doctype html><title>Strange</title><form method=post action='{}'>"
    "<input name=code value=c><input name=state value=s></form>"
)


def test_x05_another_site_neither_begins_a_login_nor_confirms_one(
    browse: Browse, site: LoginSite, link: LinkOf
) -> None:
    request = site.functions.world.open()
    page = browse(link(request))
    sign_in(page)
    begun = logins(site)
    address = f"{site.origin}{STAGE}/logins"
    site.strange = _CONFIRM.format(f"{address}/confirmation")
    page.open(site.evil)
    page.wait("document.title === 'Strange'")
    view = link(request).rpartition("=")[2]
    body = json.dumps({"request": request, "decision": "approve", "view": view})
    assert page.run(_BEGIN.format(json.dumps(address), json.dumps(body))) == "sent"
    assert logins(site) == begun
    page.run("document.forms[0].submit()")
    page.wait_for("This is not allowed")
    assert untouched(site, request)


def test_x05_the_last_question_lies_in_no_frame(browse: Browse, site: LoginSite, link: LinkOf) -> None:
    request = site.functions.world.open()
    page = browse(link(request))
    sign_in(page)
    site.strange = f"<!doctype html><title>Strange</title><iframe src='{site.backs[-1]}'></iframe>"
    page.open(site.evil)
    page.wait("document.title === 'Strange' && document.readyState === 'complete'")
    assert any("frame-ancestors" in fault for fault in page.faults())
    assert untouched(site, request)


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (lambda told, _: told | {"address": told["address"].replace("nonce=", "nonce=x")}, "sign something else"),
        (lambda told, _: told | {"address": f"{told['address']}&nonce=x"}, "sign something else"),
        (lambda told, site: told | {"address": told["address"].replace(site.issuer, site.evil)}, "not to the identity"),
        (lambda told, _: told | {"text": told["text"].replace("payments-db-0200", "payments-db")}, "tell security"),
        (
            lambda told, _: told | {"statement": told["statement"].replace('"deny"', '"approve"')},
            "not what this page shows",
        ),
    ],
    ids=["another nonce", "two nonces", "another place", "another request", "another decision"],
)
def test_nobody_is_sent_away_to_sign_something_else(
    browse: Browse, site: LoginSite, link: LinkOf, lie: Callable[..., Any], said: str
) -> None:
    request, site.lie = site.functions.world.open(), lambda told: lie(told, site)
    page = browse(link(request))
    page.click("[data-login=deny]")
    page.wait_for("Nothing was signed")
    assert said in page.text()
    assert (site.backs, untouched(site, request)) == ([], True)
