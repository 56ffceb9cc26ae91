"""What a ticket must say to entitle to a restore, as the rules of a place have it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.proofs.policies import NO_TICKET

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import Tickets

# As whom the tickets are read demands nothing of them.
_NO_DEMAND: Final = frozenset({"user"})


def ticket_demands(tickets: Tickets | None) -> dict[str, Any] | str:
    """Every demand by its name in the file, without those that are left out; `none` where there are no tickets."""
    return NO_TICKET if tickets is None else _record(tickets)


def _record(value: Any) -> dict[str, Any]:
    told = {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name not in _NO_DEMAND}
    return {name: plain for name, plain in told.items() if plain not in (None, [], {}, False, "")}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _record(value)
    return sorted(_plain(each) for each in value) if isinstance(value, tuple) else value
