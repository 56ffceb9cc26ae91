"""Noting what is set on resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.restores.settings import MemberSettingsReader
from strongroom.adapters.ledger.settings import LedgerSettings
from strongroom.services.noting.note_settings import SettingsNotingNeeds
from strongroom.wiring.members import reading_settings
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def settings_noting(platform: Platform) -> SettingsNotingNeeds:
    """What noting settings needs."""
    return SettingsNotingNeeds(
        settings=MemberSettingsReader(reading_settings(platform)), notes=LedgerSettings(ledger(platform))
    )
