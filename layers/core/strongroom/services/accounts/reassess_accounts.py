"""Judge again every account that was not ready, is silent, or was ready a day ago; complain about what lasts."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.accounts.membership import AccountState
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.domain.health.heartbeats import forwarders_at_home
from strongroom.services.accounts.assess_account import AccountAssessmentNeeds, assess_account
from strongroom.services.accounts.tell_lateness import tell_lateness
from strongroom.services.health.expect_heartbeats import expect_heartbeats

if TYPE_CHECKING:
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.services.accounts.compare_accounts import ComparisonVerdict


# So many are looked into within the time that the function has; those that wait longest come first.
_MOST: Final = 200


class ReassessVerdict(Struct, frozen=True, kw_only=True):
    """How the pass ended: who is mended or was well, who is not, who could not be looked at, and what was compared."""

    mended: tuple[AccountId, ...]
    not_ready: tuple[AccountId, ...]
    unseen: tuple[AccountId, ...]
    compared: ComparisonVerdict | None = None


def reassess_accounts(
    *, needs: AccountAssessmentNeeds, now: datetime, compared: ComparisonVerdict | None = None
) -> ReassessVerdict:
    """Look at every account that waits for it; one that cannot be read does not hide the others.

    From the first pass on the control plane's own forwarders are expected to be heard.
    """
    expect_heartbeats(forwarders_at_home(needs.intent), needs=needs.heartbeats, now=now)
    mended, not_ready, unseen = [], [], []
    for known in list(islice(needs.book.to_judge(until=now), _MOST)):
        try:
            verdict = assess_account(known.account, needs=needs, now=now)
        except (AccessRefusedError, TemporarilyUnavailableError):
            unseen.append(known.account)
            continue
        if verdict.state is not AccountState.NOT_READY:
            mended.append(known.account)
            continue
        not_ready.append(known.account)
        tell_lateness(verdict, since=known.not_ready_since, needs=needs, now=now)
    return ReassessVerdict(mended=tuple(mended), not_ready=tuple(not_ready), unseen=tuple(unseen), compared=compared)
