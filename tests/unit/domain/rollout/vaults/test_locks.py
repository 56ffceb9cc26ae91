"""A lock never becomes less than what is promised or in force, and none begins without being meant."""

from collections.abc import Callable
from copy import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.steps import LockVault
from strongroom.services.rollout.render_rollout import render
from strongroom_cli.compile import compiled_intent
from strongroom_cli.templates import read_templates
from tests.builders.air_gaps import with_central_gap, with_own_gap
from tests.builders.intents import with_settings
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT
from tests.builders.rollout import (
    CENTRAL_STACK,
    LOCK_DATE,
    NOW,
    REPLICA_STACK,
    a_desired_organization,
    a_settled_organization,
    an_empty_organization,
    with_stack,
    with_vault,
    without,
)
from tests.unit.domain.rollout.plans import codes, plan_of

PAST, SOON = NOW - timedelta(days=1), NOW + timedelta(days=6)


def promised(wanted: Desired, lock: VaultLock | None) -> Desired:
    return replace(wanted, intent=with_settings(wanted.intent, "central", lock=lock))


def lock(minimum: int = 30, maximum: int = 2555, changeable: int = 30) -> VaultLock:
    return VaultLock(min_retention_days=minimum, max_retention_days=maximum, changeable_for_days=changeable)


REFUSED: dict[str, tuple[VaultLock | None, dict[str, Any], list[str]]] = {
    "as promised": (lock(), {}, []),
    "as promised, immutable": (lock(), {"lock_date": PAST}, []),
    "removed": (None, {}, ["lock-removed"]),
    "a shorter minimum": (lock(7), {}, ["lock-shorter", "lock-postponed"]),
    "a longer minimum": (lock(60), {}, ["lock-postponed"]),
    "a higher maximum": (lock(maximum=3000), {}, ["lock-postponed"]),
    "a maximum below a tier": (lock(maximum=365), {}, ["lock-refuses-retention", "lock-postponed"]),
    "a minimum above a tier": (lock(2556, 3000), {}, ["lock-refuses-retention", "lock-postponed"]),
    "a higher maximum, immutable": (lock(maximum=3000), {"lock_date": PAST}, ["lock-immutable"]),
    "a shorter minimum, immutable": (lock(7), {"lock_date": PAST}, ["lock-immutable"]),
    "a shorter minimum, governance": (lock(7), {"lock_date": None}, ["lock-shorter"]),
    "immutable at this moment": (lock(60), {"lock_date": NOW}, ["lock-immutable"]),
}


@pytest.mark.parametrize(("wish", "live_lock", "found"), REFUSED.values(), ids=REFUSED)
def test_a_lock_never_becomes_less_than_what_is_in_force(
    wish: VaultLock | None, live_lock: dict[str, Any], found: list[str], wanted: Desired, live: LiveOrganization
) -> None:
    arn = CENTRAL_VAULT
    plan = plan_of(promised(wanted, wish), with_vault(live, arn, **live_lock), confirmed_days=2555)
    assert codes(plan.errors) == found


def test_the_replica_is_guarded_as_the_central_vault_is(wanted: Desired, live: LiveOrganization) -> None:
    shorter = with_settings(wanted.intent, "replica", lock=lock(7))
    plan = plan_of(replace(wanted, intent=shorter), live, confirmed_days=2555)
    assert [(finding.code, finding.path) for finding in plan.errors] == [
        ("lock-shorter", "vaults.replica.lock.min_retention_days"),
        ("lock-postponed", "vaults.replica.lock"),
    ]


@pytest.mark.parametrize(
    ("lock_date", "asks"),
    [
        pytest.param(NOW + timedelta(days=8), False, id="far"),
        pytest.param(NOW + timedelta(days=7), True, id="seven days away"),
        pytest.param(SOON, True, id="near"),
        pytest.param(PAST, False, id="past"),
    ],
)
def test_the_retention_is_confirmed_when_the_lock_date_is_near(
    wanted: Desired, live: LiveOrganization, *, lock_date: datetime, asks: bool
) -> None:
    near = with_vault(live, CENTRAL_VAULT, lock_date=lock_date)
    assert codes(plan_of(wanted, near).errors) == (["retention-not-confirmed"] if asks else [])


