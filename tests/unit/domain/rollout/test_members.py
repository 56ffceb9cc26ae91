"""Stacks of governed accounts that are not current: told by cause, and tried again where that can help."""

from copy import replace

import pytest

from strongroom.domain.findings import Level
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.members import (
    LiveInstance,
    LiveMembers,
    judge_members,
    places_that_may_be_shut,
    unfinished_members,
)
from strongroom.domain.rollout.steps import BringStacks, Step
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from tests.builders.places import HOME, PAYMENTS
from tests.unit.domain.rollout.plans import codes, plan_of

UNIT, NORTH = "ou-strg-prod0001", Region("eu-north-1")
LEDGER = AccountId("333333333333")
TEMPLATE = MemberTemplate(name="strongroom-member", body="{}", parameters={}, regions=(HOME, NORTH))
MEMBER = StackSet(name="strongroom-member", template=TEMPLATE, units=(UNIT,))
CURRENT = LiveInstance(account=PAYMENTS, region=HOME, status="CURRENT")
FAILED = replace(CURRENT, status="OUTDATED", reason="ResourceLogicalId:Rule, ResourceStatusReason:Rate exceeded.")
TAKEN = replace(FAILED, reason="ResourceLogicalId:LocalVault, ResourceStatusReason:Backup vault already exists.")


def members(*instances: LiveInstance, accounts: tuple[AccountId, ...] = (PAYMENTS,)) -> LiveMembers:
    north = [replace(each, region=NORTH, status="CURRENT") for each in instances]
    return LiveMembers(accounts={UNIT: accounts}, instances={MEMBER.name: (*instances, *north)})


def steps(live: LiveMembers, intent: Intent) -> list[Step]:
    return list(unfinished_members((MEMBER,), live, intent))


def test_nothing_is_said_of_stacks_that_are_current(intent: Intent) -> None:
    assert (list(judge_members((MEMBER,), members(CURRENT))), steps(members(CURRENT), intent)) == ([], [])


@pytest.mark.parametrize(
    ("instance", "accounts", "code", "said"),
    [
        pytest.param(FAILED, (PAYMENTS,), "instance-outdated", "Rate exceeded", id="failed"),
        pytest.param(TAKEN, (PAYMENTS,), "instance-taken", "import its stack", id="name taken"),
        pytest.param(FAILED, (LEDGER,), "instance-abandoned", "closed or gone", id="account closed"),
        pytest.param(
            replace(FAILED, status="INOPERABLE"),
            (PAYMENTS,),
            "instance-inoperable",
            "with its stack retained",
            id="cannot be deleted",
        ),
    ],
)
def test_a_stack_that_is_not_current_is_a_warning_with_account_region_and_reason(
    instance: LiveInstance, accounts: tuple[AccountId, ...], code: str, said: str
) -> None:
    [told] = judge_members((MEMBER,), members(instance, accounts=accounts))
    assert (told.level, told.code, told.path) == (Level.WARNING, code, MEMBER.name)
    assert f"account {PAYMENTS}, {HOME}, is {instance.status}" in told.message
    assert said in told.message


@pytest.mark.parametrize("instance", [CURRENT, FAILED], ids=["deployed", "failed"])
def test_a_stack_that_came_by_itself_to_an_account_that_is_left_out_is_told_and_let_be(
    instance: LiveInstance, intent: Intent
) -> None:
    without_payments = replace(MEMBER, left_out=(PAYMENTS,))
    live = LiveMembers(accounts={UNIT: ()}, instances={MEMBER.name: (instance,)})
    [told] = judge_members((without_payments,), live)
    assert (told.level, told.code, PAYMENTS in told.message) == (Level.WARNING, "instance-left-out", True)
    assert list(unfinished_members((without_payments,), live, intent)) == []


def test_what_failed_is_tried_again_where_it_failed_and_nowhere_else(intent: Intent) -> None:
    live = members(FAILED, replace(CURRENT, account=LEDGER), accounts=(PAYMENTS, LEDGER))
    [step] = steps(live, intent)
    assert (step.id, step.before, step.after) == ("outdated-strongroom-member", "outdated", "current")
    assert step.act == BringStacks(MEMBER.name, accounts=(PAYMENTS,), regions=(HOME,), are_new=False)


def test_what_was_never_made_is_made(intent: Intent) -> None:
    [step] = steps(members(CURRENT, accounts=(PAYMENTS, LEDGER)), intent)
    assert step.id == "missing-strongroom-member"
    assert step.act == BringStacks(MEMBER.name, accounts=(LEDGER,), regions=(HOME, NORTH), are_new=True)


