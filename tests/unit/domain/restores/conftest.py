"""Restores are decided by these groups."""

from dataclasses import replace

import pytest

from strongroom.domain.intent.model import Intent, Restores
from tests.unit.domain.restores.groups import GROUPS


@pytest.fixture
def restores(intent: Intent) -> Restores:
    """The example's settings, with groups that overlap."""
    return replace(intent.restores, groups=GROUPS)
