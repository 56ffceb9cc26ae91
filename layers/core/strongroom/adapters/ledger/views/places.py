"""Where each view is kept in the table of views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from strongroom.adapters.ledger.changes import Key

if TYPE_CHECKING:
    from strongroom.domain.identifiers import AccountId
    from strongroom.domain.status.resources import ResourceStatus
    from strongroom.domain.status.totals import AccountLine

SUMMARY: Final = Key("VIEW", "SUMMARY")
RECOUNT: Final = Key("VIEW", "RECOUNT")
UNITS: Final = "UNITS"
WORST: Final = "WORST"
NAMES: Final = "NAMES"
DAYS: Final = "DAYS"
DIRTY: Final = "DIRTY"
NOW: Final = "NOW"
_MOST_WRONG: Final = 999_999_999


def history_of(resource: str) -> str:
    """The partition of a resource: its status, and its nights."""
    return f"RESOURCE#{resource}"


def now_of(resource: str) -> Key:
    """A resource's status."""
    return Key(history_of(resource), NOW)


def list_of_account(account: AccountId) -> str:
    """The partition of an account's list of resources."""
    return f"IN#{account}"


def place_in_account(status: ResourceStatus) -> Key:
    """A resource's line in its account's list, which has the worst first."""
    return Key(list_of_account(status.account), f"{status.state.rank}#{status.resource}")


def resource_at(sk: str) -> str:
    """Whose line stands at this place of an account's list."""
    _, _, resource = sk.partition("#")
    return resource


def line_of_account(account: AccountId) -> Key:
    """An account's line, by its id."""
    return Key(f"ACCOUNT#{account}", "LINE")


def list_of_unit(unit: str) -> str:
    """The partition of a unit's list of accounts."""
    return f"UNIT#{unit}"


def place_in_unit(line: AccountLine) -> Key:
    """An account's line in its unit's list, which has the worst first."""
    return Key(list_of_unit(line.unit), f"{line.totals.worst.rank}#{line.account}")


def place_in_worst(line: AccountLine) -> Key:
    """An account's line among the worst: by its worst state, then by how many resources are wrong."""
    return Key(WORST, f"{line.totals.worst.rank}#{_MOST_WRONG - line.totals.wrong:09}#{line.account}")


def beginning_of(name: str) -> str:
    """How the places of the accounts begin whose names do, in whichever case."""
    return name.casefold()


def place_in_names(line: AccountLine) -> Key:
    """An account's line in the list by name."""
    return Key(NAMES, f"{beginning_of(line.name)}#{line.account}")
