"""Keys of their own that air-gapped vaults lie under, made by whoever owns them: whom they let copy in and restore.

AWS Backup Developer Guide, "Logically air-gapped vault": such a vault lies under a key that AWS owns, or under one of
its owner's, which stops every copy and restore by an account that its policy does not let use it.
"""

from collections.abc import Iterator

from strongroom.domain.findings import Finding, warning
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.destinations import DestinationVault, destination_vaults
from strongroom.domain.intent.model import Intent
from strongroom.domain.rollout.desired import Desired
from strongroom.domain.rollout.live import LiveOrganization
from strongroom.domain.rollout.surroundings.keys import KeyFound, first_of, left_unread, wrong_with_key

_UNREAD = "nobody has read it"


def judge_gap_keys(desired: Desired, live: LiveOrganization) -> Iterator[Finding]:
    """A warning for each such key that stops an account, or of which something is for its owner to judge."""
    intent = desired.intent
    for vault in destination_vaults(intent):
        found = live.vaults.get(vault.arn)
        if not vault.is_air_gapped or found is None or not found.key:
            continue
        key = live.gap_keys.get(vault.arn, _UNREAD)
        if isinstance(key, str):
            why = f"{found.key}, which cannot be read ({key})"
            yield warning("vault-key-unjudged", vault.path, _told(vault, why, intent=intent))
        else:
            yield from _judge(vault, key, live, intent=intent)


def _judge(vault: DestinationVault, key: KeyFound, live: LiveOrganization, *, intent: Intent) -> Iterator[Finding]:
    accounts = dict.fromkeys((vault.account, *_governed(live)))
    organization = intent.organization.id
    wrong = [each for copier in accounts for each in wrong_with_key(key, copier=copier, organization=organization)]
    if wrong:
        why = f"a key that stops them: {first_of([*dict.fromkeys(wrong)], '; ')}"
        yield warning("vault-key-closed", vault.path, _told(vault, why, intent=intent))
    elif unread := list(left_unread(key.statements, organization=organization)):
        why = f"{key.arn}, which lets every account use it but for what {first_of(unread, ', ')} may refuse"
        yield warning("vault-key-unjudged", vault.path, _told(vault, why, intent=intent))


def _told(vault: DestinationVault, why: str, *, intent: Intent) -> str:
    by_hand = intent.restores is not None and intent.restores.is_by_hand
    roles = (intent.roles.backup, intent.roles.restore_job, *((intent.roles.restore_raw,) if by_hand else ()))
    return (
        f"{vault.arn} lies under {why}: have its owner let {', '.join(roles[:-1])} and {roles[-1]} of each governed "
        f"account use it, and AWSServiceRoleForBackup of each and of account {vault.account}, or copies into the vault "
        "fail, and restores out of it"
    )


def _governed(live: LiveOrganization) -> Iterator[AccountId]:
    return (account for accounts in live.members.accounts.values() for account in accounts)
