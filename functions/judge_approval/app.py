"""Judge a restore request by what people signed."""

from strongroom.runtime.contracts.restores import RequestInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.deciding.judge_approval import ApprovalJudged, judge_approval
from strongroom.wiring.restores.deciding import judging


@each_step(RequestInput)
def handler(step: RequestInput, platform: Platform) -> ApprovalJudged:
    """Answer where the request stands."""
    return judge_approval(step.request_id, needs=judging(platform), now=platform.now())
