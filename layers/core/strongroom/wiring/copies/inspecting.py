"""Inspecting: vaults and what lies in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.vaults import BackupVaults
from strongroom.wiring.members import inspection

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def backup_vaults(platform: Platform) -> BackupVaults:
    """Vaults and recovery points, our own and the members'."""
    return BackupVaults(inspection(platform), own_account=platform.intent.organization.backup_account)
