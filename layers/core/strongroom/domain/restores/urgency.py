"""What differs where a restore cannot wait: an incident in place of a ticket, and less time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from strongroom.domain.errors import MalformedRequestError, QuorumUndefinedError
from strongroom.domain.restores.plans import RestorePlan

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import Restores
    from strongroom.domain.intent.proving.break_glass import BreakGlass

_STRETCHES: Final = {"#": "[0-9]{1,12}", "*": "[A-Z0-9]{1,20}"}
_EXAMPLES: Final = {"#": "123", "*": "A1B2C3"}
_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClocks:
    """How long a request can be approved from its asking on, and how much longer it may then still be begun."""

    approve_within: timedelta
    act_within: timedelta


def break_glass_of(restores: Restores) -> BreakGlass:
    """What the intent says of urgent restores; QuorumUndefinedError where it wants none."""
    if restores.break_glass is None:
        raise QuorumUndefinedError("the intent has no restores.break_glass, so that nothing is restored urgently here")
    return restores.break_glass


def clocks_of(restores: Restores, *, plan: RestorePlan, is_urgent: bool) -> RequestClocks:
    """The clocks of a request; what cannot wait has no time left after its approval but for a copy back."""
    copying = restores.copy_back_within if plan is RestorePlan.COPY_BACK else _NONE
    if is_urgent:
        return RequestClocks(approve_within=break_glass_of(restores).act_within, act_within=copying)
    return RequestClocks(
        approve_within=restores.approval_expires_after, act_within=restores.execution_expires_after + copying
    )


def parse_incident(text: str, *, form: str) -> str:
    """Return `text` as an incident's id, spelled as `form` has it; MalformedRequestError for anything else."""
    pattern = "".join(_STRETCHES.get(letter, re.escape(letter)) for letter in form)
    if re.fullmatch(pattern, text) is None:
        example = "".join(_EXAMPLES.get(letter, letter) for letter in form)
        raise MalformedRequestError(f"{text[:40]!r} is not the id of an incident; ids look like {example}")
    return text
