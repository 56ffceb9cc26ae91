"""What we publish of tags."""

from strongroom.domain.facts import Fact


class TagEnforced(Fact, frozen=True, kw_only=True):
    """The tag of a new resource was judged, and added or corrected where that was needed."""

    state: str
    tier: str | None
    previous: str | None


class InventoryBegun(Fact, frozen=True, kw_only=True):
    """An account is to be gone through by an inventory, or gone on with where it was left."""

    run: str
