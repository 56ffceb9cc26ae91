"""Restores: carried out as approved, each act after everything was looked at again, and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.clients import client
from strongroom.adapters.evidence_key import EvidenceKey
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.member_backup import CentralCopyJobs, MemberRestoreJobs, MemberRestoreStarter, VaultedPoints
from strongroom.adapters.slack_approvals import SlackApprovals
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.runtime.settings import Setting
from strongroom.services.check_copy_back import CopyBackCheckNeeds
from strongroom.services.check_restore import RestoreCheckNeeds
from strongroom.services.close_restore import RestoreClosingNeeds
from strongroom.services.start_copy_back import CopyBackStartNeeds
from strongroom.services.start_restore import RestoreStartNeeds
from strongroom.services.tag_restored import RestoredTagNeeds
from strongroom.wiring.alerts import alert_notifier
from strongroom.wiring.ceremony import approvals, evidence, tickets
from strongroom.wiring.members import inspection, restoring, tagging
from strongroom.wiring.slack import slack
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def copy_back_start(platform: Platform) -> CopyBackStartNeeds:
    """What starting a copy back needs."""
    return CopyBackStartNeeds(
        approvals=approvals(platform),
        tickets=tickets(platform),
        jobs=CentralCopyJobs(client, intent=platform.intent),
    )


def copy_back_check(platform: Platform) -> CopyBackCheckNeeds:
    """What looking at a copy back needs."""
    return CopyBackCheckNeeds(
        book=LedgerRestores(ledger(platform)),
        evidence=evidence(platform),
        jobs=CentralCopyJobs(client, intent=platform.intent),
    )


def restore_start(platform: Platform) -> RestoreStartNeeds:
    """What starting a restore needs."""
    return RestoreStartNeeds(
        approvals=approvals(platform),
        tickets=tickets(platform),
        starter=MemberRestoreStarter(restoring(platform), intent=platform.intent),
    )


def restore_check(platform: Platform) -> RestoreCheckNeeds:
    """What looking at a restore needs."""
    return RestoreCheckNeeds(
        book=LedgerRestores(ledger(platform)),
        evidence=evidence(platform),
        jobs=MemberRestoreJobs(inspection(platform)),
    )


def restored_tag(platform: Platform) -> RestoredTagNeeds:
    """What tagging what was restored needs."""
    return RestoredTagNeeds(
        book=LedgerRestores(ledger(platform)),
        evidence=evidence(platform),
        points=VaultedPoints(client, inspection(platform), intent=platform.intent),
        tags=MemberTags(tagging(platform)),
    )


def restore_closing(platform: Platform) -> RestoreClosingNeeds:
    """What ending a ceremony needs."""
    return RestoreClosingNeeds(
        book=LedgerRestores(ledger(platform)),
        evidence=evidence(platform),
        signer=EvidenceKey(client("kms"), platform.setting(Setting.EVIDENCE_KEY)),
        board=SlackApprovals(slack(platform), channel=platform.intent.slack.restores_channel),
        tickets=tickets(platform),
        publisher=bus(platform),
        alerts=alert_notifier(platform),
        home=platform.intent.organization,
    )
