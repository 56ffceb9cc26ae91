"""The rules of the intent as far as their start windows meet, and which backups are due on a day."""

from collections.abc import Mapping
from datetime import date

from strongroom.domain.intent.destinations import local_lifecycle
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.overlaps import Firing, TimedRule, expected_firings
from strongroom.domain.intent.places import vault_places
from strongroom.domain.intent.rules import BackupRule, rules_of


def timed_rule(rule: BackupRule, *, intent: Intent) -> TimedRule:
    """What decides where a rule meets another: its schedule, start window and retentions."""
    places = vault_places(intent)
    copies: Mapping[str, int] = {key: kept.days for key, kept in rule.keep.items() if not places[key].is_local}
    return TimedRule(
        name=rule.name,
        schedule=rule.schedule,
        start_window=rule.start_window,
        local_days=local_lifecycle(intent, rule).retention_days,
        copies=copies,
    )


def expected_backups(intent: Intent, tier: str, *, on: date) -> tuple[Firing, ...]:
    """The backups that AWS makes of a resource of the tier on a day, UTC, in each Region of the tier."""
    return expected_firings([timed_rule(rule, intent=intent) for rule in rules_of(intent.tiers[tier])], on=on)
