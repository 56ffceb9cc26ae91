"""Which accounts have an effective backup policy that does not hold: one list of all of them, asked for once a minute.

Source: Organizations API reference, ListAccountsWithInvalidEffectivePolicy; a delegated administrator may call it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.organizations.pages import paged
from strongroom.domain.errors import AccessRefusedError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.domain.identifiers import AccountId

ACTIONS = ("organizations:ListAccountsWithInvalidEffectivePolicy",)
_MINUTE: Final = timedelta(minutes=1)


class KeptList(Struct):
    """The list as it was read last, kept while the process lives."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    accounts: frozenset[str] = frozenset()
    read_at: datetime | None = None


class InvalidPolicies:
    """Knows whose effective backup policy does not hold."""

    def __init__(self, organizations: Any, *, kept: KeptList) -> None:
        """`organizations` is an Organizations client."""
        self._organizations = organizations
        self._kept = kept

    def has_invalid_policy(self, account: AccountId) -> bool:
        """Whether AWS keeps to an older policy of the account; not known, and so False, for who may not list them."""
        now = self._kept.clock()
        if self._kept.read_at is None or now - self._kept.read_at >= _MINUTE:
            self._kept.accounts, self._kept.read_at = self._read(), now
        return account in self._kept.accounts

    def _read(self) -> frozenset[str]:
        request = {"PolicyType": "BACKUP_POLICY"}
        try:
            with aws_errors("accounts without a valid policy"):
                listed = paged(
                    self._organizations, "list_accounts_with_invalid_effective_policy", "Accounts", **request
                )
                return frozenset(each["Id"] for each in listed)
        except (AccessRefusedError, NotFoundError):
            return frozenset()
