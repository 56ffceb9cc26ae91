"""What the sandbox refuses as AWS does, drawn from `tests/conformance/facts.py`."""

from collections.abc import Iterable
from typing import Final

from tests.conformance.facts import Fact

BEGIN: Final = "<!-- Written by `make reference` from tests/conformance/facts.py; change them there. -->"


def render_facts(facts: Iterable[Fact]) -> str:
    """A table with a row for each fact."""
    rows = [f"| `{fact.call}` | {fact.says} | `{fact.code}` | {fact.source} |" for fact in facts]
    return "\n".join(("| call | on AWS | refused with | who says so |", "|---|---|---|---|", *rows))
