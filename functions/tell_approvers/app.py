"""Show a restore request to those who decide on it."""

from strongroom.runtime.contracts.restores import RequestInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.approving.tell_approvers import ApproversTold, tell_approvers
from strongroom.wiring.restores.approving.telling import telling


@each_step(RequestInput)
def handler(step: RequestInput, platform: Platform) -> ApproversTold:
    """Show the request in Slack and on its ticket, with the way to its page."""
    return tell_approvers(step.request_id, needs=telling(platform), now=platform.now())
