"""Acts that cannot be taken back, each after everything that it rests on was looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.restores import CentralCopyJobs, MemberRestoreStarter
from strongroom.adapters.aws.clients import client
from strongroom.services.restores.acting.start_copy_back import CopyBackStartNeeds
from strongroom.services.restores.acting.start_restore import RestoreStartNeeds
from strongroom.wiring.members import restoring
from strongroom.wiring.restores.deciding import approvals
from strongroom.wiring.restores.ticketing import tickets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def copy_back_start(platform: Platform) -> CopyBackStartNeeds:
    """What starting a copy back needs."""
    return CopyBackStartNeeds(
        approvals=approvals(platform),
        tickets=tickets(platform),
        jobs=CentralCopyJobs(client, intent=platform.intent),
    )


def restore_start(platform: Platform) -> RestoreStartNeeds:
    """What starting a restore needs."""
    standing = approvals(platform)
    return RestoreStartNeeds(
        approvals=standing,
        tickets=tickets(platform),
        starter=MemberRestoreStarter(restoring(platform), intent=platform.intent, people=standing.ceremony.people),
    )
