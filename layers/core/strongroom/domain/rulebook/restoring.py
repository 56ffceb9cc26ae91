"""What restores may be made of, as the rules have it: where they may lie, under which keys, and what is let through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.values import field_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.intent.restoring.profiles import RestoreLimits

_NEVER: Final = "never"
_PLACE: Final = ("account", "region")
# What a limit lets through, in words.
_LET_THROUGH: Final = {
    "into_existing": "restores into what lives",
    "backed_up_role": "machines under the role that they were backed up with",
    "replication_role": "replication of restored buckets under a role that a profile lends",
    "infected": "backups in which malware was found",
}


def restoring_text(restores: Restores) -> dict[str, Any]:
    """Limits and profiles in plain values, without what is as usual; lists as they are, because the first counts."""
    limits = {name: value for name, value in _fields(restores.limits).items() if value != _NEVER}
    profiles = [_plain(each) for each in sorted(restores.profiles, key=lambda each: (each.account, each.region))]
    return {**({"limits": limits} if limits else {}), **({"profiles": profiles} if profiles else {})}


def looser_restoring(before: Restores, after: Restores) -> Iterator[tuple[str, str]]:
    """The place in the file and a sentence for each thing that could be restored, or be chosen for it, only now."""
    yield from _limits(before.limits, after.limits)
    known = {each.place: each for each in before.profiles}
    for number, profile in enumerate(after.profiles):
        empty = AccountProfile(account=profile.account, region=profile.region)
        yield from _profile(known.get(profile.place, empty), profile, path=f"restores.profiles[{number}]")


def _limits(before: RestoreLimits, after: RestoreLimits) -> Iterator[tuple[str, str]]:
    was, will = _fields(before), _fields(after)
    for name, what in _LET_THROUGH.items():
        if was[name] == _NEVER != will[name]:
            yield f"restores.limits.{name}", f"{what} would be let through where the stricter rule decides"


def _profile(before: AccountProfile, after: AccountProfile, *, path: str) -> Iterator[tuple[str, str]]:
    """What is in another order is none: whoever asks could choose each of them before."""
    was, will = _fields(before), _fields(after)
    for name in (name for name in will if name not in _PLACE):
        if more := [_told(each) for each in will[name] if _told(each) not in map(_told, was[name])]:
            yield f"{path}.{name}", f"restores into {after.place} could have {', '.join(more)} of {name}"


def _told(choice: str | tuple[str, ...]) -> str:
    """A choice in words; of what goes together the order is none."""
    return choice if isinstance(choice, str) else " with ".join(sorted(choice))


def _plain(profile: AccountProfile) -> dict[str, Any]:
    told = {name: _listed(value) for name, value in _fields(profile).items()}
    return {name: value for name, value in told.items() if value != []}


def _listed(value: Any) -> Any:
    return [_listed(each) for each in value] if isinstance(value, tuple) else value


def _fields(value: AccountProfile | RestoreLimits) -> dict[str, Any]:
    return {name: getattr(value, name) for name in field_names(value)}
