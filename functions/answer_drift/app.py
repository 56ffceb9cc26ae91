"""Put back our tags where somebody took them off or changed them, or tell it, and say who it was."""

from strongroom.runtime.contracts.trail import TagsChanged
from strongroom.runtime.platform import Platform
from strongroom.services.tags.answer_drift import HeardChanges, answer_drift
from strongroom.services.tags.answering import Enforced
from strongroom.wiring.events import each_batch
from strongroom.wiring.tags.drift import drift_answer


@each_batch(TagsChanged, read=lambda event: event.detail.observed(event))
def handler(changes: HeardChanges, platform: Platform) -> Enforced:
    """Judge every resource whose tags were changed."""
    return answer_drift(changes, needs=drift_answer(platform), now=platform.now())