@pytest.mark.parametrize(
    ("instance", "accounts"),
    [
        pytest.param(TAKEN, (PAYMENTS,), id="name taken"),
        pytest.param(replace(FAILED, status="INOPERABLE"), (PAYMENTS,), id="cannot be deleted"),
        pytest.param(FAILED, (), id="account closed"),
    ],
)
def test_what_another_try_does_not_mend_is_not_tried(
    instance: LiveInstance, accounts: tuple[AccountId, ...], intent: Intent
) -> None:
    assert steps(members(instance, accounts=accounts), intent) == []


MILAN = Region("eu-south-1")
IN_MILAN = replace(MEMBER, template=replace(TEMPLATE, regions=(HOME, MILAN)))
FAILED_IN_MILAN = replace(FAILED, region=MILAN, reason="the Region is off")


@pytest.mark.parametrize("there", [(), (FAILED_IN_MILAN,)], ids=["missing", "failed"])
@pytest.mark.parametrize(
    ("status", "is_tried"),
    [("DISABLED", False), ("ENABLING", False), ("ENABLED", True), (None, True)],
    ids=["off", "on its way", "on", "not known"],
)
def test_no_stack_is_tried_where_the_region_is_off(
    status: str | None,
    is_tried: bool,  # noqa: FBT001
    there: tuple[LiveInstance, ...],
    intent: Intent,
) -> None:
    live = LiveMembers(
        accounts={UNIT: (PAYMENTS,)},
        instances={MEMBER.name: (CURRENT, *there)},
        opt_statuses={(PAYMENTS, MILAN): status},
    )
    act = BringStacks(MEMBER.name, accounts=(PAYMENTS,), regions=(MILAN,), are_new=not there)
    assert [step.act for step in unfinished_members((IN_MILAN,), live, intent)] == [act] * is_tried
    assert [each.code for each in judge_members((IN_MILAN,), live)] == ["instance-outdated"] * bool(there and is_tried)


def test_what_may_be_shut_is_where_a_stack_is_wanted_in_a_region_that_is_not_always_on() -> None:
    live = LiveMembers(accounts={UNIT: (PAYMENTS, LEDGER)})
    assert places_that_may_be_shut((IN_MILAN, IN_MILAN), live) == ((PAYMENTS, MILAN), (LEDGER, MILAN))


def test_a_stack_set_that_is_not_there_yet_is_the_business_of_its_stack(intent: Intent) -> None:
    assert steps(LiveMembers(accounts={UNIT: (PAYMENTS,)}), intent) == []


def test_single_accounts_are_looked_for_by_themselves(intent: Intent) -> None:
    single = replace(MEMBER, name="strongroom-member-accounts", units=("r-strg",), accounts=(LEDGER,))
    live = LiveMembers(accounts={UNIT: (PAYMENTS,), LEDGER: (LEDGER,)}, instances={single.name: ()})
    [step] = unfinished_members((single,), live, intent)
    assert isinstance(step.act, BringStacks)
    assert step.act.accounts == (LEDGER,)


def test_many_accounts_are_counted(intent: Intent) -> None:
    accounts = tuple(AccountId(f"{number:012}") for number in range(7))
    [step] = steps(members(CURRENT, accounts=(PAYMENTS, *accounts)), intent)
    assert step.what.endswith("000000000004 and 2 more")


def test_a_plan_ends_with_what_an_account_lacks(wanted: Desired, live: LiveOrganization) -> None:
    bound = replace(wanted, rendered=replace(wanted.rendered, stack_sets=(MEMBER,)))
    plan = plan_of(bound, replace(live, members=members(FAILED)))
    assert ([step.id for step in plan.steps], codes(plan.findings)) == (
        ["outdated-strongroom-member"],
        ["instance-outdated"],
    )
    assert plan.errors == ()


def test_a_stack_set_of_single_accounts_wants_those_that_are_governed_and_active(intent: Intent) -> None:
    """A profile's account lies below a unit, and is no target itself."""
    single = replace(MEMBER, units=("r-strg",), accounts=(PAYMENTS, LEDGER))
    live = LiveMembers(accounts={UNIT: (PAYMENTS, AccountId("555555555555"))}, instances={MEMBER.name: ()})
    [step] = unfinished_members((single,), live, intent)
    assert isinstance(step.act, BringStacks)
    assert (step.act.accounts, step.act.are_new) == ((PAYMENTS,), True)
