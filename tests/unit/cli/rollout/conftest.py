"""The organisation that `strongroom plan` and `strongroom apply` find."""

import argparse

import pytest

from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.services.rollout.plan_rollout import RolloutNeeds
from strongroom_cli.rollout import apply, plan
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.fakes.rollout import FakeOrganization


@pytest.fixture
def organization(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> FakeOrganization:
    """An organisation in accord with the example, which the commands find."""
    wanted = a_desired_organization(intent)
    found = FakeOrganization(wanted, a_settled_organization(wanted))

    def prepare(_: argparse.Namespace) -> tuple[Desired, RolloutNeeds]:
        return found.wanted, found.needs

    monkeypatch.setattr(plan, "prepare", prepare)
    monkeypatch.setattr(apply, "prepare", prepare)
    return found
