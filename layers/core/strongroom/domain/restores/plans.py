"""A recovery point as it is found, and the ways in which one comes back."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from strongroom.domain.copies.found import MadeBy
from strongroom.domain.restores.scans.verdicts import Scan


class RestorePlan(StrEnum):
    """How the recovery point gets to where it is restored: it is there, or it is first copied back."""

    LOCAL = "local"
    COPY_BACK = "copy-back"


class PlacedPoint(Struct, frozen=True, kw_only=True):
    """Of what a recovery point is, where it lies and in which state: all that the way back depends on.

    `source_vault` is the vault in which the backup was made, where that is another one than its own.
    """

    arn: str
    vault: str
    resource: str
    resource_type: str
    created_at: datetime
    status: str
    is_cold: bool
    source_vault: str = ""


class RecoveryPoint(PlacedPoint, frozen=True, kw_only=True):
    """A recovery point as its vault describes it; `restore_metadata` is the configuration at backup time.

    Without an encryption key it is not encrypted; that of a key which AWS owns is empty. Without `made_by` it was asked
    for by hand, or AWS does not say. The `scan` is NEVER also where AWS does not say; what scans found in
    `unread_vaults` could not be read. An `is_composite` one holds others, nested in it.
    """

    encryption_key: str | None
    restore_metadata: Mapping[str, str]
    made_by: MadeBy | None = None
    scan: Scan = Scan.NEVER
    unread_vaults: tuple[str, ...] = ()
    is_composite: bool = False
