"""What is dangerous about a backup, by its type, and which vault a sentence says could not be read."""

from typing import Any

import pytest

from strongroom.domain.restores.deciding.dangers import unread_sentence, unread_vault
from strongroom.domain.restores.deciding.decide import decide_restore
from strongroom.domain.restores.deciding.decision import Danger
from tests.builders.deciding.restore_cases import a_restore
from tests.builders.places import CENTRAL_VAULT as VAULT

BEGINNING, END = "What scans found in ", " could not be read: malware in a copy there is not known."


@pytest.mark.parametrize(
    ("point", "danger"),
    [
        pytest.param({"scan": "never"}, Danger.NEVER_SCANNED, id="never"),
        pytest.param({"scan": "incomplete"}, Danger.SCAN_INCOMPLETE, id="in part"),
        pytest.param({"unread_vaults": [VAULT]}, Danger.SCAN_UNREAD, id="nobody could read it"),
    ],
)
def test_a_scan_that_says_little_is_a_risk_of_types_that_are_scanned_only(
    point: dict[str, Any], danger: Danger
) -> None:
    told = {kind: decide_restore(a_restore(kind, point=point)).risks for kind in ("EBS", "RDS")}
    assert [kind for kind, risks in told.items() if danger in {risk.danger for risk in risks}] == ["EBS"]


def test_a_vault_that_could_not_be_read_is_known_by_its_sentence() -> None:
    assert unread_sentence(VAULT) == f"{BEGINNING}{VAULT}{END}"
    assert unread_vault(unread_sentence(VAULT)) == VAULT


@pytest.mark.parametrize(
    "sentence", ["", "It was never scanned for malware.", f"{BEGINNING}{VAULT}.", f"{VAULT}{END}", f" {BEGINNING}{END}"]
)
def test_any_other_sentence_names_no_vault(sentence: str) -> None:
    assert unread_vault(sentence) == ""
