"""Copy a recovery point from the central vault back into the account's own vault."""

from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.acting.start_copy_back import CopyBackStarted, start_copy_back
from strongroom.wiring.restores.acting import copy_back_start


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> CopyBackStarted:
    """Look at everything again, then start the copy."""
    return start_copy_back(
        step.request_id, execution=step.execution, needs=copy_back_start(platform), now=platform.now()
    )
