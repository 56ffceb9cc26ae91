"""No StackSet reaches an account that lies in an excluded unit now."""

from copy import replace

import pytest

from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.rollout.desired import MEMBERS_STACK, Desired
from strongroom.domain.rollout.members import LiveMembers
from strongroom.domain.stacks.stack_sets import MemberTemplate, member_stack, render_stack_sets
from strongroom.services.rollout.leave_out_accounts import leave_out_accounts
from strongroom.services.rollout.plan_rollout import read_members
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, GLOBAL_REGION, HOME, PAYMENTS, SANDBOX
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.fakes.rollout import FakeOrganization

CLOSED = AccountId("555555555551")
TEMPLATE = MemberTemplate(name="strongroom-member", body="{}", parameters={}, regions=(HOME,))


@pytest.fixture
def organization(intent: Intent) -> FakeOrganization:
    """A governed root, but for a unit in which one account lies."""
    rooted = replace(intent, targets=(Target(root=True, excluded=("Sandbox",), tiers=("daily-prod",)),))
    wanted = a_desired_organization(rooted)
    stack_sets = render_stack_sets(rooted, (TEMPLATE,))
    wanted = replace(wanted, rendered=replace(wanted.rendered, stack_sets=stack_sets))
    management = intent.organization.management_account
    everybody = (management, BACKUP_ACCOUNT, AUDIT_ACCOUNT, CLOSED, PAYMENTS)
    members = LiveMembers(accounts={"r-strg": everybody, SANDBOX: (CLOSED,)})
    return FakeOrganization(wanted, replace(a_settled_organization(wanted), members=members))


def settled(organization: FakeOrganization) -> Desired:
    return leave_out_accounts(organization.wanted, policies=organization)


def test_the_stack_sets_reach_none_of_them_nor_the_accounts_of_strongroom(organization: FakeOrganization) -> None:
    wanted = settled(organization)
    [stack_set] = wanted.rendered.stack_sets
    assert stack_set.left_out == (BACKUP_ACCOUNT, AUDIT_ACCOUNT, CLOSED)
    stack = wanted.stack(MEMBERS_STACK)
    assert stack is not None
    assert stack.template == member_stack((stack_set,), region=GLOBAL_REGION)
    assert CLOSED in stack.template


def test_of_the_accounts_below_the_root_the_others_are_governed(organization: FakeOrganization) -> None:
    assert read_members(settled(organization), needs=organization.needs).accounts == {"r-strg": (PAYMENTS,)}


def test_where_no_unit_is_excluded_nothing_is_asked(intent: Intent) -> None:
    wanted = a_desired_organization(intent)
    assert leave_out_accounts(wanted, policies=FakeOrganization(wanted, a_settled_organization(wanted))) is wanted
