"""The pages without a script, in a browser: an alert by its signed link, and logins that sign nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.runtime import login_pages
from strongroom.runtime.alert_pages import alert_page, marked_page, refusal
from strongroom.runtime.requests import HttpAnswer
from tests.browser.accessibility import AXE, violations
from tests.browser.conftest import Visits
from tests.browser.server import STAGE, ApprovalServer

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="npm has not installed axe-core")
SIZES = pytest.mark.parametrize(("width", "theme"), [(390, "light"), (390, "dark"), (1440, "light")])
ALERT: Mapping[str, Any] = {
    "account": "222222222222",
    "account_name": "payments",
    "region": "eu-west-1",
    "owner": "payments@strongroom.example",
    "kind": "copy-missing",
    "severity": "critical",
    "subject": "arn:aws:rds:eu-west-1:222222222222:snapshot:awsbackup:job-1-" + "0123456789abcdef" * 4,
    "reason": "due 01:10, nothing arrived by 04:10 <b>in any vault</b>",
    "means": "This night's backup lies in one place only.",
    "to_do": "Look whether the copy job failed, and why.",
    "opened_at": "2026-11-26T04:10:00Z",
    "fingerprint": "0123456789abcdef0123456789abcdef",
    "version": 1,
    "acknowledged_by": "",
    "acknowledged_at": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An alert as the ledger has it."""

    alert: Mapping[str, Any] = field(default_factory=lambda: ALERT)
    resolution: str = ""
    obstacle: str = ""


MARKED = Linked(alert={**ALERT, "acknowledged_by": "Maria", "acknowledged_at": "2026-11-26T04:20:00Z"})
ERROR = HttpAnswer(status=403, content={"error": "the link ran out on 2026-12-01"})
PAGES: dict[str, tuple[str, HttpAnswer, str]] = {
    "an alert": ("alerts/x/link", alert_page(Linked()), "I am on it"),
    "an alert that is looked after": ("alerts/x/link", marked_page(MARKED), "Maria looks after it"),
    "an alert of which nothing is marked": (
        "alerts/x/link",
        marked_page(Linked(obstacle="it says something else by now")),
        "Nothing was marked",
    ),
    "a link that is not taken": ("alerts/x/link", refusal(ERROR), "This link is not taken"),
    "a login that signs nothing": ("logins/callback", login_pages.refusal(ERROR), "This is not allowed"),
}


@SIZES
@pytest.mark.parametrize(("path", "answer", "said"), PAGES.values(), ids=PAGES)
def test_nothing_is_found_on_a_page_without_a_script(
    path: str, answer: HttpAnswer, said: str, visit: Visits, site: ApprovalServer, width: int, theme: str
) -> None:
    site.notices[path] = answer
    page = visit.browser.page(width=width, dark=theme == "dark")
    visit.opened.append(page)
    page.open(f"{site.origin}{STAGE}/{path}")
    page.wait_for(said)
    page.wait("getComputedStyle(document.querySelector('.card')).borderTopStyle === 'solid'")  # its style is there
    # A browser complains of every answer that is an error, and of an icon that there is not.
    assert [each for each in page.faults() if not each.startswith("Failed to load resource")] == []
    assert page.run("document.scrollingElement.scrollWidth") <= width
    assert page.run("document.querySelectorAll('dd b').length") == 0
    assert violations(page) == []
