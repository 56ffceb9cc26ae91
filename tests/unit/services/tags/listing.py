"""Lists of services in memory, page by page, and the one listing of what has a tag."""

from collections.abc import Mapping, Sequence
from copy import replace
from dataclasses import dataclass, field

from strongroom.domain.errors import CallRefusedError, StrongroomError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.tags.inventory.lists import LISTS, Item

type Place = tuple[str, str]


@dataclass
class FakeLists:
    """What each list of an account and Region has, so many a page; `failing` lists answer with an error.

    None goes on at a token where it `refuses_tokens`.

    `tags` are what resources carry, which lists show where the catalogue says so; `calls` are the pages that were read.
    """

    items: dict[Place, dict[str, list[Item]]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    failing: dict[str, StrongroomError] = field(default_factory=dict)
    page_size: int = 100
    refuses_tokens: bool = False
    calls: list[str] = field(default_factory=list)

    def page(
        self, name: str, *, account: AccountId, region: Region, token: str | None
    ) -> tuple[tuple[Item, ...], str | None]:
        self.calls.append(name)
        if name in self.failing:
            raise self.failing[name]
        if token is not None and self.refuses_tokens:
            raise CallRefusedError("the token has expired")
        every = self.items.get((account, region), {}).get(name, [])
        begin = int(token or 0)
        following = begin + self.page_size
        found = tuple(self._shown(name, item) for item in every[begin:following])
        return found, str(following) if following < len(every) else None

    def tagged(self, keys: Sequence[str], *, account: AccountId, region: Region) -> dict[str, Mapping[str, str]]:
        self.calls += ["tag:GetResources"] * len(keys)
        if "tag:GetResources" in self.failing:
            raise self.failing["tag:GetResources"]
        listed = {
            item.resource.arn
            for (owner, _), lists in self.items.items()
            if owner == account
            for name, items in lists.items()
            if LISTS[name][1].tags is None
            for item in items
            if item.resource.region == region
        }
        return {arn: tags for arn, tags in self.tags.items() if arn in listed and set(keys) & tags.keys()}

    def _shown(self, name: str, item: Item) -> Item:
        tags = None if LISTS[name][1].tags is None else self.tags.get(item.resource.arn, {})
        return replace(item, tags=tags)
