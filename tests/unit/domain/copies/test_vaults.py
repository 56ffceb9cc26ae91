"""A destination vault is judged once, for itself."""

from typing import Any

import pytest

from strongroom.domain.copies.vaults import judge_vault
from strongroom.domain.intent.model import Intent
from tests.builders.copies import a_vault
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT


def test_a_vault_as_the_intent_demands_has_no_fault(intent: Intent) -> None:
    verdict = judge_vault(CENTRAL_VAULT, found=a_vault(), intent=intent)
    assert (verdict.faults, verdict.keeps) == ((), True)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"min_retention_days": 1}, "lock is 1 to 2555 days instead of 30 to 2555", id="min-loosened"),
        pytest.param({"max_retention_days": 2557}, "lock is 30 to 2557 days", id="max-loosened"),
        pytest.param({"max_retention_days": None}, "lock is 30 to None days", id="max-gone"),
    ],
)
def test_other_numbers_are_a_fault_of_the_vault_that_no_copy_in_it_shares(
    intent: Intent, changes: dict[str, Any], fault: str
) -> None:
    verdict = judge_vault(CENTRAL_VAULT, found=a_vault(**changes), intent=intent)
    assert fault in verdict.reason
    assert verdict.keeps


def test_a_vault_without_its_lock_keeps_nothing(intent: Intent) -> None:
    verdict = judge_vault(CENTRAL_VAULT, found=a_vault(is_locked=False), intent=intent)
    assert (verdict.faults, verdict.keeps) == (("the vault is not locked",), False)


def test_a_vault_that_is_not_there_keeps_nothing(intent: Intent) -> None:
    verdict = judge_vault(CENTRAL_VAULT, found=None, intent=intent)
    assert (verdict.faults, verdict.keeps) == (("the vault does not exist",), False)


def test_of_a_vault_that_the_intent_does_not_lock_no_lock_is_demanded(intent: Intent) -> None:
    found = a_vault(arn=LOCAL_VAULT, is_locked=False)
    assert judge_vault(LOCAL_VAULT, found=found, intent=intent).faults == ()
