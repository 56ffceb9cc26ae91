"""Look how far a restore has come."""

from strongroom.domain.restores.jobs import JobVerdict
from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.acting.check_restore import check_restore
from strongroom.wiring.restores.checking import restore_check


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> JobVerdict:
    """Describe the restore job, and compare what it used with what was approved."""
    return check_restore(step.request_id, execution=step.execution, needs=restore_check(platform), now=platform.now())
