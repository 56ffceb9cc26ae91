"""Tags that were meant for a plan and are spelled otherwise: in another letter case, or nearly so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from strongroom.domain.preview.plans import Comparison, Plan

_ALIKE: Final = 0.8


@dataclass(slots=True)
class Spelling:
    """The tags that some plans choose by: each key with its values."""

    wanted: Mapping[str, frozenset[str]]
    _keys: dict[str, bool] = field(default_factory=dict, init=False)
    _values: dict[tuple[str, str], bool] = field(default_factory=dict, init=False)

    def has_key(self, tags: Mapping[str, str]) -> bool:
        """Whether one of the keys is there, however it is spelled."""
        return any(key in self.wanted or self._is_near_key(key) for key in tags)

    def is_missed(self, tags: Mapping[str, str]) -> bool:
        """Whether a tag is nearly one that a plan chooses by: its key, or the value of a key that is right."""
        return any(
            self._is_near_value(key, value) if key in self.wanted else self._is_near_key(key)
            for key, value in tags.items()
        )

    def _is_near_key(self, key: str) -> bool:
        known = self._keys.get(key)
        if known is None:
            known = self._keys[key] = is_near(key, self.wanted)
        return known

    def _is_near_value(self, key: str, value: str) -> bool:
        values = self.wanted[key]
        known = self._values.get((key, value))
        if known is None:
            known = self._values[key, value] = value not in values and is_near(value, values)
        return known


def spelling_of(plans: Iterable[Plan]) -> Spelling:
    """What the plans choose by: tags that are named, and tags that must have a value."""
    wanted: dict[str, set[str]] = {}
    for selection in (selection for plan in plans for selection in plan.selections):
        if selection.tag_key is not None:
            wanted.setdefault(selection.tag_key, set()).update(selection.tag_values)
        for condition in selection.conditions:
            if condition.comparison is Comparison.EQUALS:
                wanted.setdefault(condition.key, set()).add(condition.value)
    return Spelling({key: frozenset(values) for key, values in wanted.items()})


def is_near(text: str, known: Iterable[str]) -> bool:
    """Whether the text is one of the others but for case and punctuation, or but for a letter or two."""
    plain = _plain(text)
    return any(_is_alike(plain, _plain(each)) for each in known)


def _is_alike(one: str, other: str) -> bool:
    return one == other or SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text
