"""Give what was restored the tags of its recovery point, and do what is left to do on it."""

from strongroom.runtime.contracts.restores import ActInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.restores.acting.tag_restored import RestoredTagged, tag_restored
from strongroom.wiring.restores.tagging import restored_tag


@each_step(ActInput)
def handler(step: ActInput, platform: Platform) -> RestoredTagged:
    """Add the recovery point's tags, and take the steps that were approved, under the role for both."""
    return tag_restored(step.request_id, execution=step.execution, needs=restored_tag(platform), now=platform.now())
