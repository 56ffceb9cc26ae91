"""A patient in an organisation where all is well."""

from copy import replace

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.members import LiveInstance, LiveMembers
from strongroom.domain.stacks.stack_sets import MemberTemplate, StackSet
from strongroom.services.doctor.visit import Visit
from tests.builders.doctor import NOW
from tests.builders.places import HOME, PAYMENTS, PRODUCTION
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.fakes.doctor import FakePatient
from tests.fakes.rollout import FakeOrganization

STACK_SET = "strongroom-member"


@pytest.fixture
def patient() -> FakePatient:
    """What only the doctor reads."""
    return FakePatient()


@pytest.fixture
def organization(intent: Intent) -> FakeOrganization:
    """What a rollout reads, too: one governed account, whose stack is current."""
    wanted = a_desired_organization(intent)
    found = FakeOrganization(wanted, _with_member(a_settled_organization(wanted)))
    template = MemberTemplate(name=STACK_SET, body="{}", parameters={}, regions=(HOME,))
    found.bind(StackSet(name=STACK_SET, template=template, units=(PRODUCTION,)))
    return found


@pytest.fixture
def visit(organization: FakeOrganization, patient: FakePatient) -> Visit:
    """A visit to both."""
    return Visit(organization.wanted, needs=patient.needs(organization.needs), now=NOW)


def _with_member(live: LiveOrganization) -> LiveOrganization:
    current = LiveInstance(account=PAYMENTS, region=HOME, status="CURRENT")
    members = LiveMembers(accounts={PRODUCTION: (PAYMENTS,)}, instances={STACK_SET: (current,)})
    return replace(live, members=members, unrecorded={(PAYMENTS, HOME): frozenset()}, scps_per_target=10)
