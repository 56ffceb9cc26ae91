"""The organisation that `strongroom plan` and `strongroom apply` find."""

from pathlib import Path

import pytest

from strongroom.domain.findings import Finding
from strongroom.domain.intent.model import Intent
from strongroom_cli.rollout import apply
from strongroom_cli.rollout import organization as organization_of_the_commands
from strongroom_cli.rollout.organization import Prepared
from strongroom_cli.rollout.saved_plan import Options
from tests.builders.rollout import a_desired_organization, a_settled_organization
from tests.fakes.rollout import FakeOrganization


@pytest.fixture
def organization(intent: Intent, monkeypatch: pytest.MonkeyPatch) -> FakeOrganization:
    """An organisation in accord with the example, which the commands find."""
    wanted = a_desired_organization(intent)
    found = FakeOrganization(wanted, a_settled_organization(wanted))

    def prepare_for(_: Intent, options: Options, *, source: Path, warnings: tuple[Finding, ...] = ()) -> Prepared:
        """Without the warnings about the example itself."""
        return Prepared(desired=found.wanted, needs=found.needs, options=options)

    monkeypatch.setattr(organization_of_the_commands, "prepare_for", prepare_for)
    monkeypatch.setattr(apply, "prepare_for", prepare_for)
    return found
