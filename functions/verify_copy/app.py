"""Verify that a finished copy job left a recovery point in the isolated vault, as promised."""

from strongroom.domain.copies.verification import CopyVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.jobs.backups import CopyJobChange
from strongroom.runtime.platform import Platform
from strongroom.services.copies.verify_copy import verify_copy
from strongroom.wiring.copies.verifying import copy_verification
from strongroom.wiring.events import each_event


@each_event(CopyJobChange)
def handler(event: Event[CopyJobChange], platform: Platform) -> CopyVerdict:
    """Judge the copy job that the event hints at."""
    return verify_copy(event.detail.observed(event), needs=copy_verification(platform), now=platform.now())
