"""What is asked where a copy did not come about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.copies.remediation.circumstances import SourceKey
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.statements import Statements


class RemediationStarter(Protocol):
    """Begins to see to a copy that did not come about; whoever that is starts it again, or finds out what stops it."""

    def begin(self, promise: Promise, *, attempt: int) -> None:
        """Begin; the same promise and attempt begin once, however often they are asked for."""


class SourceKeys(Protocol):
    """Keys of sources, read from KMS in the accounts that own them."""

    def find(self, key: str, *, account: AccountId, region: Region) -> SourceKey | None:
        """The key with this ARN, or with this id in that account; None where it does not exist."""


class VaultPolicies(Protocol):
    """Access policies of vaults, read in the accounts that own them."""

    def statements(self, vault: str) -> Statements:
        """The statements of the policy of the vault with this ARN, none where it has none."""


class BackupSwitches(Protocol):
    """What is switched on in AWS Backup."""

    def opt_ins(self, account: AccountId, region: Region) -> Mapping[str, bool]:
        """Which types AWS Backup serves in that account and Region, by its names of them."""

    def is_cross_account(self) -> bool | None:
        """Whether the organisation lets copies go from one account to another; None where AWS does not say."""
