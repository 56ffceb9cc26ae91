"""What axe-core finds wrong with a page, for people who do not see it, or use no mouse."""

from typing import Final

from tests.browser.chromium import Page
from tests.guardrails.scp_engines import NODE

AXE: Final = NODE / "node_modules/axe-core/axe.min.js"
_FIND: Final = "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations.map((each) => \
`${each.impact} ${each.id}: ${each.nodes.map((node) => node.target).join(' ')}`))"


def violations(page: Page) -> list[str]:
    """Each as its impact, its rule, and where."""
    page.run(AXE.read_text(encoding="utf-8") + "; true")
    found: list[str] = page.run(_FIND)
    return found
