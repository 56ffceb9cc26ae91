"""Revisiting: resources are looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.services.tags.revisit_resources import ResourceRevisitNeeds
from strongroom.wiring.tags.seeing_to import seeing_to

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def resource_revisit(platform: Platform) -> ResourceRevisitNeeds:
    """What looking again at resources needs."""
    return seeing_to(ResourceRevisitNeeds, platform)
