"""The latest restores in words for a terminal: of each that is open, what it waits for, and on whom."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from strongroom.domain.restores.steps import RestoreOutcome
from strongroom_cli.api_client import ApiError
from strongroom_cli.restores.telling import what_is_waited_for

type Shown = Mapping[str, Any]

# The newest of those that are open, and of those that were restored, are looked at one by one.
_MOST_LOOKED_AT: Final = 10


def listed(restores: Sequence[Shown], *, show: Callable[[str], Shown]) -> Iterator[str]:
    """A line each, below what is open what it waits for, and below what was restored what is left to do.

    `show` answers one in full, or raises ApiError.
    """
    if not restores:
        yield "No restore was asked for yet."
    looks = stood = 0
    for each in restores:
        state = each["outcome"] or "open"
        yield f"{each['id']}  {state:<10} {each['account']}  {_what(each)}  {each['ticket']}"
        if each["outcome"] == RestoreOutcome.RESTORED:
            stood += 1
            yield from _left_to_do(each["id"], show=show) if stood <= _MOST_LOOKED_AT else ()
        if each["outcome"]:
            continue
        looks += 1
        yield f"  {_waited_for(each['id'], show=show) if looks <= _MOST_LOOKED_AT else _look_at(each['id'])}"


def _what(restore: Shown) -> str:
    """What comes back, and as what; the list is an index that others may write, so that an ARN need not be one."""
    return f"{restore['resource'].split(':', 5)[-1]} → {restore['target_name']}"


def _left_to_do(request_id: str, *, show: Callable[[str], Shown]) -> Iterator[str]:
    """How many steps by hand nobody has stated yet; nothing where there are none."""
    try:
        left = sum(not each["outcome"] for each in show(request_id).get("checklist", ()))
    except ApiError as error:
        yield f"  what is left to do cannot be told at the moment, {error}: {_look_at(request_id)}"
        return
    if left:
        yield f"  {left} {'step' if left == 1 else 'steps'} left to do by hand: {_look_at(request_id)}"


def _waited_for(request_id: str, *, show: Callable[[str], Shown]) -> str:
    try:
        return what_is_waited_for(show(request_id))
    except ApiError as error:
        return f"what it waits for cannot be told at the moment, {error}: {_look_at(request_id)}"


def _look_at(request_id: str) -> str:
    return f"strongroom restore show {request_id}"
