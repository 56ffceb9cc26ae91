"""Where an account may lie, and what its resources may carry: each answer that was not told, and what it is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from strongroom.domain.errors import NotFoundError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.governed import is_unit_below
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tier_names import tag_of

ROOT: Final = "root"
NOWHERE: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PossiblePlace:
    """The units above an account, the nearest first; None outside the organisation.

    `when` says so in words, and is empty where it is known.
    """

    units: tuple[str, ...] | None
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleTags:
    """Tags that a resource may carry; `when` is empty where they are known."""

    tags: Mapping[str, str]
    when: str = ""


def units_called(name: str, intent: Intent) -> tuple[str, ...]:
    """The ids of the unit that the intent calls so, and of those above it; NotFoundError of another name.

    An id that the intent does not name is taken as it is, and `root` is no unit at all.
    """
    known, place = intent.organization.units, intent.organization
    if name in (ROOT, place.root_id):
        return ()
    named = next((each for each, unit in known.items() if name in (each, unit)), None)
    if named is None:
        if name.startswith("ou-"):
            return (name,)
        listed = ", ".join((*known, ROOT))
        raise NotFoundError(f"--unit {name}: the intent has no such unit; there are {listed}, and ids (ou-...)")
    above = [each for each in known if is_unit_below(named, each)]
    return tuple(known[each] for each in (named, *sorted(above, key=len, reverse=True)))


def possible_places(account: AccountId, told: tuple[str, ...] | None, intent: Intent) -> tuple[PossiblePlace, ...]:
    """Where the account may lie as far as the intent tells accounts apart: one answer where that is known."""
    if told is not None:
        return (PossiblePlace(units=told),)
    if (own := intent.target_of(account, ())) is not None and own.account:
        return (PossiblePlace(units=()),)
    governed = {
        id(target): (name, units) for name, units in _units(intent) if (target := intent.target_of(account, units))
    }
    places = [PossiblePlace(units=units, when=f"the account lies in {name}") for name, units in governed.values()]
    if intent.target_of(account, ()) is None:
        places.append(PossiblePlace(units=(), when="the account lies in no governed unit"))
    return (*places, PossiblePlace(units=None, when="the account is not in the organisation"))


def target_at(account: AccountId, place: PossiblePlace, intent: Intent) -> Target | None:
    """The target of the account there."""
    return None if place.units is None else intent.target_of(account, place.units)


def possible_tags(
    asked: Mapping[str, str], told: Mapping[str, str] | None, *, target: Target | None, intent: Intent
) -> tuple[PossibleTags, ...]:
    """What the resource may carry: what was told; else what was asked for, nothing, or the tags of a tier on offer."""
    if told is not None:
        return (PossibleTags(tags=told),)
    listed = " and ".join(f"{key}={value}" for key, value in asked.items())
    likely = f"it carries what was asked for ({listed})" if asked else "it carries no tag, as none was asked for"
    tiers = () if target is None else target.tiers
    chosen = [{key: values[0] for key, values in tag_of(intent, name).items()} for name in tiers]
    nothing: list[dict[str, str]] = [{}] if asked else []
    others = [each for each in nothing + chosen if each != asked]
    return (PossibleTags(tags=asked, when=likely), *(PossibleTags(tags=each, when=_when(each)) for each in others))


def _when(tags: Mapping[str, str]) -> str:
    return f"it carries {' and '.join(f'{key}={value}' for key, value in tags.items()) or 'no tag'}"


def _units(intent: Intent) -> list[tuple[str, tuple[str, ...]]]:
    """The root, where it is a target, and every unit that is one."""
    units = [target.unit for target in intent.targets if target.unit and not target.account]
    named = [(unit, units_called(unit, intent)) for unit in units]
    return [*named, ("the root", ())]
