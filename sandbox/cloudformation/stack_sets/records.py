"""What CloudFormation remembers of StackSets: their instances, and the operations that made them so.

Source: CloudFormation API reference, StackInstanceSummary, StackSetOperation and StackSetOperationPreferences.
"""

import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sandbox.organization import tree as organization
from sandbox.settings import MANAGEMENT_ACCOUNT

CURRENT: Final = "CURRENT"
OUTDATED: Final = "OUTDATED"
INOPERABLE: Final = "INOPERABLE"

SUCCEEDED: Final = "SUCCEEDED"
FAILED: Final = "FAILED"
CANCELLED: Final = "CANCELLED"
SKIPPED: Final = "SKIPPED_SUSPENDED_ACCOUNT"

# An account and a Region.
type Place = tuple[str, str]


class StackSetError(ValueError):
    """The StackSet is not as it was asked for, because too many of its stacks failed or one cannot be deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackInstance:
    """The stack of a StackSet in one place, if there is one, and how the last operation on it ended."""

    account: str
    region: str
    unit: str
    stack_id: str
    status: str
    detail: str
    reason: str = ""
    operation: str = ""

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.account, self.region


@dataclass(frozen=True, slots=True)
class Preferences:
    """The order of the Regions, and how many accounts may fail in each before the operation stops."""

    regions: tuple[str, ...] = ()
    count: int = 0
    percentage: int | None = None

    def tolerated(self, accounts: int) -> int:
        """The failures that are tolerated among so many accounts; a percentage is rounded down."""
        return self.count if self.percentage is None else accounts * self.percentage // 100

    def ordered(self, regions: Iterable[str]) -> list[str]:
        """The Regions as they are asked for, those that are not named last."""
        return sorted(regions, key=lambda one: self.regions.index(one) if one in self.regions else len(self.regions))


@dataclass(slots=True)
class Operation:
    """One run over places, and how it ended in each."""

    action: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "RUNNING"
    began: float = field(default_factory=time.time)
    ended: float | None = None
    results: dict[Place, tuple[str, str]] = field(default_factory=dict)

    def failures(self, region: str | None = None) -> int:
        """The places in which it failed, of one Region or of all."""
        found = (status for (_, where), (status, _) in self.results.items() if region in (None, where))
        return sum(status == FAILED for status in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoDeployment:
    """Whether accounts that move in and out are followed, what stays when one leaves, and which StackSets go first."""

    enabled: bool = False
    retains: bool = False
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a StackSet is told: the template and who gets it.

    Of the accounts of its units `only` leaves single ones, and `without` all but these.
    """

    body: str
    parameters: Mapping[str, str]
    capabilities: tuple[str, ...] = ()
    units: tuple[str, ...]
    regions: tuple[str, ...]
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    automatic: AutoDeployment = field(default_factory=AutoDeployment)
    preferences: Preferences = field(default_factory=Preferences)

    def members(self) -> dict[str, str]:
        """The accounts that get the template now, each with its unit."""
        return {
            account: unit
            for account, unit in self.in_units().items()
            if account not in self.without and (self.only is None or account in self.only)
        }

    def in_units(self) -> dict[str, str]:
        """The accounts of the units, each with its unit; service-managed stacks never reach management."""
        found = {account: unit for unit in self.units for account in organization.accounts_in(unit)}
        return {account: unit for account, unit in found.items() if account != MANAGEMENT_ACCOUNT}


@dataclass(slots=True)
class StackSet:
    """A StackSet, its instances by place, and the stacks that it left behind in accounts that went away."""

    name: str
    account: str
    region: str
    definition: Definition
    uid: str = field(default_factory=lambda: str(uuid.uuid4()))
    instances: dict[Place, StackInstance] = field(default_factory=dict)
    kept: dict[Place, str] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def id(self) -> str:
        """Its unique id."""
        return f"{self.name}:{self.uid}"

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:cloudformation:{self.region}:{self.account}:stackset/{self.id}"


_stack_sets: dict[str, StackSet] = {}


def remember(stack_set: StackSet) -> None:
    """Keep a StackSet."""
    _stack_sets[stack_set.name] = stack_set


def forget(name: str | None = None) -> None:
    """Forget one StackSet, or all."""
    if name is None:
        _stack_sets.clear()
    else:
        del _stack_sets[name]


def every() -> list[StackSet]:
    """All StackSets in the order in which they were made."""
    return list(_stack_sets.values())


def find(name_or_id: str) -> StackSet | None:
    """The StackSet of that name, id or ARN."""
    return next((each for each in every() if name_or_id in (each.name, each.id, each.arn)), None)


def instances(name: str) -> list[StackInstance]:
    """The instances of a StackSet, ordered by account and Region."""
    return [instance for _, instance in sorted(_stack_sets[name].instances.items())]
