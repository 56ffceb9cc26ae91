"""The organisation's units and accounts as they are, and which of them a policy reaches."""

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from strongroom.domain.identifiers import AccountId


class LiveTree(Struct, frozen=True, kw_only=True):
    """Units with their parents, the root's is None; active accounts with their units; the names of all of them."""

    units: Mapping[str, str | None]
    names: Mapping[str, str]
    accounts: Mapping[AccountId, str]

    def way(self, place: str) -> Iterator[str]:
        """The ids from an account or a unit up to the root, itself included."""
        above: str | None = place
        while above is not None:
            yield above
            above = self.accounts[AccountId(above)] if above in self.accounts else self.units.get(above)

    def name(self, place: str) -> str:
        """What people call a place: `Workloads/PCI` for a unit below another one, the id for an account."""
        if place in self.accounts:
            return place
        steps = [self.names.get(unit, unit) for unit in self.way(place)]
        return "/".join(reversed(steps[:-1])) or "the root"

    def nearest(self, account: AccountId, targets: Collection[str]) -> str | None:
        """The first of the targets on the way up from the account; None where there is none."""
        return next((place for place in self.way(account) if place in targets), None)