def test_the_retention_is_confirmed_before_the_first_lock_begins(wanted: Desired) -> None:
    nothing = an_empty_organization(wanted)
    assert "retention-not-confirmed" in codes(plan_of(wanted, nothing).errors)
    assert plan_of(wanted, nothing, confirmed_days=2555).errors == ()


@pytest.mark.parametrize("vault", ["central", "replica"])
def test_no_vault_is_made_before_the_retention_is_confirmed(
    vault: str, wanted: Desired, live: LiveOrganization
) -> None:
    stack = CENTRAL_STACK if vault == "central" else REPLICA_STACK
    arn = CENTRAL_VAULT if vault == "central" else REPLICA_VAULT
    missing = replace(live, stacks=without(live.stacks, stack), vaults=without(live.vaults, arn))
    [refused] = plan_of(wanted, missing).errors
    assert refused.code == "retention-not-confirmed"
    assert refused.message.startswith(f"vaults.{vault}: a lock in compliance mode begins")
    plan = plan_of(wanted, missing, confirmed_days=2555)
    assert ([step.id for step in plan.steps], plan.errors) == ([f"stack-{stack}"], ())


def test_the_retention_is_confirmed_when_a_lock_would_become_immutable_sooner(
    wanted: Desired, live: LiveOrganization
) -> None:
    sooner = promised(wanted, lock(changeable=3))
    assert codes(plan_of(sooner, live).errors) == ["retention-not-confirmed"]
    assert plan_of(sooner, live, confirmed_days=2555).errors == ()


@pytest.mark.parametrize("said", [1, 2554, 2556])
def test_only_the_longest_retention_confirms(said: int, wanted: Desired, live: LiveOrganization) -> None:
    near = with_vault(live, CENTRAL_VAULT, lock_date=SOON)
    [found] = plan_of(wanted, near, confirmed_days=said).errors
    assert "--confirm-retention 2555" in found.message
    assert f"not {said}" in found.message


@pytest.mark.parametrize(
    "drift",
    [
        pytest.param({"is_locked": False, "lock_date": None}, id="removed by hand"),
        pytest.param({"min_retention_days": 1}, id="loosened by hand"),
        pytest.param({"lock_date": None}, id="in governance mode"),
    ],
)
@pytest.mark.parametrize("vault", ["central", "replica"])
def test_a_lock_that_drifted_is_put_on_again_and_that_is_confirmed(
    vault: str, drift: dict[str, Any], wanted: Desired, live: LiveOrganization
) -> None:
    arn = CENTRAL_VAULT if vault == "central" else REPLICA_VAULT
    drifted = with_vault(live, arn, **drift)
    [step] = plan_of(wanted, drifted, confirmed_days=2555).steps
    assert (step.id, step.act) == (f"lock-{vault}", LockVault(arn, lock()))
    assert codes(plan_of(wanted, drifted).errors) == ["retention-not-confirmed"]


def test_a_lock_is_left_to_its_stack_while_that_is_deployed_anyway(wanted: Desired, live: LiveOrganization) -> None:
    drifted = with_vault(
        with_vault(live, REPLICA_VAULT, min_retention_days=1),
        CENTRAL_VAULT,
        min_retention_days=1,
    )
    pending = with_stack(with_stack(drifted, REPLICA_STACK, template="old"), CENTRAL_STACK, parameters={})
    plan = plan_of(wanted, pending, confirmed_days=2555)
    assert [step.id for step in plan.steps] == [f"stack-{CENTRAL_STACK}", f"stack-{REPLICA_STACK}"]


