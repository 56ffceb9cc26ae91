"""A browser for all of it, a server with a ceremony of its own for each test, and people with their passkeys.

Where there is no Chromium, none of this is collected.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from strongroom.domain.written import bytes_of
from tests.browser import chromium, server
from tests.browser.ceremony import CANDIDATES, VIEW, Ceremony, in_seconds
from tests.browser.chromium import Chromium, Page
from tests.browser.server import STAGE, ApprovalServer
from tests.builders.proving.approvals import REQUEST_ID, a_passkey, a_pkcs8_key, a_request_text

collect_ignore_glob = [] if chromium.PROGRAM else ["test_*.py"]


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests."""
    with chromium.running(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture
def site(platform_environment: None) -> Iterator[ApprovalServer]:
    """The server, whose ceremony is Omar's request, open."""
    with server.serving() as running:
        text = a_request_text(now=in_seconds(0), candidates=CANDIDATES)
        running.ceremony = Ceremony(text=text, origin=running.origin, opening="signed")
        yield running


@dataclass
class Visits:
    """Opens the request's page as somebody."""

    browser: Chromium
    site: ApprovalServer
    opened: list[Page]

    def address(self, *, request_id: str = REQUEST_ID, view: str = VIEW, origin: str = "") -> str:
        """The page's address, as the link has it."""
        return f"{origin or self.site.origin}{STAGE}/approvals/{request_id}?view={view}"

    def __call__(
        self, subject: str, *, rp_id: str = "localhost", verifies: bool = True, address: str = "", **size: Any
    ) -> Page:
        """The page, opened on a device that holds the person's passkey."""
        page = self.browser.page(**size)
        self.opened.append(page)
        self.give_passkey(page, subject, rp_id=rp_id, verifies=verifies)
        page.open(address or self.address())
        page.wait("document.querySelector('#loading')?.hidden === true")
        return page

    @staticmethod
    def give_passkey(page: Page, subject: str, *, rp_id: str = "localhost", verifies: bool = True) -> None:
        """Plug in a device with the person's passkey."""
        credential = {
            "credentialId": base64.b64encode(bytes_of(a_passkey(subject).id, of="id")).decode(),
            "isResidentCredential": False,
            "rpId": rp_id,
            "privateKey": base64.b64encode(a_pkcs8_key(subject)).decode(),
            "signCount": 0,
        }
        page.send(
            "WebAuthn.addCredential", authenticatorId=page.authenticator(verifies=verifies), credential=credential
        )


@pytest.fixture
def visit(browser: Chromium, site: ApprovalServer) -> Iterator[Callable[..., Page]]:
    """Open the page as somebody; all pages are closed afterwards."""
    visits = Visits(browser=browser, site=site, opened=[])
    yield visits
    for page in visits.opened:
        page.close()
