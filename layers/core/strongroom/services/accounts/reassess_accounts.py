"""Judge again every account that was not ready, and complain about those that stay so beyond the grace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from strongroom.domain.accounts.membership import AccountState, AccountVerdict
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from strongroom.services.accounts.assess_account import AccountAssessmentNeeds, assess_account

if TYPE_CHECKING:
    from strongroom.domain.identifiers import AccountId

# A StackSet reaches a new account within minutes; an account that is not ready after this needs a person.
GRACE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassessVerdict:
    """How the pass ended: who is mended, who is not, and who could not be looked at this time."""

    mended: tuple[AccountId, ...]
    not_ready: tuple[AccountId, ...]
    unseen: tuple[AccountId, ...]


def reassess_accounts(*, needs: AccountAssessmentNeeds, now: datetime) -> ReassessVerdict:
    """Look at every account that is remembered as not ready; one that cannot be read does not hide the others."""
    mended, not_ready, unseen = [], [], []
    for known in list(needs.book.not_ready(until=now)):
        try:
            verdict = assess_account(known.account, needs=needs, now=now)
        except (AccessRefusedError, TemporarilyUnavailableError):
            unseen.append(known.account)
            continue
        if verdict.state is not AccountState.NOT_READY:
            mended.append(known.account)
            continue
        not_ready.append(known.account)
        is_lasting = known.not_ready_since is not None and now - known.not_ready_since >= GRACE
        if is_lasting and verdict.needs_attention:
            needs.alerts.complain(_alert(verdict, needs=needs), now=now)
    return ReassessVerdict(mended=tuple(mended), not_ready=tuple(not_ready), unseen=tuple(unseen))


def _alert(verdict: AccountVerdict, *, needs: AccountAssessmentNeeds) -> Alert:
    return Alert(
        kind=AlertKind.ACCOUNT_NOT_READY,
        subject=verdict.account,
        account=verdict.account,
        region=needs.intent.organization.home_region,
        reason=f"account {verdict.account} in {verdict.unit} is not protected: {verdict.reason}",
    )