@pytest.mark.parametrize("stack", [CENTRAL_STACK, REPLICA_STACK])
def test_a_vault_that_no_stack_holds_cannot_be_made_anew(stack: str, wanted: Desired, live: LiveOrganization) -> None:
    plan = plan_of(wanted, replace(live, stacks=without(live.stacks, stack)))
    assert codes(plan.errors) == ["vault-without-stack"]
    assert f"the stack {stack} does not" in plan.errors[0].message


def test_a_vault_that_somebody_deleted_is_not_taken_for_made(wanted: Desired, live: LiveOrganization) -> None:
    gone = replace(live, vaults=without(live.vaults, CENTRAL_VAULT))
    [found] = plan_of(wanted, gone, confirmed_days=2555).errors
    assert (found.code, found.path) == ("stack-without-vault", "vaults.central")


def test_a_lock_in_force_is_left_alone(wanted: Desired, live: LiveOrganization) -> None:
    assert live.vaults[CENTRAL_VAULT].lock_date == LOCK_DATE
    assert plan_of(wanted, live).steps == ()


@pytest.mark.parametrize("lock_date", [PAST, LOCK_DATE], ids=["immutable", "not yet"])
def test_a_lock_in_compliance_mode_never_becomes_one_that_can_be_taken_off(
    lock_date: datetime, wanted: Desired, live: LiveOrganization
) -> None:
    softer = promised(wanted, replace(lock(), mode="governance", changeable_for_days=None))
    plan = plan_of(softer, with_vault(live, CENTRAL_VAULT, lock_date=lock_date))
    assert codes(plan.errors)[:1] == ["lock-immutable" if lock_date == PAST else "lock-governance"]


AIR_GAP = VaultLock(min_retention_days=30, max_retention_days=2555)


@pytest.mark.parametrize("lock_date", [None, PAST], ids=["no date is told", "its first day is told"])
@pytest.mark.parametrize(
    ("numbers", "expected"), [({}, []), ({"min_retention_days": 60}, ["lock-immutable"])], ids=["same", "other"]
)
def test_the_lock_of_an_air_gapped_vault_is_immutable_from_the_first_moment(
    lock_date: datetime | None, numbers: dict[str, int], expected: list[str], wanted: Desired
) -> None:
    gapped = a_desired_organization(with_settings(wanted.intent, "central", kind="air-gapped", lock=AIR_GAP))
    live = with_vault(a_settled_organization(gapped), CENTRAL_VAULT, lock_date=lock_date, **numbers)
    plan = plan_of(gapped, live)
    assert (codes(plan.errors), plan.steps) == (expected, ())


def test_an_air_gapped_vault_is_made_only_when_it_is_confirmed(wanted: Desired) -> None:
    gapped = a_desired_organization(with_settings(wanted.intent, "central", kind="air-gapped", lock=AIR_GAP))
    settled = a_settled_organization(gapped)
    missing = replace(
        settled, stacks=without(settled.stacks, CENTRAL_STACK), vaults=without(settled.vaults, CENTRAL_VAULT)
    )
    [refused] = plan_of(gapped, missing).errors
    assert refused.message.startswith("vaults.central: a lock in compliance mode begins, immutable from then on")
    [step] = plan_of(gapped, missing, confirmed_days=2555).steps
    assert step.id == f"stack-{CENTRAL_STACK}"


@pytest.mark.parametrize("mode", [None, "governance"], ids=["no lock", "governance mode"])
def test_what_is_not_final_is_made_without_confirmation(mode: Any, wanted: Desired) -> None:
    soft = None if mode is None else replace(lock(), mode=mode, changeable_for_days=None)
    intent = wanted.intent
    for vault in ("central", "replica"):
        intent = with_settings(intent, vault, lock="none" if soft is None else soft)
    softly = a_desired_organization(intent)
    plan = plan_of(softly, an_empty_organization(softly))
    assert plan.errors == ()
    assert {f"stack-{CENTRAL_STACK}", f"stack-{REPLICA_STACK}"} <= {step.id for step in plan.steps}
    assert plan_of(softly, a_settled_organization(softly)).steps == ()


