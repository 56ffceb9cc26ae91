"""Where there is news."""

from dataclasses import dataclass

from strongroom.domain.identifiers import AccountId


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What a fact says: which resource there is news of, and of which of its backups, if of any."""

    account: AccountId
    resource: str
    recovery_point: str = ""
