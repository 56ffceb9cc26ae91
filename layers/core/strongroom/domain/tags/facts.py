"""What we publish of tags."""

from dataclasses import dataclass

from strongroom.domain.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class TagEnforced(Fact):
    """The tag of a new resource was judged, and added or corrected where that was needed."""

    state: str
    tier: str | None
    previous: str | None
