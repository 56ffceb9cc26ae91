"""What is wrong with restore profiles: two for one place, places that nobody governs, keys and roles of elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from strongroom.domain.findings import Finding, error
from strongroom.domain.forms import ELEVATED_RISK
from strongroom.domain.identifiers import Arn
from strongroom.domain.partitions import partition_of
from strongroom.domain.stacks.lending import (
    entered_clusters,
    lent_roles,
    replication_roles,
    restored_by_call,
    restored_by_hand,
)
from strongroom.domain.values import field_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.intent.model import Intent
    from strongroom.domain.intent.restoring.profiles import AccountProfile

_PLACE = ("account", "region")
_OUR_PATH = "strongroom/"
# Of the 10,240 characters that the policies of a role may have (IAM User Guide, "IAM and AWS STS quotas") the role of
# restore jobs leaves so many. CloudFormation takes 4,096 for one parameter.
ROOM_FOR_ARNS = 2700
# CloudFormation takes 4,096 characters for one parameter, and the roles of restores by hand say each ARN once.
ROOM_BY_HAND = 4096
_QUOTES = len('"",')


def find_profile_contradictions(intent: Intent, restores: Restores) -> Iterator[Finding]:
    """Every contradiction of the profiles among themselves, and with who is governed where."""
    said = Counter((profile.account, profile.region) for profile in restores.profiles)
    for number, profile in enumerate(restores.profiles):
        path = f"restores.profiles[{number}]"
        if said[profile.account, profile.region] > 1:
            yield error("profile-twice", path, f"there is more than one profile for {profile.place}")
        yield from _place(intent, profile, path=path)
        yield from _keys(profile, path=path)
        yield from _roles(profile, path=path)
        yield from _lists(profile, path=path)
    yield from _lent(intent, restores)


def _place(intent: Intent, profile: AccountProfile, *, path: str) -> Iterator[Finding]:
    place = intent.organization
    if profile.account in (place.management_account, *intent.own_accounts):
        yield error("profile-place", f"{path}.account", "nothing is restored into an account of Strongroom's own")
    if profile.region not in place.regions:
        why = f"{profile.region} is not one of the governed Regions: {', '.join(place.regions)}"
        yield error("profile-place", f"{path}.region", why)


def _keys(profile: AccountProfile, *, path: str) -> Iterator[Finding]:
    own = (partition_of(profile.region).name, profile.region, profile.account)
    for number, key in enumerate(profile.keys):
        arn = Arn.parse(key)
        if (arn.partition, arn.region, arn.account) != own:
            yield error("profile-key", f"{path}.keys[{number}]", f"is no key of {profile.place}")


def _roles(profile: AccountProfile, *, path: str) -> Iterator[Finding]:
    """A role is lent in its own account only, and one of ours to nobody."""
    own = (partition_of(profile.region).name, profile.account)
    for number, role in enumerate(profile.roles):
        arn = Arn.parse(role)
        if (arn.partition, arn.account) != own:
            yield error("profile-role", f"{path}.roles[{number}]", f"is no role of account {profile.account}")
        elif arn.name.startswith(_OUR_PATH):
            yield error("profile-role", f"{path}.roles[{number}]", "is a role of Strongroom, which no machine gets")


def _lent(intent: Intent, restores: Restores) -> Iterator[Finding]:
    """What a profile lends reaches the role of restore jobs, which can pass nothing else."""
    if not any(profile.roles for profile in restores.profiles):
        why = "no profile lists `roles`, and no other role can be lent to what is restored"
        for name in ("backed_up_role", "replication_role"):
            if getattr(restores.limits, name) == ELEVATED_RISK:
                yield error("no-role-to-lend", f"restores.limits.{name}", why)
    # Where namespaces of EKS come into, two statements say.
    told = (*lent_roles(intent), *entered_clusters(intent), *entered_clusters(intent))
    if sum(len(arn) + _QUOTES for arn in told) > ROOM_FOR_ARNS:
        why = "the roles and clusters of all profiles are more than a role of IAM has room for: name fewer"
        yield error("profiles-too-long", "restores.profiles", why)
    if sum(len(arn) + _QUOTES for arn in replication_roles(intent)) > ROOM_BY_HAND:
        why = "the roles of all profiles are more than a role of IAM has room for: name fewer"
        yield error("profiles-too-long", "restores.profiles", why)
    if sum(len(arn) + _QUOTES for arn in restored_by_hand(intent)) > ROOM_BY_HAND:
        why = "the places of all `raw` are more than a role of IAM has room for: name fewer"
        yield error("profiles-too-long", "restores.profiles", why)
    if sum(len(arn) + _QUOTES for arn in restored_by_call(intent)) > ROOM_BY_HAND:
        why = "the places of all `native` are more than a role of IAM has room for: name fewer"
        yield error("profiles-too-long", "restores.profiles", why)


def _lists(profile: AccountProfile, *, path: str) -> Iterator[Finding]:
    """What stands in a list twice is one choice; what has no list at all is a profile of nothing."""
    lists = {name: getattr(profile, name) for name in field_names(profile) if name not in _PLACE}
    for name, choices in lists.items():
        if len(set(choices)) != len(choices):
            yield error("profile-choice-twice", f"{path}.{name}", "something stands in it twice")
    if not any(lists.values()):
        yield error("profile-empty", path, f"names nothing that {profile.place} has for restores")
