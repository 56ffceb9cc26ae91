"""What the doctor asks of the world beyond what a rollout reads; every answer is a reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from strongroom.ports.rollout import SourceReader, TrailReader

if TYPE_CHECKING:
    from strongroom.domain.doctor.found import (
        BusFound,
        ConcurrencyFound,
        JobFound,
        LogFound,
        RuleFound,
        VaultContent,
    )
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.rollout.live import LiveOptIns
    from strongroom.domain.rollout.surroundings.keys import KeyFound


class SurroundingsReader(TrailReader, Protocol):
    """Quotas and trails."""

    def concurrency(self, account: AccountId, region: Region) -> ConcurrencyFound:
        """How many functions may run at once there, and how many would."""


class KeyReader(SourceReader, Protocol):
    """Keys and what lies under them."""

    def key(self, key: str, *, account: AccountId, region: Region) -> KeyFound:
        """The key with this ARN, or with this id in that account; NotFoundError where it is gone."""


class DeliveryReader(Protocol):
    """How events travel."""

    def bus(self, name: str, *, account: AccountId, region: Region) -> BusFound | None:
        """The bus with its rules and their queues, None where there is none."""

    def rules(self, prefix: str, *, account: AccountId, region: Region) -> tuple[RuleFound, ...]:
        """The rules of the account's own bus whose names begin so."""


class EvidenceReader(Protocol):
    """The evidence's log."""

    def log(self, account: AccountId, region: Region) -> LogFound:
        """The log in that account."""


class BackupReader(Protocol):
    """What nights left behind."""

    def opt_ins(self, account: AccountId, region: Region) -> LiveOptIns:
        """Which types AWS Backup serves in the account itself."""

    def key_of(self, vault: str) -> str | None:
        """The ARN of the vault's key; NotFoundError where there is no such vault."""

    def content(self, vault: str) -> VaultContent:
        """What lies in the vault; NotFoundError where there is no such vault."""

    def jobs(self, region: Region) -> tuple[JobFound, ...]:
        """Every account's jobs of the last thirty days."""
