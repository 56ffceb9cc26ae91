"""What begins inventories, ticks and people who ask for one, and our own word about each account to go through."""

import msgspec

from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.identifiers import AccountId, parse_account_id
from strongroom.domain.tags.inventory.runs import MOST_NAMED, InventoryOrder


class InventoryTick(msgspec.Struct, frozen=True):
    """The detail of a tick, which is empty, or of somebody's wish: whose accounts, or all of them."""

    is_asked: bool = False
    accounts: tuple[str, ...] = ()

    @property
    def order(self) -> InventoryOrder:
        """What is wished; MalformedIdentifierError of an account that is none, MalformedRequestError of too many."""
        if len(self.accounts) > MOST_NAMED:
            raise MalformedRequestError(f"{len(self.accounts)} accounts are named, and {MOST_NAMED} are the most")
        accounts = tuple(parse_account_id(each) for each in self.accounts)
        return InventoryOrder(is_asked=self.is_asked or bool(accounts), accounts=accounts)


class InventoryPlace(msgspec.Struct, frozen=True):
    """The detail of `InventoryBegun`: which account, for which inventory."""

    run: str
    account: str

    @property
    def owner(self) -> AccountId:
        """The account; MalformedIdentifierError of one that is none."""
        return parse_account_id(self.account)
