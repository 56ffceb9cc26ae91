"""Backup plans that one policy would take from another: ours from somebody else's below, or somebody else's from ours.

The policies of a path are merged as AWS documents it, with ours and without. Whether a control on a container stops
what lies below is documented and recorded differently, so a plan that is ignored by the documentation may stop.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from strongroom.domain.backup_policy.merge import Merged, Value
from strongroom.domain.findings import Finding, error
from strongroom.domain.rollout.desired import MANAGEMENT_STACK, Desired, governed_targets
from strongroom.domain.rollout.live import LiveOrganization, LivePolicy
from strongroom.domain.rollout.stacks import existing
from strongroom.domain.stacks.attached_policies import BACKUP_POLICY, AttachedPolicy

_PLANS: Final = "plans"

type _Policy = LivePolicy | AttachedPolicy
type _Plans = Mapping[str, Mapping[tuple[str, ...], Value]]


def judge_foreign_plans(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each plan that would stop, or not be what it says, where policies of ours and of others meet."""
    ours, strangers = parted_policies(desired, live)
    for place in dict.fromkeys(
        (*governed_targets(desired.intent), *(each for policy in strangers for each in policy.targets))
    ):
        path = live.paths.get(place) or ()
        met = [policy for policy in strangers if not {*policy.targets}.isdisjoint(path)]
        if not met:
            continue
        now, then = _merged(path, (*met, *ours)), _merged(path, (*met, *desired.policies))
        theirs, wanted = _merged(path, met), _merged(path, desired.policies)
        names = ", ".join(f"{policy.name} ({policy.id})" for policy in met)
        for plan in _lost({name: plan for name, plan in now.items() if name in theirs}, then):
            message = (
                f"the backup plan {plan} of {names} may stop on {place}: our policies above let no plan be added below"
            )
            yield error("protection-shrinks", place, message)
        for plan in _lost(wanted, then):
            message = f"our backup plan {plan} may not be what it says on {place}: {names} stands in its way"
            yield error("protection-shrinks", place, message)


def parted_policies(desired: Desired, live: LiveOrganization) -> tuple[list[LivePolicy], list[LivePolicy]]:
    """The backup policies that hang somewhere: ours, also those that nothing renders any more, and those of others."""
    stack = existing(live, MANAGEMENT_STACK)
    made = frozenset() if stack is None else stack.policy_ids
    backup = [policy for policy in live.policies if policy.type == BACKUP_POLICY and policy.document is not None]
    ours = [policy for policy in backup if policy.id in made or policy.name in desired.policy_names]
    return ours, [policy for policy in backup if policy not in ours]


def _merged(path: tuple[str, ...], policies: Iterable[_Policy]) -> _Plans:
    """The settings of each plan that reaches the end of the path, by the plan's name."""
    attached = [policy for policy in policies if policy.type == BACKUP_POLICY]
    merged = Merged()
    for place in path:
        merged = merged.below([policy.document or {} for policy in attached if place in policy.targets])
    plans: dict[str, dict[tuple[str, ...], Value]] = {}
    for key, value in merged.settings.items():
        if len(key) > 1 and key[0] == _PLANS:
            plans.setdefault(merged.spelled(key[:2])[-1], {})[key[2:]] = value
    return plans


def _lost(before: _Plans, after: _Plans) -> Iterator[str]:
    """The plans of which a setting would be missing or another one."""
    for name, settings in before.items():
        kept = after.get(name, {})
        if any(kept.get(key) != value for key, value in settings.items()):
            yield name
