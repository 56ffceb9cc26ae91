"""What the state machine `account_onboarding` hands to its tasks: which account it is, and who sees to it."""

import msgspec

from strongroom.domain.identifiers import AccountId, parse_account_id
from strongroom.runtime.contracts.failures import message_of


class OnboardingInput(msgspec.Struct, frozen=True):
    """An account, and the name of the execution."""

    account: str
    execution: str

    @property
    def account_id(self) -> AccountId:
        """Which account it is; MalformedIdentifierError of one that is none."""
        return parse_account_id(self.account)


class MissingInput(OnboardingInput, frozen=True):
    """The same, and what is missing; of an error its name, and its cause as Lambda tells it."""

    error: str
    reason: str

    @property
    def words(self) -> str:
        """What is missing, or what the error said."""
        return message_of(self.reason) if self.error else self.reason
