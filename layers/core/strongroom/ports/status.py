"""What is asked for the views of how well everything is protected: the ledger is read, the views are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from strongroom.domain.accounts.membership import KnownAccount
    from strongroom.domain.alerts.lifecycle import AlertState
    from strongroom.domain.copies.promises import Promise
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.settings.note import KeptNote
    from strongroom.domain.status.nights import BackupLine
    from strongroom.domain.status.resources import Known, ResourceStatus
    from strongroom.domain.status.totals import AccountLine, DayLine, ResourceLine, Summary, UnitLine
    from strongroom.domain.tags.decided import Decided
    from strongroom.domain.tags.inventory.runs import Mark, Run


class ProtectionReading(Protocol):
    """What the ledger knows; nothing of it is written here."""

    def known(self, resource: str, *, account: AccountId) -> Known:
        """What is known of the resource, which lies in the account."""

    def promises(self, recovery_point: str) -> tuple[Promise, ...]:
        """Everything that the recovery point has promised."""

    def expected(self) -> Iterator[tuple[AccountId, str]]:
        """The account and the ARN of every resource of which a backup must be made, once for each of its rules."""

    def account(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""

    def compared_until(self, region: Region) -> datetime | None:
        """Until when AWS's own lists of jobs were read of the Region; None where one of them never was."""

    def overdue_since(self, now: datetime) -> datetime | None:
        """Since when what is overdue the longest waits to be looked at; None where nothing is."""


class ResourceViews(Protocol):
    """The views of single resources."""

    def find(self, resource: str, *, most: int) -> tuple[ResourceStatus | None, tuple[BackupLine, ...]]:
        """The resource's status, and so many of its latest backups, the last one first."""

    def keep(self, status: ResourceStatus, *, was: ResourceStatus | None, lines: Iterable[BackupLine]) -> bool:
        """Write what became of it; False when somebody else has written it since `was` was read."""

    def forget(self, status: ResourceStatus) -> None:
        """Take a resource out of its account's list that the ledger does not know any more."""


class CountedViews(Protocol):
    """The views that are counted from others."""

    def dirty(self) -> dict[AccountId, str]:
        """The accounts whose lists have changed since they were counted, each with its mark."""

    def clean(self, account: AccountId, *, mark: str) -> None:
        """Note that the account was counted, unless its list has changed since the mark was read."""

    def resources_of(self, account: AccountId) -> Iterator[ResourceLine]:
        """Every resource of the account's list."""

    def accounts_of(self, unit: str) -> Iterator[AccountLine]:
        """Every account of the unit's list."""

    def units(self) -> Iterator[UnitLine]:
        """Every unit."""

    def account(self, account: AccountId) -> AccountLine | None:
        """The account's line."""

    def keep_account(self, line: AccountLine, *, was: AccountLine | None) -> None:
        """Write the account's line where it belongs, and take it away from where it was."""

    def drop_account(self, was: AccountLine) -> None:
        """Take away the line of an account that has nothing to be protected."""

    def keep_unit(self, line: UnitLine) -> None:
        """Write the unit's line."""

    def drop_unit(self, unit: str) -> None:
        """Take away the line of a unit without accounts."""

    def keep_summary(self, summary: Summary, *, day: DayLine) -> None:
        """Write the whole, and what the day looks like with it."""

    def recounted_at(self) -> datetime | None:
        """When everything was last held against the ledger."""

    def note_recount(self, at: datetime) -> None:
        """Note that it was."""


class AccountsByName(Protocol):
    """Finds accounts by what people call them."""

    def named(self, beginning: str, *, most: int) -> tuple[AccountLine, ...]:
        """So many accounts whose name begins so, in whichever case, by name."""


class Surroundings(Protocol):
    """What is shown beside the views: accounts, open alerts, verdicts on tags, and how far inventories are."""

    def name_of(self, account: AccountId) -> str:
        """What the account is called; empty where nobody knows."""

    def open_alerts(self, *, account: AccountId | None = None) -> Iterator[AlertState]:
        """What is open, in one account or anywhere: the gravest first, the oldest of those, last what is being told."""

    def account(self, account: AccountId) -> KnownAccount | None:
        """The account as it was judged last."""

    def decided(self, resource: str) -> Decided | None:
        """The last verdict on the resource's tags."""

    def inventory(self) -> Run | None:
        """The last inventory of all accounts."""

    def inventoried(self, run: str, account: AccountId) -> Iterable[Mark]:
        """How far the inventory is in each Region of the account where it has begun."""

    def refused_lists(self, account: AccountId) -> dict[str, datetime]:
        """Which lists of the account are refused to inventories, and since when."""

    def settings(self, resource: str) -> KeptNote | None:
        """The latest note of what is set on the resource, or None where nobody has noted it."""

    def alert_of_vault(self, vault: str) -> AlertState | None:
        """What is open about the vault of this ARN not being as the intent demands."""


class ShownViews(Protocol):
    """What people are shown of the views: a page at a time, whatever the organisation's size."""

    def summary(self) -> Summary | None:
        """The whole, or None where nothing was counted yet."""

    def first_units(self, *, most: int) -> tuple[UnitLine, ...]:
        """So many units, by name."""

    def worst_accounts(self, *, most: int) -> tuple[AccountLine, ...]:
        """So many accounts in which something is wrong, the worst first."""

    def latest_days(self, *, most: int) -> tuple[DayLine, ...]:
        """So many days, the last one first."""

    def page_of_unit(self, unit: str, *, after: str, most: int) -> tuple[tuple[AccountLine, ...], str]:
        """So many accounts of the unit, the worst first, and where the next page begins; empty after the last."""

    def page_of_account(self, account: AccountId, *, after: str, most: int) -> tuple[tuple[ResourceStatus, ...], str]:
        """So many resources of the account, the worst first, and where the next page begins; empty after the last."""

    def find(self, resource: str, *, most: int) -> tuple[ResourceStatus | None, tuple[BackupLine, ...]]:
        """The resource's status, and so many of its latest backups, the last one first."""
