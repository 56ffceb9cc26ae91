"""A vault of others is neither made nor changed: it must be there, and be what is promised."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.live import LiveVault
from tests.builders.intents import with_settings
from tests.builders.places import CENTRAL_VAULT
from tests.builders.rollout import LOCK_DATE, a_desired_organization, a_settled_organization, without
from tests.unit.domain.rollout.plans import codes, plan_of

LOCK = VaultLock(min_retention_days=30, max_retention_days=2555, changeable_for_days=30)
GOVERNANCE = VaultLock(min_retention_days=30, max_retention_days=2555, mode="governance")
LOCKED = LiveVault(is_locked=True, min_retention_days=30, max_retention_days=2555, lock_date=LOCK_DATE)
UNLOCKED = LiveVault(is_locked=False)

CASES: dict[str, tuple[Any, LiveVault | None, list[str]]] = {
    "as promised": (LOCK, LOCKED, []),
    "not there": (LOCK, None, ["vault-missing"]),
    "not there, and no lock is promised": ("none", None, ["vault-missing"]),
    "not locked": (LOCK, UNLOCKED, ["lock-differs"]),
    "locked, in a mode that can be taken off": (LOCK, replace(LOCKED, lock_date=None), ["lock-differs"]),
    "locked for ever, where less is promised": (GOVERNANCE, LOCKED, ["lock-differs"]),
    "locked otherwise": (LOCK, replace(LOCKED, min_retention_days=60), ["lock-differs"]),
    "no lock is promised, and there is none": ("none", UNLOCKED, []),
    "no lock is promised, and there is one": ("none", LOCKED, []),
}


@pytest.mark.parametrize(("lock", "found", "expected"), CASES.values(), ids=CASES)
def test_what_is_there_is_compared_and_never_changed(
    lock: Any, found: LiveVault | None, expected: list[str], intent: Intent
) -> None:
    wanted = a_desired_organization(with_settings(intent, "central", lock=lock, existing=True))
    live = a_settled_organization(wanted)
    vaults = without(live.vaults, CENTRAL_VAULT) | ({} if found is None else {CENTRAL_VAULT: found})
    plan = plan_of(wanted, replace(live, vaults=vaults))
    assert (codes(plan.errors), plan.steps) == (expected, ())
