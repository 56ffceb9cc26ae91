"""The locks of governed accounts' own vaults: none begins without being meant, and none becomes less unseen."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.intent.destinations import longest_retention
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import Vault, VaultLock
from strongroom.domain.rollout.desired import MEMBERS_STACK, Desired
from strongroom.domain.rollout.irreversible import irreversible
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.members import LiveMembers
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.templates import read_templates
from tests.builders.intents import with_settings, with_vault
from tests.builders.places import PAYMENTS, PRODUCTION
from tests.builders.rollout import a_desired_organization, a_settled_organization, with_stack
from tests.unit.domain.rollout.plans import codes, plan_of

FINAL = VaultLock(min_retention_days=7, max_retention_days=2555, changeable_for_days=3)
GOVERNANCE = VaultLock(min_retention_days=7, max_retention_days=2555, mode="governance")


def wanting(intent: Intent, lock: Any) -> Desired:
    """The example with this lock on the local vault, rendered whole."""
    locked = with_settings(intent, "local", lock=lock)
    bare = a_desired_organization(locked)
    return replace(bare, rendered=render(bare.intent, read_templates()))


def settled(intent: Intent, lock: Any) -> LiveOrganization:
    """An organisation whose accounts have this lock."""
    return a_settled_organization(wanting(intent, lock))


def found(wanted: Desired, live: LiveOrganization, *, confirmed: bool = True) -> list[str]:
    days = longest_retention(wanted.intent) if confirmed else None
    return codes(plan_of(wanted, live, confirmed_days=days, has_bucket=True).errors)


CASES: dict[str, tuple[Any, Any, list[str]]] = {
    "as it is": (FINAL, FINAL, []),
    "a first one": (None, FINAL, []),
    "a first one in governance mode": (None, GOVERNANCE, []),
    "removed": (FINAL, None, ["lock-removed", "lock-postponed"]),
    "said to be removed": (GOVERNANCE, "none", ["lock-removed"]),
    "shorter": (FINAL, replace(FINAL, min_retention_days=1), ["lock-shorter", "lock-postponed"]),
    "longer": (FINAL, replace(FINAL, min_retention_days=8), ["lock-postponed"]),
    "longer, in governance mode": (GOVERNANCE, replace(GOVERNANCE, min_retention_days=8), []),
    "out of compliance mode": (FINAL, GOVERNANCE, ["lock-governance", "lock-postponed"]),
    "into compliance mode": (GOVERNANCE, FINAL, []),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_a_lock_never_becomes_less_than_the_accounts_were_given(
    before: Any, after: Any, expected: list[str], intent: Intent
) -> None:
    assert found(wanting(intent, after), settled(intent, before)) == expected


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [
        pytest.param(None, FINAL, True, id="it begins"),
        pytest.param(GOVERNANCE, FINAL, True, id="it becomes final"),
        pytest.param(FINAL, FINAL, False, id="it is there"),
        pytest.param(None, GOVERNANCE, False, id="it can be taken off"),
    ],
)
def test_a_lock_in_compliance_mode_begins_only_when_it_is_confirmed(
    before: Any,
    after: Any,
    asks: bool,  # noqa: FBT001
    intent: Intent,
) -> None:
    wanted, live = wanting(intent, after), settled(intent, before)
    assert (found(wanted, live, confirmed=False) == ["retention-not-confirmed"]) is asks
    assert found(wanted, live) == []


def test_what_is_confirmed_is_the_longest_that_any_final_lock_keeps(intent: Intent) -> None:
    local_alone = replace(intent, vaults={"local": replace(intent.vaults["local"], lock=FINAL)})
    tiers = {name: replace(tier, keep={"local": tier.keep["local"]}) for name, tier in intent.tiers.items()}
    assert longest_retention(replace(local_alone, tiers=tiers)) == 35


def test_an_account_that_lacks_its_stack_is_asked_about_too(intent: Intent) -> None:
    wanted, live = wanting(intent, FINAL), settled(intent, FINAL)
    members = LiveMembers(accounts={PRODUCTION: (PAYMENTS,)}, instances={"strongroom-member-vault": ()})
    plan = plan_of(wanted, replace(live, members=members))
    assert codes(plan.errors) == ["retention-not-confirmed"]
    [said] = irreversible(plan, intent=wanted.intent)
    assert said.startswith(f"the stacks of strongroom-member-vault in {PAYMENTS}")


@pytest.mark.parametrize(("lock", "count"), [(FINAL, 1), (GOVERNANCE, 0), (None, 0)], ids=["final", "not", "none"])
def test_the_stack_that_brings_a_final_lock_is_asked_about(lock: Any, count: int, intent: Intent) -> None:
    wanted = wanting(intent, lock)
    changed = with_stack(a_settled_organization(wanted), MEMBERS_STACK, template="the one before")
    assert len(list(irreversible(plan_of(wanted, changed, has_bucket=True), intent=wanted.intent))) == count


def test_the_lock_of_an_air_gapped_vault_is_confirmed_and_never_changed(intent: Intent) -> None:
    lock = VaultLock(min_retention_days=7, max_retention_days=60)
    gap = Vault(name="gap", account="own", region="same", kind="air-gapped", lock=lock)
    gapped = wanting(replace(intent, vaults=intent.vaults | {"gap": gap}), None)
    before = settled(intent, None).stacks[MEMBERS_STACK].template
    ungapped = with_stack(a_settled_organization(gapped), MEMBERS_STACK, template=before)
    assert found(gapped, ungapped, confirmed=False) == ["retention-not-confirmed"]
    longer = replace(gap, lock=replace(lock, max_retention_days=90))
    changed = wanting(replace(intent, vaults=intent.vaults | {"gap": longer}), None)
    assert found(changed, a_settled_organization(gapped)) == ["lock-immutable"]


def test_a_vault_of_the_second_region_is_guarded_as_the_local_one(intent: Intent) -> None:
    second = Vault(name="second", account="own", region="eu-north-1", lock=FINAL)
    locked, open_ = (
        wanting(with_vault(intent, "second", each), None) for each in (second, replace(second, lock="none"))
    )
    assert found(locked, a_settled_organization(open_), confirmed=False) == ["retention-not-confirmed"]
    assert found(open_, a_settled_organization(locked)) == [
        "lock-removed",
        "lock-postponed",
    ]
