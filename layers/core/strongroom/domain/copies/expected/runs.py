"""When a rule's backups must be made, as AWS makes them: where a rule that keeps longer meets it, only that one is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.rows import patterns_of
from strongroom.domain.copies.expected.backups import ExpectedBackup
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.overlaps import TimedRule, next_expected_firing, rivals_of
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.timed_rules import timed_rule
from strongroom.domain.partitions import partition_of
from strongroom.domain.remembered import once_of

# So long a job may run, counted from its firing, before its backup is called missing; or so long past its windows.
_RUNS: Final = timedelta(hours=12)
_OVER: Final = timedelta(hours=1)


class Runs(Struct, frozen=True, kw_only=True):
    """The runs of one rule of a tier, beside the other rules of its plan."""

    rule: BackupRule
    own: TimedRule
    among: Sequence[TimedRule]
    grace: timedelta

    @property
    def patience(self) -> timedelta:
        """How long after its firing a run must be answered: its windows to start and to complete, and AWS's lists."""
        return self.rule.start_window + self.rule.complete_window + self.grace

    def following(self, after: datetime) -> datetime | None:
        """The first run that must be made after that moment; None where there is none."""
        return next_expected_firing(self.own, among=self.among, after=after)

    def has(self, firing: datetime) -> bool:
        """Whether the rule, as it is today, fires then and must be answered."""
        return self.following(firing - timedelta.resolution) == firing

    def due(self, firing: datetime | None) -> datetime | None:
        """When to look whether the run was answered."""
        return None if firing is None else firing + self.patience

    def over(self, firing: datetime) -> datetime:
        """Until when a job that still runs is waited for."""
        return firing + max(_RUNS, self.patience + _OVER)

    def rivals(self, firing: datetime) -> frozenset[str]:
        """The rules of which AWS may have run one instead, and does not say which."""
        return frozenset(rule.name for rule in rivals_of(self.own, among=self.among, at=firing))

    def reach_back(self, firing: datetime) -> datetime:
        """When the first job may have been created that answers the run, be it one of a rival's."""
        rivals = rivals_of(self.own, among=self.among, at=firing)
        return firing - max((rule.start_window for rule in rivals), default=timedelta())


def runs_of(intent: Intent, *, tier: str, rule: str) -> Runs | None:
    """The runs of a rule; None where the intent has it no more."""
    return _every_run(intent).get((tier, rule))


def why_not_expected(expected: ExpectedBackup, *, intent: Intent) -> str | None:
    """Why the intent asks for no such backup any more; None where it does."""
    if runs_of(intent, tier=expected.tier, rule=expected.rule) is None:
        return f"the intent has no rule {expected.rule} of {expected.tier} any more"
    tier = intent.tiers[expected.tier]
    if expected.region not in (tier.regions or intent.organization.regions):
        return f"{expected.tier} does not run in {expected.region} any more"
    patterns = patterns_of(tier.resource_types, partition=partition_of(expected.region).name)
    if patterns and not any(fnmatchcase(expected.resource, pattern) for pattern in patterns):
        return f"{expected.tier} is not for resources of this type any more"
    return None


@once_of
def _every_run(intent: Intent) -> Mapping[tuple[str, str], Runs]:
    return {(tier, runs.rule.name): runs for tier in intent.tiers for runs in _runs_of_tier(intent, tier)}


def _runs_of_tier(intent: Intent, tier: str) -> Iterator[Runs]:
    rules = rules_of(intent.tiers[tier])
    among = tuple(timed_rule(rule, intent=intent) for rule in rules)
    for rule, own in zip(rules, among, strict=True):
        yield Runs(rule=rule, own=own, among=among, grace=intent.deadlines.grace)
