"""Jobs looked at until they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.restores import CentralCopyJobs
from strongroom.adapters.aws.clients import client
from strongroom.services.restores.acting.check_copy_back import CopyBackCheckNeeds
from strongroom.services.restores.acting.check_restore import RestoreCheckNeeds
from strongroom.wiring.restores.deciding import judge
from strongroom.wiring.restores.executing import executions
from strongroom.wiring.restores.looking import restore_jobs
from strongroom.wiring.restores.recording import keeper

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def copy_back_check(platform: Platform) -> CopyBackCheckNeeds:
    """What looking at a copy back needs."""
    return CopyBackCheckNeeds(
        judge=judge(platform),
        keeper=keeper(platform),
        executions=executions(platform),
        jobs=CentralCopyJobs(client),
    )


def restore_check(platform: Platform) -> RestoreCheckNeeds:
    """What looking at a restore needs."""
    return RestoreCheckNeeds(
        keeper=keeper(platform),
        executions=executions(platform),
        jobs=restore_jobs(platform),
    )
