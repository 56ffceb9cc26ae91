"""Recovery points, and the jobs that copy and restore them."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from strongroom.domain.catalogue.fsx import SYSTEM_CALL
from strongroom.domain.errors import (
    NotFoundError,
    StrongroomError,
    TemporarilyUnavailableError,
    ThrottledError,
)
from strongroom.domain.identifiers import AccountId, Arn, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.arriving.access import AccessVault
from strongroom.domain.restores.arriving.landing import Hop, LandingVault, PlaceFound
from strongroom.domain.restores.ends.revoking import AskedToRevoke
from strongroom.domain.restores.ends.standing import OpenEnd
from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
from strongroom.domain.restores.kinds.turns import RunningJob
from strongroom.domain.restores.metadata import Metadata
from strongroom.domain.restores.plans import RecoveryPoint
from strongroom.domain.restores.requests import RestoreRequest
from tests.builders.air_gaps import TEAM
from tests.builders.restores import (
    BETWEEN_POINT,
    COPIED_POINT,
    NOW,
    RESTORED,
    a_landing_vault,
)


@dataclass
class FakePoints:
    """Recovery points by ARN and vault."""

    points: dict[tuple[str, str], RecoveryPoint]
    vault: LandingVault = field(default_factory=a_landing_vault)
    kept_tags: dict[str, str] = field(default_factory=lambda: {"Backup": "daily-prod", "team": "payments"})
    asked: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    team: str = TEAM

    def team_of(self, vault: str) -> str:
        return self.team

    def sees(self, account: AccountId, vault: str) -> bool:
        return vault in self.shown

    def find(self, recovery_point: str, *, vault: str) -> RecoveryPoint | None:
        return self.points.get((recovery_point, vault))

    def status(self, recovery_point: str, *, vault: str) -> str | None:
        found = self.find(recovery_point, vault=vault)
        return None if found is None else found.status

    def landing(self, account: AccountId, region: Region) -> LandingVault:
        return self.vault

    def tags(self, recovery_point: str, *, account: AccountId, region: Region) -> dict[str, str]:
        self.asked.append(recovery_point)
        return self.kept_tags


@dataclass
class FakePlaces:
    """What an account has: everything that is named, but what is `missing`; names that are `taken`, by what."""

    missing: set[str] = field(default_factory=set)
    taken: dict[str, str] = field(default_factory=dict)

    def holder(self, metadata: Metadata, *, account: AccountId, region: Region) -> str:
        return next((self.taken[value] for _, value in metadata if value in self.taken), "")

    def find(self, metadata: Metadata, *, account: AccountId, region: Region) -> tuple[PlaceFound, ...]:
        return tuple(PlaceFound(key=key, name=value, is_there=value not in self.missing) for key, value in metadata)


@dataclass
class FakeJobs:
    """One job, started with an idempotency that a test can count."""

    states: list[str] = field(default_factory=lambda: ["RUNNING", "COMPLETED"])
    begun: list[str] = field(default_factory=list)
    used: dict[str, str] | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    message: str = ""

    def _next(self) -> str:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


class FakeCopyBackJobs(FakeJobs):
    """Copies back."""

    def __init__(self, intent: Intent) -> None:
        super().__init__()
        self.intent = intent
        self.hops: dict[str, Hop] = {}
        self.dies_after = False

    def start(self, request: RestoreRequest, hop: Hop) -> str:
        self.begun.append(hop.recovery_point)
        known = next((job for job, other in self.hops.items() if other.token == hop.token), None)
        job = known or f"copy-{len(self.hops) + 1}"
        self.hops[job] = hop
        if self.dies_after:
            raise TemporarilyUnavailableError("the answer was lost")
        return job

    def jobs_of(self, end: OpenEnd) -> tuple[str, ...]:
        return tuple(
            job
            for job, hop in self.hops.items()
            if hop.token.startswith(end.request_id) and hop.recovery_point == end.source
        )

    def describe(self, job_id: str, *, region: Region) -> CopyBackJob:
        hop = self.hops.get(job_id)
        if hop is None or region != Arn.parse(hop.source).region:
            raise NotFoundError(f"there is no copy job {job_id} in {region}")
        state = self._next()
        is_between = Arn.parse(hop.destination).account == self.intent.organization.backup_account
        landed = BETWEEN_POINT if is_between else COPIED_POINT
        made = CopyBackJob(
            id=job_id,
            source=hop.recovery_point,
            destination=hop.destination,
            state=state,
            message=self.message,
            recovery_point=landed if state == "COMPLETED" else "",
            completed_at=None,
        )
        return replace(made, **self.changes)


class FakeRestoreJobs(FakeJobs):
    """Restores; `known` are the jobs that AWS Backup would list, `used_by` what one of them used otherwise.

    `begun` are calls, and `listed_since` is since when jobs were listed. An idempotency token is known for ten minutes.
    `dies` is whether a call dies `before` AWS Backup takes the job, or `after`, or is refused as one `too many`.
    `others` of its type run meanwhile.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.now = now
        self.known: list[str] = []
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.used_by: dict[str, dict[str, str]] = {}
        self.dies = ""
        self.listed_since: list[datetime] = []
        self.others: list[str] = []

    def start(self, request: RestoreRequest, *, recovery_point: str) -> str:
        if self.dies == "before":
            raise TemporarilyUnavailableError("no route")
        if self.dies == "too many":
            raise ThrottledError("StartRestoreJob answered LimitExceededException")
        self.begun.append(recovery_point)
        job, since = self.tokens.get(request.id, ("", self.now()))
        if not job or self.now() - since > timedelta(minutes=10):
            job = f"restore-{len(self.known) + 1}"
            self.known.append(job)
            self.tokens[request.id] = (job, self.now())
        if self.dies == "after":
            raise TemporarilyUnavailableError("the answer was lost")
        return job

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        self.listed_since.append(since)
        return tuple(self.known)

    def running(self, request: RestoreRequest, *, with_metadata: bool) -> tuple[RunningJob, ...]:
        return tuple(RunningJob(id=each, since=self.now()) for each in self.others)

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        status = self._next()
        made = RestoreJob(
            id=job_id,
            account=request.account,
            recovery_point=self._source(request),
            role=request.role,
            created_at=NOW,
            status=status,
            message=self.message,
            created=_made(request) if status == "COMPLETED" else "",
            metadata=self.used_by.get(job_id, dict(request.metadata) if self.used is None else self.used),
        )
        return replace(made, **self.changes)

    def _source(self, request: RestoreRequest) -> str:
        """Out of what it was made; FSx tells that of no file system."""
        if request.call == SYSTEM_CALL:
            return ""
        return self.begun[-1] if self.begun else request.recovery_point


