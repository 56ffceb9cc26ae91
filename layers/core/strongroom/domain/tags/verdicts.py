"""Which tier a new resource belongs to, and what is to be done about the tag that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Exemption, Intent, Target
from strongroom.domain.intent.tier_names import guarded_keys
from strongroom.domain.tags.choices import Tagged, choose_tiers, default_tags, opt_out_reason
from strongroom.domain.tags.reasons import find_obstacle, why_due, why_in, why_in_none, why_put

if TYPE_CHECKING:
    from strongroom.domain.tags.creations import Resource


class TagState(StrEnum):
    """How a creation ended: the first three are in a tier, the others say why not.

    TAG and CORRECT: something is due that the target's mode leaves to people. CANNOT: backups or copies of the thing
    have a limit, tagged or not. COVERED: it is in something that is backed up. EXEMPT: the intent leaves it as it is
    for a while, or it opted out with a reason. UNTAGGED: no tier takes it, and it can have no default tier. REFUSED:
    the event names what it cannot have made. UNREADABLE: it does not say what was made.
    """

    COMPLIANT = "COMPLIANT"
    TAGGED = "TAGGED"
    CORRECTED = "CORRECTED"
    TAG = "TAG"
    CORRECT = "CORRECT"
    CANNOT = "CANNOT"
    COVERED = "COVERED"
    WAITING = "WAITING"
    EXEMPT = "EXEMPT"
    UNTAGGED = "UNTAGGED"
    REFUSED = "REFUSED"
    NOT_GOVERNED = "NOT_GOVERNED"
    UNREADABLE = "UNREADABLE"
    IGNORED = "IGNORED"
    GONE = "GONE"


# In which modes what is due is done.
_MODES_THAT: Final = {TagState.TAG: ("tag", "correct"), TagState.CORRECT: ("correct",)}
# Where nobody answers for it that a resource is in no tier.
_UNPROTECTED: Final = (TagState.UNTAGGED, TagState.TAG, TagState.CORRECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagVerdict:
    """What became of one resource: its tier now, the guarded value it carried before, and why.

    `writes` are the tags that have to be added or changed; every other stays as it is. `is_without_backups` where
    AWS Backup makes none of such a thing.
    """

    state: TagState
    reason: str
    resource: str
    account: AccountId
    region: Region
    tier: str | None = None
    previous: str | None = None
    writes: Mapping[str, str] = field(default_factory=dict)
    is_without_backups: bool = False

    @property
    def found_right(self) -> bool:
        """Whether the resource was in a tier already."""
        return self.tier is not None and not self.writes

    @property
    def is_unprotected(self) -> bool:
        """Whether the resource was left in no tier, or without backups, though nobody answers for that."""
        return self.state in _UNPROTECTED or (self.state is TagState.CANNOT and self.is_without_backups)


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
        return _verdict(resource, TagState.COMPLIANT, why_in(found, choice), tier=choice.offered[0])
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
    due, done = (TagState.TAG, TagState.TAGGED) if overwritten is None else (TagState.CORRECT, TagState.CORRECTED)
    if target.mode not in _MODES_THAT[due]:
        return _verdict(resource, due, why_due(found, wanted), previous=overwritten)
    return _verdict(resource, done, why_put(found, wanted), tier=tier, previous=overwritten, writes=wanted)


def apply_limits(verdict: TagVerdict, limits: Sequence[Limit]) -> TagVerdict:
    """The verdict on something in a tier whose copies come to nothing; the tag is written all the same."""
    if verdict.tier is None or not limits:
        return verdict
    return replace(verdict, state=TagState.CANNOT, reason=f"{verdict.reason}; {_said(limits)}")


def judge_cannot(resource: "Resource", limits: Sequence[Limit]) -> TagVerdict:
    """The verdict on something that nobody of ours can tag, or that has no backups, whatever its tags."""
    verdict = _verdict(resource, TagState.CANNOT, f"it was left untagged: {_said(limits)}")
    return replace(verdict, is_without_backups=any(each.stops_backups for each in limits))


def judge_unmade(resource: "Resource", state: TagState, reason: str) -> TagVerdict:
    """The verdict on something that its record alone decides."""
    return _verdict(resource, state, reason)


def judge_waiting(resource: "Resource", reason: str) -> TagVerdict:
    """The verdict on a resource that takes no tags yet, or does not show them."""
    return _verdict(resource, TagState.WAITING, reason)


def judge_gone(resource: "Resource") -> TagVerdict:
    """The verdict on a resource that was deleted before it could be tagged."""
    return _verdict(resource, TagState.GONE, "it was deleted before its tags could be read")


def judge_unseen(resource: "Resource", *, exemption: Exemption) -> TagVerdict:
    """The verdict on an exempted resource whose tags may not even be read."""
    return _verdict(resource, TagState.EXEMPT, f"it was left unseen: {exemption.sentence}")


def _said(limits: Sequence[Limit]) -> str:
    return "; ".join(f"{each.fact} (what would lift it: {each.lifted_by})" for each in limits)


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
