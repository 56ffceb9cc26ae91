"""Tag what was just created with its tier, or correct a tag that names none, and say why."""

from strongroom.runtime.contracts.trail import TrailRecord
from strongroom.runtime.platform import Platform
from strongroom.services.tags.answering import Enforced
from strongroom.services.tags.enforce_tags import HeardCalls, enforce_tags
from strongroom.wiring.events import each_batch
from strongroom.wiring.tags.enforcing import tag_enforcement


@each_batch(TrailRecord, read=lambda event: event.detail.observed(event))
def handler(calls: HeardCalls, platform: Platform) -> Enforced:
    """Judge everything that the calls created."""
    return enforce_tags(calls, needs=tag_enforcement(platform), now=platform.now())
