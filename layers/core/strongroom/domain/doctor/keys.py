"""Keys: those of vaults, and those of sources, which must both let AWS Backup copy from one account to the other.

Sources: AWS Backup Developer Guide, "Encryption for backups in AWS Backup" and "Creating backup copies across AWS
accounts"; AWS Storage Blog, "How encryption works in AWS Backup".
"""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.doctor.checks import SOURCE_KEYS, VAULT_KEYS
from strongroom.domain.doctor.diagnosis import Diagnosis, listed
from strongroom.domain.doctor.found import KeyFound, SourceFound
from strongroom.domain.identifiers import AccountId
from strongroom.domain.statements import is_open, ungranted

_COPYING: Final = ("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
_CUSTOMER: Final = "CUSTOMER"
_ENABLED: Final = "Enabled"


def judge_vault_key(key: KeyFound, *, vault: str, copier: AccountId, organization: str) -> Diagnosis:
    """Whether the key is a customer's, works, and lets the account at the other end of a copy use it."""
    wrong = list(_wrong_with_key(key, copier=copier, organization=organization))
    return VAULT_KEYS.judged(vault, f"{key.arn}, for {copier}", wrong=wrong)


def judge_source_key(source: SourceFound, *, where: str, copier: AccountId, organization: str) -> Diagnosis:
    """Whether the backup account may use the key of a resource."""
    wrong = list(_wrong_with_key(source.key, copier=copier, organization=organization))
    told = [f"{source.type} {source.name}: {each}" for each in wrong]
    return SOURCE_KEYS.judged(where, f"{source.type} {source.name} lies under {source.key.arn}", wrong=told)


def _wrong_with_key(key: KeyFound, *, copier: AccountId, organization: str) -> Iterator[str]:
    if key.manager != _CUSTOMER:
        yield f"{key.arn} is managed by AWS, and no other account can use it"
        return
    if key.state != _ENABLED:
        yield f"{key.arn} is {key.state}"
    if any(is_open(each) for each in key.statements):
        yield f"{key.arn} is open to everybody"
    if missing := ungranted(key.statements, _COPYING, account=copier, organization=organization):
        yield f"{key.arn} does not grant {copier} {listed(missing)}"