DATES: dict[str, tuple[VaultLock, datetime | None, str | None]] = {
    "as promised": (lock(), LOCK_DATE, None),
    "just begun": (lock(), NOW + timedelta(days=30), None),
    "other numbers, no later": (lock(60, changeable=20), LOCK_DATE, None),
    "other numbers, later": (lock(60), LOCK_DATE, "write changeable_for_days: 20"),
    "a longer time to change": (lock(changeable=60), LOCK_DATE, "write changeable_for_days: 20"),
    "a longer time to change, in its last hours": (lock(changeable=60), NOW + timedelta(hours=5), "_days: 3"),
    "a shorter time to change": (lock(changeable=10), LOCK_DATE, None),
    "immutable": (lock(changeable=60), PAST, None),
    "in governance mode": (lock(changeable=60), None, None),
    "moved by hand": (lock(), NOW + timedelta(days=400), "somebody moved that date"),
}


@pytest.mark.parametrize(("wish", "lock_date", "said"), DATES.values(), ids=DATES)
def test_a_lock_becomes_immutable_no_later_than_it_would(
    wish: VaultLock, lock_date: datetime | None, said: str | None, wanted: Desired, live: LiveOrganization
) -> None:
    found = with_vault(live, CENTRAL_VAULT, lock_date=lock_date)
    errors = plan_of(promised(wanted, wish), found, confirmed_days=2555).errors
    assert [(each.code, each.path) for each in errors] == [("lock-postponed", "vaults.central.lock")] * bool(said)
    assert said is None or said in errors[0].message


def test_a_lock_date_that_somebody_moved_is_brought_back_once_that_is_accepted(
    wanted: Desired, live: LiveOrganization
) -> None:
    arn = REPLICA_VAULT
    moved = with_vault(live, arn, lock_date=NOW + timedelta(days=400))
    plan = plan_of(wanted, moved, confirmed_days=2555, accepts_loosening=True)
    assert (plan.errors, codes(plan.findings)) == ((), ["lock-postponed"])
    assert [step.act for step in plan.steps] == [LockVault(arn, lock())]
    unconfirmed = plan_of(wanted, moved, accepts_loosening=True)
    assert [finding.code for finding in unconfirmed.errors] == ["retention-not-confirmed"]


@pytest.mark.parametrize(
    ("gapped", "why"),
    [
        pytest.param(with_own_gap, "vaults.gapped: an air-gapped vault begins in each governed account", id="own"),
        pytest.param(
            with_central_gap, "vaults.safe: a lock in compliance mode begins, immutable from then on", id="central"
        ),
    ],
)
def test_an_air_gapped_vault_does_not_begin_without_being_meant(
    gapped: Callable[[Intent], Intent], why: str, intent: Intent
) -> None:
    changed = gapped(intent)
    wanted = Desired(intent=changed, rendered=render(changed, read_templates()), compiled=compiled_intent(changed))
    unmeant = plan_of(wanted, an_empty_organization(wanted))
    (error,) = (each for each in unmeant.errors if each.code == "retention-not-confirmed")
    assert why in error.message
    meant = plan_of(wanted, an_empty_organization(wanted), confirmed_days=2555)
    assert "retention-not-confirmed" not in codes(meant.errors)


def test_one_that_governed_accounts_have_already_is_meant_already(intent: Intent) -> None:
    changed = with_own_gap(intent)
    wanted = Desired(intent=changed, rendered=render(changed, read_templates()), compiled=compiled_intent(changed))
    settled = a_settled_organization(wanted)
    locked = replace(settled, vaults={arn: replace(vault, lock_date=PAST) for arn, vault in settled.vaults.items()})
    assert "retention-not-confirmed" not in codes(plan_of(wanted, locked).errors)
