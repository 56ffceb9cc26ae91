"""Look how far a copy back has come."""

from strongroom.adapters.clients import client
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.member_backup import CentralCopyJobs
from strongroom.domain.restore_jobs import JobVerdict
from strongroom.runtime.contracts.restores import RequestInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.check_copy_back import check_copy_back
from strongroom.services.keep_evidence import EvidenceDesk


@each_step(RequestInput)
def handler(step: RequestInput, platform: Platform) -> JobVerdict:
    """Describe the copy job; events about it are never believed."""
    table = LedgerTable(client("dynamodb"), platform.settings.ledger)
    return check_copy_back(
        step.request_id,
        book=LedgerRestores(table),
        evidence=EvidenceDesk(LedgerEvidence(table)),
        jobs=CentralCopyJobs(client, intent=platform.intent),
        now=platform.now(),
    )
