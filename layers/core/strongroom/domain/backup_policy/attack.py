"""What somebody who may attach policies further down could change in the policies above: every attempt is merged.

Source: AWS Organizations User Guide, "Policy syntax and inheritance for management policy types".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from strongroom.domain.backup_policy.documents import Document, Path
from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.merge import Contribution, Merged, Reading, Value, contribution
from strongroom.domain.backup_policy.mutations import Mutation, mutations, widening

type Levels = Sequence[Sequence[Document]]

_ALONE: Final = ""
_AFTER: Final = ", attached after a document that widens every child control"
_BEFORE: Final = ", attached before a document that widens every child control"
_FIRST: Final = ", attached before the documents of its level"
_BELOW: Final = ", below a level that widens every child control"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """An attack with effect: the document attached at `level` (the root is 0) changed what applies at the last level.

    `path` is the setting, or for an addition the container. `before` is None for an addition, `after` for a removal.
    """

    level: int
    path: Path
    attack: str
    before: Any
    after: Any
    weakens: str
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackReport:
    """How many attacks were tried, what sticks, and what only the documented reading of container controls stops.

    A change to an existing setting is stuck under either reading, an addition under the documented one.
    """

    tried: int
    stuck: tuple[Stuck, ...]
    rests_on_container_controls: tuple[Stuck, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """One reading of the levels: what is merged above each, what each says, and what comes out undisturbed."""

    above: tuple[Merged, ...]
    own: tuple[tuple[Contribution, ...], ...]
    undisturbed: Merged


@dataclass(frozen=True, slots=True)
class _Position:
    """One way to attach the hostile document at a level: what it stands under, after and before."""

    how: str
    above: Merged
    earlier: tuple[Contribution, ...] = ()
    later: tuple[Contribution, ...] = ()


def attack(levels: Levels) -> AttackReport:
    """Try every mutation at every level below the first policy; levels without a document are places to attack from."""
    documented, leaf_only = (_field(levels, reading) for reading in (Reading.BLOCK_NEW_KEYS, Reading.LEAF_ONLY))
    tried = 0
    stuck: list[Stuck] = []
    resting: list[Stuck] = []
    for level in range(1, len(levels)):
        if not leaf_only.above[level].settings and not leaf_only.above[level].allowed:
            continue
        positions = tuple(zip(_positions(documented, level), _positions(leaf_only, level), strict=True))
        for mutation in mutations(leaf_only.above[level]):
            hostile = contribution(mutation.document)
            for as_documented, as_recorded in positions:
                tried += 1
                found = _effect(documented, level, as_documented, mutation, hostile)
                other = found or _effect(leaf_only, level, as_recorded, mutation, hostile)
                if other is not None:
                    # An existing setting must hold under both readings, so only an addition may rest on one of them.
                    (stuck if found or other.before is not None else resting).append(other)
                    break  # more roundabout ways to the same end tell nothing new
    return AttackReport(tried=tried, stuck=tuple(stuck), rests_on_container_controls=tuple(resting))


def _field(levels: Levels, reading: Reading) -> _Field:
    own = tuple(tuple(contribution(document) for document in level) for level in levels)
    *above, undisturbed = accumulate(own, Merged.below_read, initial=Merged(reading=reading))
    return _Field(tuple(above), own, undisturbed)


def _positions(field: _Field, level: int) -> Iterator[_Position]:
    above, own = field.above[level], field.own[level]
    widener = contribution(widening(above))
    yield _Position(_ALONE, above, earlier=own)
    if own:
        yield _Position(_FIRST, above, later=own)
    yield _Position(_AFTER, above, earlier=(*own, widener))
    yield _Position(_BEFORE, above, later=(widener, *own))
    higher = field.above[level - 1]
    if higher.settings or higher.allowed:
        widened = higher.below_read((*field.own[level - 1], contribution(widening(higher))))
        yield _Position(_BELOW, widened, earlier=own)


def _effect(field: _Field, level: int, position: _Position, mutation: Mutation, hostile: Contribution) -> Stuck | None:
    merged = position.above.below_read((*position.earlier, hostile, *position.later))
    for own in field.own[level + 1 :]:
        merged = merged.below_read(own) if own else merged
    before, after = field.undisturbed, merged
    if before.settings == after.settings:
        return None
    path, was, became = _difference(before, after)
    return Stuck(
        level=level,
        path=path,
        attack=mutation.attack + position.how,
        before=was,
        after=became,
        weakens=_consequence(before, after),
        document=mutation.document,
    )


def _difference(before: Merged, after: Merged) -> tuple[Path, Any, Any]:
    for key, value in before.settings.items():
        if after.settings.get(key) != value:
            return before.spelled(key), _plain(value), _plain(after.settings.get(key))
    added = next(key for key in after.settings if key not in before.settings)
    depth = next(depth for depth in range(len(added) - 1, -1, -1) if depth == 0 or added[:depth] in before.spellings)
    container = before.spelled(added[:depth])
    inner: Any = after.effective
    for step in after.spelled(added[:depth]):
        inner = inner[step]
    present = {key[depth] for key in before.settings if key[:depth] == added[:depth]}
    news = (key for key in after.settings if key[:depth] == added[:depth] and key[depth] not in present)
    names = dict.fromkeys(after.spellings[key[: depth + 1]] for key in news)
    return container, None, {name: inner[name] for name in names}


def _plain(value: Value | None) -> str | list[str] | None:
    return list(value) if isinstance(value, tuple) else value


def _consequence(before: Merged, after: Merged) -> str:
    faults = validate(before.effective)
    invalid = [fault for fault in validate(after.effective) if fault not in faults]
    if invalid:
        return f"AWS finds the policy invalid, and the account keeps its last valid one: {invalid[0].message}"
    if any(key not in after.settings for key in before.settings):
        return "what was set is gone"
    if any(after.settings[key] != value for key, value in before.settings.items()):
        return "AWS Backup goes by another value"
    return "AWS Backup goes by more than what was set above"
