"""Which rules of a plan take each other's backups, and which rules and selections were meant for each other only.

Source: AWS Backup Developer Guide, "Backup plan options and configuration" ("Overlapping backup rules").
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, assert_never

from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, is_standalone, schedule_of
from strongroom.domain.backup_policy.quotas import LEAST_WINDOW_MINUTES, MOST_WINDOW_MINUTES, RULES_PER_PLAN
from strongroom.domain.intent.overlaps import (
    DEFAULT_START_WINDOW,
    Overlap,
    OverlapKind,
    TimedRule,
    find_overlaps,
    say_meeting,
    say_mend,
)

_START: Final = "start_backup_window_minutes"
_DELETE: Final = ("lifecycle", "delete_after_days")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LEAST_WORD: Final = 3
_LOST: Final = "overlap-loses-copy"
_WORST_FIRST: Final = tuple(OverlapKind)
_CODES: Final = MappingProxyType(
    {
        OverlapKind.TIE: "overlap-equal",
        OverlapKind.COPY_LOST: _LOST,
        OverlapKind.SWALLOWED: "overlap-swallows",
    }
)


def find_overlap_faults(subject: Subject) -> Iterator[Fault]:
    """Every rule that takes backups from another with a loss; where rules and selections are pairs, just that."""
    for plan in subject.plans:
        if sum(1 for _ in plan.below("rules")) > RULES_PER_PLAN:
            continue
        pairs, selections = _pairs(plan), plan.at("selections")
        if len(pairs) > 1 and selections is not None:
            names = ", ".join(f"{rule} with {selection}" for rule, selection in pairs.items())
            found = f"rules and selections are named in pairs ({names})"
            yield Fault("rules-times-selections", selections.path, found, "write a plan for each pair")
        else:
            yield from _overlaps(plan)


def _overlaps(plan: Place) -> Iterator[Fault]:
    rules = {rule.name: rule for rule in plan.below("rules")}
    timed = [each for rule in rules.values() if (each := _timed(rule, is_whole=is_standalone(plan)))]
    told: set[str] = set()
    for overlap in sorted(find_overlaps(timed), key=lambda each: _WORST_FIRST.index(each.kind)):
        code, longer = _CODES.get(overlap.kind), rules[overlap.longer.name]
        if code is None or longer.name in told or (code != _LOST and _differ_in_kind(overlap, rules)):
            continue
        told.add(longer.name)
        place = longer.at("schedule_expression") or longer
        yield Fault(code, place.path, f"{say_meeting(overlap)}, and {_why(overlap)}", say_mend(overlap))


def _why(overlap: Overlap) -> str:
    longer, lost = overlap.longer, overlap.lost_copies()
    match overlap.kind:
        case OverlapKind.TIE:
            return (
                "both keep their backups for ever"
                if longer.local_days is None
                else f"both keep {longer.local_days} days"
            )
        case OverlapKind.COPY_LOST:
            return f"{longer.name}, which is kept longer, has no copy into {' and '.join(lost)}"
        case OverlapKind.SWALLOWED | OverlapKind.HARMLESS:
            return f"{longer.name} is kept longer"
        case _:
            assert_never(overlap.kind)


def _differ_in_kind(overlap: Overlap, rules: Mapping[str, Place]) -> bool:
    """Whether one of the two is continuous, and so adds to one point all along: AWS does not say that they meet."""
    continuous = [
        rules[each.name].flag("enable_continuous_backup") or False for each in (overlap.longer, overlap.shorter)
    ]
    return continuous[0] != continuous[1]


def _timed(rule: Place, *, is_whole: bool) -> TimedRule | None:
    """The rule as the calendar sees it; None where what counts is malformed, or perhaps said further up."""
    schedule, window, days = schedule_of(rule), rule.whole(_START), rule.whole(*_DELETE)
    for said, number in ((rule.at(_START), window), (rule.at(*_DELETE), days)):
        if number is None and (said is not None or not is_whole):
            return None
    if schedule is None or not (window is None or LEAST_WINDOW_MINUTES <= window <= MOST_WINDOW_MINUTES):
        return None
    return TimedRule(
        name=rule.name,
        schedule=schedule,
        start_window=DEFAULT_START_WINDOW if window is None else timedelta(minutes=window),
        local_days=days,
        copies={copy.name: copy.whole(*_DELETE) for copy in rule.below("copy_actions")},
    )


def _pairs(plan: Place) -> dict[str, str]:
    """The selections that bear the name of one rule, and of no other, by that rule."""
    words = {rule.name: set(_words(rule.name)) for rule in plan.below("rules")}
    own = {
        name: {word for word in mine if not any(word in others for other, others in words.items() if other != name)}
        for name, mine in words.items()
    }
    named: dict[str, list[str]] = {}
    for form in ("tags", "resources"):
        for selection in plan.below("selections", form):
            texts = (selection.name, selection.text("tag_key") or "", *_values(selection))
            meant = _meant(own, texts)
            if len(meant) == 1:
                named.setdefault(meant[0], []).append(selection.name)
    return {rule: selections[0] for rule, selections in named.items() if len(selections) == 1}


def _meant(own: Mapping[str, set[str]], texts: tuple[str, ...]) -> list[str]:
    """The rules whose own words stand in the texts; only where none stands by itself, within longer words."""
    said, run_together = set(_words(*texts)), " ".join(texts).lower()
    return [name for name, mine in own.items() if mine & said] or [
        name for name, mine in own.items() if any(word in run_together for word in mine)
    ]


def _values(selection: Place) -> Iterator[str]:
    return (value for _, _, value in selection.members("tag_value"))


def _words(*texts: str) -> Iterator[str]:
    return (word.lower() for text in texts for word in _WORD.findall(text) if len(word) >= _LEAST_WORD)
