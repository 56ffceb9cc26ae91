"""A ceremony that comes later is planned like anything else, and one that would go is held back."""

from copy import replace

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import AUDIT_STACK, MANAGEMENT_STACK, administrators, service_linked_roles
from tests.builders.intents import an_intent_without_ceremony
from tests.builders.rollout import a_desired_organization, a_settled_organization, with_stack
from tests.unit.domain.rollout.plans import findings_of, plan_of, steps_of

AUDITORS = "888888888888"


@pytest.fixture
def plain(intent: Intent) -> Intent:
    """The example without ceremony and auditors."""
    return an_intent_without_ceremony(intent)


def test_an_organization_without_ceremony_is_in_accord_without_auditors(plain: Intent) -> None:
    wanted = a_desired_organization(plain)
    assert AUDIT_STACK not in {stack.place.name for stack in wanted.stacks}
    assert AUDITORS not in administrators(plain)
    assert AUDITORS not in {account for account, _ in service_linked_roles(plain)}
    live = a_settled_organization(wanted)
    assert (steps_of(wanted, live), findings_of(wanted, live)) == ({}, ())


def test_a_ceremony_that_comes_later_is_one_plan_that_misses_its_log(intent: Intent, plain: Intent) -> None:
    wanted, before = a_desired_organization(intent), a_desired_organization(plain)
    live = with_stack(a_settled_organization(before), MANAGEMENT_STACK, template="of the intent before")
    steps = steps_of(wanted, live)
    assert [step for step in steps if step.startswith(("control-plane", "stack-"))] == [
        "control-plane",
        f"stack-{AUDIT_STACK}",
        f"stack-{MANAGEMENT_STACK}",
    ]
    assert "restores" in steps["control-plane"].what
    assert [found.code for found in findings_of(wanted, live)] == ["evidence-log-missing"]


def test_with_auditors_already_there_the_guardrails_and_the_functions_alone_change(
    intent: Intent, plain: Intent
) -> None:
    audited = replace(plain, organization=intent.organization)
    wanted, live = a_desired_organization(intent), a_settled_organization(a_desired_organization(audited))
    assert {step for step in steps_of(wanted, live) if not step.startswith("policy-")} == {
        "rules",
        "control-plane",
        f"stack-{MANAGEMENT_STACK}",
    }


def test_a_ceremony_that_would_go_is_a_loosening_at_its_place(intent: Intent, plain: Intent) -> None:
    wanted, live = a_desired_organization(plain), a_settled_organization(a_desired_organization(intent))
    told = {(each.code, each.path): each.message for each in plan_of(wanted, live, confirmed_days=2555).errors}
    assert "without ticket, approval and evidence" in told["protection-shrinks", "restores"]
    assert {code for code, _ in told} == {"protection-shrinks"}
    assert plan_of(wanted, live, confirmed_days=2555, accepts_loosening=True).errors == ()
