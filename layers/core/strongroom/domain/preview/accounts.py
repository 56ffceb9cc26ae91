"""Which accounts the change governs, or lets go, and what each unit's share of them is."""

from collections.abc import Mapping

from msgspec import Struct, field

from strongroom.domain.identifiers import AccountId


class Governance(Struct, frozen=True, kw_only=True):
    """Which accounts are governed, each with the name of its target; `units` names where every other account lies."""

    before: Mapping[AccountId, str]
    after: Mapping[AccountId, str]
    units: Mapping[AccountId, str]
    management_account: AccountId


class ManagementAccount(Struct, frozen=True, kw_only=True):
    """The management account: policies reach it, but neither our stacks nor guardrails do."""

    account: AccountId
    plans: tuple[str, ...] = ()


class Accounts(Struct, frozen=True, kw_only=True):
    """Accounts by the name of their target or, outside, of their unit; `stale` keep the policy that they have.

    AWS finds the new effective policy of a stale account invalid: it keeps its last valid one.
    """

    become_governed: Mapping[str, tuple[AccountId, ...]] = field(default_factory=dict)
    stop_being_governed: Mapping[str, tuple[AccountId, ...]] = field(default_factory=dict)
    stay_governed: int = 0
    stay_outside: Mapping[str, tuple[AccountId, ...]] = field(default_factory=dict)
    stale: tuple[AccountId, ...] = ()
    unread: tuple[AccountId, ...] = ()
    management: ManagementAccount | None = None


def decide_accounts(
    governance: Governance,
    *,
    stale: frozenset[AccountId],
    unread: frozenset[AccountId],
    management_plans: tuple[str, ...],
) -> Accounts:
    """What becomes of each account; the management account is told for itself."""
    before, after, management = governance.before, governance.after, governance.management_account
    outside = governance.units.keys() - before.keys() - after.keys() - {management}
    return Accounts(
        become_governed=_by_name(after.keys() - before.keys() - {management}, after),
        stop_being_governed=_by_name(before.keys() - after.keys() - {management}, before),
        stay_governed=len((after.keys() & before.keys()) - {management}),
        stay_outside=_by_name(outside, governance.units),
        stale=tuple(sorted(stale)),
        unread=tuple(sorted(unread)),
        management=ManagementAccount(account=management, plans=management_plans) if management_plans else None,
    )


def _by_name(accounts: set[AccountId], names: Mapping[AccountId, str]) -> dict[str, tuple[AccountId, ...]]:
    found: dict[str, list[AccountId]] = {}
    for account in sorted(accounts):
        found.setdefault(names[account], []).append(account)
    return {name: tuple(found[name]) for name in sorted(found)}
