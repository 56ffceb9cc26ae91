"""What stops a copy, decided from AWS's words and from what was read.

What was read goes before a guess from words: AWS tells a key that it manages and one that it may not use alike. Where
the words name something that was read and found well, they are believed all the same.
"""

from collections.abc import Callable, Iterator
from typing import Final, assert_never

from msgspec import Struct

from strongroom.domain.catalogue.model import Reach, ResourceType
from strongroom.domain.catalogue.rows import rows_of
from strongroom.domain.copies.obstacles import Cause, cause_in
from strongroom.domain.copies.promises import Promise
from strongroom.domain.copies.remediation.advice import ADVICE, Whose
from strongroom.domain.copies.remediation.circumstances import SOURCE, VAULT, Circumstances
from strongroom.domain.identifiers import AccountId, Arn
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.places import local_vaults
from strongroom.domain.statements import ungranted

# What was found to stop a copy stands in a reason behind what became of it.
DIAGNOSED: Final = "; diagnosed as "
_COPYING_IN: Final = ("backup:CopyIntoBackupVault",)
_USING_KEY: Final = ("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
_ABOUT_KEYS: Final = frozenset({Cause.KEY_POLICY, Cause.AWS_MANAGED_KEY})
# Errors of ours by what they say; of any other nothing is known but its words.
_OF_ERRORS: Final = {"AccessRefusedError": Cause.ROLE, "TemporarilyUnavailableError": Cause.BUSY}


class Finding(Struct, frozen=True, kw_only=True):
    """What stops a copy: what that means, what to change, where, and in which account."""

    cause: Cause
    meaning: str
    change: str
    where: str
    account: AccountId

    @property
    def told(self) -> str:
        """The finding in one line."""
        return f"{self.cause.words}: {self.meaning}; to do in account {self.account} ({self.where}): {self.change}"


class _Case(Struct, frozen=True, kw_only=True):
    promise: Promise
    found: Circumstances
    intent: Intent

    @property
    def destination(self) -> Arn:
        return Arn.parse(self.promise.destination)

    @property
    def crosses_accounts(self) -> bool:
        return self.destination.account != self.promise.account

    @property
    def is_fully_managed(self) -> bool:
        # Recovery points of what AWS Backup manages fully have ARNs of its own, and lie under the key of their vault.
        return Arn.parse(self.promise.recovery_point).service == "backup"

    @property
    def row(self) -> ResourceType | None:
        """The row of the type; clusters of RDS share an ARN, and the recovery point says which one it is."""
        rows = rows_of(self.promise.resource)
        told = self.found.source.type if self.found.source else None
        return next((row for row in rows if row.name == told), rows[0] if rows else None)


def diagnose(promise: Promise, found: Circumstances, *, intent: Intent) -> Finding:
    """The one cause that is told of a copy that did not come about."""
    case = _Case(promise=promise, found=found, intent=intent)
    return _finding(_cause(case), case)


def _cause(case: _Case) -> Cause:
    told, seen = cause_in(case.found.words), list(_seen(case))
    if told in _ABOUT_KEYS:
        told = next((cause for cause in seen if cause in _ABOUT_KEYS), told)
    if told is Cause.VAULT_POLICY and case.found.vault_policy is not None and told not in seen:
        return Cause.ROLE  # the vault lets the account in: somebody else does not
    if told is not None:
        return told
    by_error = _OF_ERRORS.get(case.found.error or "")
    if seen:
        return seen[0]
    if by_error is not None:
        return by_error
    return Cause.CONTINUOUS if case.promise.night is not None else Cause.UNKNOWN


def _seen(case: _Case) -> Iterator[Cause]:
    """What was read and is not as a copy needs it, what lies deepest first."""
    for cause, is_so in _LOOKS:
        if is_so(case):
            yield cause


def _is_source_gone(case: _Case) -> bool:
    return case.found.source is None and SOURCE not in case.found.unread


def _is_cold(case: _Case) -> bool:
    return case.found.source is not None and case.found.source.is_cold


def _reach(case: _Case) -> Reach:
    if case.row is None:
        return Reach.EVERYWHERE
    return case.row.reach_between(case.promise.region, case.destination.region)


def _is_type_bound(case: _Case) -> bool:
    reach = _reach(case)
    match reach:
        case Reach.EVERYWHERE | Reach.UNSETTLED | Reach.REGIONS_AT_LEAST:
            return False
        case Reach.REGIONS:
            return case.crosses_accounts
        case Reach.ACCOUNTS:
            return case.destination.region != case.promise.region
        case Reach.NOWHERE:
            return True
        case _:
            assert_never(reach)


def _is_switched_off(case: _Case) -> bool:
    return case.crosses_accounts and case.found.is_cross_account is False


def _is_not_opted_in(case: _Case) -> bool:
    return case.row is not None and (case.found.opt_ins or {}).get(case.row.name) is False


def _is_vault_missing(case: _Case) -> bool:
    return case.found.vault is None and VAULT not in case.found.unread


def _does_vault_refuse(case: _Case) -> bool:
    if not case.crosses_accounts or case.found.vault_policy is None:
        return False
    organization = case.intent.organization.id
    missing = ungranted(case.found.vault_policy, _COPYING_IN, account=case.promise.account, organization=organization)
    return bool(missing)


def _does_lock_refuse(case: _Case) -> bool:
    vault, days = case.found.vault, case.promise.lifecycle.retention_days
    if vault is None or not vault.is_locked:
        return False
    least, most = vault.min_retention_days or 0, vault.max_retention_days
    return days < least or (most is not None and days > most)


def _is_key_unshareable(case: _Case) -> bool:
    return _is_key_shared(case) and case.found.key is not None and case.found.key.manager != "CUSTOMER"


def _does_key_refuse(case: _Case) -> bool:
    key = case.found.key
    if key is None or not _is_key_shared(case) or key.manager != "CUSTOMER":
        return False
    if key.state != "Enabled":
        return True
    if key.statements is None:
        return False
    account, organization = case.destination.account, case.intent.organization.id
    return bool(ungranted(key.statements, _USING_KEY, account=account, organization=organization))


def _is_key_shared(case: _Case) -> bool:
    return case.crosses_accounts and not case.is_fully_managed


_LOOKS: Final[tuple[tuple[Cause, Callable[[_Case], bool]], ...]] = (
    (Cause.ACCOUNT_LEFT, lambda case: case.found.has_left),
    (Cause.SOURCE_GONE, _is_source_gone),
    (Cause.COLD, _is_cold),
    (Cause.TYPE, _is_type_bound),
    (Cause.SWITCH, _is_switched_off),
    (Cause.OPT_IN, _is_not_opted_in),
    (Cause.VAULT_MISSING, _is_vault_missing),
    (Cause.VAULT_POLICY, _does_vault_refuse),
    (Cause.RETENTION, _does_lock_refuse),
    (Cause.AWS_MANAGED_KEY, _is_key_unshareable),
    (Cause.KEY_POLICY, _does_key_refuse),
)


def _finding(cause: Cause, case: _Case) -> Finding:
    advice, words = ADVICE[cause], _words(case)
    return Finding(
        cause=cause,
        meaning=advice.meaning.format(**words),
        change=advice.change.format(**words),
        where=advice.where.format(**words),
        account=_account(advice.whose, case),
    )


def _account(whose: Whose, case: _Case) -> AccountId:
    organization, key = case.intent.organization, case.found.key
    match whose:
        case Whose.SOURCE:
            return case.promise.account
        case Whose.KEY:
            return Arn.parse(key.arn).account if key is not None else case.promise.account
        case Whose.DESTINATION:
            return case.destination.account
        case Whose.MANAGEMENT:
            return organization.management_account
        case Whose.BACKUP:
            return organization.backup_account
        case _:
            assert_never(whose)


def _words(case: _Case) -> dict[str, object]:
    source, row, unread = case.found.source, case.row, sorted(case.found.unread)
    key = case.found.key.arn if case.found.key else (source.encryption_key if source else None)
    return {
        "resource": case.promise.resource,
        "key": f"the key {key}" if key else "a key",
        "vault": f"the vault {case.promise.destination}",
        "source_vault": case.promise.source_vault,
        "source_account": case.promise.account,
        "region": case.promise.region,
        "days": case.promise.lifecycle.retention_days,
        "lock": _lock_in_words(case),
        "type": row.label if row else "this type",
        "reach": _reach(case) if _is_type_bound(case) else "not there, by its own words",
        "two_steps": _two_steps(case),
        "unread": f", and these could not be read: {', '.join(unread)}" if unread else "",
    }


def _lock_in_words(case: _Case) -> str:
    vault = case.found.vault
    if vault is None or not vault.is_locked:
        return "the vault does not take that"
    most = "as long as you like" if vault.max_retention_days is None else f"{vault.max_retention_days} days"
    return f"the lock of the vault takes {vault.min_retention_days or 0} days to {most}"


def _two_steps(case: _Case) -> str:
    """How what lies under a key of AWS's may go in two steps, by a vault of its own account under another key."""
    if case.promise.night is not None:
        return "there is no other way: AWS Backup does not copy continuous backups on demand"
    if case.row is None or case.row.reach is Reach.NOWHERE:
        return "there is no other way: its type is copied nowhere"
    beside = [
        place.arn(account=case.promise.account, region=case.promise.region)
        for place in local_vaults(case.intent)
        if not place.vault.existing
    ]
    ways = [vault for vault in beside if vault != case.promise.source_vault]
    if not ways:
        return (
            "there is no other way: copies may go to our own vaults only, and the account has none there but the one "
            "that the backup lies in, until the intent names a second one (account: own, region: same)"
        )
    return (
        f"try two steps: copy it into {ways[0]}, which puts it under that vault's key, and that copy on into "
        f"{case.promise.destination}; AWS's pages do not promise it for every type"
    )
