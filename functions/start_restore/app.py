"""Start the restore that was approved."""

from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.acting.starting.start_restore import RestoreStarted, start_restore
from strongroom.wiring.restores.acting import restore_start


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> RestoreStarted:
    """Look at everything again, then start the restore in the account that it was approved for."""
    return start_restore(step.request_id, execution=step.execution, needs=restore_start(platform), now=platform.now())
