"""Tag what was just created with its tier, or correct a tag that names none, and say why."""

from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord
from strongroom.runtime.platform import Platform
from strongroom.services.tags.enforce_tags import EnforcementVerdict, enforce_tags
from strongroom.wiring.events import each_event
from strongroom.wiring.tags import tag_enforcement


@each_event(TrailRecord)
def handler(event: Event[TrailRecord], platform: Platform) -> EnforcementVerdict:
    """Judge everything that the call created."""
    return enforce_tags(event.detail.observed(event), needs=tag_enforcement(platform), now=platform.now())
