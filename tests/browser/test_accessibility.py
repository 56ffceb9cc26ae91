"""The pages are for everybody: axe-core finds nothing, and finds what is planted."""

import pytest

from tests.browser.accessibility import AXE, violations
from tests.browser.conftest import Visits
from tests.browser.server import STAGE, ApprovalServer
from tests.browser.test_agreement_page import a_change, told
from tests.browser.test_outage_page import a_statement
from tests.browser.test_outage_page import told as outage
from tests.browser.test_review_page import address, end_urgently
from tests.builders.proving.approvals import MARIA

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="npm has not installed axe-core")
SIZES = pytest.mark.parametrize(("width", "theme"), [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")])


@SIZES
@pytest.mark.parametrize("state", ["open", "draft", "running", "no-right"])
def test_nothing_is_found_in_any_state(visit: Visits, site: ApprovalServer, width: int, theme: str, state: str) -> None:
    site.ceremony.is_started = state == "running"
    site.ceremony.opening = "" if state == "draft" else "signed"
    address = visit.address(view="guessed") if state == "no-right" else visit.address()
    page = visit(MARIA, address=address, width=width, dark=theme == "dark")
    page.run("document.querySelectorAll('details').forEach((each) => each.open = true)")
    assert violations(page) == []
    assert page.run("document.scrollingElement.scrollWidth") <= width


@SIZES
def test_nothing_is_found_on_the_page_of_enrolment(visit: Visits, site: ApprovalServer, width: int, theme: str) -> None:
    page = visit.browser.page(width=width, dark=theme == "dark")
    visit.opened.append(page)
    page.open(f"{site.origin}{STAGE}/enrol?subject={MARIA}&name=Maria")
    page.wait_for("Maria")
    page.run("document.querySelector('#lines').hidden = false")
    assert violations(page) == []


@SIZES
def test_nothing_is_found_on_the_page_of_agreement(visit: Visits, site: ApprovalServer, width: int, theme: str) -> None:
    page = visit.browser.page(width=width, dark=theme == "dark")
    visit.opened.append(page)
    page.open(f"{site.origin}{STAGE}/rules{told(a_change())}")
    page.wait_for("Agree to looser rules")
    page.run("document.querySelector('#lines').hidden = false")
    assert violations(page) == []
    assert page.run("document.scrollingElement.scrollWidth") <= width


@SIZES
def test_nothing_is_found_on_the_page_of_an_outage(visit: Visits, site: ApprovalServer, width: int, theme: str) -> None:
    page = visit.browser.page(width=width, dark=theme == "dark")
    visit.opened.append(page)
    page.open(f"{site.origin}{STAGE}/outages{outage(a_statement())}")
    page.wait_for("You sign that you made this restore")
    page.run("document.querySelector('#lines').hidden = false")
    assert violations(page) == []
    assert page.run("document.scrollingElement.scrollWidth") <= width


@SIZES
def test_nothing_is_found_on_the_page_of_a_review(visit: Visits, site: ApprovalServer, width: int, theme: str) -> None:
    end_urgently(site)
    page = visit.browser.page(width=width, dark=theme == "dark")
    visit.opened.append(page)
    page.open(address(site))
    page.wait_for("asked for it: payments-db became payments-db-0200")
    page.run("document.querySelectorAll('details').forEach((each) => each.open = true)")
    page.run("document.querySelector('#outcome').hidden = false")
    page.run("document.querySelector('#outcome-title').textContent = 'Your review counts'")
    assert violations(page) == []
    assert page.run("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("document.documentElement.removeAttribute('lang')", "html-has-lang"),
        ("document.querySelector('#quote a').textContent = ''", "link-name"),
        ("document.querySelector('[data-decision=deny]').textContent = ''", "button-name"),
        ("document.querySelector('#mark').style.color = '#dddddd'", "color-contrast"),
    ],
)
def test_a_planted_fault_is_found(visit: Visits, planted: str, rule: str) -> None:
    page = visit(MARIA)
    page.find("[data-decision=deny]")
    page.run(planted)
    assert any(rule in found for found in violations(page))
