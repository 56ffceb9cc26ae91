"""A governor signs on the page that rules may become looser: this change, and nothing else that a link asks for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.passkeys import why_not_signed
from strongroom.domain.proofs.proof import Assertion, signed_of
from strongroom.domain.rulebook.changes import ChangeStatement, make_change
from strongroom.domain.written import base64url
from tests.browser.chromium import Chromium, Page
from tests.browser.conftest import Visits
from tests.browser.server import STAGE, ApprovalServer
from tests.builders.proving.approvals import MARIA, a_passkey


def a_change(*, left: timedelta = timedelta(days=7)) -> ChangeStatement:
    now = datetime.now(UTC).replace(microsecond=0)
    return make_change(before="old", after="new", nonce="A" * 22, issued_at=now, expires_at=now + left)


def told(change: ChangeStatement, **changes: Any) -> str:
    """What stands behind the page's address."""
    content = {"passkeys": [a_passkey(MARIA).id], "statement": change.text} | changes
    return f"#{base64url(canonical_text(content).encode())}"


@pytest.fixture
def page(browser: Chromium) -> Iterator[Page]:
    """A page on Maria's device."""
    page = browser.page()
    Visits.give_passkey(page, MARIA)
    yield page
    page.close()


def look(page: Page, site: ApprovalServer, behind: str) -> None:
    page.open(f"{site.origin}{STAGE}/rules{behind}")
    page.wait_for("Agree to looser rules")


def test_x_09_a_governor_signs_the_change_that_the_terminal_shows(page: Page, site: ApprovalServer) -> None:
    change = a_change()
    look(page, site, told(change))
    page.wait("document.querySelector('#until').textContent !== ''")
    shown = page.run("document.querySelector('#before').textContent + document.querySelector('#after').textContent")
    assert shown.replace(" ", "") == change.before[:12] + change.after[:12]
    page.click("#sign")
    page.wait_for("Put this line where the terminal waits")
    signed = signed_of({"passkey": json.loads(page.run("document.querySelector('#line').textContent"))})
    assert isinstance(signed, Assertion)
    refusal = why_not_signed(
        signed,
        statement=change.text,
        passkey=a_passkey(MARIA),
        rp_id="localhost",
        origins=(site.origin,),
        device_bound=True,
        signatures=CryptographySignatures(),
    )
    assert (refusal, page.faults()) == ("", [])


def test_the_page_sends_nothing_of_it(page: Page, site: ApprovalServer) -> None:
    look(page, site, told(a_change()))
    page.wait("document.querySelector('#until').textContent !== ''")
    page.click("#sign")
    page.wait_for("Put this line where the terminal waits")
    sent = [told["request"] for method, told in page.heard if method == "Network.requestWillBeSent"]
    assert sent
    assert all(each["method"] == "GET" and each["url"].startswith(f"{site.origin}{STAGE}/rules") for each in sent)


RESTORE = canonical_text(
    {
        "decision": "approve",
        "expires_at": "2099-01-01T00:00:00Z",
        "format": "strongroom-approval/1",
        "issued_at": "2026-11-26T14:00:00Z",
        "nonce": "A" * 22,
        "policy": "0" * 64,
        "request": "r-abcdefgh2345",
        "request_digest": "0" * 64,
    }
)


@pytest.mark.parametrize(
    ("behind", "why"),
    [
        ("", "it is not base64url"),
        ("#e30", "Run `strongroom rules sign` again"),
        (told(a_change(), statement=RESTORE), "it is no statement about rules"),
        (told(a_change(), statement=a_change().text.replace('"nonce"', '"nonces"')), "it is no statement about rules"),
        (told(a_change(left=timedelta(seconds=-1))), "it has run out"),
    ],
    ids=["nothing", "no statement", "a statement about a restore", "with another part", "one that has run out"],
)
def test_a_link_that_asks_for_something_else_signs_nothing(
    behind: str, why: str, page: Page, site: ApprovalServer
) -> None:
    look(page, site, behind)
    page.wait_for(why)
    assert page.run("document.querySelector('#sign').disabled") is True
