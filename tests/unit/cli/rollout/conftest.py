"""The organisation that `strongroom plan` and `strongroom apply` find."""

from pathlib import Path

import pytest

from strongroom.domain.findings import Finding
from strongroom.domain.intent.model import Intent
from strongroom.domain.preview.tree import LiveTree
from strongroom_cli.rollout import apply
from strongroom_cli.rollout import organization as organization_of_the_commands
from strongroom_cli.rollout.organization import Prepared
from strongroom_cli.rollout.saved_plan import Options
from tests.builders.places import PAYMENTS, PRODUCTION
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.fakes.preview import FakeEstate
from tests.fakes.rollout import FakeOrganization


@pytest.fixture
def estate(intent: Intent) -> FakeEstate:
    """One account in the unit of production, and what the tests put there."""
    place = intent.organization
    return FakeEstate(
        LiveTree(
            units={place.root_id: None, PRODUCTION: place.root_id},
            names={place.root_id: "Root", PRODUCTION: "Production"},
            accounts={PAYMENTS: PRODUCTION, place.management_account: place.root_id},
        )
    )


@pytest.fixture
def organization(intent: Intent, estate: FakeEstate, monkeypatch: pytest.MonkeyPatch) -> FakeOrganization:
    """An organisation in accord with the example, which the commands find."""
    wanted = a_desired_organization(intent)
    found = FakeOrganization(wanted, a_settled_organization(wanted))

    def prepare_for(_: Intent, options: Options, *, source: Path, warnings: tuple[Finding, ...] = ()) -> Prepared:
        """Without the warnings about the example itself."""
        return Prepared(desired=found.wanted, needs=found.needs, preview_needs=estate.needs, options=options)

    monkeypatch.setattr(organization_of_the_commands, "prepare_for", prepare_for)
    monkeypatch.setattr(apply, "prepare_for", prepare_for)
    return found
