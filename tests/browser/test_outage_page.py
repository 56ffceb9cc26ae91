"""People sign on the page what was restored while the control plane was away: this report, and nothing else."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import canonical_text
from strongroom.domain.evidence.outages import OutagePart, OutageStatement, make_outage_statement
from strongroom.domain.proofs.passkeys import why_not_signed
from strongroom.domain.proofs.proof import Assertion, signed_of
from strongroom.domain.written import base64url
from tests.browser.chromium import Chromium, Page
from tests.browser.conftest import Visits
from tests.browser.server import STAGE, ApprovalServer
from tests.builders.proving.approvals import MARIA, a_passkey
from tests.builders.proving.outages import NONCE, an_outage_report

REPORT = an_outage_report(reason="all was away, from Köln\u202e")


def a_statement(part: OutagePart = OutagePart.MADE) -> OutageStatement:
    now = datetime.now(UTC).replace(microsecond=0)
    return make_outage_statement(REPORT, part, nonce=NONCE, issued_at=now)


def told(asked: OutageStatement, **changes: Any) -> str:
    """What stands behind the page's address."""
    content = {"passkeys": [a_passkey(MARIA).id], "report": REPORT.text, "statement": asked.text} | changes
    return f"#{base64url(canonical_text(content).encode())}"


@pytest.fixture
def page(browser: Chromium) -> Iterator[Page]:
    """A page on Maria's device."""
    page = browser.page(width=390)
    Visits.give_passkey(page, MARIA)
    yield page
    page.close()


def look(page: Page, site: ApprovalServer, behind: str) -> None:
    page.open(f"{site.origin}{STAGE}/outages{behind}")
    page.wait_for("Account for an outage")


@pytest.mark.parametrize(
    ("part", "said"),
    [(OutagePart.MADE, "You sign that you made this restore"), (OutagePart.REVIEWED, "you took no part in this")],
)
def test_attack_25_what_is_shown_is_signed(part: OutagePart, said: str, page: Page, site: ApprovalServer) -> None:
    statement = a_statement(part)
    look(page, site, told(statement))
    page.wait_for(said)
    shown = page.run("document.querySelector('.lead').textContent")
    for fact in (REPORT.account, REPORT.job, REPORT.recovery_point, REPORT.role, REPORT.user, "from Köln⟨U+202E⟩"):
        assert fact in shown
    assert page.run("document.querySelector('#mark').textContent").replace(" ", "") == REPORT.digest[:12]
    page.click("#sign")
    page.wait_for("Put this line where the terminal waits")
    signed = signed_of({"passkey": json.loads(page.run("document.querySelector('#line').textContent"))})
    assert isinstance(signed, Assertion)
    refusal = why_not_signed(
        signed,
        statement=statement.text,
        passkey=a_passkey(MARIA),
        rp_id="localhost",
        origins=(site.origin,),
        device_bound=True,
        signatures=CryptographySignatures(),
    )
    assert (refusal, page.faults()) == ("", [])
    assert page.run("document.scrollingElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    ("behind", "why"),
    [
        ("", "it is not base64url"),
        ("#e30", "Run `strongroom evidence explain` again"),
        (told(a_statement(), report=an_outage_report().text), "it is about another report"),
        (
            told(a_statement(), statement=a_statement().text.replace('"made"', '"seen"')),
            "it says nothing that is known",
        ),
        (
            told(a_statement(), statement=a_statement().text.replace("outage/1", "approval/1")),
            "it is no statement about an outage",
        ),
    ],
    ids=["nothing", "no statement", "another report", "another part", "a vote"],
)
def test_a_link_that_asks_for_something_else_signs_nothing(
    behind: str, why: str, page: Page, site: ApprovalServer
) -> None:
    look(page, site, behind)
    page.wait_for(why)
    assert page.run("document.querySelector('#sign').disabled") is True
