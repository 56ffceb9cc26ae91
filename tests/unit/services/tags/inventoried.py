"""A world of several accounts and Regions that inventories go through, over the ledger in memory."""

from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from strongroom.adapters.ledger.inventories.book import LedgerInventories
from strongroom.domain.accounts.membership import AccountState, KnownAccount
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.facts import InventoryBegun
from strongroom.domain.tags.inventory.lists import LISTS, Item, items_of
from strongroom.domain.tags.inventory.runs import InventoryOrder, Mark
from strongroom.services.tags.begin_inventory import (
    InventoryBeginNeeds,
    InventoryVerdict,
    begin_inventory,
)
from strongroom.services.tags.take_inventory import InventoryTaken, InventoryTakingNeeds, take_inventory
from tests.builders.accounts import IN_PRODUCTION
from tests.builders.places import HOME, PAYMENTS
from tests.unit.services.tags.listing import FakeLists
from tests.unit.services.tags.world import NOW, World

FAR = Region("eu-central-1")
LEDGER_ACCOUNT, REPORTS = AccountId("333333333333"), AccountId("555555555555")
DAILY = {"Backup": "daily-prod"}
DAILY_TICK = InventoryOrder()


def table(name: str, *, account: AccountId = PAYMENTS, region: Region = HOME) -> tuple[str, Item]:
    """A table as its list has it."""
    name_of = "dynamodb:ListTables"
    [item] = items_of(LISTS[name_of], {"TableNames": [name]}, account=account, region=region)
    return name_of, item


def database(name: str, *, account: AccountId = PAYMENTS, region: Region = HOME, **said: Any) -> tuple[str, Item]:
    """A database as its list has it."""
    name_of, arn = "rds:DescribeDBInstances", f"arn:aws:rds:{region}:{account}:db:{name}"
    answer = {"DBInstances": [{"DBInstanceArn": arn, "TagList": [], **said}]}
    [item] = items_of(LISTS[name_of], answer, account=account, region=region)
    return name_of, item


def bucket(name: str, *, account: AccountId = PAYMENTS, region: Region = HOME) -> tuple[str, Item]:
    """A bucket as its list has it."""
    name_of = "s3:ListBuckets"
    answer = {"Buckets": [{"Name": name, "BucketRegion": region}]}
    [item] = items_of(LISTS[name_of], answer, account=account, region=region)
    return name_of, item


@dataclass
class Inventoried:
    """Accounts of Production in two Regions, with what their lists have."""

    world: World
    regions: tuple[Region, ...] = (HOME, FAR)
    accounts: tuple[AccountId, ...] = (PAYMENTS,)
    lists: FakeLists = field(default_factory=FakeLists)
    clock: datetime = NOW
    ticks: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        self.world.organization.memberships |= dict.fromkeys(self.accounts, IN_PRODUCTION)
        for each in self.accounts:
            self.world.accounts.known[each] = KnownAccount(
                account=each, state=AccountState.READY, units=IN_PRODUCTION.units, assessed_at=NOW, not_ready_since=None
            )
            self.world.accounts.again_at[each] = NOW

    @property
    def intent(self) -> Intent:
        place = self.world.intent.organization
        return replace(self.world.intent, organization=replace(place, governed_regions=self.regions))

    @property
    def book(self) -> LedgerInventories:
        return LedgerInventories(self.world.table)

    def has(self, *things: tuple[str, Item], tags: dict[str, str] | None = None) -> None:
        """They exist, with these tags, by their lists and for whoever looks at them."""
        for name, item in things:
            arn = item.resource.arn
            where = self.lists.items.setdefault((self._account(item), self._listed_in(name, item)), {})
            where.setdefault(name, []).append(item)
            self.lists.tags[arn] = self.world.tags.tags[arn] = dict(tags or {})

    def begin(self, order: InventoryOrder = DAILY_TICK, *, after: timedelta = timedelta(0)) -> InventoryVerdict:
        self.clock += after
        needs = InventoryBeginNeeds(
            intent=self.intent,
            accounts=self.world.accounts,
            inventories=self.book,
            publisher=self.world.alerts,
        )
        return begin_inventory(order, needs=needs, now=self.clock)

    def take(self, account: AccountId = PAYMENTS, *, run: str | None = None) -> InventoryTaken:
        """One round through the account, in the latest inventory."""
        return take_inventory(run or self.book.runs()[0].id, account, needs=self.needs, now=self.clock, clock=self._now)

    @property
    def needs(self) -> InventoryTakingNeeds:
        base = replace(self.world.needs, intent=self.intent)
        told = {name: getattr(base, name) for name in base.__struct_fields__}
        return InventoryTakingNeeds(**told, lists=self.lists, inventories=self.book)

    def marks(self) -> list[Mark]:
        return [*self.book.marks(self.book.runs()[0].id)]

    @property
    def sent(self) -> list[AccountId]:
        return [fact.account for fact in self.world.alerts.of(InventoryBegun)]

    def _now(self) -> datetime:
        self.clock += self.ticks
        return self.clock

    def _account(self, item: Item) -> AccountId:
        return item.resource.account

    def _listed_in(self, name: str, item: Item) -> Region:
        return self.regions[-1] if LISTS[name][1].is_of_account else item.resource.region
