"""What a ticket must say to entitle to a restore, as the rules of a place have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.proofs.policies import NO_TICKET
from strongroom.domain.values import field_names, is_value

if TYPE_CHECKING:
    from strongroom.domain.intent.ceremony import Tickets

# As whom the tickets are read demands nothing of them.
_NO_DEMAND: Final = frozenset({"user"})


def ticket_demands(tickets: Tickets | None) -> dict[str, Any] | str:
    """Every demand by its name in the file, without those that are left out; `none` where there are no tickets."""
    return NO_TICKET if tickets is None else _record(tickets)


def _record(value: Any) -> dict[str, Any]:
    told = {name: _plain(getattr(value, name)) for name in field_names(value) if name not in _NO_DEMAND}
    return {name: plain for name, plain in told.items() if plain not in (None, [], {}, False, "")}


def _plain(value: Any) -> Any:
    if is_value(value):
        return _record(value)
    return sorted(_plain(each) for each in value) if isinstance(value, tuple) else value
