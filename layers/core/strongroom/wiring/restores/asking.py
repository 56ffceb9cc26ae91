"""Restores, asked for and opened."""

from __future__ import annotations

import secrets as randomness
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.backup.recovery_points import VaultedPoints
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.restore_places import BucketNames, MemberRestorePlaces
from strongroom.adapters.aws.restores.ontap_volumes import OntapVolumes
from strongroom.adapters.aws.step_functions.ceremonies import RestoreCeremonies
from strongroom.adapters.ledger.nonces import LedgerLimits, LedgerStatements
from strongroom.adapters.ledger.restores import CeremonyDrafts, CeremonyRequests
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.runtime.settings import Setting
from strongroom.services.restores.asking.ask_after import AfterRequestNeeds
from strongroom.services.restores.asking.open_restore import RestoreOpeningNeeds
from strongroom.services.restores.asking.request_restore import RestoreRequestNeeds
from strongroom.wiring.members import inspection, naming_buckets
from strongroom.wiring.restores.approving.ticketing import tickets
from strongroom.wiring.restores.deciding import judge, rules_text, urgent_rules_text
from strongroom.wiring.restores.finding import candidate_finding
from strongroom.wiring.restores.looking import asked_settings, restore_jobs
from strongroom.wiring.restores.recording import keeper
from strongroom.wiring.stack import bus, ceremony_table, ledger, secrets

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


# Of the time in which a request is answered; the rest of it is for what a request cannot do without.
_LOOKED_FOR_CANDIDATES: Final = timedelta(seconds=10)


def restore_request(platform: Platform) -> RestoreRequestNeeds:
    """What a new request needs."""
    return RestoreRequestNeeds(**_request(platform))


def after_request(platform: Platform) -> AfterRequestNeeds:
    """What a request after a restore needs."""
    return AfterRequestNeeds(
        judge=judge(platform),
        keeper=keeper(platform),
        jobs=restore_jobs(platform),
        settings=asked_settings(platform),
        **_request(platform),
    )


def _request(platform: Platform) -> dict[str, Any]:
    directory = Organization(client("organizations"))
    places = MemberRestorePlaces(
        inspection(platform), BucketNames(naming_buckets(platform)), OntapVolumes(inspection(platform))
    )
    finding = candidate_finding(platform, within=_LOOKED_FOR_CANDIDATES)
    return {
        "intent": platform.intent,
        "ceremony": ceremony_of(platform.intent),
        "intent_digest": platform.intent_digest,
        "drafts": CeremonyDrafts(ceremony_table(platform)),
        "statements": LedgerStatements(ledger(platform), now=platform.now),
        "open_requests": CeremonyRequests(ceremony_table(platform)),
        "limits": LedgerLimits(ledger(platform)),
        "tickets": tickets(platform),
        "names": directory,
        "finding": finding,
        "points": VaultedPoints(client, inspection(platform), intent=platform.intent),
        "lists": finding.lists,
        "in_time": finding.in_time,
        "places": places,
        "targets": places,
        "units": directory,
        "policy_of": partial(rules_text, platform),
        "urgent_policy": partial(urgent_rules_text, platform),
        "public_url": secrets(platform).value("public_url"),
        "random": randomness.token_bytes,
    }


def restore_opening(platform: Platform) -> RestoreOpeningNeeds:
    """What opening a request needs."""
    table = ceremony_table(platform)
    return RestoreOpeningNeeds(
        judge=judge(platform),
        keeper=keeper(platform),
        drafts=CeremonyDrafts(table),
        statements=LedgerStatements(ledger(platform), now=platform.now),
        open_requests=CeremonyRequests(table),
        ceremonies=RestoreCeremonies(client("stepfunctions"), platform.setting(Setting.RESTORE_MACHINE)),
        publisher=bus(platform),
        public_url=secrets(platform).value("public_url"),
    )
