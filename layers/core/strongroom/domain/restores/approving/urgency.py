"""What differs where a restore cannot wait: an incident in place of a ticket, less time, and who is passed by."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.errors import MalformedRequestError, QuorumUndefinedError
from strongroom.domain.restores.arriving.access import VOTED_WITHIN
from strongroom.domain.restores.plans import RestorePlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strongroom.domain.intent.ceremony import Group, Restores
    from strongroom.domain.intent.proving.break_glass import BreakGlass
    from strongroom.domain.restores.ceremony import Ceremony
    from strongroom.domain.restores.requests import RestoreRequest

_STRETCHES: Final = {"#": "[0-9]{1,12}", "*": "[A-Z0-9]{1,20}"}
_EXAMPLES: Final = {"#": "123", "*": "A1B2C3"}
_NONE: Final = timedelta(0)


class RequestClocks(Struct, frozen=True, kw_only=True):
    """How long a request can be approved from its asking on, and how much longer it may then still be begun."""

    approve_within: timedelta
    act_within: timedelta


def break_glass_of(restores: Restores) -> BreakGlass:
    """What the intent says of urgent restores; QuorumUndefinedError where it wants none."""
    if restores.break_glass is None:
        raise QuorumUndefinedError("the intent has no restores.break_glass, so that nothing is restored urgently here")
    return restores.break_glass


def clocks_of(
    restores: Restores, *, plan: RestorePlan, is_urgent: bool, is_opened_by_team: bool = False
) -> RequestClocks:
    """The clocks of a request; what cannot wait has no time left after its approval but for a copy back, or a vote."""
    copying = restores.copy_back_within if plan is RestorePlan.COPY_BACK else _NONE
    copying += VOTED_WITHIN if is_opened_by_team else _NONE
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


def who_is_skipped(request: RestoreRequest, *, ceremony: Ceremony) -> str:
    """Groups with the names of their people: approvers of the place, of tickets, and those who review afterwards."""
    groups = dict.fromkeys(_groups(request, ceremony=ceremony))
    return "; ".join(_told(group, ceremony=ceremony) for group in groups)


def _groups(request: RestoreRequest, *, ceremony: Ceremony) -> Iterator[Group]:
    restores = ceremony.restores
    yield from (rule.group for rule in restores.rules_for(request.account, request.unit))
    if ceremony.tickets.approver_group is not None:
        yield ceremony.tickets.approver_group
    yield break_glass_of(restores).reviewers


def _told(group: Group, *, ceremony: Ceremony) -> str:
    names = [ceremony.people[name].name for name in ceremony.restores.members(group)]
    return f"{group} ({', '.join(names)})" if names else str(group)
