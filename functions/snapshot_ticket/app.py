"""Read the ticket at the beginning of a restore ceremony."""

from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.approving.snapshot_ticket import TicketSnapshot, snapshot_ticket
from strongroom.wiring.restores.approving.snapshotting import ticket_snapshot


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> TicketSnapshot:
    """Bind the request to this execution and answer its plan and how long the approval may take."""
    return snapshot_ticket(
        step.request_id, execution=step.execution, needs=ticket_snapshot(platform), now=platform.now()
    )
