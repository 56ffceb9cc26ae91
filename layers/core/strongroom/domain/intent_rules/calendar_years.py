"""Retentions of whole years that a lock takes as 365 days each, and refuses as calendar years."""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, warning
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import VaultPlace, vault_places
from strongroom.domain.intent.rules import rules_of

_YEAR = 365


def find_calendar_years(intent: Intent) -> Iterator[Finding]:
    """A warning for each lock in compliance mode whose maximum is too small for the calendar years that are meant."""
    for place in vault_places(intent).values():
        lock = place.lock
        if lock is None or lock.mode != "compliance":
            continue
        for days, tiers in _whole_years(intent, place).items():
            years = days // _YEAR
            least, most = days + years // 4, days + -(-years // 4)
            if lock.max_retention_days >= most:
                continue
            span = f"{most}" if least == most else f"{least} or {most}"
            yield warning(
                "calendar-years",
                f"vaults.{place.key}.lock.max_retention_days",
                f"{', '.join(tiers)}: {days} days are {years} x {_YEAR}, but {_years(years)} {span} days, which the"
                f" lock's maximum of {lock.max_retention_days} refuses; once locked it can never be raised, so"
                f" set it to {most + 3} or more before the lock date",
            )


def _whole_years(intent: Intent, place: VaultPlace) -> dict[int, list[str]]:
    """The tiers that keep something there for whole years, by days."""
    found: dict[int, list[str]] = {}
    for name, tier in intent.tiers.items():
        kept = {rule.keep[place.key].days for rule in rules_of(tier) if place.key in rule.keep}
        for days in kept:
            if days > 0 and days % _YEAR == 0:
                found.setdefault(days, []).append(name)
    return dict(sorted(found.items()))


def _years(years: int) -> str:
    return "a calendar year is" if years == 1 else f"{years} calendar years are"
