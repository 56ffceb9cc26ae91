"""What somebody who wrote a wrong word probably meant."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_LIKE_ENOUGH: Final = 0.5

_KNOWN_MISTAKES: Final = {
    "schedule_expression_timezone": "leave it out: policies run in UTC, so shift the hours of schedule_expression",
    "rule_name": "leave it out: the key of the rule is its name",
    "selection_name": "leave it out: the key of the selection is its name",
    "to_delete_after_days": "write delete_after_days",
    "to_move_to_cold_storage_after_days": "write move_to_cold_storage_after_days",
    "start_window_minutes": "write start_backup_window_minutes",
    "start_window": "write start_backup_window_minutes",
    "complete_window_minutes": "write complete_backup_window_minutes",
    "completion_window": "write complete_backup_window_minutes",
    "resource_types": "write it below selections.resources.<name>, where types are selected",
    "not_resource_types": "write it below selections.resources.<name>, where types are selected",
    "schedule": "write schedule_expression",
    "target_vault_name": "write target_backup_vault_name",
    "enforced_for": "leave it out: it belongs to tag policies; lock with @@operators_allowed_for_child_policies",
    "@@enforced_for": 'write "@@operators_allowed_for_child_policies": ["@@none"], which is what locks a setting',
    "@@operators_allowed_for_child_policy": "write @@operators_allowed_for_child_policies",
    "@@overwrite": "write @@assign",
    "@@add": "write @@append",
    "@@delete": "write @@remove",
}


def advise(word: str, known: Iterable[str]) -> str:
    """What to write instead of a word that is not known: the nearest one that is, or the whole choice."""
    mistake = _KNOWN_MISTAKES.get(word.lower())
    return mistake if mistake is not None else f"write {nearest(word, known)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like the given one, or `one of ...` where none is."""
    words = tuple(known)
    pieces = _pieces(word[:80].lower())
    alike = {each: _likeness(pieces, _pieces(each.lower())) for each in words}
    best = max(words, key=alike.__getitem__, default="")
    return best if best and alike[best] >= _LIKE_ENOUGH else f"one of {', '.join(words)}"


@lru_cache(maxsize=512)
def _pieces(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[place : place + 2] for place in range(len(padded) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
