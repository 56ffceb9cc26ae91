"""What stops a copy: read from AWS's words where it said any, for another try helps with few of them.

Sources: AWS knowledge center, "Why does my cross-account copy fail in AWS Backup?", "Given key ID not accessible" and
"Access Denied trying to call AWS Backup service"; AWS Backup Developer Guide, "Creating backup copies across AWS
accounts", "AWS Backup Vault Lock", "Feature availability by resource". AWS promises no wording: what none of these
patterns knows is read out of the accounts themselves (`remediation.diagnosis`).
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct

from strongroom.domain.copies.found import CopyJob
from strongroom.domain.identifiers import AccountId, Arn, Region


class Cause(StrEnum):
    """What stops a copy."""

    AWS_MANAGED_KEY = "aws-managed-key"
    KEY_POLICY = "key-policy"
    VAULT_KEY = "vault-key"
    VAULT_POLICY = "vault-policy"
    VAULT_MISSING = "vault-missing"
    RETENTION = "retention"
    OPT_IN = "opt-in"
    SWITCH = "switch"
    ACCOUNT_LEFT = "account-left"
    TYPE = "type"
    COLD = "cold"
    SOURCE_GONE = "source-gone"
    CONTINUOUS = "continuous"
    QUOTA = "quota"
    ROLE = "role"
    BUSY = "busy"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """The cause as people are told it, and as the runbook calls it."""
        return _CALLED[self]

    @property
    def may_pass(self) -> bool:
        """Whether a later try may find it gone without anybody's doing."""
        return self in _PASSING

    @property
    def is_told(self) -> bool:
        """Whether it says more than an alert about the copy says by itself."""
        return self not in {Cause.BUSY, Cause.CONTINUOUS, Cause.UNKNOWN}


_CALLED: Final = {
    Cause.AWS_MANAGED_KEY: "cannot: AWS-managed key",
    Cause.KEY_POLICY: "cannot: key policy",
    Cause.VAULT_KEY: "cannot: key of the vault",
    Cause.VAULT_POLICY: "cannot: vault policy",
    Cause.VAULT_MISSING: "cannot: no such vault",
    Cause.RETENTION: "cannot: retention against the lock",
    Cause.OPT_IN: "cannot: type not opted in",
    Cause.SWITCH: "cannot: cross-account backup is off",
    Cause.ACCOUNT_LEFT: "cannot: account left",
    Cause.TYPE: "cannot: type is not copied there",
    Cause.COLD: "cannot: cold storage",
    Cause.SOURCE_GONE: "cannot: backup is gone",
    Cause.CONTINUOUS: "cannot: continuous backup",
    Cause.QUOTA: "a quota is used up",
    Cause.ROLE: "access is refused",
    Cause.BUSY: "nobody could be asked",
    Cause.UNKNOWN: "unknown",
}
# Of these each stops many copies, by a key or by all that an account lets happen.
_OF_KEYS: Final = frozenset({Cause.KEY_POLICY})
_OF_ACCOUNTS: Final = frozenset({Cause.ACCOUNT_LEFT, Cause.OPT_IN, Cause.ROLE})
_PASSING: Final = frozenset({Cause.QUOTA, Cause.ROLE, Cause.BUSY})
_WORDS: Final = (
    # Of a destination under the default key AWS names the key as managed, too.
    (r"destination .*vault.* (AWS[ -](Backup )?managed|default) ", Cause.VAULT_KEY),
    (r"AWS[ -]managed (CMK|(KMS )?key)", Cause.AWS_MANAGED_KEY),
    (
        r"key ID is not accessible|KMS key .*(not exist|not enabled|permission|denied|accessible)|\bkms:[A-Z]",
        Cause.KEY_POLICY,
    ),
    (r"access denied trying to call AWS Backup|backup:CopyIntoBackupVault", Cause.VAULT_POLICY),
    (r"member of the (same )?organization", Cause.ACCOUNT_LEFT),
    (r"cross[- ]account (backup|copy)\b.* (not enabled|disabled)", Cause.SWITCH),
    (r"not opted[- ]in|opt(ed)?[- ]in .*(not|disabled)|(not|enable).* opt[- ]in", Cause.OPT_IN),
    (r"cold storage|archive tier", Cause.COLD),
    (r"retention .*(ended|minimum|maximum|range|allowed|lock|days)|\b(min|max)retention", Cause.RETENTION),
    (r"backup vault .*(not exist|not found|cannot be found)", Cause.VAULT_MISSING),
    (r"recovery point .*(not exist|not found|cannot be found|expired)", Cause.SOURCE_GONE),
    (r"not supported|unsupported", Cause.TYPE),
    (r"limit ?exceeded|exceed.*(limit|quota)|too many|quota|maximum number of", Cause.QUOTA),
)


def cause_in(words: str | None) -> Cause | None:
    """The cause that AWS's words tell; None where they tell none that is known here."""
    return next((cause for pattern, cause in _WORDS if re.search(pattern, words or "", re.IGNORECASE)), None)


def obstacle_of(job: CopyJob) -> Cause | None:
    """What stopped a failed copy and would stop the next one as well; None where another try may help."""
    cause = cause_in(job.message) if job.has_failed else None
    return None if cause is None or cause.may_pass else cause


class GroupKind(StrEnum):
    """What many copies have in common that stops them."""

    KEY = "key"
    ACCOUNT = "account"


class GroupKey(Struct, frozen=True):
    """The one thing that stops copies: a key by its ARN, or an account by its id."""

    kind: GroupKind
    id: str

    @classmethod
    def parse(cls, text: str) -> "GroupKey":
        """The key that `text` is: `key#<ARN>` or `account#<id>`."""
        kind, _, thing = text.partition("#")
        return cls(GroupKind(kind), thing)

    @property
    def text(self) -> str:
        """The key on one line, as `parse` reads it."""
        return f"{self.kind}#{self.id}"

    @property
    def account(self) -> AccountId:
        """The account in which somebody has to act."""
        return Arn.parse(self.id).account if self.kind is GroupKind.KEY else AccountId(self.id)

    @property
    def region(self) -> Region | None:
        """Where the key is; None of an account, which is everywhere."""
        return Arn.parse(self.id).region if self.kind is GroupKind.KEY else None


def of_account(account: AccountId) -> GroupKey:
    """What the account as a whole stops."""
    return GroupKey(GroupKind.ACCOUNT, account)


def is_of_key(cause: Cause | None) -> bool:
    """Whether it is the source's key that stops the copy, so that it must be known which one that is."""
    return cause in _OF_KEYS


def shared_cause(cause: Cause | None, *, key: str | None, account: AccountId) -> GroupKey | None:
    """By what the cause stops other copies, too; None where it is its own, or the key is not known by its ARN."""
    if cause in _OF_ACCOUNTS:
        return of_account(account)
    if is_of_key(cause) and key is not None and key.startswith("arn:"):
        return GroupKey(GroupKind.KEY, key)
    return None


def without(groups: Iterable[GroupKey], group: GroupKey | None) -> tuple[GroupKey, ...]:
    """The groups, each once and in their order, but for this one."""
    return tuple(each for each in dict.fromkeys(groups) if each != group)
