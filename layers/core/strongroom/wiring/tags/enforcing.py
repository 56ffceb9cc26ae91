"""Enforcing: what is created is tagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.services.tags.enforce_tags import TagEnforcementNeeds
from strongroom.wiring.tags.seeing_to import seeing_to

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def tag_enforcement(platform: Platform) -> TagEnforcementNeeds:
    """What enforcing tags needs."""
    return seeing_to(TagEnforcementNeeds, platform)
