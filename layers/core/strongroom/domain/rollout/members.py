"""The stacks of governed accounts: which are not as their StackSet wants them, why, and which are worth another try.

Sources: CloudFormation API reference, StackInstanceSummary; UpdateStackSet, which without a change "updates the stack
instances in the specified accounts and Regions"; CreateStackInstances.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from strongroom.domain.findings import Finding, warning
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.regions import is_off, may_be_off
from strongroom.domain.rollout.steps import BringStacks, Step, StepKind
from strongroom.domain.stacks.stack_sets import StackSet

_CURRENT: Final = "CURRENT"
_INOPERABLE: Final = "INOPERABLE"
_TAKEN: Final = ("already exists", "alreadyexists")
_TOLD: Final = 5

type Place = tuple[AccountId, Region]


class LiveInstance(Struct, frozen=True, kw_only=True):
    """What CloudFormation says of the stack in one account and Region: CURRENT, OUTDATED or INOPERABLE, and why."""

    account: AccountId
    region: Region
    status: str
    reason: str = ""

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.account, self.region

    @property
    def is_taken(self) -> bool:
        """Whether the name of something that it makes is taken, so that another try fails as well."""
        return any(words in self.reason.lower() for words in _TAKEN)


class LiveMembers(Struct, frozen=True, kw_only=True):
    """The active accounts that each target governs, and the instances of each StackSet that exists, by its name.

    `opt_statuses` are AWS's own words for the places whose Region may be off, None where nobody could look.
    """

    accounts: Mapping[str, tuple[AccountId, ...]] = field(default_factory=dict)
    instances: Mapping[str, tuple[LiveInstance, ...]] = field(default_factory=dict)
    opt_statuses: Mapping[Place, str | None] = field(default_factory=dict)

    def is_shut(self, place: Place) -> bool:
        """Whether the Region is seen to be off in the account."""
        status = self.opt_statuses.get(place)
        return status is not None and is_off(status)


def places_that_may_be_shut(stack_sets: tuple[StackSet, ...], live: LiveMembers) -> tuple[Place, ...]:
    """Where a stack is wanted in a Region that accounts have to enable."""
    wanted = (place for stack_set in stack_sets for place in _wanted(stack_set, live))
    return tuple(dict.fromkeys(place for place in wanted if may_be_off(place[1])))


def count_current(stack_set: str, instances: tuple[LiveInstance, ...]) -> str:
    """How many stacks of the StackSet are as it wants them, of how many."""
    current = sum(instance.status == _CURRENT for instance in instances)
    return f"{stack_set}: {current} of {len(instances)} current"


def judge_members(stack_sets: tuple[StackSet, ...], live: LiveMembers) -> Iterator[Finding]:
    """A warning for each stack that is not current; it stops nothing, because the other accounts go on without it.

    Where the Region is off no stack can be: that is told of the Region.
    """
    for stack_set in stack_sets:
        wanted = _wanted(stack_set, live)
        for instance in live.instances.get(stack_set.name, ()):
            if instance.account in stack_set.left_out:
                yield _left_out(stack_set.name, instance)
            elif instance.status != _CURRENT and not live.is_shut(instance.place):
                yield _told(stack_set.name, instance, is_active=instance.place in wanted)


def unfinished_members(stack_sets: tuple[StackSet, ...], live: LiveMembers, intent: Intent) -> Iterator[Step]:
    """A step for each StackSet of which active accounts lack a stack, or have one that failed and may succeed now."""
    for stack_set in stack_sets:
        if stack_set.name not in live.instances:
            continue
        instances = {instance.place: instance for instance in live.instances[stack_set.name]}
        wanted = [place for place in _wanted(stack_set, live) if not live.is_shut(place)]
        failed = [place for place in wanted if place in instances and _is_worth_a_try(instances[place])]
        missing = [place for place in wanted if place not in instances]
        for places, before in ((failed, "outdated"), (missing, "missing")):
            if places:
                yield _step(stack_set, intent, places, before=before)


def _wanted(stack_set: StackSet, live: LiveMembers) -> tuple[Place, ...]:
    active = dict.fromkeys(account for accounts in live.accounts.values() for account in accounts)
    units = dict.fromkeys(account for unit in stack_set.units for account in live.accounts.get(unit, ()))
    accounts = [account for account in stack_set.accounts if account in active] if stack_set.accounts else units
    return tuple((account, region) for account in accounts for region in stack_set.template.regions)


def _is_worth_a_try(instance: LiveInstance) -> bool:
    return instance.status not in (_CURRENT, _INOPERABLE) and not instance.is_taken


def _left_out(stack_set: str, instance: LiveInstance) -> Finding:
    # Whether automatic deployment keeps to the accounts that a StackSet leaves out, AWS does not say.
    return warning(
        "instance-left-out",
        stack_set,
        f"the stack of {stack_set} in account {instance.account}, {instance.region}, came by itself, but the "
        "intent leaves the account out: take it out of the StackSet (docs/rollout.md)",
    )


def _told(stack_set: str, instance: LiveInstance, *, is_active: bool) -> Finding:
    where = f"the stack of {stack_set} in account {instance.account}, {instance.region}, is {instance.status}"
    reason = instance.reason or "no reason given"
    if instance.status == _INOPERABLE:
        how = "take it out of the StackSet with its stack retained, then delete that stack in its account"
        return warning("instance-inoperable", stack_set, f"{where}: {reason}; {how}")
    if not is_active:
        return warning("instance-abandoned", stack_set, f"{where}, because the account is closed or gone: {reason}")
    if instance.is_taken:
        how = "what it would make is there already: import its stack, or delete it while it is empty (docs/rollout.md)"
        return warning("instance-taken", stack_set, f"{where}: {reason}; {how}")
    return warning("instance-outdated", stack_set, f"{where}: {reason}")


def _step(stack_set: StackSet, intent: Intent, places: list[Place], *, before: str) -> Step:
    accounts = tuple(dict.fromkeys(account for account, _ in places))
    regions = tuple(region for region in stack_set.template.regions if region in {where for _, where in places})
    listed = ", ".join(accounts[:_TOLD]) + (f" and {len(accounts) - _TOLD} more" if len(accounts) > _TOLD else "")
    return Step(
        id=f"{before}-{stack_set.name}",
        kind=StepKind.REPAIR,
        account=intent.organization.management_account,
        region=intent.global_region,
        what=f"the stacks of {stack_set.name} in {listed}",
        before=before,
        after="current",
        act=BringStacks(stack_set.name, accounts=accounts, regions=regions, are_new=before == "missing"),
    )
