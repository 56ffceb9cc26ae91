"""What a preview finds in an organisation: units, accounts, resources and the sizes of their backups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.preview.resources.inventory import Resource
from strongroom.domain.preview.tree import LiveTree
from strongroom.services.preview.preview_rollout import PreviewNeeds


@dataclass
class FakeEstate:
    """All ports of a preview at once; `closed` are the accounts that nobody may enter."""

    tree: LiveTree
    found: tuple[Resource, ...] = ()
    sizes: Mapping[str, float] = field(default_factory=dict)
    closed: frozenset[AccountId] = frozenset()
    asked: list[tuple[AccountId, Region]] = field(default_factory=list)

    @property
    def needs(self) -> PreviewNeeds:
        """The estate as the service wants it."""
        return PreviewNeeds(tree=self, finder=self, sizes=self)

    def read(self) -> LiveTree:
        return self.tree

    def resources(
        self, places: Sequence[tuple[AccountId, Region]]
    ) -> Mapping[tuple[AccountId, Region], tuple[Resource, ...] | None]:
        self.asked += places
        return {
            place: None
            if place[0] in self.closed
            else tuple(each for each in self.found if (each.account, each.region) == place)
            for place in places
        }

    def last_sizes(self, region: Region) -> Mapping[str, float]:
        return {arn: size for arn, size in self.sizes.items() if f":{region}:" in arn}
