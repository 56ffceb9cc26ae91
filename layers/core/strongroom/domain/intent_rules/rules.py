"""What is wrong with a tier's rules: schedules, windows, and where backups are kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from strongroom.domain.backup_policy.quotas import COPY_ACTIONS_PER_RULE, LEAST_WINDOW_MINUTES, RULES_PER_PLAN
from strongroom.domain.findings import Finding, error
from strongroom.domain.forms import RULE_NAMES
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import VaultPlace, local_vaults, vault_places
from strongroom.domain.intent.rules import BackupRule, rules_of
from strongroom.domain.intent.schedule_words import fault_of_words
from strongroom.domain.intent.tiers import RuleSettings, Tier
from strongroom.domain.intent_rules.air_gaps import find_kept_in_air_gaps
from strongroom.domain.intent_rules.lifecycles import find_lifecycle_contradictions
from strongroom.domain.intent_rules.targets import unknown

LEAST_WINDOW: Final = timedelta(minutes=LEAST_WINDOW_MINUTES)


def find_rule_contradictions(intent: Intent, tier: Tier, *, path: str) -> Iterator[Finding]:
    """Every contradiction in the rules of a tier; what a rule takes from its tier is told once, there."""
    if len(tier.rules) > RULES_PER_PLAN:
        yield error(
            "too-many-rules", f"{path}.rules", f"AWS takes {RULES_PER_PLAN} rules in a plan, not {len(tier.rules)}"
        )
    for name in tier.rules:
        if not RULE_NAMES.fits_key(name):
            yield error("rule-name", f"{path}.rules.{name}", "a rule's name is 1 to 50 letters, digits, '-' or '_'")
    told: set[tuple[str, str]] = set()
    for rule in rules_of(tier):
        for finding in _rule(intent, tier, rule, path=path):
            if (finding.path, finding.message) not in told:
                told.add((finding.path, finding.message))
                yield finding


def _rule(intent: Intent, tier: Tier, rule: BackupRule, *, path: str) -> Iterator[Finding]:
    own = tier.rules[rule.name] if rule.path else tier
    here = f"{path}.{rule.path}".rstrip(".")
    yield from _schedule(own, tier, here=here, path=path)
    yield from _windows(
        rule, start=_place(own.start_window, here, path), complete=_place(own.complete_window, here, path)
    )
    kept = f"{_place(own.keep, here, path)}.keep"
    faults = list(_kept(intent, rule, path=kept, here=f"{here}.keep" if not (own.keep or tier.keep) else kept))
    yield from faults
    if not faults and local_vaults(intent):
        yield from find_lifecycle_contradictions(intent, tier, rule, path=here, kept=kept)
        yield from find_kept_in_air_gaps(intent, rule, path=here, kept=kept)


def _place(own: object, here: str, path: str) -> str:
    """Where a setting stands: in the rule, or in the tier that it is taken from."""
    return here if own else path


def _schedule(own: RuleSettings, tier: Tier, *, here: str, path: str) -> Iterator[Finding]:
    schedule = own.schedule or tier.schedule
    if schedule is None:
        yield error("missing-key", f"{here}.schedule", "is missing: when are backups made? for instance daily 02:00")
    elif fault := fault_of_words(schedule):
        yield error("schedule", f"{_place(own.schedule, here, path)}.schedule", fault)


def _windows(rule: BackupRule, *, start: str, complete: str) -> Iterator[Finding]:
    start_path, complete_path = f"{start}.start_window", f"{complete}.complete_window"
    for path, window in {start_path: rule.start_window, complete_path: rule.complete_window}.items():
        if window < LEAST_WINDOW:
            yield error("window", path, f"must be 60 minutes (PT1H) or more, not {_minutes(window)}")
        elif window % timedelta(minutes=1):
            yield error("window", path, "must be whole minutes")
    if rule.complete_window <= rule.start_window:
        why = f"{_minutes(rule.complete_window)} must be longer than the start window of {_minutes(rule.start_window)}"
        yield error("window", complete_path, why)


def _kept(intent: Intent, rule: BackupRule, *, path: str, here: str) -> Iterator[Finding]:
    if not rule.keep:
        yield error("missing-key", here, "is missing: in which vaults is it kept, and for how many days?")
        return
    places = vault_places(intent)
    strangers = [key for key in rule.keep if key not in places]
    for key in strangers:
        yield error("unknown-vault", f"{path}.{key}", unknown("vault", key, intent.vaults))
    if not strangers:
        yield from _of_the_account([places[key] for key in rule.keep], intent=intent, path=path)


def _of_the_account(kept: list[VaultPlace], *, intent: Intent, path: str) -> Iterator[Finding]:
    own = [place.key for place in kept if place.is_local]
    if len(own) != 1 and local_vaults(intent):
        found = "" if not own else f", not {len(own)} ({', '.join(own)})"
        why = (
            f"exactly one vault of the account itself must be named{found}, for the backup is made there before it is"
            f" copied; such are: {', '.join(place.key for place in local_vaults(intent))}"
        )
        yield error("no-own-vault" if not own else "own-vault-twice", path, why)
    copied = [place for place in kept if place.is_copied_into]
    if len(copied) > COPY_ACTIONS_PER_RULE:
        why = f"AWS makes {COPY_ACTIONS_PER_RULE} copies of a backup at most, not {len(copied)}"
        yield error("too-many-copies", path, why)


def _minutes(window: timedelta) -> str:
    return f"{window.total_seconds() / 60:g} minutes"
