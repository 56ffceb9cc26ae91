"""Which tier a new resource belongs to, and what is to be done about the tag that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Exemption, Intent, Target
from strongroom.domain.intent.tier_names import guarded_keys
from strongroom.domain.tags.choices import Tagged, choose_tiers, default_tags, opt_out_reason
from strongroom.domain.tags.reasons import find_obstacle, why_in, why_in_none, why_put

if TYPE_CHECKING:
    from strongroom.domain.tags.creations import Resource


class TagState(StrEnum):
    """How a creation ended: the first three are protected, the others say why there was nothing to protect.

    EXEMPT: the intent leaves the resource as it is for a while, or it opted out with a reason. UNTAGGED: no tier takes
    it, and it can have no default tier, which people are told.
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
    """What became of one resource: its tier now, the guarded value it carried before, and why.

    `writes` are the tags that have to be added or changed; every other stays as it is.
    """

    state: TagState
    reason: str
    resource: str
    account: AccountId
    region: Region
    tier: str | None = None
    previous: str | None = None
    writes: Mapping[str, str] = field(default_factory=dict)

    @property
    def found_right(self) -> bool:
        """Whether the resource was in a tier already."""
        return self.state is TagState.LEFT_ALONE

    @property
    def is_unprotected(self) -> bool:
        """Whether the resource was left in no tier though nobody answers for that."""
        return self.state is TagState.UNTAGGED


def decide_tag(
    resource: "Resource",
    *,
    tags: Mapping[str, str],
    intent: Intent,
    target: Target | None,
    exemption: Exemption | None = None,
) -> TagVerdict:
    """Judge the tags that a resource carries now against the tiers that its account may choose."""
    if target is None:
        return _verdict(resource, TagState.NOT_GOVERNED, "its account is in no governed organisational unit")
    found = Tagged(resource=resource, tags=tags, target=target, intent=intent)
    choice = choose_tiers(found)
    if choice.offered:
        return _verdict(resource, TagState.LEFT_ALONE, why_in(found, choice), tier=choice.offered[0])
    carried = next((tags[key] for key in guarded_keys(intent) if key in tags), None)
    if exemption is not None:
        return _verdict(resource, TagState.EXEMPT, f"it was left as it is: {exemption.sentence}", previous=carried)
    if why := opt_out_reason(found):
        return _verdict(resource, TagState.EXEMPT, f"opted out: {why}", previous=carried)
    wanted = default_tags(found)
    after = choose_tiers(replace(found, tags={**tags, **wanted}))
    if obstacle := find_obstacle(found, wanted, after=after):
        return _verdict(resource, TagState.UNTAGGED, why_in_none(found, choice, obstacle), previous=carried)
    tier = target.default if target.default in after.offered else after.offered[0]
    overwritten = next((tags[key] for key in wanted if key in tags), None)
    state = TagState.TAGGED if overwritten is None else TagState.CORRECTED
    return _verdict(resource, state, why_put(found, wanted), tier=tier, previous=overwritten, writes=wanted)


def judge_gone(resource: "Resource") -> TagVerdict:
    """The verdict on a resource that was deleted before it could be tagged."""
    return _verdict(resource, TagState.GONE, "it was deleted before its tags could be read")


def judge_unseen(resource: "Resource", *, exemption: Exemption) -> TagVerdict:
    """The verdict on an exempted resource whose tags may not even be read."""
    return _verdict(resource, TagState.EXEMPT, f"it was left unseen: {exemption.sentence}")


def _verdict(
    resource: "Resource",
    state: TagState,
    reason: str,
    *,
    tier: str | None = None,
    previous: str | None = None,
    writes: Mapping[str, str] | None = None,
) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=f"{resource.label} {resource.arn}: {reason}",
        resource=resource.arn,
        account=resource.account,
        region=resource.region,
        tier=tier,
        previous=previous,
        writes=writes or {},
    )
