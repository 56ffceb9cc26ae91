"""What the ledger says of a resource to whoever asks for its state, and for no more."""

from datetime import datetime

from msgspec import Struct

from strongroom.domain.identifiers import AccountId, Region


class Decided(Struct, frozen=True, kw_only=True):
    """What the ledger says of a resource: the last verdict, for which event, and until when it waits, if it does."""

    resource: str
    account: AccountId
    region: Region
    state: str
    reason: str
    tier: str | None
    event_id: str
    decided_at: datetime
    until: datetime | None = None
