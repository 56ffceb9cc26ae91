"""Give what was restored the tags of its recovery point."""

from strongroom.adapters.clients import MemberClients, client
from strongroom.adapters.ledger.evidence import LedgerEvidence
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.member_backup import VaultedPoints
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.runtime.contracts.restores import RequestInput
from strongroom.runtime.platform import Platform
from strongroom.runtime.steps import each_step
from strongroom.services.keep_evidence import EvidenceDesk
from strongroom.services.tag_restored import RestoredTagged, tag_restored


@each_step(RequestInput)
def handler(step: RequestInput, platform: Platform) -> RestoredTagged:
    """Read the recovery point's tags, and add them through the tagging role."""
    intent = platform.intent
    table = LedgerTable(client("dynamodb"), platform.settings.ledger)
    inspectors = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=platform.now
    )
    taggers = MemberClients(lambda account: intent.member_role_arn(intent.roles.tagging, account), now=platform.now)
    return tag_restored(
        step.request_id,
        book=LedgerRestores(table),
        evidence=EvidenceDesk(LedgerEvidence(table)),
        points=VaultedPoints(client, inspectors, intent=intent),
        tags=MemberTags(taggers),
        now=platform.now(),
    )
