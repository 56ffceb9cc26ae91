"""Every entry of the table of kinds is held by what is said of it a second time: no weakening goes unnoticed."""

from collections.abc import Iterator
from copy import replace
from typing import Any

import pytest

from strongroom.domain.restores.kinds.model import Barred, Grade, Key, Name, RestoreKind, Shape, Use
from strongroom.domain.restores.kinds.table import KINDS
from tests.builders.deciding.restore_cases import INVARIANTS
from tests.unit.domain.restores.kinds.holding import Facts, what_does_not_hold

MACHINE_MADE = [kind for kind in KINDS if kind.grade is not Grade.BY_HAND]

LOOSER = {
    Shape.FLAG: Shape.PLAIN,
    Shape.NUMBER: Shape.PLAIN,
    Shape.LIST: Shape.JSON,
    Shape.FEW: Shape.LIST,
    Shape.PATHS: Shape.JSON,
    Shape.PATH: Shape.PLAIN,
    Shape.PLAIN: Shape.JSON,
    Shape.JSON: Shape.LIST,
    Shape.PARAMETERS: Shape.JSON,
}


def test_each_kind_that_a_machine_restores_is_held() -> None:
    assert {kind.name for kind in MACHINE_MADE} == INVARIANTS.keys()


@pytest.mark.parametrize("kind", MACHINE_MADE, ids=lambda kind: kind.name)
def test_what_is_said_of_a_kind_holds(kind: RestoreKind) -> None:
    assert list(what_does_not_hold(kind, INVARIANTS[kind.name])) == []


@pytest.mark.parametrize("kind", MACHINE_MADE, ids=lambda kind: kind.name)
def test_no_weakening_of_an_entry_goes_unnoticed(kind: RestoreKind) -> None:
    unnoticed = [told for told, weaker in weakenings(kind) if not _is_noticed(weaker, told, INVARIANTS[kind.name])]
    assert unnoticed == []


def _is_noticed(weaker: RestoreKind, told: str, facts: Facts) -> bool:
    """Whether something does not hold: most often what is said of the key itself, so that is tried first."""
    return any(next(what_does_not_hold(weaker, facts, about=path), None) for path in (told.split()[0], ""))


def weakenings(kind: RestoreKind) -> Iterator[tuple[str, RestoreKind]]:
    """The kind with one entry less strict, each in turn."""
    for place, key in enumerate(kind.keys):
        for told, weaker in _weaker_keys(key):
            keys = (*kind.keys[:place], *weaker, *kind.keys[place + 1 :])
            yield told, replace(kind, keys=keys)
    whole: dict[str, Any] = {
        "by_hand_when": None,
        "time_key": "" if kind.time_key else "RestoreTime",
        "into_existing": "" if kind.into_existing or kind.lives_in else "any",
        "lives_in": "" if kind.lives_in else "any",
    }
    for name, value in whole.items():
        if getattr(kind, name) != value:
            yield f"{kind.name} without its {name}", replace(kind, **{name: value})
    otherwise_tried = replace(kind.row, is_rarely_tried=not kind.row.is_rarely_tried)
    yield f"{kind.name} without its grade", replace(kind, row=otherwise_tried)
    otherwise_kept = replace(kind.row, keeps_key=not kind.row.keeps_key)
    yield f"{kind.name} under another key", replace(kind, row=otherwise_kept)
    if kind.target.shape:
        anything = Name(before="", after="", shape=r"(?s:.*)", rule="")
        yield f"{kind.name} of any name", replace(kind, target=anything)


def _weaker_keys(key: Key) -> Iterator[tuple[str, tuple[Key, ...]]]:
    for place, inner in enumerate(key.inner):
        for told, weaker in _weaker_keys(inner):
            yield f"{key.name}.{told}", (replace(key, inner=(*key.inner[:place], *weaker, *key.inner[place + 1 :])),)
    yield f"{key.name} left out", ()
    for changes in _changes(key):
        if (weaker_key := replace(key, **changes)) != key:
            yield f"{key.name} with {changes}", (weaker_key,)


def _changes(key: Key) -> Iterator[dict[str, Any]]:
    yield from _other_uses(key)
    yield from _looser_shapes(key)
    plain = {"grows": False, "is_class": False, "several": "", "unset": "", "harmless": ""}
    plain |= {"with_backup": None, "needs": None, "value": "other" if key.use is Use.MADE else ""}
    for name, value in plain.items():
        if getattr(key, name) != value:
            yield {name: value}
    if key.use is Use.KEY:
        yield {"is_needed": not key.is_needed}
    if key.use is Use.NEVER:
        yield {"barred": Barred.CODE if key.barred is Barred.FORBIDDEN else Barred.FORBIDDEN}
    if key.use is Use.NEVER and key.barred is Barred.FORBIDDEN:
        yield {"grave": not key.grave}


def _other_uses(key: Key) -> Iterator[dict[str, Any]]:
    if key.use is not Use.NESTED:
        yield {"use": Use.CHOSEN, "shape": Shape.JSON if key.use is Use.DEVICES else Shape.PLAIN, "value": ""}
    yield {"use": Use.CHOSEN}
    if key.use in (Use.PLACE, Use.KEY):
        yield {"use": Use.OFFER}
    # Where it is needed at times only, an offer is a place.
    if key.use is Use.OFFER and key.needs is None:
        yield {"use": Use.PLACE}


def _looser_shapes(key: Key) -> Iterator[dict[str, Any]]:
    if key.use in (Use.CARRIED, Use.CHOSEN, Use.ASKED) or (key.use is not Use.FIXED and key.shape is Shape.LIST):
        yield {"shape": LOOSER[key.shape]}
    if key.shape is Shape.NUMBER and key.use is not Use.FIXED:
        yield {"most": key.most + 1}
        if key.least:
            yield {"least": key.least - 1}
