"""How the key of a ticket is spelled in each system: nothing else ever reaches the system."""

import re
from typing import Final

from strongroom.domain.errors import MalformedRequestError

_KEY_OF: Final[dict[str, tuple[re.Pattern[str], str]]] = {
    "jira": (re.compile(r"[A-Z][A-Z0-9_]{1,30}-[1-9][0-9]{0,9}"), "OPS-123"),
    "servicenow": (re.compile(r"(CHG|INC|RITM)[0-9]{7,10}"), "CHG0030123"),
}
# Where people see a ticket, below the address of its system.
_PAGE_OF: Final = {"jira": "/browse/{key}", "servicenow": "/task.do?sysparm_query=number={key}"}
# The tables whose records ServiceNow numbers with these letters.
_TABLE_OF: Final = {"CHG": "change_request", "INC": "incident", "RITM": "sc_req_item"}


def parse_ticket_key(text: str, *, system: str) -> str:
    """Return `text` as a ticket's key, or raise MalformedRequestError: nothing else ever reaches the ticket system."""
    if not is_ticket_key(text, system=system):
        raise MalformedRequestError(f"{text[:40]!r} is not a ticket key; keys look like {_KEY_OF[system][1]}")
    return text


def is_ticket_key(text: str, *, system: str) -> bool:
    """Whether that is how the system spells the key of a ticket."""
    return _KEY_OF[system][0].fullmatch(text) is not None


def table_of(key: str) -> str:
    """The table of ServiceNow in which a record of this number lies; `key` is one that `parse_ticket_key` passed."""
    return _TABLE_OF[key.rstrip("0123456789")]


def page_of_ticket(key: str, *, system: str, url: str) -> str:
    """The address at which people see the ticket; `url` is the system's."""
    return f"{url.rstrip('/')}{_PAGE_OF[system].format(key=key)}"
