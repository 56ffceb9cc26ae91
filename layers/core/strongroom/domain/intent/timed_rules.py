"""The rules of the intent as far as their start windows meet."""

from collections.abc import Mapping

from strongroom.domain.intent.destinations import local_lifecycle
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.overlaps import TimedRule
from strongroom.domain.intent.places import vault_places
from strongroom.domain.intent.rules import BackupRule


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
