"""What the state machine `copy_remediation` hands to its tasks: which promise it is, and never what to do about it."""

import msgspec

from strongroom.domain.copies.promises import PromiseKey
from strongroom.domain.identifiers import parse_account_id
from strongroom.runtime.contracts.failures import message_of


class CopyInput(msgspec.Struct, frozen=True):
    """A promise by its key; `night` is the backup job of a continuous backup's, and empty for any other."""

    recovery_point: str
    destination: str
    night: str
    account: str

    @property
    def key(self) -> PromiseKey:
        """Which promise it is; MalformedIdentifierError of an account that is none."""
        return PromiseKey(self.recovery_point, self.destination, self.night or None, parse_account_id(self.account))


class DiagnosisInput(CopyInput, frozen=True):
    """The same, and the error that ended our own try to start the copy, with its cause as Lambda tells it."""

    error: str
    reason: str

    @property
    def words(self) -> str:
        """What the error said."""
        return message_of(self.reason)
