"""Somebody who took a step by hand says so on a telephone, and signs it."""

from collections.abc import Callable, Iterator

import pytest

from strongroom.domain.restores.checklists.stated import read_step_statement
from strongroom.domain.restores.left_off.steps import CALLS, AskedStep
from strongroom.domain.written import moment_text
from tests.browser.ceremony import VIEW, Ceremony, in_seconds
from tests.browser.chromium import Chromium, Page
from tests.browser.conftest import Visits
from tests.browser.server import STAGE, ApprovalServer
from tests.builders.proving.approvals import MARIA, OMAR, REQUEST_ID, SANA, a_policy, a_request_text

type Look = Callable[[str], Page]

TIME_TO_LIVE = CALLS[AskedStep.TIME_TO_LIVE].sentence
DELETES = (
    'DynamoDB deletes items whose "expires" lies in the past, of about 5 that it has, from then on.',
    "Nobody gets back what it deletes but by another restore.",
)
ATTACH, NAME = "Attach it: a volume comes back beside its instance and not in it.", "Let DNS name it."


@pytest.fixture
def look(browser: Chromium, site: ApprovalServer) -> Iterator[Look]:
    """Open the page of a restore with two steps by hand on somebody's telephone."""
    policy = a_policy(groups={"approvers": [MARIA], "oncall": [OMAR], "others": [SANA]})
    text = a_request_text(now=in_seconds(0), policy=policy, steps=[ATTACH, NAME])
    site.ceremony = Ceremony(text=text, origin=site.origin, opening="signed")
    site.ceremony.end(created="payments-db-0200")
    opened: list[Page] = []

    def opening(subject: str) -> Page:
        page = browser.page(width=390)
        opened.append(page)
        Visits.give_passkey(page, subject)
        page.open(f"{site.origin}{STAGE}/checklists/{REQUEST_ID}?view={VIEW}")
        page.wait_for("payments-db becomes payments-db-0200")
        return page

    yield opening
    for page in opened:
        page.close()


def test_a_step_that_was_taken_is_signed_and_leaves_the_list(look: Look, site: ApprovalServer) -> None:
    page = look(OMAR)
    page.click("#done")
    page.wait_for("You signed that it is done")
    [posted] = site.ceremony.posted
    said = read_step_statement(posted["statement"])
    assert (said.step, said.outcome, said.request_digest) == (ATTACH, "done", site.ceremony.asked.digest)
    assert page.run("[...document.querySelectorAll('#step option')].map(o => o.value)") == [NAME]
    assert "done by omar" in page.run("document.querySelector('#stated').innerText")
    assert page.faults() == []
    assert page.run("document.scrollingElement.scrollWidth") <= 390


def test_a_step_is_dismissed_with_a_reason_and_not_without(look: Look, site: ApprovalServer) -> None:
    page = look(MARIA)
    page.click("#dismissed")
    page.wait_for("Say why it will not be done")
    assert site.ceremony.posted == []
    page.run("document.querySelector('#reason').value = 'its instance is gone'")
    page.click("#dismissed")
    page.wait_for("You signed that it is dismissed")
    [posted] = site.ceremony.posted
    assert read_step_statement(posted["statement"]).reason == "its instance is gone"


def test_who_has_no_part_in_such_a_restore_has_no_passkey_that_counts(look: Look, site: ApprovalServer) -> None:
    page = look(SANA)
    page.click("#done")
    page.wait_for("has none of the passkeys that count here")
    assert site.ceremony.posted == []


@pytest.mark.parametrize(
    "lie",
    [{"step": NAME}, {"outcome": "dismissed", "why": "so"}],
    ids=["another step", "another outcome"],
)
def test_attack_29_a_statement_that_says_something_else_is_not_signed(
    lie: dict[str, str], look: Look, site: ApprovalServer
) -> None:
    site.ceremony.lies |= lie
    page = look(OMAR)
    page.click("#done")
    page.wait_for("The statement to be signed is not what this page shows")
    assert site.ceremony.posted == []


@pytest.fixture
def asking(site: ApprovalServer, browser: Chromium) -> Iterator[Page]:
    """The page of a restored table, whose time to live is off."""
    text = a_request_text(now=in_seconds(0), steps=[ATTACH, TIME_TO_LIVE])
    site.ceremony = Ceremony(text=text, origin=site.origin, opening="signed")
    site.ceremony.end(created="payments-db-0200")
    page = browser.page(width=390)
    page.open(f"{site.origin}{STAGE}/checklists/{REQUEST_ID}?view={VIEW}")
    page.wait_for("What deletes or calls out")
    yield page
    page.close()


def test_what_deletes_is_asked_for_by_a_button_and_signed_on_a_page_of_its_own(
    asking: Page, site: ApprovalServer
) -> None:
    asking.click("#ask")
    asking.wait_for("Say why, for those who approve")
    assert site.ceremony.posted == []
    asking.run("document.querySelector('#why').value = 'items must expire'")
    asking.click("#ask")
    asking.wait_for("What you sign is about exactly this")
    [posted] = site.ceremony.posted
    assert posted == {"step": "time-to-live", "reason": "items must expire", "view": VIEW, "requester": OMAR}
    assert asking.faults() == []


def test_attack_29_a_page_elsewhere_is_not_gone_to(asking: Page, site: ApprovalServer) -> None:
    site.ceremony.lies["page"] = "https://evil.example/v1/approvals/r-1"
    asking.run("document.querySelector('#why').value = 'items must expire'")
    asking.click("#ask")
    asking.wait_for("leads to another place than this one")


def test_where_nothing_is_left_to_be_asked_for_nothing_asks(look: Look) -> None:
    assert look(OMAR).run("document.querySelector('#asking').hidden") is True


def test_what_follows_a_restore_is_read_and_signed_as_the_call_that_it_is(
    browser: Chromium, site: ApprovalServer
) -> None:
    table = "arn:aws:dynamodb:eu-west-1:222222222222:table/orders-0200"
    text = a_request_text(
        now=in_seconds(0),
        kind="after",
        call="dynamodb:UpdateTimeToLive",
        of="r-bcdefghj2345",
        of_closed="a" * 64,
        of_restored_at=moment_text(in_seconds(-3600)),
        resource=table,
        resource_type="DynamoDB",
        target_name="orders-0200",
        metadata={"TimeToLiveSpecification": '{"AttributeName":"expires","Enabled":true}'},
        original={"ItemCount": "5"},
        risks=[],
        risk_sentences=[*DELETES],
        ticket=None,
    )
    site.ceremony = Ceremony(text=text, origin=site.origin, opening="signed")
    page = browser.page(width=390)
    Visits.give_passkey(page, MARIA)
    page.open(f"{site.origin}{STAGE}/approvals/{REQUEST_ID}?view={VIEW}")
    page.wait_for(f"asks: dynamodb:UpdateTimeToLive is to be made on {table}")
    assert page.run("[...document.querySelectorAll('#risk-list li')].map((each) => each.innerText)") == [*DELETES]
    assert page.run("[document.querySelector('#risk-list').hidden, document.querySelector('#no-risks').hidden]") == [
        False,
        True,
    ]
    settings = page.run("document.querySelector('[aria-labelledby=settings-title]').innerText")
    assert '{"AttributeName":"expires","Enabled":true}' in settings
    assert ["differ" in settings, "ItemCount" in settings, "was " in settings] == [False, False, False]
    page.wait_for("which r-bcdefghj2345 restored, with the settings above.")
    page.click("[data-decision=approve]")
    page.wait_for("Maria Lindqvist, your approval counts")
    assert page.faults() == []
    page.close()
