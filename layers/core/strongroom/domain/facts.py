"""The events that Strongroom publishes: past-tense facts, each with account, Region, resource and reason.

The class name is the event's detail-type; its fields are the detail. Source on the bus: `strongroom`. Each capability
has its own in `<capability>/facts.py`, so that a function loads no others.
"""

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region


class Fact(Struct, frozen=True, kw_only=True):
    """What every fact says: where it happened, to what, and why in words that a person can read."""

    account: AccountId
    region: Region
    resource: str
    reason: str
