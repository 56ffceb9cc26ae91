"""What a restore made, tagged and finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.recovery_points import MemberPointTags
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.restores.finishing import MemberFinishing
from strongroom.adapters.aws.restores.settings import MemberSettingsReader
from strongroom.adapters.ledger.settings import LedgerSettings
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.services.restores.acting.tag_restored import RestoredTagNeeds
from strongroom.wiring.members import after_restoring, finishing, inspection, reading_settings
from strongroom.wiring.restores.executing import executions
from strongroom.wiring.restores.looking import restore_jobs
from strongroom.wiring.restores.recording import keeper
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def restored_tag(platform: Platform) -> RestoredTagNeeds:
    """What tagging and finishing what was restored needs."""
    return RestoredTagNeeds(
        keeper=keeper(platform),
        executions=executions(platform),
        jobs=restore_jobs(platform),
        points=MemberPointTags(
            client,
            inspection(platform),
            native=MemberTags(after_restoring(platform)),
            intent=platform.intent,
        ),
        tags=MemberTags(after_restoring(platform)),
        finishing=MemberFinishing(finishing(platform)),
        settings=MemberSettingsReader(reading_settings(platform)),
        notes=LedgerSettings(ledger(platform)),
    )
