"""What is pinned of a ticket is all that is judged, in one spelling, and no free text."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.domain.canonical import read_canonical
from strongroom.domain.restores.tickets.pinning import find_changes, pin_ticket
from tests.builders.restores import DATABASE, NOW, a_ticket, an_approval


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"key": "OPS-124"}, ("key",)),
        ({"project": "SAFE"}, ("project",)),
        ({"type": "Task"}, ("type",)),
        ({"system": "servicenow"}, ("system",)),
        ({"summary": "Restore everything"}, ("summary",)),
        ({"description": ""}, ("description",)),
        ({"resources": (DATABASE, DATABASE)}, ("resources",)),
        ({"opens_at": NOW}, ("window",)),
        ({"closes_at": NOW}, ("window",)),
        ({"edited_at": NOW}, ("edited",)),
        ({"approvals": ()}, ("approvals",)),
        ({"approvals": (an_approval(at=NOW),)}, ("approvals",)),
        ({"approvals": (an_approval(through="changelog 20002"),)}, ("approvals",)),
        ({"key": "OPS-124", "description": ""}, ("description", "key")),
        ({"resources": None}, ("labels", "resources")),
    ],
)
def test_attack_10_each_change_is_found_and_named(changes: dict[str, Any], names: tuple[str, ...]) -> None:
    assert find_changes(a_ticket(**changes), snapshot=pin_ticket(a_ticket())) == names


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "In Progress"},
        {"updated_at": NOW + timedelta(hours=1)},
        {"labels": ("urgent", "restoring")},
        {"summary": "Restore payments-db to 02:00"},
    ],
    ids=["work has begun", "somebody commented", "a label where a field names the resource", "the same"],
)
def test_what_honest_work_on_a_ticket_moves_is_no_change(changes: dict[str, Any]) -> None:
    assert find_changes(a_ticket(**changes), snapshot=pin_ticket(a_ticket())) == ()


def test_labels_are_pinned_where_they_may_name_the_resource_in_any_order() -> None:
    ticket = a_ticket(resources=None, labels=("b", "a"))
    assert find_changes(a_ticket(resources=None, labels=("a", "b")), snapshot=pin_ticket(ticket)) == ()
    assert find_changes(a_ticket(resources=None, labels=("a",)), snapshot=pin_ticket(ticket)) == ("labels",)


def test_the_snapshot_is_canonical_and_holds_no_free_text() -> None:
    text = pin_ticket(a_ticket(project="Ope\u0301ra"))
    assert "payments-db to 02:00" not in text
    assert "overwritten" not in text
    found = read_canonical(text)
    assert found["project"] == "Op\u00e9ra"
    assert found["approvals"] == [{"account": "chiara", "at": "2026-11-23T14:10:00.000Z", "through": "changelog 20001"}]


@pytest.mark.parametrize("snapshot", ["", "{}", "[]", "not JSON", "[" * 100_000, '"x"'])
def test_a_snapshot_that_cannot_be_read_is_a_change_of_everything(snapshot: str) -> None:
    assert "approvals" in find_changes(a_ticket(), snapshot=snapshot)


@given(one=st.text(), other=st.text())
def test_attack_10_two_texts_are_one_only_if_they_are_the_same(one: str, other: str) -> None:
    import unicodedata

    are_same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    changes = find_changes(a_ticket(description=one), snapshot=pin_ticket(a_ticket(description=other)))
    assert changes == (() if are_same else ("description",))


def test_the_snapshot_is_this_to_the_last_letter() -> None:
    later = an_approval("ada", at=NOW, through="changelog 20003")
    same_time = an_approval("ada", through="changelog 20002")
    again = an_approval("chiara", through="changelog 20000")
    ticket = a_ticket(
        approvals=(later, an_approval(), same_time, again), resources=("b", "a"), summary="", opens_at=NOW
    )
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert read_canonical(pin_ticket(ticket)) == {
        "approvals": [
            {"account": "ada", "at": "2026-11-23T14:10:00.000Z", "through": "changelog 20002"},
            {"account": "chiara", "at": "2026-11-23T14:10:00.000Z", "through": "changelog 20000"},
            {"account": "chiara", "at": "2026-11-23T14:10:00.000Z", "through": "changelog 20001"},
            {"account": "ada", "at": "2026-11-23T14:20:00.000Z", "through": "changelog 20003"},
        ],
        "description": "0faee5daa1d07c636c859bd83e04f88ab45e8d79185927585a6c5bd09b1e2ec4",
        "edited": "",
        "format": "strongroom-ticket/1",
        "key": "OPS-123",
        "project": "OPS",
        "resources": ["a", "b"],
        "summary": nothing,
        "system": "jira",
        "type": "Change",
        "window": {"end": "", "start": "2026-11-23T14:20:00.000Z"},
    }
