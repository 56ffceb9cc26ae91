"""Let no StackSet reach an account that lies in an excluded unit: CloudFormation excludes accounts, and no units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.domain.intent.governed import excluded_units

if TYPE_CHECKING:
    from strongroom.domain.rollout.desired import Desired
    from strongroom.ports.rollout import PolicyCabinet


def leave_out_accounts(desired: Desired, *, policies: PolicyCabinet) -> Desired:
    """The same without the accounts that lie in excluded units now; any StrongroomError says what could not be read."""
    units = excluded_units(desired.intent)
    accounts = [account for unit in units for account in policies.accounts_below(unit)]
    return desired.leaving_out(accounts) if accounts else desired
