"""What was there before us: quotas, policies and the trail of others.

Sources: Lambda Developer Guide, "Lambda quotas"; AWS Organizations User Guide, "Quotas for AWS Organizations".
"""

from collections.abc import Iterable

from strongroom.domain.doctor.checks import CONCURRENCY, OTHERS, RESOURCE_POLICY, SLOTS, TRAIL
from strongroom.domain.doctor.diagnosis import Diagnosis, listed
from strongroom.domain.doctor.found import ConcurrencyFound
from strongroom.domain.rollout.live import LiveAttachment
from strongroom.domain.rollout.surroundings.trails import TrailFound, nearest_trail
from strongroom.domain.stacks.attached_policies import SERVICE_CONTROL_POLICY

_AWS_OWN = "FullAWSAccess"


def judge_concurrency(found: ConcurrencyFound, *, where: str) -> Diagnosis:
    """Whether the account runs as many functions at once as its queues ask for."""
    evidence = f"the account runs {found.limit} at once, the event source mappings ask for {found.asked}"
    if not found.asked:
        return CONCURRENCY.unseen(where, evidence)
    return CONCURRENCY.holds(where, evidence) if found.asked <= found.limit else CONCURRENCY.fails(where, evidence)


def judge_slots(
    attached: Iterable[LiveAttachment], *, wanted: frozenset[str], scps_at_most: int | None, target: str
) -> Diagnosis:
    """Whether our policies are on the target and fit there; with an unknown quota, whether they are there."""
    there = list(attached)
    scps = sum(each.type == SERVICE_CONTROL_POLICY for each in there)
    quota = "an unknown number" if scps_at_most is None else str(scps_at_most)
    evidence = f"{len(wanted)} policies of ours are attached, and {scps} service control policies of {quota} in all"
    if missing := wanted - {each.name for each in there}:
        return SLOTS.fails(target, f"not attached: {listed(sorted(missing))}")
    if scps_at_most is not None and scps > scps_at_most:
        return SLOTS.fails(target, evidence)
    return SLOTS.holds(target, evidence)


def judge_others(attached: Iterable[LiveAttachment], *, ours: frozenset[str], target: str) -> Diagnosis:
    """Whether somebody else's policy is on the target."""
    theirs = sorted({each.name for each in attached} - ours - {_AWS_OWN})
    evidence = f"of others: {listed(theirs)}"
    return OTHERS.fails(target, evidence) if theirs else OTHERS.holds(target, evidence)


def judge_resource_policy(*, exists: bool, missing_actions: Iterable[str], where: str) -> Diagnosis:
    """Whether the resource policy grants the backup account what it needs."""
    missing = list(missing_actions)
    if not exists:
        return RESOURCE_POLICY.fails(where, "the organisation has no resource policy")
    if missing:
        return RESOURCE_POLICY.fails(where, f"it does not grant {listed(missing)}")
    return RESOURCE_POLICY.holds(where, "it grants every reading that the control plane makes")


def judge_trails(trails: Iterable[TrailFound], *, where: str) -> Diagnosis:
    """Whether one trail, at least, sees everything; else what is wrong with the nearest."""
    nearest = nearest_trail(trails)
    if nearest is None:
        return TRAIL.fails(where, "there is no trail")
    name, wrong = nearest
    return TRAIL.judged(where, f"{name} does", wrong=[f"{name} {each}" for each in wrong])
