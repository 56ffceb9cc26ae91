"""An account on its way to READY: who sees to it, since when it lacks something, and when that is told.

One execution of the state machine claims the account; each reading of its path raises the generation, so that nobody
calls it ready by a path that is old.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.accounts.membership import Membership
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.identifiers import AccountId

# A StackSet reaches a new account within minutes; one that takes longer is told of, and then needs a person.
SLOW_AFTER: Final = timedelta(minutes=30)
DEADLINE: Final = timedelta(hours=4)
# A claim is free when its execution has not looked for so long: it looks at least every 375 seconds.
CLAIM: Final = timedelta(minutes=15)


class Onboarding(Struct, frozen=True, kw_only=True):
    """Where an account was read to stand, how often it was read, and the execution that sees to it, empty for none.

    `membership` is None for an account that is not in the organisation. `ended` is the execution that ended last.
    """

    account: AccountId
    membership: Membership | None
    placed_at: datetime
    generation: int
    claim: str = ""
    claimed_until: datetime | None = None
    ended: str = ""

    def is_seen_to_by(self, execution: str) -> bool:
        """Whether the execution has the claim, or had it last and may be told so again."""
        return execution == (self.claim or self.ended)


def execution_name(account: AccountId, *, event_id: str) -> str:
    """What the execution is called that an event begins: the same event begins the same one."""
    return f"onboard-{account}-{hashlib.sha256(event_id.encode()).hexdigest()[:16]}"


def judge_delay(since: datetime | None, *, now: datetime) -> AlertKind | None:
    """What is to be told of an account that has lacked something since then, None where it is early."""
    if since is None or now - since < SLOW_AFTER:
        return None
    return AlertKind.ACCOUNT_SLOW if now - since < DEADLINE else AlertKind.ACCOUNT_NOT_READY
