"""What is asked about the tags of resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from strongroom.domain.catalogue.facets.tagging import Pace
    from strongroom.domain.errors import StrongroomError
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.key_managers import KeyManager
    from strongroom.domain.tags.inventory.lists import Item
    from strongroom.domain.tags.inventory.runs import Mark, Place, Run
    from strongroom.domain.tags.remembered import Judged, Remembered
    from strongroom.domain.tags.seen import Seen
    from strongroom.domain.tags.waiting import Task


class RestoredTags(Protocol):
    """Tags of what was restored."""

    def add(self, arn: str, tags: Mapping[str, str], *, account: AccountId, region: Region) -> None:
        """Add the tags to the resource and leave its others alone."""


class ResourceTags(Protocol):
    """The tags of resources of one service in one account and Region, at the service itself.

    What keeps one from being seen or tagged is an answer about that one: NotFoundError when it is gone,
    ResourceNotReadyError when it is too early, TemporarilyUnavailableError when the service is too busy,
    AccessRefusedError, CallRefusedError.
    """

    def look(self, arns: Sequence[str], *, account: AccountId, region: Region) -> dict[str, Seen | StrongroomError]:
        """Each resource as it is now."""

    def put(
        self, tags: Mapping[str, Mapping[str, str]], *, account: AccountId, region: Region
    ) -> dict[str, StrongroomError]:
        """Add the tags to each resource and leave its others alone; only what could not be done is answered."""

    def shown(
        self, arns: Sequence[str], *, account: AccountId, region: Region
    ) -> dict[str, Mapping[str, str] | StrongroomError]:
        """The tags that each resource shows now."""


class KeyManagers(Protocol):
    """KMS in members, about keys."""

    def manager(self, key: str, *, account: AccountId, region: Region) -> KeyManager:
        """Who manages the key of this ARN or id, by which something in that account and Region is encrypted.

        NotFoundError, AccessRefusedError, CallRefusedError, TemporarilyUnavailableError: nobody says. All that is asked
        for one event takes no more than about twenty seconds; what there is no time for raises the last of them.
        """


class ResourceLists(Protocol):
    """The lists by which services show what there is, tagged or not.

    Each call raises what kept the list from being read: AccessRefusedError, CallRefusedError,
    TemporarilyUnavailableError.
    """

    def page(
        self, name: str, *, account: AccountId, region: Region, token: str | None
    ) -> tuple[tuple[Item, ...], str | None]:
        """What a page of the list of this name has, and where the next one begins; None after the last."""

    def tagged(self, keys: Sequence[str], *, account: AccountId, region: Region) -> dict[str, Mapping[str, str]]:
        """The tags of whatever has one of the keys, by ARN, of those types whose lists show none."""


class InventoryBook(Protocol):
    """Remembers inventories, and how far each is."""

    def runs(self) -> tuple[Run, ...]:
        """Those of the last days, the latest first."""

    def find_run(self, run: str) -> Run | None:
        """The run of this id."""

    def keep_run(self, run: Run) -> None:
        """Write how far a run is."""

    def marks(self, run: str) -> Iterable[Mark]:
        """How far each place of the run is where somebody has begun."""

    def find(self, place: Place) -> Mark | None:
        """How far the inventory of the place is; None where nobody has begun."""

    def keep(self, mark: Mark, *, was: Mark | None) -> bool:
        """Write the mark over the one that was read; False when somebody else has moved it since."""

    def owed(self) -> tuple[AccountId, ...]:
        """The accounts that are to be gone through soon."""

    def begin_owed(self, accounts: Iterable[AccountId]) -> None:
        """Note that an inventory goes through them."""

    def refused(self, account: AccountId) -> dict[str, datetime]:
        """Which lists of the account are refused, and since when."""

    def keep_refused(self, account: AccountId, since: Mapping[str, datetime]) -> None:
        """Remember that these are, and no others."""


class FirstInventories(Protocol):
    """Remembers how far inventories are, and which accounts are to be gone through soon."""

    def runs(self) -> tuple[Run, ...]:
        """Those of the last days, the latest first."""

    def of_account(self, run: str, account: AccountId) -> Iterable[Mark]:
        """How far each Region of an account is."""

    def owe(self, account: AccountId, *, now: datetime) -> None:
        """Note that nobody has gone through the account as it stands."""


class Pacing(Protocol):
    """Keeps to the rates of the services, for each account, Region and service."""

    def take(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> datetime | None:
        """Take leave to write once; when there will be leave, where there is none now."""

    def refused(self, service: str, *, account: AccountId, region: Region, pace: Pace, now: datetime) -> None:
        """Go half as fast: the service was too busy."""


class ResourceBook(Protocol):
    """Remembers how it stands with every resource."""

    def recall(self, arns: Iterable[str], *, is_latest: bool = False) -> dict[str, Remembered]:
        """What is remembered of the resources, or was a moment ago; what is not there is not known."""

    def record(
        self, judged: Sequence[Judged], *, now: datetime, known: Mapping[str, Remembered] | None = None
    ) -> tuple[str, ...]:
        """Remember each verdict, unless a later one is there already, and what else it entails; the ARNs of the rest.

        With `known`, what was recalled of them, one that somebody else has judged since is left as it is, too.
        """

    def waiting(self, now: datetime, *, most: int) -> tuple[Task, ...]:
        """What is due to be looked at, the longest due first."""

    def tier_of(self, arn: str) -> str | None:
        """The tier of a resource, or of what a recovery point was made of, as far as it is remembered."""
