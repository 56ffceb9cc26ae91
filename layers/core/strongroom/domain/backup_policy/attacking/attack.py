"""What somebody who may attach policies further down could change in the policies above: every attempt is merged.

Source: AWS Organizations User Guide, "Policy syntax and inheritance for management policy types".
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.backup_policy.attacking.influence import LevelIndex, Slice, Surroundings, index_of, ranks_of
from strongroom.domain.backup_policy.attacking.mutations import Mutation, mutations, widening
from strongroom.domain.backup_policy.documents import Document, Path
from strongroom.domain.backup_policy.effective import validate
from strongroom.domain.backup_policy.faults import PolicyFault
from strongroom.domain.backup_policy.merge import Contribution, Merged, Reading, Value, contribution

type Levels = Sequence[Sequence[Document]]

_ALONE: Final = ""
_AFTER: Final = ", attached after a document that widens every child control"
_BEFORE: Final = ", attached before a document that widens every child control"
_FIRST: Final = ", attached before the documents of its level"
_BELOW: Final = ", below a level that widens every child control"


class Stuck(Struct, frozen=True, kw_only=True):
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


class AttackReport(Struct, frozen=True, kw_only=True):
    """How many attacks were tried, what sticks, and what only the documented reading of container controls stops.

    A change to an existing setting is stuck under either reading, an addition under the documented one.
    """

    tried: int
    stuck: tuple[Stuck, ...]
    rests_on_container_controls: tuple[Stuck, ...]


class _Field(Struct, frozen=True):
    """One reading of the levels: what is merged above each, what each says, and what comes out undisturbed."""

    above: tuple[Merged, ...]
    own: tuple[tuple[Contribution, ...], ...]
    indexes: tuple[LevelIndex, ...]
    undisturbed: Merged
    ranks: Mapping[Path, int]
    children: Mapping[Path, Collection[str]]
    plans: Mapping[Path, Sequence[Path]]
    faults: dict[Path, tuple[PolicyFault, ...]]


class _Position(Struct, frozen=True):
    """One way to attach the hostile document at a level."""

    how: str
    place: Surroundings


def attack(levels: Levels) -> AttackReport:
    """Try every mutation at every level below the first policy; levels without a document are places to attack from.

    Of the levels only what an attack can reach is merged again, so that twice as many policies take twice as long.
    """
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
    children: defaultdict[Path, set[str]] = defaultdict(set)
    plans: defaultdict[Path, list[Path]] = defaultdict(list)
    for key in undisturbed.settings:
        plans[_plan(key)].append(key)
        for depth, step in enumerate(key):
            children[key[:depth]].add(step)
    return _Field(
        above=tuple(above),
        own=own,
        indexes=tuple(index_of(level) for level in own),
        undisturbed=undisturbed,
        ranks=ranks_of(undisturbed),
        children=children,
        plans=plans,
        faults={},
    )


def _positions(field: _Field, level: int) -> Iterator[_Position]:
    above, own = field.above[level], field.own[level]
    widener = contribution(widening(above))
    yield _position(field, level, _ALONE, above, earlier=own)
    if own:
        yield _position(field, level, _FIRST, above, later=own)
    yield _position(field, level, _AFTER, above, earlier=(*own, widener))
    yield _position(field, level, _BEFORE, above, later=(widener, *own))
    higher = field.above[level - 1]
    if higher.settings or higher.allowed:
        widened = higher.below_read((*field.own[level - 1], contribution(widening(higher))))
        yield _position(field, level, _BELOW, widened, earlier=own)


def _position(
    field: _Field,
    level: int,
    how: str,
    above: Merged,
    *,
    earlier: Sequence[Contribution] = (),
    later: Sequence[Contribution] = (),
) -> _Position:
    place = Surroundings(
        above=above,
        earlier=index_of(earlier),
        later=index_of(later),
        lower=field.indexes[level + 1 :],
        ranks=field.ranks,
        undisturbed=field.undisturbed,
    )
    return _Position(how, place)


def _effect(field: _Field, level: int, position: _Position, mutation: Mutation, hostile: Contribution) -> Stuck | None:
    reached = position.place.within_reach_of(hostile)
    after = reached.with_document(hostile)
    if reached.before == after.settings:
        return None
    path, was, became = _difference(field, reached, after)
    return Stuck(
        level=level,
        path=path,
        attack=mutation.attack + position.how,
        before=was,
        after=became,
        weakens=_consequence(field, reached, after),
        document=mutation.document,
    )


def _difference(field: _Field, reached: Slice, after: Merged) -> tuple[Path, Any, Any]:
    for key, value in reached.before.items():
        if after.settings.get(key) != value:
            return field.undisturbed.spelled(key), _plain(value), _plain(after.settings.get(key))
    added = next(key for key in after.settings if key not in reached.before)
    known = field.undisturbed.spellings
    depth = next(depth for depth in range(len(added) - 1, -1, -1) if depth == 0 or added[:depth] in known)
    inner: Any = after.effective
    for step in after.spelled(added[:depth]):
        inner = inner[step]
    present = field.children.get(added[:depth], ())
    news = (key for key in after.settings if key[:depth] == added[:depth] and key[depth] not in present)
    names = dict.fromkeys(after.spellings[key[: depth + 1]] for key in news)
    return field.undisturbed.spelled(added[:depth]), None, {name: inner[name] for name in names}


def _plain(value: Value | None) -> str | list[str] | None:
    return list(value) if isinstance(value, tuple) else value


def _consequence(field: _Field, reached: Slice, after: Merged) -> str:
    faults, invalid = _faults(field, reached, after)
    if new := [fault for fault in invalid if fault not in faults]:
        return f"AWS finds the policy invalid, and the account keeps its last valid one: {new[0].message}"
    if any(key not in after.settings for key in reached.before):
        return "what was set is gone"
    if any(after.settings[key] != value for key, value in reached.before.items()):
        return "AWS Backup goes by another value"
    return "AWS Backup goes by more than what was set above"


def _faults(field: _Field, reached: Slice, after: Merged) -> tuple[list[PolicyFault], list[PolicyFault]]:
    """What AWS finds wrong before and after in the plans that are reached: no plan's validity hangs on another."""
    before = field.undisturbed
    plans = dict.fromkeys(_plan(key) for key in (*reached.before, *after.settings))
    for plan in plans:
        if plan not in field.faults:
            settings = {key: before.settings[key] for key in field.plans.get(plan, ())}
            field.faults[plan] = validate(Merged(settings=settings, spellings=before.spellings).effective)
    kept = (key for plan in plans for key in field.plans.get(plan, ()) if key not in reached.before)
    settings = {key: before.settings[key] for key in kept} | dict(after.settings)
    ordered = sorted(settings, key=lambda key: field.ranks.get(key, len(field.ranks)))
    nodes = {key[:depth] for key in settings for depth in range(1, len(key) + 1)}
    disturbed = Merged(
        settings={key: settings[key] for key in ordered},
        spellings={node: after.spellings.get(node) or before.spellings[node] for node in nodes},
    )
    return [fault for plan in plans for fault in field.faults[plan]], list(validate(disturbed.effective))


def _plan(key: Path) -> Path:
    return key[:2]
