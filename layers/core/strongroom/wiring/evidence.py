"""What the audit account does for the evidence: it knows no intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.evidence.bucket import EvidenceBucket
from strongroom.adapters.aws.evidence.log_index import TableLogIndex
from strongroom.adapters.aws.evidence.log_signer import LogSigner
from strongroom.adapters.identity.oidc import PublishedDocuments, Web
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.identifiers import Arn, parse_account_id
from strongroom.runtime.settings import Setting
from strongroom.services.evidence.keep_log import LogKeeper
from strongroom.services.evidence.log_evidence import EvidenceLogNeeds
from strongroom.services.evidence.watch_issuer_keys import IssuerKeysNeeds

if TYPE_CHECKING:
    from strongroom.runtime.platform import Surroundings


def evidence_log(surroundings: Surroundings) -> EvidenceLogNeeds:
    """What logging evidence needs."""
    log_key = surroundings.setting(Setting.LOG_KEY)
    here = Arn.parse(log_key).account
    objects = EvidenceBucket(client("s3"), surroundings.setting(Setting.EVIDENCE_BUCKET), owner=here)
    index = TableLogIndex(client("dynamodb"), surroundings.setting(Setting.LOG_TABLE))
    keeper = LogKeeper(
        objects=objects,
        index=index,
        log_key=LogSigner(client("kms"), log_key, name=surroundings.setting(Setting.LOG_ORIGIN), kind=LOG_TYPE),
        witness_key=LogSigner(
            client("kms"),
            surroundings.setting(Setting.WITNESS_KEY),
            name=surroundings.setting(Setting.WITNESS),
            kind=WITNESS_TYPE,
        ),
    )
    return EvidenceLogNeeds(objects=objects, index=index, keeper=keeper)


def issuer_keys(surroundings: Surroundings) -> IssuerKeysNeeds:
    """What watching the identity provider's keys needs."""
    issuer = surroundings.setting(Setting.ISSUER)
    owner = parse_account_id(surroundings.setting(Setting.EVIDENCE_OWNER))
    return IssuerKeysNeeds(
        issuer=issuer,
        site=PublishedDocuments(issuer, http=Web()),
        shelf=EvidenceBucket(client("s3"), surroundings.setting(Setting.EVIDENCE_BUCKET), owner=owner),
    )
