"""End a restore ceremony, however it ended."""

from strongroom.runtime.contracts.restores import ClosingInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.acting.close_restore import RestoreEnded, close_restore
from strongroom.wiring.restores.closing import restore_closing


@each_step(ClosingInput)
def handler(step: ClosingInput, platform: Platform) -> RestoreEnded:
    """Work out the end from the evidence, have it witnessed, and tell Slack, the ticket and the bus."""
    return close_restore(
        step.request_id,
        execution=step.execution,
        reason=step.explanation,
        error=step.error,
        needs=restore_closing(platform),
        now=platform.now(),
    )
