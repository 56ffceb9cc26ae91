"""A destination vault is judged once, for itself."""

from typing import Any, Literal

import pytest

from strongroom.domain.copies.vaults import judge_vault
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault, VaultLock
from tests.builders.copies import a_vault
from tests.builders.intents import with_settings, with_vault
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS, REPLICA_REGION, VAULT_ACCOUNT, a_vault_arn


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


@pytest.mark.parametrize("mode", ["compliance", "governance"])
@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        pytest.param({}, 0, id="as demanded"),
        pytest.param({"is_locked": False}, 1, id="unlocked"),
        pytest.param({"max_retention_days": 400}, 1, id="other numbers"),
    ],
)
def test_a_lock_is_promised_with_its_numbers_in_either_mode(
    intent: Intent, mode: Literal["compliance", "governance"], changes: dict[str, Any], faults: int
) -> None:
    lock = VaultLock(mode=mode, min_retention_days=30, max_retention_days=2555)
    changed = with_settings(intent, "central", lock=lock)
    assert len(judge_vault(CENTRAL_VAULT, found=a_vault(**changes), intent=changed).faults) == faults


@pytest.mark.parametrize("lock", ["none", VaultLock(mode="governance", min_retention_days=7, max_retention_days=400)])
@pytest.mark.parametrize(
    ("account", "owner"), [("own", PAYMENTS), (VAULT_ACCOUNT, VAULT_ACCOUNT)], ids=["own", "vaults"]
)
def test_a_vault_is_judged_by_its_own_lock_wherever_it_lies(
    intent: Intent, lock: VaultLock | Literal["none"], account: str, owner: str
) -> None:
    vault = Vault(name="other", account=account, region=REPLICA_REGION, lock=lock)
    changed = with_vault(intent, "other", vault)
    arn = a_vault_arn("other", account=owner, region=REPLICA_REGION)
    verdict = judge_vault(arn, found=a_vault(arn=arn, is_locked=False), intent=changed)
    assert verdict.keeps is (lock == "none")


def test_of_a_vault_that_the_intent_does_not_lock_no_lock_is_demanded(intent: Intent) -> None:
    found = a_vault(arn=LOCAL_VAULT, is_locked=False)
    assert judge_vault(LOCAL_VAULT, found=found, intent=intent).faults == ()
