"""Evidence: where it is kept, and whose word there is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.evidence.bucket import EvidenceBucket, EvidenceReader
from strongroom.domain.errors import ConfigurationMissingError
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, EvidenceReading

if TYPE_CHECKING:
    from strongroom.domain.identifiers import AccountId
    from strongroom.runtime.platform import Platform


def evidence(platform: Platform) -> EvidenceReading:
    """What reads the evidence."""
    account, bucket = _place(platform)
    return EvidenceReading(EvidenceReader(client("s3"), bucket, owner=account))


def keeper(platform: Platform) -> EvidenceKeeper:
    """What adds to it, too; what this function may add, the bucket's policy says."""
    account, bucket = _place(platform)
    return EvidenceKeeper(EvidenceBucket(client("s3"), bucket, owner=account))


def _place(platform: Platform) -> tuple[AccountId, str]:
    """Whose the bucket is, and its name."""
    account = audit_account(platform)
    return account, f"strongroom-audit-{account}-{platform.intent.organization.home_region}"


def audit_account(platform: Platform) -> AccountId:
    """The account that keeps the evidence; in an intent without one ConfigurationMissingError.

    CeremonyMissingError where there is no ceremony either.
    """
    ceremony_of(platform.intent)
    account = platform.intent.organization.audit_account
    if account is None:
        raise ConfigurationMissingError("a restore ceremony takes an audit account, which keeps its evidence")
    return account
