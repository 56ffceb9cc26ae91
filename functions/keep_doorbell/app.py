"""Wait for people, and be woken when one of them has signed."""

from strongroom.runtime.contracts.restores import DoorbellInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.approving.keep_doorbell import DoorbellKept, keep_doorbell
from strongroom.wiring.restores.approving.ringing import doorbell


@each_step(DoorbellInput)
def handler(step: DoorbellInput, platform: Platform) -> DoorbellKept:
    """Keep the task token, by which whoever takes a proof rings."""
    return keep_doorbell(step.request_id, token=step.task_token, needs=doorbell(platform))
