"""What somebody must say yes to."""

from copy import replace

import pytest

from strongroom.domain.findings import Finding, error, warning
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import AUDIT_STACK, MANAGEMENT_STACK, Desired
from strongroom.domain.rollout.irreversible import irreversible
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.steps import RolloutPlan
from tests.builders.places import CENTRAL_VAULT
from tests.builders.rollout import CENTRAL_STACK, REPLICA_STACK, an_empty_organization, with_stack
from tests.unit.domain.rollout.plans import plan_of


def test_of_a_first_rollout_both_locks_and_the_bucket_are_for_ever(wanted: Desired) -> None:
    said = list(
        irreversible(
            plan_of(wanted, an_empty_organization(wanted), confirmed_days=2555, has_bucket=True), intent=wanted.intent
        )
    )
    assert [line.partition(" (")[0] for line in said] == [
        f"the stack {name}" for name in (CENTRAL_STACK, REPLICA_STACK, AUDIT_STACK)
    ]


@pytest.mark.parametrize(("name", "count"), [(CENTRAL_STACK, 1), (AUDIT_STACK, 0), (MANAGEMENT_STACK, 0)])
def test_of_stacks_that_are_there_those_with_a_lock_are_asked_about(
    wanted: Desired, live: LiveOrganization, name: str, count: int
) -> None:
    changed = plan_of(wanted, with_stack(live, name, template="the one before"), confirmed_days=2555, has_bucket=True)
    assert len(list(irreversible(changed, intent=wanted.intent))) == count


def test_a_lock_that_is_put_on_again_is_asked_about(wanted: Desired, live: LiveOrganization) -> None:
    arn = CENTRAL_VAULT
    unlocked = replace(live, vaults={**live.vaults, arn: replace(live.vaults[arn], is_locked=False, lock_date=None)})
    [said] = irreversible(plan_of(wanted, unlocked, confirmed_days=2555), intent=wanted.intent)
    assert said.startswith(f"the lock of {arn}")


@pytest.mark.parametrize(
    ("finding", "count"),
    [
        (warning("protection-shrinks", "p", "less is kept"), 1),
        (warning("foreign-backup-policy", "p", "theirs"), 0),
        (error("protection-shrinks", "p", "less is kept"), 0),
    ],
    ids=["an accepted loss", "another warning", "an error stops it anyway"],
)
def test_what_was_accepted_is_asked_about(finding: Finding, count: int, intent: Intent) -> None:
    assert len(list(irreversible(RolloutPlan(steps=(), findings=(finding,)), intent=intent))) == count
