"""Who may read the key that signs links to alerts, of those who read or mark alerts."""

from typing import Final

import pytest

from tests.builders.places import HOME
from tests.contract.apps import FUNCTIONS
from tests.contract.iam.role_simulator import OWN, may

LEDGER: Final = f"arn:aws:dynamodb:{HOME}:{OWN}:table/strongroom-LedgerTable"
ALERT, LINKS = "ALERT#0123", "ALERT#LINKS"


def _who(act: str, *keys: str) -> set[str]:
    context = {"dynamodb:LeadingKeys": list(keys)}
    return {each for each in FUNCTIONS if may(each, f"dynamodb:{act}", LEDGER, **context)}


@pytest.mark.parametrize(
    ("act", "kept_out"),
    [
        ("GetItem", {"open_ticket", "show_status", "take_alert_click"}),
        ("BatchGetItem", {"show_status"}),
        ("Query", {"show_status"}),
        ("UpdateItem", {"open_ticket", "take_alert_click"}),
        ("PutItem", set()),
    ],
)
def test_who_neither_tells_alerts_nor_takes_links_does_not_touch_the_key(act: str, kept_out: set[str]) -> None:
    assert _who(act, ALERT) - _who(act, LINKS) == kept_out
    assert _who(act, LINKS) <= _who("GetItem", LINKS)
    assert not _who(act, ALERT, LINKS) & kept_out


def test_a_ticket_or_a_click_makes_no_alert_and_lists_none() -> None:
    for act in ("PutItem", "Query", "BatchGetItem", "DeleteItem"):
        assert _who(act, ALERT).isdisjoint({"open_ticket", "take_alert_click"})
