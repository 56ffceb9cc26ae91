"""Look how far a copy back has come."""

from strongroom.domain.restores.jobs import JobVerdict
from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from strongroom.wiring.restores.checking import copy_back_check


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> JobVerdict:
    """Describe the copy job; events about it are never believed."""
    return check_copy_back(
        step.request_id, execution=step.execution, needs=copy_back_check(platform), now=platform.now()
    )
