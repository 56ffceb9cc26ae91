"""Steps on what was restored that somebody asks for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.restores import MemberRestoreJobs
from strongroom.adapters.aws.restores.asked_steps import MemberAskedSteps
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.acting.finish_asked import AskedFinishingNeeds
from strongroom.wiring.members import finishing, inspection
from strongroom.wiring.restores.recording import keeper

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def asked_finishing(platform: Platform) -> AskedFinishingNeeds:
    """What taking a step that was asked for needs."""
    return AskedFinishingNeeds(
        ceremony=ceremony_of(platform.intent),
        keeper=keeper(platform),
        jobs=MemberRestoreJobs(inspection(platform)),
        finishing=MemberAskedSteps(finishing(platform)),
    )
