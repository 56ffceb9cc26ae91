"""Approval teams of air-gapped vaults: what opens a vault in the day of need must be there before.

AWS Backup Developer Guide, "Requester tasks": the first team is associated at once, and another one takes its place
once the first has approved.
"""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, error
from strongroom.domain.intent.destinations import guarded_vaults
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization


def judge_teams(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """An error for each vault that is there, and that another team than the intent's opens, or none."""
    for vault in guarded_vaults(desired.intent):
        found = live.vaults.get(vault.arn)
        if found is None or found.approval_team == vault.approval_team:
            continue
        if found.approval_team:
            why = (
                f"{vault.arn} is opened by {found.approval_team}: write that, or ask it to let the other take its place"
            )
        else:
            why = (
                f"{vault.arn} has no approval team, so that nothing comes back out of it: as a deployer, in account "
                f"{vault.account} and {vault.region}, run aws backup associate-backup-vault-mpa-approval-team "
                f"--backup-vault-name {vault.name} --mpa-approval-team-arn {vault.approval_team}"
            )
        yield error("approval-team", f"{vault.path}.approval_team", why)
