"""Ringing: the bell of a task that waits for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.ledger.restores import CeremonyBells
from strongroom.services.restores.approving.keep_doorbell import DoorbellNeeds
from strongroom.wiring.stack import ceremony_table

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def doorbell(platform: Platform) -> DoorbellNeeds:
    """What keeping the token needs."""
    return DoorbellNeeds(bells=CeremonyBells(ceremony_table(platform)))
