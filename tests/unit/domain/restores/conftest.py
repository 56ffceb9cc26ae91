"""Restores are decided by these groups."""

from dataclasses import replace

import pytest

from strongroom.domain.intent.ceremony import Restores
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.ceremony import ceremony_of
from tests.unit.domain.restores.groups import GROUPS


@pytest.fixture
def restores(intent: Intent) -> Restores:
    """The example's settings, with groups that overlap."""
    return replace(ceremony_of(intent).restores, groups=GROUPS)
