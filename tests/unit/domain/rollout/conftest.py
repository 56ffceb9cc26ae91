"""The example's rollout."""

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from tests.builders import rollout as builders_rollout


@pytest.fixture
def wanted(intent: Intent) -> Desired:
    """What the example wants."""
    return builders_rollout.desired(intent)


@pytest.fixture
def live(wanted: Desired) -> LiveOrganization:
    """An organisation in accord with it."""
    return builders_rollout.settled(wanted)
