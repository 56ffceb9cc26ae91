"""The part of merged levels that one more document can change: what lies elsewhere comes out as without it.

A setting hangs on what is written and controlled at its own path, above it, and below it. So a document reaches the
paths that it names; where it makes a container that was not there, everything that is written into that container; and
below a control, everything that is written there later.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from strongroom.domain.backup_policy.documents import Path
from strongroom.domain.backup_policy.merge import Contribution, Merged, Value

type Region = frozenset[Path]


class LevelIndex(Struct, frozen=True, eq=False):
    """The documents of one level by the paths that they write to or control, and what is written below each path."""

    level: Sequence[Contribution]
    writes: Mapping[Path, Sequence[tuple[int, int]]]
    controls: Mapping[Path, Sequence[tuple[int, int]]]
    below: Mapping[Path, Collection[Path]]

    def within(self, region: Region) -> tuple[Contribution, ...]:
        """What the documents say of a region, in their order and in the order of each."""
        parts: defaultdict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for key in region:
            for document, number in self.writes.get(key, ()):
                parts[document][0].append(number)
            for document, number in self.controls.get(key, ()):
                parts[document][1].append(number)
        return tuple(_part(self.level[document], *numbers) for document, numbers in sorted(parts.items()))


class Slice(Struct, frozen=True):
    """The levels as far as one document can reach: above it, beside it, below it, and what comes out without it."""

    above: Merged
    earlier: Sequence[Contribution]
    later: Sequence[Contribution]
    lower: Sequence[Sequence[Contribution]]
    before: Mapping[Path, Value]

    def with_document(self, document: Contribution) -> Merged:
        """What comes out with the document."""
        merged = self.above.below_read((*self.earlier, document, *self.later))
        for level in self.lower:
            merged = merged.below_read(level) if level else merged
        return merged


class Surroundings(Struct, frozen=True, eq=False):
    """A place to attach one document: what is merged above it, its neighbours, the levels below, and what comes out."""

    above: Merged
    earlier: LevelIndex
    later: LevelIndex
    lower: Sequence[LevelIndex]
    ranks: Mapping[Path, int]
    undisturbed: Merged

    def within_reach_of(self, document: Contribution) -> Slice:
        """The part of the levels that a document with these paths can change."""
        written = frozenset(write.key for write in document.writes)
        return _slice(self, written, frozenset(key for key, _ in document.controls))


def index_of(level: Sequence[Contribution]) -> LevelIndex:
    """The index of a level's documents."""
    writes: defaultdict[Path, list[tuple[int, int]]] = defaultdict(list)
    controls: defaultdict[Path, list[tuple[int, int]]] = defaultdict(list)
    below: defaultdict[Path, set[Path]] = defaultdict(set)
    for document, read in enumerate(level):
        for number, write in enumerate(read.writes):
            writes[write.key].append((document, number))
        for number, (key, _) in enumerate(read.controls):
            controls[key].append((document, number))
    for key in writes:
        for depth in range(len(key)):
            below[key[:depth]].add(key)
    return LevelIndex(level, writes, controls, below)


def ranks_of(merged: Merged) -> dict[Path, int]:
    """The number of each setting in the order of the document."""
    return {key: number for number, key in enumerate(merged.settings)}


@lru_cache(maxsize=64)  # the attacks on one path come one after the other
def _slice(place: Surroundings, written: Region, controlled: Region) -> Slice:
    region = _region(place, written, controlled)
    last = len(place.ranks)
    ordered = sorted(region, key=lambda key: (place.ranks.get(key, last), key))
    above, without = place.above, place.undisturbed.settings
    return Slice(
        above=Merged(
            reading=above.reading,
            depth=above.depth,
            settings={key: above.settings[key] for key in ordered if key in above.settings},
            allowed={key: above.allowed[key] for key in ordered if key in above.allowed},
            spellings={key: above.spellings[key] for key in ordered if key in above.spellings},
        ),
        earlier=place.earlier.within(region),
        later=place.later.within(region),
        lower=[level.within(region) for level in place.lower],
        before={key: without[key] for key in ordered if key in without},
    )


def _region(place: Surroundings, written: Region, controlled: Region) -> Region:
    # Nothing is stored in place of a container, and a control binds the levels below only.
    made = {_root(key, place.above) for key in written if not _is_container(key, place.above)}
    governed = {_root(key, place.above) for key in controlled}
    # Whether a control reaches what is written later hangs on who made the containers on the way there.
    later = {_root(key, place.above) for key in _below(governed, place.lower)}
    around = _below(made | later, (place.earlier, place.later, *place.lower))
    reached = chain(written, controlled, made, governed, later, around)
    return frozenset(key[:depth] for key in reached for depth in range(len(key) + 1))


def _below(roots: Iterable[Path], levels: Iterable[LevelIndex]) -> Iterator[Path]:
    return (key for level in levels for root in roots for key in level.below.get(root, ()))


def _is_container(key: Path, above: Merged) -> bool:
    return key in above.spellings and key not in above.settings


def _root(key: Path, above: Merged) -> Path:
    """The first node on the way to a path that is not there yet; the path itself where all are."""
    missing = (key[:depth] for depth in range(1, len(key)) if key[:depth] not in above.spellings)
    return next(missing, key)


def _part(read: Contribution, writes: Iterable[int], controls: Iterable[int]) -> Contribution:
    return Contribution(
        writes=tuple(read.writes[number] for number in sorted(writes)),
        controls=tuple(read.controls[number] for number in sorted(controls)),
    )
