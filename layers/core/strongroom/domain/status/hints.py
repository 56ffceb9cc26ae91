"""Where there is news."""

from msgspec import Struct

from strongroom.domain.identifiers import AccountId


class Hint(Struct, frozen=True, kw_only=True):
    """What a fact says: which resource there is news of, and of which of its backups, if of any."""

    account: AccountId
    resource: str
    recovery_point: str = ""