@dataclass
class FakeAccess:
    """Vaults through which air-gapped ones are seen, by ARN; a test plays the team's vote by the `state`.

    `dies` is whether a call dies `before` AWS Backup takes it, or `after`; where it `hides`, nobody is told before.
    `uses` are the jobs that read through them.
    """

    vaults: dict[str, AccessVault] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    dies: str = ""
    hides: bool = False
    uses: tuple[str, ...] = ()

    def find(self, vault: str) -> AccessVault | None:
        found = self.vaults.get(vault)
        return None if found is None or (self.hides and found.state != "AVAILABLE") else found

    def ask(self, request: RestoreRequest) -> None:
        self.asked.append(request.id)
        if self.dies == "before":
            raise TemporarilyUnavailableError("no route")
        made = AccessVault(arn=request.access_vault, source=request.vault, state="CREATING", session="arn:session")
        self.vaults.setdefault(request.access_vault, made)
        if self.dies == "after":
            raise TemporarilyUnavailableError("the answer was lost")

    def of(self, request: RestoreRequest) -> tuple[str, ...]:
        return self.uses

    def vote(self, state: str) -> None:
        """Let every vault that waits be in that state."""
        self.vaults = {arn: replace(each, state=state) for arn, each in self.vaults.items()}


@dataclass
class FakeRevoker:
    """Asks for the end of accesses: of whom, and of which team, is in `asked_of`; a test plays what came of the last.

    `opened` are the accesses that are open to any vault, and what it `refuses` is not asked of the team.

    What `fails` is raised by each call.
    """

    clock: Callable[[], datetime]
    last: AskedToRevoke | None = None
    asked_of: list[tuple[str, str]] = field(default_factory=list)
    fails: StrongroomError | None = None
    opened: tuple[str, ...] = ()
    refuses: StrongroomError | None = None

    def open_accesses(self, vault: str) -> tuple[str, ...]:
        if self.fails:
            raise self.fails
        return self.opened

    def asked(self, request: RestoreRequest, *, team: str) -> AskedToRevoke | None:
        if self.fails:
            raise self.fails
        return self.last

    def revoke(self, request: RestoreRequest, *, team: str) -> None:
        if self.fails:
            raise self.fails
        self.asked_of.append((request.access_vault, team))
        if self.refuses:
            raise self.refuses
        self.last = AskedToRevoke(state="PENDING", since=self.clock())


@dataclass
class FakeStarter:
    """Starts what `jobs` then describe."""

    jobs: FakeRestoreJobs

    def start_job(self, request: RestoreRequest, *, recovery_point: str) -> str:
        return self.jobs.start(request, recovery_point=recovery_point)


def _made(request: RestoreRequest) -> str:
    """The database of the name that was asked for."""
    name = dict(request.metadata).get("DBInstanceIdentifier")
    return RESTORED if name is None else f"{RESTORED.rpartition(':')[0]}:{name}"
