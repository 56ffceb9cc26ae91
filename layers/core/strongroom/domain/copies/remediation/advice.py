"""What each cause means, what to change, where, and in whose account: one row for each.

Sources: AWS Backup Developer Guide, "Creating backup copies across AWS accounts", "Encryption for backups in AWS
Backup", "AWS Backup Vault Lock", "Feature availability by resource"; AWS knowledge center, "Why does my cross-account
copy fail in AWS Backup?".
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.obstacles import Cause


class Whose(StrEnum):
    """In whose account something is to be changed."""

    SOURCE = "the account of the resource"
    KEY = "the account of the key"
    DESTINATION = "the account of the vault"
    MANAGEMENT = "the management account"
    BACKUP = "the backup account"


class Advice(Struct, frozen=True, kw_only=True):
    """What a cause means and what mends it; `{…}` are filled in from the promise and from what was read."""

    meaning: str
    change: str
    where: str
    whose: Whose


ADVICE: Final[Mapping[Cause, Advice]] = {
    Cause.KEY_POLICY: Advice(
        meaning="the backup lies under {key}, which the account of the vault may not use",
        change="enable the key, and add the statements of key-policies/source-keys.json, which `strongroom compile` "
        "writes, to its policy",
        where="KMS, the key's policy",
        whose=Whose.KEY,
    ),
    Cause.AWS_MANAGED_KEY: Advice(
        meaning="the backup lies under {key}, which AWS manages and nobody can share with another account",
        change="encrypt the resource under a key of yours, so that the next backup can go; for this one {two_steps}",
        where="the service of {resource}",
        whose=Whose.SOURCE,
    ),
    Cause.VAULT_KEY: Advice(
        meaning="{vault} lies under AWS Backup's own key, under which nothing of this type comes in from outside",
        change="replace it by a vault under a key of yours: the key of a vault cannot be changed",
        where="AWS Backup, the vault",
        whose=Whose.DESTINATION,
    ),
    Cause.VAULT_POLICY: Advice(
        meaning="the policy of {vault} does not let copies of account {source_account} in",
        change="let it allow backup:CopyIntoBackupVault to the organisation; `strongroom plan` shows what differs, and "
        "`strongroom apply` puts it back",
        where="AWS Backup, the vault's access policy",
        whose=Whose.DESTINATION,
    ),
    Cause.VAULT_MISSING: Advice(
        meaning="{vault} does not exist",
        change="find out who deleted it; `strongroom apply` makes it again",
        where="AWS Backup, the vault",
        whose=Whose.DESTINATION,
    ),
    Cause.RETENTION: Advice(
        meaning="the copy is to be kept {days} days, and {lock}",
        change="bring the tier's retention and the vault's lock together in the intent; after its lock date a lock "
        "cannot be changed, and what it refuses needs another vault",
        where="the intent, the tier's retention",
        whose=Whose.BACKUP,
    ),
    Cause.OPT_IN: Advice(
        meaning="AWS Backup is not opted in for {type} in {region}",
        change="opt it in: `strongroom apply` does in the management account, whose setting counts for the "
        "organisation's plans; the runbook says how in a member (account-not-ready)",
        where="AWS Backup, settings, service opt-in of the Region",
        whose=Whose.SOURCE,
    ),
    Cause.SWITCH: Advice(
        meaning="AWS Backup copies nothing to another account while the organisation has that switched off",
        change="run `strongroom apply`, which switches it on (isCrossAccountBackupEnabled)",
        where="AWS Backup, settings, cross-account management",
        whose=Whose.MANAGEMENT,
    ),
    Cause.ACCOUNT_LEFT: Advice(
        meaning="account {source_account} is not in the organisation, or governed no more, and only accounts of one "
        "organisation copy to each other",
        change="take the account back, or restore what is needed of it while it can still be reached",
        where="AWS Organizations",
        whose=Whose.MANAGEMENT,
    ),
    Cause.TYPE: Advice(
        meaning="AWS Backup copies backups of {type} {reach}",
        change="move the resource to a tier whose copies stay where they can go, and protect it by its own means there",
        where="the intent, or the resource's tag",
        whose=Whose.SOURCE,
    ),
    Cause.COLD: Advice(
        meaning="the backup is in cold storage already, from where nothing is copied",
        change="nothing copies this one any more; let backups stay warm for longer than copies take",
        where="the intent, the rule's cold_storage_after",
        whose=Whose.BACKUP,
    ),
    Cause.SOURCE_GONE: Advice(
        meaning="the backup is not in {source_vault} any more, so nothing can be copied from it",
        change="find out who deleted it, or whether its retention was over; back the resource up again",
        where="AWS Backup, the vault of the backup",
        whose=Whose.SOURCE,
    ),
    Cause.CONTINUOUS: Advice(
        meaning="AWS Backup does not copy continuous backups on demand",
        change="nothing: its next night brings the next copy; if that fails as well its copy job says why",
        where="AWS Backup, jobs, copy jobs",
        whose=Whose.SOURCE,
    ),
    Cause.QUOTA: Advice(
        meaning="a quota of the account is used up",
        change="raise the quota that AWS names, or spread the start windows of the tiers",
        where="Service Quotas of the service that AWS names",
        whose=Whose.SOURCE,
    ),
    Cause.ROLE: Advice(
        meaning="a role is missing or may not copy, or a service control policy of others denies it",
        change="let `strongroom plan` show what of the account's stack is missing; look for policies that deny "
        "backup:StartCopyJob, backup:CopyFromBackupVault, backup:CopyIntoBackupVault or iam:PassRole",
        where="IAM: roles strongroom-copying, strongroom-inspection, strongroom-backup; service control policies",
        whose=Whose.SOURCE,
    ),
    Cause.BUSY: Advice(
        meaning="AWS could not be asked at that moment",
        change="nothing: it is tried again",
        where="AWS Backup",
        whose=Whose.SOURCE,
    ),
    Cause.UNKNOWN: Advice(
        meaning="nothing that was read says what stops it{unread}",
        change="read AWS's words, look into the copy job, and copy by hand, as the runbook says (copy-missing)",
        where="AWS Backup, jobs, copy jobs",
        whose=Whose.SOURCE,
    ),
}
