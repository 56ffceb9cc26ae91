"""What is asked by whoever watches, from the audit account, that every restore was approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.accounts.membership import Membership
    from strongroom.domain.evidence.explaining import WatchedCopy, WatchedRestore
    from strongroom.domain.evidence.trust import EvidenceTrust
    from strongroom.domain.identifiers import AccountId, Region


class AccountList(Protocol):
    """The accounts of the organisation."""

    def memberships(self) -> Mapping[AccountId, Membership]:
        """Every account, also one that is suspended, with its status and its units, the nearest first."""


class WatchedRestoreJobs(Protocol):
    """Restore jobs, wherever they run; AccessRefusedError where an account does not let us look."""

    def ids(self, account: AccountId, region: Region, *, since: datetime) -> tuple[str, ...]:
        """The jobs that were made there since then."""

    def describe(self, job_id: str, *, account: AccountId, region: Region) -> WatchedRestore | None:
        """The job as it is now, with the settings that it used; None when it is not there."""


class WatchedCopyJobs(Protocol):
    """Copy jobs of an account that holds vaults of ours."""

    def out_of(self, vault: str, *, account: AccountId, region: Region, since: datetime) -> tuple[WatchedCopy, ...]:
        """The jobs that were made since then to copy something out of the vault, by its ARN."""


class EvidenceKeys(Protocol):
    """The names of all evidence."""

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Every key under the prefix, in order, also of what was tampered with."""


class TrustBook(Protocol):
    """Whose signatures and which rules count."""

    def at(self, moment: datetime) -> EvidenceTrust:
        """What was trusted then."""


class WatchBook(Protocol):
    """Remembers what was explained, so that it is looked at once."""

    def began(self, now: datetime) -> datetime:
        """When the watch began: now, if it begins."""

    def is_explained(self, job: str) -> bool:
        """Whether the job has ended, and was explained."""

    def explain(self, job: str) -> None:
        """Remember that."""

    def settled(self) -> frozenset[str]:
        """The requests whose evidence has ended, and was found whole."""

    def settle(self, request_id: str, *, jobs: tuple[str, ...]) -> None:
        """Remember that, and which jobs the evidence names."""

    def request_of(self, job: str) -> str | None:
        """The settled request that names the job."""
