"""Report every call that would delete, shorten, re-key, unlock, carry off or blind the backups."""

from strongroom.domain.tampering.judging import TamperingVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.trail import TrailRecord
from strongroom.runtime.platform import Platform
from strongroom.services.tampering.report_tampering import report_tampering
from strongroom.wiring.events import each_event
from strongroom.wiring.tampering import tampering_report


@each_event(TrailRecord)
def handler(event: Event[TrailRecord], platform: Platform) -> TamperingVerdict:
    """Judge the call that the trail recorded."""
    return report_tampering(event.detail.observed(event), needs=tampering_report(platform), now=platform.now())
