"""What the audit account sees of a ceremony: its evidence under a real log, and the jobs that AWS lists."""

from __future__ import annotations

from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.adapters.ledger.watch import LedgerWatch
from strongroom.domain.accounts.membership import Membership
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.evidence.entries import EntryKind, next_entry
from strongroom.domain.evidence.explaining import RestoreHint, WatchedCopy, WatchedRestore
from strongroom.domain.evidence.object_keys import entry_key
from strongroom.domain.evidence.trust import LogTrust
from strongroom.domain.evidence.witnessing import demand_witnessed
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.proofs.trust import Period
from strongroom.domain.restores.jobs import RestoreJob
from strongroom.services.evidence.explain_outages import OutageExplainingNeeds
from strongroom.services.evidence.keep_ceremony import EvidenceReading, KeptCeremony
from strongroom.services.evidence.keep_trust import KeptTrust
from strongroom.services.evidence.tell_auditors import AuditorNotifier
from strongroom.services.evidence.watch_ceremonies import CeremonyWatchNeeds
from strongroom.services.evidence.watch_restores import RestoreWatchNeeds, WatchVerdict, watch_restores
from strongroom.services.restores.acting.check_restore import check_restore
from tests.builders.intents import with_restores
from tests.builders.places import AUDIT_ACCOUNT, BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, PAYMENTS, TEMPORARY_VAULT
from tests.builders.restores import CENTRAL_POINT, NOW, a_proving_intent
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.evidence.bucket import ShelfBucket
from tests.fakes.evidence.log import ORIGIN, WITNESS, LogWorld
from tests.fakes.restores.world import CeremonyWorld

JOB_ROLE = f"arn:aws:iam::{PAYMENTS}:role/strongroom/strongroom-restore-job"
CENTRAL_ROLE = f"arn:aws:iam::{BACKUP_ACCOUNT}:role/strongroom/strongroom-central-backup"


@dataclass
class LoggedWitness:
    """The audit account's log, which is asked by the ceremony."""

    log: LogWorld
    trust: LogTrust
    clock: Any

    def witness(self, request_id: str) -> Mapping[str, str]:
        return self.log.run(request_id, now=self.clock()).proofs

    def hint(self, request_id: str) -> None:
        """What is only hinted at waits for the log's own clock here: a test lets it strike."""

    def seen_at(self, _: KeptCeremony) -> Mapping[str, datetime]:
        return {}

    def check(self, key: str, text: str, proofs: Mapping[str, str]) -> datetime:
        return demand_witnessed(key, text, proofs, trust=self.trust, signatures=CryptographySignatures())


@dataclass
class FakeJobLists:
    """The restore and copy jobs of every account; `closed` are the accounts that let nobody look, each with why."""

    restores: dict[str, WatchedRestore] = field(default_factory=dict)
    copies: list[WatchedCopy] = field(default_factory=list)
    closed: dict[str, Exception] = field(default_factory=dict)
    described: list[str] = field(default_factory=list)

    def ids(self, account: AccountId, region: Region, *, since: datetime) -> tuple[str, ...]:
        self._enter(account)
        return tuple(
            name
            for name, each in self.restores.items()
            if (each.account, each.region) == (account, region) and each.job.created_at >= since
        )

    def describe(self, job_id: str, *, account: AccountId, region: Region) -> WatchedRestore | None:
        self._enter(account)
        self.described.append(job_id)
        found = self.restores.get(job_id)
        return found if found and (found.account, found.region) == (account, region) else None

    def out_of(self, vault: str, *, account: AccountId, region: Region, since: datetime) -> tuple[WatchedCopy, ...]:
        self._enter(account)
        return tuple(each for each in self.copies if each.source_vault == vault and each.created_at >= since)

    def _enter(self, account: AccountId) -> None:
        if account in self.closed:
            raise self.closed[account]


