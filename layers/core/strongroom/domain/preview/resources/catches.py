"""How many resources the plans catch, account by account and in all, and what changes against today."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from strongroom.domain.identifiers import AccountId
from strongroom.domain.preview.resources.fates import Fate, Verdict
from strongroom.domain.preview.resources.inventory import Resource
from strongroom.domain.preview.resources.selections import Answer

MOST_EXAMPLES: Final = 20


class Change(StrEnum):
    """What becomes of a resource against today."""

    NEWLY = "newly"
    NO_LONGER = "no longer"
    OTHERWISE = "by other plans"
    UNCHANGED = "unchanged"


class Remark(StrEnum):
    """What is worth naming a resource for."""

    OPEN = "only as AWS documents it"
    TWICE = "by two plans"
    NOT_OFFERED = "by a plan that their unit does not offer"


class Offer(Struct, frozen=True, kw_only=True):
    """Which plans are ours, by the tier that each is for, and those that each account's own target offers."""

    tiers: Mapping[str, str]
    offered: Mapping[AccountId, frozenset[str]]

    def is_offered(self, plan: str, account: AccountId) -> bool:
        """Whether the account may use the plan; what is not ours nobody has to offer."""
        return plan not in self.tiers or plan in self.offered.get(account, frozenset())


class Catches(Struct, frozen=True, kw_only=True):
    """Counts of resources; `plans` are by name."""

    fates: Mapping[Fate, int]
    plans: Mapping[str, int]
    changes: Mapping[Change, int]
    remarks: Mapping[Remark, int]

    @property
    def caught(self) -> int:
        """How many have a backup made of them."""
        return self.fates.get(Fate.CAUGHT, 0)


class Caught(Struct, frozen=True, kw_only=True):
    """The counts of all accounts and of each, and ARNs of some of the resources that somebody should look at."""

    total: Catches
    accounts: Mapping[AccountId, Catches]
    examples: Mapping[str, tuple[str, ...]]


@dataclasses.dataclass(slots=True)
class CatchCounter:
    """Counts one resource after the other."""

    offer: Offer
    _accounts: dict[AccountId, "_Counts"] = dataclasses.field(default_factory=dict, init=False)
    _examples: dict[str, list[str]] = dataclasses.field(default_factory=dict, init=False)

    def count(self, resource: Resource, *, before: Verdict, after: Verdict) -> None:
        """Add one resource with what becomes of it today and afterwards."""
        counts = self._accounts.get(resource.account)
        if counts is None:
            counts = self._accounts[resource.account] = _Counts()
        change = change_of(before, after)
        remarks = self._remarks(resource, after)
        counts.fates[after.fate] += 1
        counts.plans.update(after.plans)
        if change is not None:
            counts.changes[change] += 1
        counts.remarks.update(remarks)
        for told in (after.fate, change, *remarks):
            if told is not None and told not in _DULL:
                self._remember(told, resource.arn)

    def result(self) -> Caught:
        """What was counted."""
        return Caught(
            total=_summed(self._accounts.values()),
            accounts={account: _summed([counts]) for account, counts in sorted(self._accounts.items())},
            examples={told: tuple(arns) for told, arns in sorted(self._examples.items())},
        )

    def _remarks(self, resource: Resource, after: Verdict) -> list[Remark]:
        if after.fate is not Fate.CAUGHT:
            return []
        remarks = []
        if any(choice.answer is Answer.OPEN for choice in after.choices):
            remarks.append(Remark.OPEN)
        if len(after.choices) > 1:
            remarks.append(Remark.TWICE)
        if not all(self.offer.is_offered(plan, resource.account) for plan in after.plans):
            remarks.append(Remark.NOT_OFFERED)
        return remarks

    def _remember(self, told: str, arn: str) -> None:
        examples = self._examples.setdefault(told, [])
        if len(examples) < MOST_EXAMPLES:
            examples.append(arn)


def change_of(before: Verdict, after: Verdict) -> Change | None:
    """What becomes of a resource against today; None where no plan catches it, now or then."""
    was, will = set(before.plans), set(after.plans)
    if not was:
        return Change.NEWLY if will else None
    if not will:
        return Change.NO_LONGER
    return Change.UNCHANGED if was == will else Change.OTHERWISE


class _Counts(Struct):
    fates: Counter[Fate] = field(default_factory=Counter)
    plans: Counter[str] = field(default_factory=Counter)
    changes: Counter[Change] = field(default_factory=Counter)
    remarks: Counter[Remark] = field(default_factory=Counter)


_DULL: Final = frozenset({Fate.CAUGHT, Fate.UNPROTECTABLE, Change.UNCHANGED})


def _summed(parts: Iterable[_Counts]) -> Catches:
    sums = _Counts()
    for part in parts:
        sums.fates.update(part.fates)
        sums.plans.update(part.plans)
        sums.changes.update(part.changes)
        sums.remarks.update(part.remarks)
    return Catches(
        fates={fate: sums.fates[fate] for fate in Fate if sums.fates[fate]},
        plans=dict(sorted(sums.plans.items())),
        changes={change: sums.changes[change] for change in Change if sums.changes[change]},
        remarks={remark: sums.remarks[remark] for remark in Remark if sums.remarks[remark]},
    )
