"""What the audit account has kept beside the evidence: when which rules were in force, and the issuer's keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from strongroom.adapters.aws.evidence.bucket import EvidenceReader
from strongroom.adapters.aws.evidence.rules import RulesBucket
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.evidence.issuer_keys import known_keys
from strongroom.domain.rollout.desired import report_bucket
from strongroom.domain.rulebook.in_force import records_among
from strongroom.services.evidence.read_issuer_keys import all_sights
from strongroom_cli.rollout.organization import enter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.intent.model import Intent
    from strongroom.domain.proofs.trust import Period
    from strongroom.domain.rulebook.in_force import RulesRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHistory:
    """The records of rules, the earliest first, and each of the issuer's keys with its time."""

    records: tuple[RulesRecord, ...]
    issuer_keys: Mapping[str, Period]


def read_history(intent: Intent, *, through: str) -> KeptHistory:
    """What is kept, with the management account's credentials; MalformedRequestError where there is no bucket yet."""
    place, bucket = intent.organization, report_bucket(intent)
    if place.audit_account is None:
        raise MalformedRequestError("organization.audit_account is not given, and so nothing is kept")
    access = enter(intent, through=through)
    rules = RulesBucket(access, bucket, owner=place.audit_account, region=place.home_region)
    records = records_among(rules.kept().values())
    if not records:
        raise MalformedRequestError(f"{bucket} says nothing about rules yet: `strongroom apply` keeps them there")
    s3 = access.client("s3", account=place.audit_account, region=place.home_region)
    reader, provider = EvidenceReader(s3, bucket, owner=place.audit_account), intent.identity_provider
    issuer = "" if provider is None else provider.issuer
    sights = all_sights(reader, issuer=issuer) if issuer else ()
    return KeptHistory(records=records, issuer_keys=known_keys(sights, issuer=issuer))
