"""Where accounts stand, asked of Organizations no faster than it takes it from everybody together.

Few events a minute are answered by a DescribeAccount each, more by one list of all accounts, which answers every event
that is older than itself. Sources: Organizations User Guide, "Quotas and service limits", "Throttling limits" (so many
calls a second of an account, whoever makes them); API reference, Account, whose `Paths` older SDKs leave out.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.directory import Organization, membership_of
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.accounts.paths import units_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from strongroom.adapters.aws.organizations.accounts import OrganizationAccounts
    from strongroom.domain.accounts.membership import Membership
    from strongroom.domain.identifiers import AccountId

ACTIONS = (
    "organizations:DescribeAccount",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListParents",
)

# Half of each published rate is others'. Two of the function run at a time, which is the least that AWS Lambda allows
# where a queue is read (Lambda Developer Guide, "Configuring maximum concurrency for Amazon SQS event sources").
_SHARE: Final = 0.5 / 2
_A_SECOND: Final = {"describe_account": 20 * _SHARE, "list_accounts": 8 * _SHARE, "list_parents": 5 * _SHARE}
# The calls that walk the tree have one rate.
_TOGETHER: Final = dict.fromkeys(("list_accounts_for_parent", "list_organizational_units_for_parent"), "list_parents")
_DESCRIBED_A_MINUTE: Final = 50 // 2
_MINUTE: Final = timedelta(minutes=1)
# Changes are not always visible at once (Organizations User Guide, "Troubleshooting").
_LAG: Final = timedelta(seconds=5)


class Pace(Struct):
    """When what may be asked next; kept while the process lives, because rates know no events."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    _next: dict[str, datetime] = field(default_factory=dict)
    _described: list[datetime] = field(default_factory=list)
    listed_at: datetime | None = None
    listed: Mapping[AccountId, Membership] = field(default_factory=dict)

    def take_turn(self, operation: str) -> None:
        """Wait until the operation may be called again."""
        now = self.clock()
        turn = max(now, self._next.get(operation, now))
        self._next[operation] = turn + timedelta(seconds=1 / _A_SECOND[operation])
        if turn > now:
            self.sleep((turn - now).total_seconds())

    def may_describe(self) -> bool:
        """Whether this minute has room for one account more that is described; if so, it is taken."""
        now = self.clock()
        self._described = [each for each in self._described if now - each < _MINUTE]
        if len(self._described) >= _DESCRIBED_A_MINUTE:
            return False
        self._described.append(now)
        return True

    def knows(self, since: datetime) -> bool:
        """Whether the list that was read last shows what was so at that moment."""
        return self.listed_at is not None and since + _LAG <= self.listed_at

    def may_list(self) -> bool:
        """Whether it is a minute ago that all accounts were listed."""
        return self.listed_at is None or self.clock() - self.listed_at >= _MINUTE


class PacedMemberships:
    """Where accounts stand, as whoever follows many events at once asks."""

    def __init__(self, organizations: Any, *, pace: Pace, since: datetime) -> None:
        """`organizations` is an Organizations client; what is asked about happened at `since`."""
        self._client = PacedClient(organizations, pace)
        self._organization = Organization(self._client)
        self._pace = pace
        self._since = since

    def membership(self, account: AccountId) -> Membership | None:
        """The account's status and place as they were at that moment or later, None for a stranger."""
        if self._pace.knows(self._since):
            return self._pace.listed.get(account)
        if self._pace.may_describe() or not self._pace.may_list():
            return self._organization.membership(account)
        began = self._pace.clock()
        listed = _listed(self._client)
        if listed is None:
            return self._organization.membership(account)
        self._pace.listed, self._pace.listed_at = listed, began
        return listed.get(account)


class AccountsByList:
    """All accounts of the organisation, at the same pace."""

    def __init__(self, organizations: PacedClient, *, tree: OrganizationAccounts) -> None:
        """`organizations` is an Organizations client, `tree` reads the accounts where the SDK does not know paths."""
        self._client = organizations
        self._tree = tree

    def memberships(self) -> Mapping[AccountId, Membership]:
        """Each with its status and place."""
        listed = _listed(self._client)
        return self._tree.memberships() if listed is None else listed


def _listed(client: PacedClient) -> dict[AccountId, Membership] | None:
    """Every account; None where the SDK does not know paths yet."""
    found: dict[AccountId, Membership] = {}
    with aws_errors("the accounts of the organisation cannot be listed"):
        for account in paged(client, "list_accounts", "Accounts"):
            units = units_in(account.get("Paths", ()))
            if units is None:
                return None
            found[account["Id"]] = membership_of(account, units)
    return found


class PacedClient:
    """A client whose calls wait for their turn."""

    def __init__(self, organizations: Any, pace: Pace) -> None:
        """`organizations` is an Organizations client, `pace` says when it is asked next."""
        self._organizations = organizations
        self._pace = pace

    def __getattr__(self, operation: str) -> Any:
        """The client's call of that name, which waits where its rate is known."""
        call, rate = getattr(self._organizations, operation), _TOGETHER.get(operation, operation)
        if rate not in _A_SECOND:
            return call

        def paced_call(**request: Any) -> Any:
            self._pace.take_turn(rate)
            return call(**request)

        return paced_call
