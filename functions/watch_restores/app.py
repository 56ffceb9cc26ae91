"""Explain every restore where backups are, and every copy out of a central vault, by what people approved."""

from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.jobs.restores import RestoreJobChange
from strongroom.runtime.platform import Platform
from strongroom.services.evidence.watch_restores import WatchVerdict, watch_restores
from strongroom.wiring.events import each_event
from strongroom.wiring.watching import restore_watch


@each_event(RestoreJobChange)
def handler(event: Event[RestoreJobChange], platform: Platform) -> WatchVerdict:
    """Look at the job that the event hints at, or by the clock at all of them."""
    return watch_restores(event.detail.hint(event), needs=restore_watch(platform), now=platform.now())
