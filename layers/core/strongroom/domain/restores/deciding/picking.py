"""What places or encrypts: out of the restore profile, and out of nothing else."""

from typing import Final

from strongroom.domain.restores.deciding.case import Choice
from strongroom.domain.restores.deciding.decision import Danger, Fault
from strongroom.domain.restores.deciding.looking import Look
from strongroom.domain.restores.deciding.reading import is_plain, texts_of, write_json
from strongroom.domain.restores.kinds.model import Shape, Use

_AWS_KEYS: Final = "alias/aws/"


def pick(look: Look, wish: str | None, told: str | None) -> str | None:
    """The profile's value: the one that the asker names, or else its first, or the backup's where it only offers."""
    is_key = look.key.use is Use.KEY
    choices = look.case.profile.keys if is_key else look.sheet.choices(look.path)
    if wish is not None:
        return _picked(look, wish, choices)
    if _is_needed(look) and not choices:
        look.refuse_missing()
        return None
    if _is_needed(look) or (is_key and choices):
        return _written(look, choices[0])
    if is_key:
        look.warn(Danger.AWS_KEY, "It lives under a key of AWS's own, because the profile has none.")
        return None
    return _offered(look, told, choices)


def _is_needed(look: Look) -> bool:
    if look.key.needs is not None:
        return look.holds(look.key.needs)
    return look.key.is_needed and look.key.use is not Use.OFFER


def _offered(look: Look, told: str | None, choices: tuple[Choice, ...]) -> str | None:
    """The backup's choice, where the profile has it; else none, and a step more afterwards."""
    if told is None or look.is_unset(told):
        return None
    if told in choices:
        return told
    if not look.key.unset:
        return None  # a place, which is another one in any case
    shown = f" {told}" if is_plain(told) else ""
    look.sheet.steps.append(f"Give it the original's {look.path}{shown}: the profile has it not, so it got none.")
    return None


def _picked(look: Look, wish: str, choices: tuple[Choice, ...]) -> str | None:
    """The choice that the asker names, if it is one of the profile's."""
    if look.key.use is Use.KEY and _AWS_KEYS in wish.lower():
        look.refuse(Fault.AWS_KEY, "is a key of AWS's own, which can be given to nobody")
        return None
    named = texts_of(wish) if look.key.shape is Shape.LIST else (wish,)
    if named is None:
        look.refuse_shape()
        return None
    look.is_outside(wish)
    for choice in choices:
        if sorted(_listed(choice)) == sorted(named):
            return _written(look, choice)
    look.refuse(Fault.NOT_IN_PROFILE, "is none of those that the profile has")
    return None


def _written(look: Look, choice: Choice) -> str:
    is_list = look.key.shape is Shape.LIST or not isinstance(choice, str)
    return write_json(_listed(choice)) if is_list else str(choice)


def _listed(choice: Choice) -> tuple[str, ...]:
    return (choice,) if isinstance(choice, str) else choice
