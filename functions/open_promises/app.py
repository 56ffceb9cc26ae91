"""Promise a verified copy of every completed backup, and tell of backups that failed."""

from strongroom.domain.copies.backup_jobs import BackupVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.jobs.backups import BackupJobChange
from strongroom.runtime.platform import Platform
from strongroom.services.copies.open_promises import open_promises
from strongroom.wiring.copies.promising import promise_opening
from strongroom.wiring.events import each_event


@each_event(BackupJobChange)
def handler(event: Event[BackupJobChange], platform: Platform) -> BackupVerdict:
    """Judge the backup job that the event hints at."""
    return open_promises(event.detail.observed(event), needs=promise_opening(platform), now=platform.now())
