"""Look how far a restore has come."""

from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.member_backup import MemberRestoreJobs
from strongroom.domain.restore_jobs import JobVerdict
from strongroom.runtime.contracts.restores import RequestInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.check_restore import check_restore
from strongroom.services.keep_evidence import EvidenceDesk


@each_step(RequestInput)
def handler(step: RequestInput, platform: Platform) -> JobVerdict:
    """Describe the restore job, and compare what it used with what was approved."""
    intent = platform.intent
    table = LedgerTable(client("dynamodb"), platform.settings.ledger)
    inspectors = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    return check_restore(
        step.request_id,
        book=LedgerRestores(table),
        evidence=EvidenceDesk(LedgerEvidence(table)),
        jobs=MemberRestoreJobs(inspectors),
        now=platform.now(),
    )
