"""Which tier a new resource belongs to, and what is to be done about the tag that says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Exemption, Target

if TYPE_CHECKING:
    from strongroom.domain.tags.creations import Resource


class TagState(StrEnum):
    """How a creation ended: the first three are protected, the others say why there was nothing to protect.

    EXEMPT: the intent leaves the resource as it is for a while. UNTAGGED: its target has no default tier.
    """

    LEFT_ALONE = "LEFT_ALONE"
    TAGGED = "TAGGED"
    CORRECTED = "CORRECTED"
    EXEMPT = "EXEMPT"
    UNTAGGED = "UNTAGGED"
    NOT_GOVERNED = "NOT_GOVERNED"
    UNREADABLE = "UNREADABLE"
    IGNORED = "IGNORED"
    GONE = "GONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagVerdict:
    """What became of one resource: its tier now, the value it carried before, and why."""

    state: TagState
    reason: str
    resource: str
    account: AccountId
    region: Region
    tier: str | None = None
    previous: str | None = None

    @property
    def needs_writing(self) -> bool:
        """Whether the tag has to be added or changed."""
        return self.state in {TagState.TAGGED, TagState.CORRECTED}


def decide_tag(
    resource: "Resource",
    *,
    tags: Mapping[str, str],
    tag_key: str,
    target: Target | None,
    exemption: Exemption | None = None,
) -> TagVerdict:
    """Judge the tags that a resource carries now against the tiers that its account may choose."""
    if target is None:
        return _verdict(resource, TagState.NOT_GOVERNED, "its account is in no governed organisational unit")
    value = tags.get(tag_key)
    if value in target.tiers:
        return _verdict(resource, TagState.LEFT_ALONE, f"it carries {tag_key}={value} already", tier=value)
    if exemption is not None:
        return _verdict(resource, TagState.EXEMPT, f"it was left as it is: {exemption.sentence}", previous=value)
    if target.default is None:
        found = _absence(tags, tag_key) if value is None else f"{tag_key}={value!r} is no tier of {target.name}"
        reason = f"{found}: it was left so, because {target.name} has no default tier"
        return _verdict(resource, TagState.UNTAGGED, reason, previous=value)
    chosen = f"{tag_key}={target.default}, the default of {target.name}"
    if value is None:
        reason = f"{_absence(tags, tag_key)}: it was given {chosen}"
        return _verdict(resource, TagState.TAGGED, reason, tier=target.default)
    reason = f"{tag_key}={value!r} is no tier of {target.name} ({', '.join(target.tiers)}): it was changed to {chosen}"
    return _verdict(resource, TagState.CORRECTED, reason, tier=target.default, previous=value)


def judge_gone(resource: "Resource") -> TagVerdict:
    """The verdict on a resource that was deleted before it could be tagged."""
    return _verdict(resource, TagState.GONE, "it was deleted before its tags could be read")


def judge_unseen(resource: "Resource", *, exemption: Exemption) -> TagVerdict:
    """The verdict on an exempted resource whose tags may not even be read."""
    return _verdict(resource, TagState.EXEMPT, f"it was left unseen: {exemption.sentence}")


def _absence(tags: Mapping[str, str], tag_key: str) -> str:
    lookalike = next((key for key in sorted(tags) if key.casefold() == tag_key.casefold()), None)
    if lookalike is None:
        return f"it had no {tag_key} tag"
    return f"its tag {lookalike} does not count, because the key must read {tag_key}"


def _verdict(
    resource: "Resource", state: TagState, reason: str, *, tier: str | None = None, previous: str | None = None
) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=f"{resource.label} {resource.arn}: {reason}",
        resource=resource.arn,
        account=resource.account,
        region=resource.region,
        tier=tier,
        previous=previous,
    )
