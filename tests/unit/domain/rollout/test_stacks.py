"""Stacks that are missing, changed, or in no state to be changed."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.intent.destinations import longest_retention
from strongroom.domain.rollout.desired import (
    AUDIT_STACK,
    CONTROL_PLANE_STACK,
    MANAGEMENT_STACK,
    MEMBERS_STACK,
    Desired,
)
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.steps import RolloutPlan, StepKind
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from tests.builders.places import HOME, REPLICA_VAULT
from tests.builders.rollout import REPLICA_STACK, an_empty_organization, with_stack, without
from tests.unit.domain.rollout.plans import codes, plan_of, steps_of

STEP = f"stack-{REPLICA_STACK}"


def confirmed(wanted: Desired, live: LiveOrganization, *, has_bucket: bool = False) -> RolloutPlan:
    return plan_of(wanted, live, confirmed_days=longest_retention(wanted.intent), has_bucket=has_bucket)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param({"template": "another"}, "template", id="template"),
        pytest.param({"parameters": {"MinRetentionDays": "7"}}, "MinRetentionDays=7", id="parameter"),
        pytest.param({"parameters": {}}, "MinRetentionDays=none", id="new parameter"),
    ],
)
def test_a_stack_that_is_not_as_rendered_is_updated(
    changed: dict[str, Any], told: str, wanted: Desired, live: LiveOrganization
) -> None:
    steps = steps_of(wanted, with_stack(live, REPLICA_STACK, **changed))
    assert list(steps) == [STEP]
    assert steps[STEP].kind is StepKind.UPDATE_STACK
    assert told in steps[STEP].before
    assert steps[STEP].before != steps[STEP].after


def test_a_stack_that_was_imported_is_there(wanted: Desired, live: LiveOrganization) -> None:
    assert steps_of(wanted, with_stack(live, REPLICA_STACK, status="IMPORT_COMPLETE")) == {}


def test_white_space_around_a_template_is_no_change(wanted: Desired, live: LiveOrganization) -> None:
    assert steps_of(wanted, with_stack(live, REPLICA_STACK, template="vault\n")) == {}


def test_a_parameter_that_only_the_template_gives_is_no_change(wanted: Desired, live: LiveOrganization) -> None:
    more = {**live.stacks[REPLICA_STACK].parameters, "Default": "1"}
    assert steps_of(wanted, with_stack(live, REPLICA_STACK, parameters=more)) == {}


@pytest.mark.parametrize("status", ["missing", "REVIEW_IN_PROGRESS"])
def test_a_stack_in_which_nothing_was_ever_deployed_is_created(
    status: str, wanted: Desired, live: LiveOrganization
) -> None:
    empty = (
        replace(live, stacks=without(live.stacks, REPLICA_STACK))
        if status == "missing"
        else with_stack(live, REPLICA_STACK, status=status)
    )
    plan = confirmed(wanted, replace(empty, vaults=without(live.vaults, REPLICA_VAULT)))
    assert [(step.id, step.kind) for step in plan.steps] == [(STEP, StepKind.CREATE_STACK)]
    assert plan.errors == ()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("ROLLBACK_COMPLETE", "stack-dead"),
        ("UPDATE_ROLLBACK_FAILED", "stack-stuck"),
        ("ROLLBACK_IN_PROGRESS", "stack-busy"),
        ("DELETE_IN_PROGRESS", "stack-busy"),
    ],
)
def test_a_stack_in_no_state_to_be_changed_is_an_error_even_when_its_template_is_right(
    status: str, code: str, wanted: Desired, live: LiveOrganization
) -> None:
    assert codes(confirmed(wanted, with_stack(live, REPLICA_STACK, status=status)).errors) == [code]


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_a_stack_that_somebody_is_at_is_waited_for(status: str, wanted: Desired, live: LiveOrganization) -> None:
    plan = confirmed(wanted, with_stack(live, REPLICA_STACK, status=status))
    assert ([step.id for step in plan.steps], plan.errors) == ([STEP], ())
    assert codes(plan.findings) == ["stack-busy"]


@pytest.mark.parametrize("status", ["CREATE_FAILED", "UPDATE_FAILED"])
def test_a_stack_that_kept_what_succeeded_goes_on_although_its_template_is_right(
    status: str, wanted: Desired, live: LiveOrganization
) -> None:
    plan = confirmed(wanted, with_stack(live, REPLICA_STACK, status=status))
    assert ([step.id for step in plan.steps], plan.errors) == ([STEP], ())


def test_a_bucket_that_no_stack_owns_is_an_error_that_says_how_to_go_on(
    wanted: Desired, live: LiveOrganization
) -> None:
    taken = replace(live, has_report_bucket=True)
    assert plan_of(wanted, taken).is_settled
    [found] = confirmed(wanted, replace(taken, stacks=without(live.stacks, AUDIT_STACK))).errors
    assert (found.code, "IMPORT" in found.message) == ("bucket-without-stack", True)
    assert "strongroom-audit-888888888888-eu-west-1" in found.message


@pytest.mark.parametrize(
    ("size", "has_bucket", "found"),
    [
        (51_200, False, []),
        (51_201, False, ["template-bucket-missing"]),
        (51_201, True, []),
        (1_000_001, True, ["template-too-large"]),
    ],
)
def test_a_large_template_needs_a_bucket_and_has_an_end(
    wanted: Desired, live: LiveOrganization, *, size: int, has_bucket: bool, found: list[str]
) -> None:
    large = with_audit_template(wanted, "x" * size)
    assert codes(confirmed(large, live, has_bucket=has_bucket).errors) == found


@pytest.mark.parametrize(("size", "found"), [(51_200, []), (51_201, ["template-too-large"])])
def test_no_bucket_helps_a_stack_set_that_carries_too_much(
    wanted: Desired, live: LiveOrganization, *, size: int, found: list[str]
) -> None:
    carried = MemberTemplate(name="strongroom-member-roles", body="x" * size, parameters={}, regions=(HOME,))
    stack_set = StackSet(name=carried.name, template=carried, units=("ou-strg-prod0001",))
    large = replace(wanted, rendered=replace(wanted.rendered, stack_sets=(stack_set,)))
    missing = replace(live, stacks=without(live.stacks, MEMBERS_STACK))
    told = confirmed(large, missing, has_bucket=True).errors
    assert [(each.code, each.path) for each in told] == [(code, carried.name) for code in found]


def test_a_large_template_that_is_deployed_needs_no_bucket(wanted: Desired, live: LiveOrganization) -> None:
    deployed = with_stack(live, AUDIT_STACK, template="x" * 60_000)
    assert plan_of(with_audit_template(wanted, "x" * 60_000), deployed).is_settled


def with_audit_template(wanted: Desired, text: str) -> Desired:
    return replace(wanted, rendered=replace(wanted.rendered, stacks={**wanted.rendered.stacks, "audit": text}))


@pytest.mark.parametrize(
    ("changed", "before", "after"),
    [
        pytest.param(None, "missing", "deployed", id="missing"),
        pytest.param(
            {"status": "ROLLBACK_COMPLETE"}, "ROLLBACK_COMPLETE", "deleted, then deployed", id="never finished"
        ),
        pytest.param({"status": "UPDATE_FAILED"}, "UPDATE_FAILED", "deployed", id="half updated"),
        pytest.param(
            {"parameters": {"OrganizationId": "o-another"}},
            "OrganizationId=o-another",
            "OrganizationId=o-strongroom1",
            id="of another intent",
        ),
    ],
)
def test_the_control_plane_is_left_to_a_person(
    changed: dict[str, Any] | None, before: str, after: str, wanted: Desired, live: LiveOrganization
) -> None:
    other = (
        replace(live, stacks=without(live.stacks, CONTROL_PLANE_STACK))
        if changed is None
        else with_stack(live, CONTROL_PLANE_STACK, **changed)
    )
    [step] = steps_of(wanted, other).values()
    assert (step.id, step.kind, step.before, step.after) == ("control-plane", StepKind.CONFIRM, before, after)


def test_a_new_management_stack_names_the_policies_that_it_makes(wanted: Desired) -> None:
    step = steps_of(wanted, an_empty_organization(wanted))[f"stack-{MANAGEMENT_STACK}"]
    assert all(name in step.after for name in wanted.policy_names)
