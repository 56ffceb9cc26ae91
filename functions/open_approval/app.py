"""Show a restore request to its approvers, and wait for them."""

from strongroom.runtime.contracts.restores import ApprovalInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.approving.open_approval import ApprovalOpened, open_approval
from strongroom.wiring.restores.approving import approval_opening


@each_step(ApprovalInput)
def handler(step: ApprovalInput, platform: Platform) -> ApprovalOpened:
    """Keep the task token in the ledger, and show the request with its buttons in Slack."""
    return open_approval(step.request_id, token=step.task_token, needs=approval_opening(platform), now=platform.now())
