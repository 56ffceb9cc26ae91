"""The log over all evidence, which is kept in the audit account and knows no intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.evidence.bucket import EvidenceBucket
from strongroom.adapters.aws.evidence.log_index import TableLogIndex
from strongroom.adapters.aws.evidence.log_signer import LogSigner
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.identifiers import Arn
from strongroom.runtime.settings import Setting
from strongroom.services.evidence.keep_log import LogKeeper
from strongroom.services.evidence.log_evidence import EvidenceLogNeeds

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
