"""What can become of a resource, as far as its tags go: the states, and the verdict that has one."""

from collections.abc import Mapping, Sequence
from copy import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from strongroom.domain.catalogue.facets.tagging import Limit
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Exemption

if TYPE_CHECKING:
    from strongroom.domain.tags.creations import Resource


class TagState(StrEnum):
    """How it stands with a resource: the first three are in a tier, the others say why not.

    TAG and CORRECT: something is due that the target's mode leaves to people. CANNOT: backups or copies of the thing
    have a limit, tagged or not. COVERED: it is in something that is backed up. WAITING: it takes no tags yet, or does
    not show them. EXEMPT: the intent leaves it as it is, for a while or because a group or a fleet scales it, or it
    opted out with a reason. UNTAGGED: no tier takes it, and it can have no default tier. REFUSED: the event names what
    it cannot have made, its account is not in the organisation, or the tagging role had no right for a day. UNREADABLE:
    the event does not say what was made.
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


_QUOTED: Final = 200
# Where nobody answers for it that a resource is in no tier.
_UNPROTECTED: Final = (TagState.UNTAGGED, TagState.TAG, TagState.CORRECT)


class TagVerdict(Struct, frozen=True, kw_only=True):
    """What became of one resource: its tier now, the guarded value it carried before, and why.

    `writes` are the tags that have to be added or changed; every other stays as it is, and TAGGED and CORRECTED hold
    once they are written. `is_without_backups` where AWS Backup makes none of such a thing, `is_only_said` where the
    target's mode alerts nobody, `wants_ticket` where it leaves them a ticket beside the alert. Of what waits, `until`
    is when it is looked at next. `quarrels_with` is the actor against whom nothing is written any more, empty where no
    event names it.
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
    is_only_said: bool = False
    wants_ticket: bool = False
    until: datetime | None = None
    quarrels_with: str | None = None

    @property
    def found_right(self) -> bool:
        """Whether the resource was in a tier already."""
        return self.tier is not None and not self.writes

    @property
    def is_unprotected(self) -> bool:
        """Whether the resource was left in no tier, or without backups, though nobody answers for that."""
        return self.state in _UNPROTECTED or (self.state is TagState.CANNOT and self.is_without_backups)

    @property
    def is_alarming(self) -> bool:
        """Whether people are told of the resource; of a quarrel they are told once, whatever it is about."""
        return self.is_unprotected and not self.is_only_said and self.quarrels_with is None

    @property
    def awaits_backups(self) -> bool:
        """Whether plans take the resource, and can."""
        return self.tier is not None and not self.is_without_backups


def apply_limits(verdict: TagVerdict, limits: Sequence[Limit]) -> TagVerdict:
    """The verdict on something in a tier whose copies come to nothing; the tag is written all the same."""
    if verdict.tier is None or not limits:
        return verdict
    return replace(
        verdict,
        state=TagState.CANNOT,
        reason=f"{verdict.reason}; {_said(limits)}",
        is_without_backups=verdict.is_without_backups or any(each.stops_backups for each in limits),
    )


def say_untold_key(verdict: TagVerdict, limit: Limit, *, key: str, why: str) -> TagVerdict:
    """The same verdict, and that it is open whether the limit is there, because nobody says who manages the key."""
    said = f"whether AWS manages the key {key[:_QUOTED]} is not known ({why}): {limit.fact}"
    return replace(verdict, reason=f"{verdict.reason}; {said}")


def judge_cannot(resource: "Resource", limits: Sequence[Limit]) -> TagVerdict:
    """The verdict on something that nobody of ours can tag, or that has no backups, whatever its tags."""
    verdict = _verdict(resource, TagState.CANNOT, f"it was left untagged: {_said(limits)}")
    return replace(verdict, is_without_backups=any(each.stops_backups for each in limits))


def judge_unmade(resource: "Resource", state: TagState, reason: str) -> TagVerdict:
    """The verdict on something that no tag decides."""
    return _verdict(resource, state, reason)


def judge_tags(
    resource: "Resource",
    state: TagState,
    reason: str,
    *,
    tier: str | None = None,
    previous: str | None = None,
    writes: Mapping[str, str] | None = None,
) -> TagVerdict:
    """The verdict on something by its tags."""
    verdict = _verdict(resource, state, reason)
    return replace(verdict, tier=tier, previous=previous, writes=writes or {})


def judge_waiting(resource: "Resource", reason: str, *, until: datetime | None = None) -> TagVerdict:
    """The verdict on a resource that takes no tags yet, or does not show them; `until` is when it is looked at next."""
    return replace(_verdict(resource, TagState.WAITING, reason), until=until)


def judge_barred(waited: TagVerdict) -> TagVerdict:
    """The verdict on a resource that waited for a right to tag it for as long as anything does."""
    return replace(waited, state=TagState.REFUSED)


def judge_gone(resource: "Resource") -> TagVerdict:
    """The verdict on a resource that was deleted before it could be tagged."""
    return _verdict(resource, TagState.GONE, "it was deleted before its tags could be read")


def judge_unseen(resource: "Resource", *, exemption: Exemption) -> TagVerdict:
    """The verdict on an exempted resource whose tags may not even be read."""
    return _verdict(resource, TagState.EXEMPT, f"it was left unseen: {exemption.sentence}")


def _said(limits: Sequence[Limit]) -> str:
    return "; ".join(f"{each.fact} (what would lift it: {each.lifted_by})" for each in limits)


def _verdict(resource: "Resource", state: TagState, reason: str) -> TagVerdict:
    return TagVerdict(
        state=state,
        reason=f"{resource.label} {resource.arn}: {reason}",
        resource=resource.arn,
        account=resource.account,
        region=resource.region,
    )
