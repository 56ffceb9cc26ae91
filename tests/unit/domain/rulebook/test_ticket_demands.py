"""What a ticket must say is told by the names of the file, and what demands nothing is left out."""

from dataclasses import dataclass, field, make_dataclass
from typing import Any, cast

from strongroom.domain.intent.ceremony import Tickets
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.rulebook.ticket_demands import ticket_demands


@dataclass(frozen=True)
class _Window:
    start_field: str
    required: bool = False


def demands_of(**fields: Any) -> Any:
    """What a section with these fields demands."""
    kind = make_dataclass("Section", [(name, Any, field(default=value)) for name, value in fields.items()])
    return ticket_demands(cast("Tickets", kind()))


def test_the_example_demands_a_status_and_an_approver(intent: Intent) -> None:
    demands = ticket_demands(ceremony_of(intent).tickets)
    assert isinstance(demands, dict)
    assert demands["approved_statuses"] == ["Approved", "In Progress"]
    assert "user" not in demands


def test_without_tickets_none_is_demanded() -> None:
    assert ticket_demands(None) == "none"


def test_whatever_the_section_says_is_demanded_but_what_it_leaves_out() -> None:
    told = demands_of(
        system="jira",
        user="robot",
        projects=("OPS", "DEV"),
        types=(),
        approval=None,
        window=_Window("planned_start"),
        required=True,
    )
    assert told == {
        "system": "jira",
        "projects": ["DEV", "OPS"],
        "window": {"start_field": "planned_start"},
        "required": True,
    }
