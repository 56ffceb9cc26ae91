"""The example's rollout."""

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from tests.builders.rollout import a_desired_organization, a_settled_organization


@pytest.fixture
def wanted(intent: Intent) -> Desired:
    """What the example wants."""
    return a_desired_organization(intent)


@pytest.fixture
def live(wanted: Desired) -> LiveOrganization:
    """An organisation in accord with it."""
    return a_settled_organization(wanted)
