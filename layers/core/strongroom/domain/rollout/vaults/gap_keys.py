"""Keys of their own that air-gapped vaults of others lie under: who reads the policies of these keys is not us.

AWS Backup Developer Guide, "Logically air-gapped vault": such a vault lies under a key that AWS owns, or under one of
its owner's, which stops every restore by an account that its policy does not let use it.
"""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, warning
from strongroom.domain.intent.destinations import guarded_vaults
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization


def judge_gap_keys(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """A warning for each vault that a team opens and whose key is not AWS's own: whom the key's policy must name."""
    intent = desired.intent
    is_by_hand = intent.restores is not None and intent.restores.is_by_hand
    roles = (intent.roles.backup, intent.roles.restore_job, *((intent.roles.restore_raw,) if is_by_hand else ()))
    for vault in guarded_vaults(intent):
        found = live.vaults.get(vault.arn)
        if found is not None and found.key:
            yield warning(
                "vault-key-unjudged",
                vault.path,
                f"{vault.arn} lies under {found.key}, whose policy nobody judges here: have its owner let "
                f"{_told(roles)} of each governed account use it, and AWSServiceRoleForBackup of each and of account "
                f"{vault.account}, or copies into the vault fail, and restores once the team has voted",
            )


def _told(roles: tuple[str, ...]) -> str:
    return f"{', '.join(roles[:-1])} and {roles[-1]}"
