"""Where the start windows of a tier's rules meet, so that AWS makes only one of the backups."""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, error, note, warning
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.overlaps import Overlap, OverlapKind, find_overlaps, say_overlap
from strongroom.domain.intent.rules import rules_of
from strongroom.domain.intent.tiers import Tier
from strongroom.domain.intent.timed_rules import timed_rule


def find_rule_overlaps(tier: Tier, *, intent: Intent, path: str) -> Iterator[Finding]:
    """An error where nobody can say which backup is made or a copy is lost, else a warning or a note."""
    rules = rules_of(tier)
    places = {rule.name: f"{path}.{rule.path}".rstrip(".") for rule in rules}
    for overlap in find_overlaps([timed_rule(rule, intent=intent) for rule in rules]):
        yield _found(overlap, path=f"{places[overlap.longer.name]}.schedule")


def _found(overlap: Overlap, *, path: str) -> Finding:
    why = say_overlap(overlap)
    match overlap.kind:
        case OverlapKind.TIE:
            return error("overlap-tie", path, why)
        case OverlapKind.COPY_LOST:
            return error("overlap-loses-copy", path, why)
        case OverlapKind.SWALLOWED:
            return warning("overlap-swallows", path, why)
        case OverlapKind.HARMLESS:
            return note("overlap", path, why)
