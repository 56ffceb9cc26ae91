"""What comes back of each type, and how, for `docs/reference/restores.md`."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.catalogue.model import Reach
from strongroom.domain.restores.deciding.decision import ELEVATED, Danger
from strongroom.domain.restores.kinds.model import MOST, Grade, Key, RestoreKind, Shape, Use
from strongroom.domain.restores.kinds.table import KINDS

BEGIN: Final = "<!-- Written by `make reference` from domain/restores/kinds; change it there. -->"
_UNSENT: Final = (Use.NAME, Use.NESTED, Use.NEVER)


def render_restores() -> str:
    """One table of what comes back, one of what the target is, a section for each kind, and the risks."""
    overview = ("type", "who restores it", "comes back", "does not", "how long")
    targets = ("type", "looked at before", "told afterwards", "copies")
    parts = (
        _table(overview, ((each.name, _grade(each), each.comes_back, each.lost, each.pace) for each in KINDS)),
        "## What is made, and the way to it",
        _table(targets, ((each.name, each.target.before, each.target.after, _copies(each)) for each in KINDS)),
        "## Key by key",
        *(_section(kind) for kind in KINDS if kind.keys),
        "## Risks, in the order of reading",
        _table(("risk", "the stricter rule decides"), ((f"`{each}`", _yes(each in ELEVATED)) for each in Danger)),
    )
    return "\n\n".join(parts)


def _grade(kind: RestoreKind) -> str:
    calls = " and ".join(f"`{each.call}`" for each in kind.calls)
    if kind.by_hand_when is not None:
        key, values = kind.by_hand_when.key, " or ".join(kind.by_hand_when.values)
        call = f" A person writes its parameters where a profile lists {calls} in `native`." if calls else ""
        return f"{_of_grade(kind.grade)}; a person where `{key}` begins with `{values}`. {kind.by_hand}{call}"
    said = f"{_of_grade(kind.grade)} {kind.by_hand}".strip()
    if not calls:
        return said
    return f"{said.rstrip('.')}; {calls} by parameters of a person's, where a profile lists it in `native`."


def _of_grade(grade: Grade) -> str:
    match grade:
        case Grade.AUTOMATIC:
            return "the machine"
        case Grade.ELEVATED:
            return "the machine, and the stricter rule always decides"
        case Grade.BY_HAND:
            return "a person, or the machine by metadata that a person writes, where a profile lists the type in `raw`."


def _copies(kind: RestoreKind) -> str:
    if kind.row.reach in (Reach.NOWHERE, Reach.UNSETTLED):
        return "none: from its own vault only"
    said = [str(kind.row.reach)]
    if kind.row.enters_air_gap:
        said.append("air-gapped vaults")
    if kind.stays:
        said.append("restored where the copy lies")
    return "; ".join(said)


def _section(kind: RestoreKind) -> str:
    steps = "\n".join(f"* {step}" for step in kind.steps) or "Nothing is left to do."
    never = ", ".join(f"`{path}`" for path, key in _keys(kind.keys) if key.use is Use.NEVER) or "nothing"
    name = next((f"`{path}`" for path, key in _keys(kind.keys) if key.use is Use.NAME), "")
    rows = ((f"`{path}`", str(key.use), _limits(key)) for path, key in _keys(kind.keys) if key.use not in _UNSENT)
    named = f"{name} is its name: {kind.target.rule}." if name else "Nobody chooses a name for it."
    timed = f" `{kind.time_key}` is the second to which a continuous backup is restored." if kind.time_key else ""
    table = _table(("key", "whose it is", "what it may be"), rows)
    return f"### {kind.name}\n\n{named}{timed}\n\n{table}\n\nNever sent: {never}.\n\nAfterwards:\n\n{steps}"


def _limits(key: Key) -> str:
    if key.use is Use.FIXED:
        return f"`{key.value}`"
    is_bound = key.shape is Shape.NUMBER and (key.least, key.most) != (0, MOST)
    said = [str(key.shape) + (f", {key.least} to {key.most}" if is_bound else "")]
    if key.grows:
        said.append("not less than the backup's")
    if key.is_class:
        said.append("another than the backup's is one of those that the profile lists")
    if key.use is Use.ASKED and key.value:
        said.append(f"`{key.value}` where nobody asks")
    if key.with_backup is not None:
        said.append(f"the backup's where `{key.with_backup.key}` is {' or '.join(key.with_backup.values)}")
    if key.needs is not None:
        said.append(f"must be there where `{key.needs.key}` is {' or '.join(key.needs.values)}")
    if key.only_where is not None:
        said.append(f"only where `{key.only_where.key}` is {' or '.join(key.only_where.values)}")
    return "; ".join(said)


def _keys(keys: tuple[Key, ...], path: str = "") -> Iterator[tuple[str, Key]]:
    for key in keys:
        yield path + key.name, key
        yield from _keys(key.inner, f"{path}{key.name}.")


def _yes(is_so: object) -> str:
    return "yes" if is_so else "no"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
