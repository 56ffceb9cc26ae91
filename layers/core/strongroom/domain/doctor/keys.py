"""Keys: those of vaults, and those of sources, which must both let AWS Backup copy from one account to the other."""

from collections.abc import Iterable

from strongroom.domain.doctor.checks import SOURCE_KEYS, VAULT_KEYS
from strongroom.domain.doctor.diagnosis import Diagnosis
from strongroom.domain.identifiers import AccountId
from strongroom.domain.rollout.surroundings.keys import KeyFound, SourceFound, first_of, wrong_with_key


def judge_vault_key(key: KeyFound, *, vault: str, copier: AccountId, organization: str) -> Diagnosis:
    """Whether the key is a customer's, works, and lets the account at the other end of a copy use it."""
    wrong = list(wrong_with_key(key, copier=copier, organization=organization))
    return VAULT_KEYS.judged(vault, f"{key.arn}, for {copier}", wrong=wrong)


def judge_gap_key(key: KeyFound, *, vault: str, copiers: Iterable[AccountId], organization: str) -> Diagnosis:
    """Whether the key that an air-gapped vault lies under works, and lets each of these accounts use it."""
    judged = (wrong_with_key(key, copier=copier, organization=organization) for copier in copiers)
    wrong = [*dict.fromkeys(each for found in judged for each in found)]
    told = f"{key.arn}, for its own account and each governed one"
    return VAULT_KEYS.judged(vault, told, wrong=[first_of(wrong, "; ")] if wrong else [])


def judge_source_key(source: SourceFound, *, where: str, copier: AccountId, organization: str) -> Diagnosis:
    """Whether the backup account may use the key of a resource."""
    wrong = list(wrong_with_key(source.key, copier=copier, organization=organization))
    told = [f"{source.type} {source.name}: {each}" for each in wrong]
    return SOURCE_KEYS.judged(where, f"{source.type} {source.name} lies under {source.key.arn}", wrong=told)
