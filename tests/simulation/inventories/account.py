"""An account of many things that an inventory goes through, over the ledger in memory, and what that took."""

from collections import Counter
from copy import replace
from dataclasses import dataclass
from datetime import timedelta

from strongroom.adapters.aws.resource_lists import MemberLists
from strongroom.domain.identifiers import Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.tags.inventory.runs import InventoryOrder
from strongroom.services.tags.take_inventory import take_inventory
from tests.builders.places import PAYMENTS
from tests.fakes.accounts_and_tags import FakeTags
from tests.simulation.inventories.members import Members
from tests.unit.services.tags.inventoried import DAILY, Inventoried
from tests.unit.services.tags.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What an inventory asked of the account's lists, which resources it looked at by themselves, and what it found."""

    calls: Counter[str]
    looked_at: tuple[str, ...]
    listed: int
    found: dict[str, int]


class TagsOfAll(dict[str, dict[str, str]]):
    """The tags of whatever is asked for: everything there is has those of a tier, unless it says otherwise."""

    def __missing__(self, arn: str) -> dict[str, str]:
        self[arn] = dict(DAILY)
        return self[arn]

    def __contains__(self, arn: object) -> bool:
        return True


class AccountPlayed:
    """The account, and the control plane that goes through it."""

    def __init__(self, intent: Intent, *, regions: tuple[Region, ...], times: int = 1) -> None:
        self.members = Members(regions, PAYMENTS, DAILY, times)
        self.world = World(intent, tags=FakeTags(TagsOfAll()))
        self.estate = Inventoried(self.world, regions=regions)

    def untag(self, *arns: str) -> None:
        """Take their tags away, without an event."""
        self.members.untagged |= {*arns}
        for arn in arns:
            self.world.tags.tags[arn] = {}

    def go_through(self) -> Took:
        """One inventory, an hour after the one before."""
        self.estate.begin(InventoryOrder(is_asked=True), after=timedelta(hours=1))
        self.members.calls.clear()
        self.world.tags.asked.clear()
        needs = replace(self.estate.needs, lists=MemberLists(self.members))
        run, at = self.estate.book.runs()[0].id, self.estate.clock
        taken = take_inventory(run, PAYMENTS, needs=needs, now=at, clock=lambda: at)
        assert (taken.is_complete, taken.unread) == (True, {})
        return Took(
            calls=Counter(self.members.calls),
            looked_at=tuple(self.world.tags.asked),
            listed=sum(taken.states.values()),
            found=taken.found,
        )
