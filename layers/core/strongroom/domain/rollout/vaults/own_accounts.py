"""The accounts that hold the copies of others: none of them may be governed itself."""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.destinations import vault_accounts
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization


def judge_own_accounts(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each that lies below a target: roles of one name would be made twice, and deployers shut out."""
    ours = (desired.intent.organization.backup_account, *vault_accounts(desired.intent))
    for target, accounts in live.members.accounts.items():
        for account in accounts:
            if account in ours:
                why = f"account {account} holds the copies of others and lies below {target}"
                yield error("vaults-governed", "targets", f"{why}: move it to a unit that is not governed")
