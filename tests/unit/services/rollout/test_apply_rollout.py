"""Applying a plan: in order, refused with errors, stopped at the first failure, gone on with afterwards."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.errors import RolloutRefusedError, StepFailedError
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import CONTROL_PLANE_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization, LiveStack
from strongroom.domain.rollout.steps import RolloutPlan
from strongroom.domain.rollout.vaults.shares import SHARING
from strongroom.services.rollout.apply_rollout import Stage, apply_rollout
from strongroom.services.rollout.plan_rollout import plan_rollout
from tests.builders.air_gaps import CENTRAL_GAP, with_central_gap
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.builders.rollout import (
    NOW,
    a_desired_organization,
    a_settled_organization,
    an_empty_organization,
    with_policy,
    with_vault,
)
from tests.fakes.rollout import FakeOrganization

OURS = "strongroom-daily-prod"


@pytest.fixture
def wanted(intent: Intent) -> Desired:
    """What the example wants."""
    return a_desired_organization(intent)


def plan(organization: FakeOrganization, confirmed_days: int | None = 2555) -> RolloutPlan:
    return plan_rollout(
        organization.wanted,
        needs=organization.needs,
        now=NOW,
        confirmed_days=confirmed_days,
        has_bucket=False,
        accepts_loosening=False,
    )


def apply(organization: FakeOrganization) -> list[str]:
    told = apply_rollout(plan(organization), desired=organization.wanted, needs=organization.needs)
    return [step.id for stage, step in told if stage is Stage.DONE]


def with_control_plane(wanted: Desired, live: LiveOrganization) -> LiveOrganization:
    made = LiveStack(status="CREATE_COMPLETE", template="", parameters=wanted.control_plane_parameters)
    return replace(live, stacks={**live.stacks, CONTROL_PLANE_STACK: made})


def test_an_empty_organization_is_brought_to_the_intent(wanted: Desired) -> None:
    organization = FakeOrganization(wanted, with_control_plane(wanted, an_empty_organization(wanted)))
    apply(organization)
    assert plan(organization, confirmed_days=None).steps == ()


def test_every_step_is_taken_once_and_in_its_order(wanted: Desired) -> None:
    organization = FakeOrganization(wanted, with_control_plane(wanted, an_empty_organization(wanted)))
    planned = [step.id for step in plan(organization).steps]
    assert apply(organization) == planned
    assert len([act for act in organization.acts if not act.startswith("keep ")]) == len(planned) - 1
    assert [act for act in organization.acts if act.startswith("keep ")] == [
        "keep strongroom-policy/1",
        "keep strongroom-rules-in-force/1",
    ]


def test_a_step_is_told_before_anything_is_done_for_it(wanted: Desired) -> None:
    organization = FakeOrganization(wanted, with_control_plane(wanted, an_empty_organization(wanted)))
    told = apply_rollout(plan(organization), desired=wanted, needs=organization.needs)
    begun, first = next(told)
    assert (begun, first.id, organization.acts) == (Stage.BEGUN, "trusted-access-backup", [])
    done, same = next(told)
    assert (done, same, organization.acts) == (Stage.DONE, first, ["trust backup.amazonaws.com"])


def test_nothing_is_done_twice(wanted: Desired) -> None:
    organization = FakeOrganization(wanted, with_control_plane(wanted, an_empty_organization(wanted)))
    apply(organization)
    acts = list(organization.acts)
    assert apply(organization) == []
    assert organization.acts == acts


def test_a_plan_with_errors_is_refused_before_anything_is_done(wanted: Desired) -> None:
    organization = FakeOrganization(wanted, an_empty_organization(wanted))
    refused = plan(organization, confirmed_days=None)
    with pytest.raises(RolloutRefusedError, match="--confirm-retention 2555"):
        list(apply_rollout(refused, desired=wanted, needs=organization.needs))
    assert organization.acts == []


def test_the_first_step_that_fails_stops_it_and_the_next_run_goes_on(wanted: Desired) -> None:
    organization = FakeOrganization(
        wanted, with_control_plane(wanted, an_empty_organization(wanted)), fails={"activate StackSets"}
    )
    with pytest.raises(StepFailedError, match="trusted-access-stacksets: activate StackSets was refused"):
        apply(organization)
    assert organization.acts == [
        "trust backup.amazonaws.com",
        "enable BACKUP_POLICY",
        "enable SERVICE_CONTROL_POLICY",
    ]
    organization.fails.clear()
    assert apply(organization)[0] == "trusted-access-stacksets"
    assert plan(organization, confirmed_days=None).steps == ()


def test_a_change_of_the_organization_waits_while_somebody_else_changes_it(wanted: Desired) -> None:
    busy = {"trust backup.amazonaws.com": 2}
    organization = FakeOrganization(wanted, with_control_plane(wanted, an_empty_organization(wanted)), busy=dict(busy))
    apply(organization)
    assert organization.acts[:3] == ["pause", "pause", "trust backup.amazonaws.com"]


def test_it_does_not_wait_for_ever(wanted: Desired) -> None:
    organization = FakeOrganization(wanted, an_empty_organization(wanted), busy={"trust backup.amazonaws.com": 1000})
    with pytest.raises(StepFailedError, match=r"trusted-access-backup: .* is being done by somebody else"):
        apply(organization)
    assert set(organization.acts) == {"pause"}


def test_it_waits_for_the_control_plane_before_any_lock_begins(wanted: Desired) -> None:
    organization = FakeOrganization(wanted, an_empty_organization(wanted))
    with pytest.raises(StepFailedError, match="control-plane"):
        apply(organization)
    assert not [act for act in organization.acts if act.startswith("deploy")]
    organization.live = with_control_plane(wanted, organization.live)
    assert apply(organization) == [
        "stack-strongroom-central",
        "stack-strongroom-replica",
        "stack-strongroom-global",
        "stack-strongroom-audit",
        "rules",
        "stack-strongroom-members",
        "stack-strongroom-management",
    ]
    assert "deploy strongroom-central" in organization.acts


DRIFT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "changed": ({"document": {"plans": {}}}, [f"write {OURS}"]),
    "detached": ({"targets": ()}, [f"attach p-{OURS} to ou-strg-prod0001"]),
    "attached elsewhere": (
        {"targets": ("ou-strg-prod0001", "r-strg")},
        [f"detach p-{OURS} from r-strg"],
    ),
}


@pytest.mark.parametrize(("drift", "acts"), DRIFT.values(), ids=DRIFT)
def test_a_policy_that_drifted_is_repaired_past_its_stack(
    drift: dict[str, Any], acts: list[str], wanted: Desired
) -> None:
    organization = FakeOrganization(wanted, with_policy(a_settled_organization(wanted), OURS, **drift))
    apply(organization)
    assert organization.acts == acts
    assert organization.live.policies == a_settled_organization(wanted).policies


def test_a_deleted_policy_comes_back_by_its_stack(wanted: Desired) -> None:
    live = a_settled_organization(wanted)
    organization = FakeOrganization(
        wanted, replace(live, policies=tuple(policy for policy in live.policies if policy.name != OURS))
    )
    apply(organization)
    assert organization.acts == [
        f"deploy strongroom-management without {OURS}",
        "deploy strongroom-management",
    ]
    assert plan(organization).steps == ()


def test_a_lock_that_was_removed_by_hand_is_put_on_again(wanted: Desired) -> None:
    arn = CENTRAL_VAULT
    organization = FakeOrganization(
        wanted, with_vault(a_settled_organization(wanted), arn, is_locked=False, lock_date=None)
    )
    apply(organization)
    assert organization.acts == [f"lock {arn}"]
    assert plan(organization).steps == ()


def test_an_air_gapped_vault_is_shared_with_whom_is_governed(intent: Intent) -> None:
    wanted = a_desired_organization(with_central_gap(intent))
    settled = a_settled_organization(wanted)
    governed = replace(settled.members, accounts=dict.fromkeys(settled.members.accounts, (PAYMENTS,)))
    vaults = {**settled.vaults, CENTRAL_GAP: replace(settled.vaults[CENTRAL_GAP], lock_date=NOW)}
    untrusted = replace(settled.switches, trusted_services=settled.switches.trusted_services - {SHARING})
    live = replace(settled, members=governed, vaults=vaults, switches=untrusted)
    organization = FakeOrganization(wanted, live)
    assert apply(organization) == ["sharing-in-organization", "share-safe"]
    assert organization.acts == ["trust ram.amazonaws.com", f"share {CENTRAL_GAP} with {PAYMENTS}"]
    assert plan(organization).is_settled
