"""The locks of the vaults that governed accounts have of their own, compared with what their StackSets carry now.

The vaults themselves are not asked: there may be thousands, and a StackSet locks those of accounts that move in later
without any plan.
"""

from collections.abc import Iterator, Mapping

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.places import VaultPlace
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.rollout.desired import MEMBERS_STACK, Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.members import unfinished_members
from strongroom.domain.rollout.stacks import existing
from strongroom.domain.rollout.steps import BringStacks
from strongroom.domain.stacks.member_vaults import locks_in


def judge_own_locks(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each lock that would become less than what the accounts were given."""
    before = _carried(live)
    for name, place in _vaults(desired).items():
        if name in before:
            yield from _loosened(place, before[name])


def judge_own_lock_dates(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each lock in compliance mode that would be put on anew, and so become immutable later."""
    before = _carried(live)
    for name, place in _vaults(desired).items():
        is_open = name in before and before[name].is_final and not place.vault.is_air_gapped
        if is_open and place.lock != before[name]:
            yield error(
                "lock-postponed",
                f"vaults.{place.key}.lock",
                f"{_told(place)} would be put on anew: its cooling-off time begins anew, and where it is immutable by "
                "now AWS refuses the new numbers",
            )


def reasons_to_confirm(desired: Desired, live: LiveOrganization) -> Iterator[str]:
    """Why a person must say so first: a sentence for each vault whose lock in compliance mode begins somewhere."""
    before, coming = _carried(live), _coming(desired, live)
    for name, place in _vaults(desired).items():
        if place.lock is not None and place.lock.is_final and (name in coming or before.get(name) != place.lock):
            what = "an air-gapped vault" if place.vault.is_air_gapped else "a lock in compliance mode"
            yield f"vaults.{place.key}: {what} begins in each governed account, immutable {immutable_from(place.lock)}"


def immutable_from(lock: VaultLock) -> str:
    """From when on a lock in compliance mode is immutable: that of an air-gapped vault from the first moment."""
    return f"after {lock.changeable_for_days} days" if lock.changeable_for_days else "from then on"


def _vaults(desired: Desired) -> dict[str, VaultPlace]:
    """The vaults by the StackSets that make them."""
    made = {each.name: each.template.vault for each in desired.rendered.stack_sets}
    return {name: place for name, place in made.items() if place is not None}


def _carried(live: LiveOrganization) -> Mapping[str, VaultLock]:
    stack = existing(live, MEMBERS_STACK)
    return {} if stack is None else locks_in(stack.template)


def _coming(desired: Desired, live: LiveOrganization) -> frozenset[str]:
    """The StackSets that are brought to accounts which lack their stack, or have one that failed."""
    acts = (step.act for step in unfinished_members(desired.rendered.stack_sets, live.members, desired.intent))
    return frozenset(act.stack_set for act in acts if isinstance(act, BringStacks))


def _loosened(place: VaultPlace, before: VaultLock) -> Iterator[Finding]:
    path, lock = f"vaults.{place.key}.lock", place.lock
    if place.vault.is_air_gapped:
        if lock != before:
            yield error("lock-immutable", path, f"{_told(place)} is immutable: write the numbers that it has")
    elif lock is None:
        yield error("lock-removed", path, f"{_told(place)} would be removed")
    elif before.is_final and not lock.is_final:
        yield error("lock-governance", path, f"{_told(place)} would be in governance mode, out of compliance mode")
    elif lock.min_retention_days < before.min_retention_days:
        demanded = f"{before.min_retention_days} days and would demand {lock.min_retention_days} only"
        yield error("lock-shorter", f"{path}.min_retention_days", f"{_told(place)} demands {demanded}")


def _told(place: VaultPlace) -> str:
    return f"the lock of {place.vault.name} in governed accounts"
