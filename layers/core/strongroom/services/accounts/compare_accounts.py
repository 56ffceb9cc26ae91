"""Hold the list of all accounts against the ledger: events may be lost, and this is where that is found."""

from __future__ import annotations

from copy import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from strongroom.domain.accounts.events import AccountNotice, Follow
from strongroom.domain.accounts.membership import Membership, Placement, judge_membership
from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.services.accounts.place_account import AccountPlacingNeeds, place_account

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from strongroom.domain.identifiers import AccountId
    from strongroom.ports.accounts import AccountList, GovernedBook


_DAY: Final = timedelta(days=1)


class AccountComparisonNeeds(Struct, frozen=True, kw_only=True):
    """What comparing needs of the world."""

    placing: AccountPlacingNeeds
    listed: AccountList
    book: GovernedBook


class ComparisonVerdict(Struct, frozen=True, kw_only=True):
    """How many accounts there are, whom nobody had announced, and who is governed no more without a word."""

    accounts: int
    unannounced: tuple[AccountId, ...]
    departed: tuple[AccountId, ...]


class _Listed(Struct, frozen=True):
    """Where accounts stand by the list."""

    accounts: Mapping[AccountId, Membership]

    def membership(self, account: AccountId) -> Membership | None:
        return self.accounts.get(account)


def compare_accounts(*, needs: AccountComparisonNeeds, now: datetime) -> ComparisonVerdict | None:
    """See to governed accounts without a row, and end those rows whose account is governed no more; once a day.

    Whether those are ready that are governed, says the pass that looks into each within a day.
    """
    last = needs.book.compared_at()
    if last is not None and now - last < _DAY:
        return None
    intent = needs.placing.assessment.intent
    listed = needs.listed.memberships()
    if intent.organization.management_account not in listed:
        raise TemporarilyUnavailableError("the list of accounts lacks the management account: it is not believed")
    known = set(needs.book.governed())
    governed = {
        account
        for account, membership in listed.items()
        if isinstance(judge_membership(account, membership=membership, intent=intent), Placement)
    }
    unannounced, departed = tuple(sorted(governed - known)), tuple(sorted(known - governed))
    assessment = replace(needs.placing.assessment, memberships=_Listed(listed))
    placing = replace(needs.placing, assessment=assessment)
    for account in (*unannounced, *departed):
        place_account(account, notice=_notice(account, now=now), needs=placing, now=now)
    needs.book.note_comparison(at=now)
    return ComparisonVerdict(accounts=len(listed), unannounced=unannounced, departed=departed)


def _notice(account: AccountId, *, now: datetime) -> AccountNotice:
    return AccountNotice(
        account=account,
        reason=f"the list of all accounts has {account} where the ledger does not",
        follow=Follow.JUDGE,
        event_id=f"compared {now.date()}",
    )
