"""Somebody who took no part in an urgent restore says on a telephone what they found, and signs it."""

from collections.abc import Callable, Iterator

import pytest

from strongroom.domain.proofs.reviews import read_review_statement
from tests.browser.ceremony import VIEW, Ceremony, in_seconds
from tests.browser.chromium import Chromium, Page
from tests.browser.conftest import Visits
from tests.browser.server import STAGE, ApprovalServer
from tests.builders.proving.approvals import ADA, MARIA, OMAR, REQUEST_ID, SANA, a_policy, a_request_text

type Look = Callable[[str], Page]


def end_urgently(site: ApprovalServer) -> Ceremony:
    """Let the site's request be an urgent one that has ended; Sana and Ada review."""
    groups = {"approvers": [MARIA], "oncall": [OMAR], "review:security": [SANA, ADA]}
    policy = a_policy(groups=groups, ticket="none")
    text = a_request_text(now=in_seconds(0), policy=policy, ticket=None, incident="INC-77")
    site.ceremony = Ceremony(text=text, origin=site.origin, opening="signed")
    site.ceremony.end(created="payments-db-0200")
    return site.ceremony


def address(site: ApprovalServer) -> str:
    """Where the request is reviewed."""
    return f"{site.origin}{STAGE}/reviews/{REQUEST_ID}?view={VIEW}"


@pytest.fixture
def look(browser: Chromium, site: ApprovalServer) -> Iterator[Look]:
    """Open the page of the ended request on somebody's telephone."""
    end_urgently(site)
    opened: list[Page] = []

    def opening(subject: str) -> Page:
        page = browser.page(width=390)
        opened.append(page)
        Visits.give_passkey(page, subject)
        page.open(address(site))
        page.wait_for("asked for it: payments-db became payments-db-0200")
        return page

    yield opening
    for page in opened:
        page.close()


@pytest.mark.parametrize(
    ("finding", "said"), [("in-order", "You found it in order"), ("misuse", "You found it misuse")]
)
def test_x12_what_a_reviewer_found_is_signed_and_counts(
    finding: str, said: str, look: Look, site: ApprovalServer
) -> None:
    page = look(SANA)
    assert "INC-77" in page.text()
    page.click(f"#{finding}")
    page.wait_for(said)
    [posted] = site.ceremony.posted
    review = read_review_statement(posted["statement"])
    assert (review.finding, review.request, review.request_digest) == (finding, REQUEST_ID, site.ceremony.asked.digest)
    assert page.faults() == []
    assert page.run("document.scrollingElement.scrollWidth") <= 390


def test_x12_who_is_no_reviewer_has_no_passkey_that_counts(look: Look, site: ApprovalServer) -> None:
    page = look(MARIA)
    page.click("#in-order")
    page.wait_for("has none of the passkeys that count here")
    assert site.ceremony.posted == []


@pytest.mark.parametrize("lie", [{"finding": "misuse"}, {"closed": "0" * 64}], ids=["another finding", "another end"])
def test_attack_29_a_statement_that_says_something_else_is_not_signed(
    lie: dict[str, str], look: Look, site: ApprovalServer
) -> None:
    site.ceremony.lies |= lie
    page = look(SANA)
    page.click("#in-order")
    page.wait_for("The statement to be signed is not what this page shows")
    assert site.ceremony.posted == []
