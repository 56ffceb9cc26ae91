"""Which tier's plan made a backup, and which of its rules."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.copies.found import MadeBy, PlanFound
from strongroom.domain.intent.destinations import local_lifecycle
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.schedules import firings
from strongroom.domain.intent.tier_names import PLAN_PREFIX
from strongroom.domain.remembered import once_of

_ORGANIZATION_PLAN: Final = ":backup-plan:orgs/"
_REACH: Final = timedelta(days=366)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Origin(Struct, frozen=True, kw_only=True):
    """The tier whose plan made a backup, and the rule of it that did."""

    tier: str
    rule: BackupRule


def is_our_plan(made_by: MadeBy) -> bool:
    """Whether the plan comes from the organisation's backup policies, and its name, if it is told, is of our kind."""
    # The ARNs of those plans end in `orgs/<id>`; whether AWS Backup puts something before their names, no page says.
    return _ORGANIZATION_PLAN in made_by.plan and PLAN_PREFIX in (made_by.plan_name or PLAN_PREFIX)


def joined(first: MadeBy | None, second: MadeBy | None) -> MadeBy | None:
    """What the first says, completed by what the second knows of the same plan; a rule is the word of one of them."""
    if first is None or second is None or first.plan != second.plan:
        return first or second
    rule = first if first.rule_id or first.rule_name else second
    return MadeBy(
        plan=first.plan,
        plan_name=first.plan_name or second.plan_name,
        rule_id=rule.rule_id,
        rule_name=rule.rule_name,
    )


def is_nameless(made_by: MadeBy) -> bool:
    """Whether the plan must be asked what it, or its rule, is called."""
    return made_by.plan_name is None or made_by.rule_name is None


def named(made_by: MadeBy, *, plan: PlanFound) -> MadeBy:
    """The same with the names out of its plan, where they were not told."""
    rule_name = made_by.rule_name or plan.rule_names.get(made_by.rule_id or "")
    return replace(made_by, plan_name=made_by.plan_name or plan.name, rule_name=rule_name)


def rule_behind(made_by: MadeBy, *, tier: str, began_at: datetime, intent: Intent) -> BackupRule:
    """The rule of the tier that made a backup: by its name, else by the time at which the backup began.

    Of the rules whose start window was open then it is the one that keeps longest, as AWS Backup runs that one alone
    (Developer Guide, "Overlapping backup rules"). Where none was, it is the one that fired last.
    """
    rules = _rules_by_tier(intent)[tier]
    told = next((rule for rule in rules if rule.name == made_by.rule_name), None)
    return told or max(rules, key=lambda rule: _likelihood(rule, began_at=began_at, intent=intent))


@once_of
def _rules_by_tier(intent: Intent) -> Mapping[str, tuple[BackupRule, ...]]:
    return {name: rules_of(tier) for name, tier in intent.tiers.items()}


def _likelihood(rule: BackupRule, *, began_at: datetime, intent: Intent) -> tuple[int, datetime]:
    """The days that a rule keeps if its window was open, else none, and when it fired last."""
    until = began_at + timedelta.resolution
    fired_at = max(firings(rule.schedule, since=began_at - _REACH, until=until), default=_NEVER)
    is_open = began_at - fired_at < rule.start_window
    return (local_lifecycle(intent, rule).retention_days if is_open else 0, fired_at)
