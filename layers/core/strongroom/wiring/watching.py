"""The watch of the audit account over restores and their evidence: it believes nothing of the control plane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.adapters.aws.backup.watched_jobs import CentralWatchedCopies, MemberWatchedRestores
from strongroom.adapters.aws.clients import client
from strongroom.adapters.aws.evidence.bucket import EvidenceReader
from strongroom.adapters.aws.evidence.log_signer import LogKey
from strongroom.adapters.aws.organizations.accounts import OrganizationAccounts
from strongroom.adapters.identity.oidc import IdentityTokens, PublishedKeys, Web
from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.adapters.ledger.watch import LedgerWatch
from strongroom.domain.evidence.log.notes import LOG_TYPE, WITNESS_TYPE
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.identifiers import Arn
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.runtime.settings import Setting
from strongroom.services.evidence.explain_outages import OutageExplainingNeeds
from strongroom.services.evidence.keep_ceremony import EvidenceReading
from strongroom.services.evidence.keep_trust import KeptTrust
from strongroom.services.evidence.read_issuer_keys import IssuerKeys, kept_keys
from strongroom.services.evidence.tell_auditors import AuditorNotifier
from strongroom.services.evidence.watch_ceremonies import CeremonyWatchNeeds
from strongroom.services.evidence.watch_restores import RestoreWatchNeeds
from strongroom.wiring.alerts.telling import auditors_notifier
from strongroom.wiring.members import watched
from strongroom.wiring.stack import ledger

if TYPE_CHECKING:
    from strongroom.runtime.platform import Platform


def restore_watch(platform: Platform) -> RestoreWatchNeeds:
    """What watching restores needs."""
    ceremonies = ceremony_watch(platform)
    return RestoreWatchNeeds(
        intent=platform.intent,
        accounts=OrganizationAccounts(client("organizations")),
        restores=MemberWatchedRestores(watched(platform)),
        copies=CentralWatchedCopies(watched(platform)),
        ceremonies=ceremonies,
        outages=OutageExplainingNeeds(
            intent=platform.intent,
            shelf=ceremonies.evidence.shelf,
            trust=ceremonies.trust,
            signatures=ceremonies.signatures,
        ),
    )


def ceremony_watch(platform: Platform) -> CeremonyWatchNeeds:
    """What watching ceremonies needs."""
    here = Arn.parse(platform.setting(Setting.LOG_KEY))
    objects = EvidenceReader(client("s3"), platform.setting(Setting.EVIDENCE_BUCKET), owner=here.account)
    return CeremonyWatchNeeds(
        evidence=EvidenceReading(objects),
        keys=objects,
        trust=_trust(platform, objects),
        signatures=CryptographySignatures(),
        book=LedgerWatch(ledger(platform)),
        alerts=AuditorNotifier(auditors_notifier(platform)),
        account=here.account,
        region=here.region,
    )


def _trust(platform: Platform, objects: EvidenceReader) -> KeptTrust:
    """The log's own keys, which the intent may not know yet, and of people and rules what the intent says."""
    origin, witness = platform.setting(Setting.LOG_ORIGIN), platform.setting(Setting.WITNESS)
    kms, provider = client("kms"), ceremony_of(platform.intent).identity_provider
    keys = (
        LogKey(kms, platform.setting(Setting.LOG_KEY), name=origin, kind=LOG_TYPE).key(),
        LogKey(kms, platform.setting(Setting.WITNESS_KEY), name=witness, kind=WITNESS_TYPE).key(),
    )
    return KeptTrust(
        intent=platform.intent,
        log=LogTrust(origin=origin, witness=witness, keys=keys),
        issuer_keys=IssuerKeys(
            lambda: kept_keys(objects, issuer=provider.issuer, now=platform.now()),
            published=PublishedKeys(IdentityTokens(provider, http=Web())),
        ),
        shelf=objects,
    )
