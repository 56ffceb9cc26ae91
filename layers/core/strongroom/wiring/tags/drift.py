"""Drift: tags that somebody changed later, which are put back or told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.services.tags.answer_drift import DriftAnswerNeeds
from strongroom.wiring.tags.seeing_to import seeing_to

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def drift_answer(platform: Platform) -> DriftAnswerNeeds:
    """What answering drift needs."""
    return seeing_to(DriftAnswerNeeds, platform)
