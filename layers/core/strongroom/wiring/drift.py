"""Drift: tags that somebody changed later, which are put back or told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.ledger.accounts.book import LedgerAccounts
from strongroom.adapters.ledger.resources import LedgerResources
from strongroom.adapters.tagging.member_tags import MemberTags
from strongroom.services.tags.answer_drift import DriftAnswerNeeds
from strongroom.wiring.alerts.telling import alert_notifier
from strongroom.wiring.members import tagging
from strongroom.wiring.stack import bus, ledger
from strongroom.wiring.tags import kept_paces

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def drift_answer(platform: Platform) -> DriftAnswerNeeds:
    """What answering drift needs."""
    table = ledger(platform)
    return DriftAnswerNeeds(
        intent=platform.intent,
        organization=Organization(client("organizations")),
        accounts=LedgerAccounts(table),
        resources=LedgerResources(table),
        tags=MemberTags(tagging(platform)),
        paces=kept_paces(),
        alerts=alert_notifier(platform),
        publisher=bus(platform),
    )
