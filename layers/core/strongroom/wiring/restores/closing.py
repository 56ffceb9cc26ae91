"""The end of a ceremony, told to everybody concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.evidence_key import EvidenceKey
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.slack.approvals import SlackApprovals
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.runtime.settings import Setting
from strongroom.services.restores.acting.close_restore import RestoreClosingNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.restores.ticketing import tickets
from strongroom.wiring.slack import slack
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def restore_closing(platform: Platform) -> RestoreClosingNeeds:
    """What ending a ceremony needs."""
    workspace = ceremony_of(platform.intent).slack
    return RestoreClosingNeeds(
        book=LedgerRestores(ledger(platform)),
        evidence=evidence(platform),
        signer=EvidenceKey(client("kms"), platform.setting(Setting.EVIDENCE_KEY)),
        board=SlackApprovals(slack(platform, api_url=workspace.api_url), channel=workspace.restores_channel),
        tickets=tickets(platform),
        publisher=bus(platform),
        alerts=alert_notifier(platform),
        home=platform.intent.organization,
    )
