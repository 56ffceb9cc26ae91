"""Restores, asked for."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.recovery_points import VaultedPoints
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.restore_places import MemberRestorePlaces
from strongroom.adapters.aws.step_functions import RestoreCeremonies
from strongroom.adapters.ledger.restores import LedgerRestores
from strongroom.adapters.ledger.tickets import LedgerTicketUses
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.runtime.settings import Setting
from strongroom.services.restores.asking.request_restore import RestoreRequestNeeds
from strongroom.wiring.members import inspection
from strongroom.wiring.restores.recording import evidence
from strongroom.wiring.restores.ticketing import tickets
from strongroom.wiring.stack import bus, ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def restore_request(platform: Platform) -> RestoreRequestNeeds:
    """What a new request needs."""
    table = ledger(platform)
    return RestoreRequestNeeds(
        intent=platform.intent,
        ceremony=ceremony_of(platform.intent),
        intent_digest=platform.intent_digest,
        book=LedgerRestores(table),
        evidence=evidence(platform),
        uses=LedgerTicketUses(table),
        tickets=tickets(platform),
        points=VaultedPoints(client, inspection(platform), intent=platform.intent),
        places=MemberRestorePlaces(inspection(platform)),
        units=Organization(client("organizations")),
        ceremonies=RestoreCeremonies(client("stepfunctions"), platform.setting(Setting.RESTORE_MACHINE)),
        publisher=bus(platform),
        random=secrets.token_bytes,
    )