@dataclass
class WatchWorld:
    """A ceremony, its evidence and its log, and the watch over all of it."""

    intent: Intent
    profiles: tuple[AccountProfile, ...] = ()
    jobs: FakeJobLists = field(default_factory=FakeJobLists)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    table: MemoryTable = field(default_factory=MemoryTable)
    memberships_of: dict[AccountId, Membership] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.intent = a_proving_intent(self.intent)
        if self.profiles:
            self.intent = with_restores(self.intent, profiles=self.profiles)
        self.ceremony = CeremonyWorld(self.intent)
        self.bucket = ShelfBucket(shelf=self.ceremony.shelf)
        self.log = LogWorld(bucket=self.bucket)
        keys = (self.log.log_key.key(), self.log.witness_key.key())
        self.log_trust = LogTrust(origin=ORIGIN, witness=WITNESS, keys=keys)
        witness = LoggedWitness(log=self.log, trust=self.log_trust, clock=lambda: self.ceremony.now)
        self.ceremony.witness = witness  # type: ignore[assignment]
        production = self.intent.organization.units["Production"]
        self.memberships_of[AccountId(PAYMENTS)] = Membership(status="ACTIVE", units=(production,))
        self.memberships_of[AccountId(BACKUP_ACCOUNT)] = Membership(status="ACTIVE", units=())
        LedgerWatch(self.table).began(NOW - timedelta(days=30))

    @property
    def now(self) -> datetime:
        """The clock of everybody."""
        return self.ceremony.now

    def memberships(self) -> Mapping[AccountId, Membership]:
        return self.memberships_of

    @property
    def watching(self) -> CeremonyWatchNeeds:
        """What watching ceremonies needs."""
        return CeremonyWatchNeeds(
            evidence=EvidenceReading(self.ceremony.shelf),
            keys=self.bucket,
            trust=self.trust,
            signatures=CryptographySignatures(),
            book=LedgerWatch(self.table),
            alerts=AuditorNotifier(self.alerts.notifier),
            account=AccountId(AUDIT_ACCOUNT),
            region=Region(HOME),
        )

    @property
    def trust(self) -> KeptTrust:
        """Whom the watch believes."""
        keys: dict[str, Period] = {}
        return KeptTrust(intent=self.intent, log=self.log_trust, issuer_keys=keys, shelf=self.ceremony.shelf)

    @property
    def needs(self) -> RestoreWatchNeeds:
        """What watching restores needs."""
        watching = self.watching
        return RestoreWatchNeeds(
            intent=self.intent,
            accounts=self,
            restores=self.jobs,
            copies=self.jobs,
            ceremonies=watching,
            outages=OutageExplainingNeeds(
                intent=self.intent,
                shelf=self.ceremony.shelf,
                trust=watching.trust,
                signatures=watching.signatures,
            ),
        )

    def look(self, job: str | None = None) -> WatchVerdict:
        """Look at one job as an event has it, or at all of them."""
        hint = None if job is None else RestoreHint(job=job, account=AccountId(PAYMENTS), region=Region(HOME))
        return watch_restores(hint, needs=self.needs, now=self.now)

    def tick(self) -> None:
        """Let the log take in what nobody asked about."""
        self.log.run(None, now=self.now)

    def forge(self, request_id: str, kind: EntryKind, **facts: Any) -> None:
        """Somebody who may write the chain writes this."""
        entry = next_entry(
            self.ceremony.kept(request_id).chain[-1], stream=request_id, kind=kind, facts=facts, at=self.now
        )
        self.ceremony.shelf.put_new(entry_key(request_id, entry.number), entry.text)

    def restore(self) -> str:
        """Go through a ceremony until its job is started, and let AWS list the job; the request's id."""
        request_id = self.ceremony.come_to_restore()
        self.list_restore(request_id)
        return request_id

    def list_restore(self, request_id: str, *, job_id: str = "restore-1", **changes: Any) -> WatchedRestore:
        """Let AWS list a job that is as the request has it, but for the changes."""
        request = self.ceremony.kept(request_id).sealed.request
        job = RestoreJob(
            id=job_id,
            account=request.account,
            recovery_point=request.recovery_point,
            role=request.role,
            created_at=self.now,
            status="RUNNING",
            message="",
            created="",
            metadata=dict(request.metadata),
        )
        return self.list_job(replace(job, **changes))

    def list_job(self, job: RestoreJob, **changes: Any) -> WatchedRestore:
        """Let AWS list this job in payments."""
        found = WatchedRestore(job=job, account=AccountId(PAYMENTS), region=Region(HOME))
        self.jobs.restores[job.id] = replace(found, **changes)
        return self.jobs.restores[job.id]

    def list_copy(self, **changes: Any) -> WatchedCopy:
        """Let AWS list a copy out of the central vault into the vault of payments."""
        made = WatchedCopy(
            id="copy-1",
            account=AccountId(BACKUP_ACCOUNT),
            region=Region(HOME),
            source=CENTRAL_POINT,
            source_vault=CENTRAL_VAULT,
            destination=TEMPORARY_VAULT,
            role=CENTRAL_ROLE,
            created_at=self.now,
            made="",
        )
        self.jobs.copies.append(replace(made, **changes))
        return self.jobs.copies[-1]

    def finish(self, request_id: str, *, job_id: str = "restore-1") -> None:
        """Let the job end well, and the ceremony with it, under the eyes of the log."""
        world = self.ceremony
        world.later(minutes=30)
        world.restores.states = ["COMPLETED"]
        check_restore(request_id, execution=world.execution(request_id), needs=world.checking_restore, now=world.now)
        world.close(request_id)
        if found := self.jobs.restores.get(job_id):
            self.jobs.restores[job_id] = replace(found, job=replace(found.job, status="COMPLETED"))

    def shut(self, account: str, error: Exception | None = None) -> None:
        """Let nobody look into the account."""
        self.jobs.closed[account] = error or AccessRefusedError("the role cannot be assumed")
