"""How accounts are keyed."""

from typing import Final

from strongroom.adapters.ledger.changes import Key
from strongroom.domain.identifiers import AccountId

ACCOUNT: Final = "ACCOUNT#"


def account_key(account: AccountId) -> Key:
    """Where the account is kept as it was judged last; what else is known of it stands in the same partition."""
    return Key(f"{ACCOUNT}{account}", "STATE")
