"""Somebody makes a passkey and gets the lines for the intent, which prove by themselves whose it is."""

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text
from strongroom.domain.proofs.passkeys import why_not_signed
from strongroom.domain.proofs.policies import Passkey
from strongroom.domain.proofs.proof import Assertion
from strongroom.domain.written import bytes_of
from tests.browser.chromium import Chromium, Page
from tests.browser.server import STAGE, ApprovalServer
from tests.builders.proving.approvals import MARIA, OMAR
from tests.conftest import ROOT

LABEL = 'the "blue" key: Maria\'s'


@pytest.fixture
def page(browser: Chromium, site: ApprovalServer) -> Iterator[Page]:
    """Maria's page of enrolment, on a device that makes passkeys."""
    page = browser.page()
    page.authenticator()
    page.open(f"{site.origin}{STAGE}/enrol?{urlencode({'subject': MARIA, 'name': 'Maria Lindqvist', 'label': LABEL})}")
    page.wait_for("Maria Lindqvist")
    yield page
    page.close()


def enrolled(page: Page) -> dict[str, Any]:
    """What the page tells to put into the intent."""
    page.click("#make")
    page.wait_for("The passkey is made")
    page.click("#prove")
    page.wait_for("Put this under your name")
    [passkey] = yaml.safe_load(page.run("document.querySelector('#yaml').textContent"))["passkeys"]
    lines: dict[str, Any] = passkey
    return lines


def refusal(lines: dict[str, Any], site: ApprovalServer, *, subject: str = MARIA) -> str:
    """Why the lines do not show that the passkey is this person's."""
    public_key = bytes_of(lines["public_key"], of="public_key")
    statement = canonical_text(
        {
            "credential": lines["id"],
            "format": "strongroom-enrolment/1",
            "public_key_sha256": hashlib.sha256(public_key).hexdigest(),
            "subject": subject,
        }
    )
    return why_not_signed(
        Assertion(credential=lines["id"], **{name: bytes_of(part, of=name) for name, part in lines["proof"].items()}),
        statement=statement,
        passkey=Passkey(id=lines["id"], public_key=public_key, algorithm=lines["algorithm"]),
        rp_id="localhost",
        origins=(site.origin,),
        device_bound=True,
        signatures=CryptographySignatures(),
    )


def test_the_lines_prove_whose_passkey_it_is(page: Page, site: ApprovalServer) -> None:
    lines = enrolled(page)
    page.screenshot(ROOT / "build/approval-page/enrolled.png")
    assert set(lines) == {"id", "public_key", "algorithm", "synced", "label", "proof"}
    assert (lines["algorithm"], lines["synced"], lines["label"]) == ("ES256", False, LABEL)
    assert refusal(lines, site) == ""
    assert page.faults() == []


def test_nobody_else_can_take_the_lines_for_their_own(page: Page, site: ApprovalServer) -> None:
    assert refusal(enrolled(page), site, subject=OMAR) == "the passkey signed something else"


def test_the_page_sends_nothing(page: Page, site: ApprovalServer) -> None:
    enrolled(page)
    sent = [told["request"] for method, told in page.heard if method == "Network.requestWillBeSent"]
    assert sent
    assert all(each["method"] == "GET" and each["url"].startswith(f"{site.origin}{STAGE}/enrol") for each in sent)


def test_a_link_without_a_person_makes_no_passkey(browser: Chromium, site: ApprovalServer) -> None:
    page = browser.page()
    page.open(f"{site.origin}{STAGE}/enrol")
    page.wait_for("This link names nobody.")
    assert page.run("document.querySelector('#make').disabled") is True
    page.close()
