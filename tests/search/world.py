"""The world that a moment is made into, so that real services can act upon it, and what has become of it."""

import json
from collections.abc import Callable, Mapping
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from strongroom.adapters.ledger.memory import MemoryTable
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import NotFoundError, TemporarilyUnavailableError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.proofs.decisions import Evidence
from strongroom.domain.proofs.policies import CeremonyPolicy
from strongroom.domain.proofs.proof import read_proof
from strongroom.domain.restores.arriving.landing import Hop
from strongroom.domain.restores.ends.standing import OpenEnd
from strongroom.domain.restores.jobs import CopyBackJob, RestoreJob
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.restores.tickets.ticket import Ticket
from strongroom.services.evidence.keep_ceremony import EvidenceKeeper, KeptCeremony
from strongroom.services.restores.deciding.judge import CeremonyJudge
from tests.builders.places import TEMPORARY_VAULT
from tests.builders.restores import COPIED_POINT, NOW, RESTORED, a_copy_back_job, a_ticket
from tests.fakes.remembering.known_rules import kept_rules, policy_text, proof_trust, read_rules, urgent_text
from tests.fakes.restores.evidence import FakeShelf
from tests.fakes.restores.world import SIGNATURES, CeremonyWorld
from tests.search.machine import after, begins_at
from tests.search.moments import Execution, Fate, Fated, Job, Moment

TOKEN_LIVES: Final = timedelta(minutes=10)


@dataclass
class Interrupted:
    """The log, before whose answer something else happens."""

    inner: Any
    happens: Callable[[], None]

    def witness(self, request_id: str) -> Any:
        self.happens()
        return self.inner.witness(request_id)

    def check(self, key: str, text: str, proofs: Mapping[str, str]) -> Any:
        return self.inner.check(key, text, proofs)


@dataclass
class Jobs:
    """AWS Backup: a token is known for ten minutes, and a job is listed as soon as it is there."""

    world: "SearchWorld"
    jobs: list[Job]
    gate: Callable[[], None] = lambda: None

    def start(self, request: RestoreRequest, *, recovery_point: str) -> str:
        return _begun("restore", self.jobs, now=self.world.now, gate=self.gate)

    def started(self, request: RestoreRequest, *, recovery_point: str, since: datetime) -> tuple[str, ...]:
        return tuple(job.id for job in self.jobs if job.made_at >= since)

    def describe(self, job_id: str, *, request: RestoreRequest) -> RestoreJob:
        job = next((job for job in self.jobs if job.id == job_id), None)
        if job is None:
            raise NotFoundError(f"there is no restore job {job_id}")
        return RestoreJob(
            id=job.id,
            account=request.account,
            recovery_point=COPIED_POINT if request.plan is RestorePlan.COPY_BACK else request.recovery_point,
            role=request.role,
            created_at=job.made_at,
            status=job.status,
            message="it did not work" if job.status == "FAILED" else "",
            created=RESTORED if job.status == "COMPLETED" else "",
            metadata=dict(request.metadata),
        )


@dataclass
class Copies:
    """AWS Backup: copies back, by tokens that are known as long."""

    world: "SearchWorld"
    jobs: list[Job]
    gate: Callable[[], None] = lambda: None

    def start(self, request: RestoreRequest, hop: Hop) -> str:
        return _begun("copy", self.jobs, now=self.world.now, gate=self.gate)

    def jobs_of(self, end: OpenEnd) -> tuple[str, ...]:
        return tuple(job.id for job in self.jobs if job.made_at >= end.since)

    def describe(self, job_id: str, *, region: Region) -> CopyBackJob:
        job = next((job for job in self.jobs if job.id == job_id), None)
        if job is None:
            raise NotFoundError(f"there is no copy job {job_id}")
        return a_copy_back_job(
            id=job.id,
            destination=TEMPORARY_VAULT,
            state=job.status,
            recovery_point=COPIED_POINT if job.status == "COMPLETED" else "",
        )


def _begun(kind: str, jobs: list[Job], *, now: datetime, gate: Callable[[], None]) -> str:
    """The job whose token is still known, or a new one, which must pass its gates."""
    known = next((job for job in jobs if now - job.made_at <= TOKEN_LIVES), None)
    if known is None:
        gate()
        known = Job(f"{kind}-{len(jobs) + 1}", now)
        jobs.append(known)
    return known.id


@dataclass
class _Tickets:
    state: str
    comments: list[str] = field(default_factory=list)

    def read(self, key: str) -> Ticket:
        if self.state == "down":
            raise TemporarilyUnavailableError("the ticket system cannot be reached")
        return a_ticket() if self.state == "good" else a_ticket(edited_at=NOW)

    def comment(self, key: str, text: str) -> None:
        """Comments bear on nothing."""


@dataclass
class SearchWorld(CeremonyWorld):
    """The world of a moment; what it becomes is a moment again."""

    fate: Fate = field(default_factory=Fate)
    moment: Moment = field(default_factory=Moment)
    made: list[Execution] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        moment, fate = self.moment, self.fate
        table: Any = MemoryTable()
        for row in moment.rows:
            table.put(_item(row))
        self.plain_table, self.plain_shelf = table, self.shelf
        self.plain_shelf.rules |= kept_rules(self.known, at=NOW)
        self.table = _any(Fated(table, fate, "change", "change_all", "put", "put_new"))
        self.shelf = _any(Fated(self.shelf, fate, "put_new"))
        self.witness.is_down = moment.log_is_down
        self.witness = _any(Fated(self.witness, fate, "witness"))
        self.tickets = _any(_Tickets(moment.ticket))
        self.tasks = _any(_Bell(self))
        self.jobs = Jobs(self, list(moment.jobs))
        self.restores = _any(Fated(self.jobs, fate, "start"))
        self.copy_jobs = Copies(self, list(moment.copies))
        self.copies = _any(Fated(self.copy_jobs, fate, "start"))
        self.made = list(moment.executions)

    @property
    def judge(self) -> CeremonyJudge:
        evidence = Evidence(trust=proof_trust(self.known), signatures=SIGNATURES)
        return CeremonyJudge(evidence=evidence, rules_of=self._rules_today, witnessed_at=_seen_at_once)

    def _rules_today(self, request: RestoreRequest) -> CeremonyPolicy:
        return read_rules(self.urgent_policy() if request.is_urgent else self.policy_of(request.account, request.unit))

    def policy_of(self, account: AccountId, unit: str) -> str:
        return policy_text(self.known, account=None, unit="Production", at=NOW)

    def urgent_policy(self) -> str:
        return urgent_text(self.known, at=NOW)

    def begin(self, request_id: str) -> Any:
        """As Step Functions does: once by its name, and not again when it has ended."""
        return self._begin(request_id)

    def begin_closing(self, request_id: str, *, now: datetime) -> None:
        self._begin(f"{request_id}-close-{int(now.timestamp() // 600)}")

    def _begin(self, name: str) -> bool:
        self.fate.strike()
        known = next((each for each in self.made if each.name == name), None)
        if known is None:
            self.made.append(Execution(name, "").moved(begins_at(name), now=self.now))
        return known is None or known.runs

    def is_running(self, execution: str) -> bool:
        return any(self.execution(each.name) == execution and each.runs for each in self.made)

    def ended_at(self, execution: str) -> datetime | None:
        return next((each.ended for each in self.made if self.execution(each.name) == execution), None)

    def publish(self, fact: Any) -> None:
        self.fate.strike()
        super().publish(fact)

    def while_the_log_signs(self, happens: Callable[[], None]) -> None:
        """Let that happen just before the log signs."""
        witness: Any = self.witness
        self.witness = _any(Interrupted(witness, happens))

    @property
    def keeper_of_plain(self) -> EvidenceKeeper:
        """Brings evidence from elsewhere: what dies here does not die there."""
        return EvidenceKeeper(self.plain_shelf)

    def become(self, **changes: Any) -> Moment:
        """What has become of the moment."""
        told = {*self.moment.told, *(type(fact).__name__ for fact in self.published)} - {"AlertOpened"}
        told |= set(map(str, self.alerts.kinds))
        after = replace(
            self.moment,
            texts=tuple(sorted(self.plain_shelf.kept.items())),
            rows=tuple(json.dumps(item, sort_keys=True) for item in self.plain_table.everything()),
            copies=tuple(self.copy_jobs.jobs),
            jobs=tuple(self.jobs.jobs),
            executions=tuple(sorted(self.made, key=lambda each: each.name)),
            told=tuple(sorted(told)),
        )
        return replace(after, **changes)


def _seen_at_once(kept: KeptCeremony) -> Mapping[str, datetime]:
    """The log is told of each proof by whoever takes it; where there is a delay, the search lets no log be away."""
    return {digest_of(text): read_proof(text).statement.issued_at for text in kept.proofs}


class _Bell:
    """Step Functions' waiting task: whoever answers it wakes the execution, and an answer to none is refused."""

    def __init__(self, world: SearchWorld) -> None:
        self._world = world

    def succeed(self, token: str, output: Mapping[str, str]) -> bool:
        self._world.fate.strike()
        for place, each in enumerate(self._world.made):
            if each.waits and each.name == token:
                self._world.made[place] = each.moved(
                    after(each.at, {}, each.variables, name=each.name), now=self._world.now
                )
                return True
        return False


@cache
def _item(row: str) -> Mapping[str, Any]:
    # The table keeps a copy.
    item: Mapping[str, Any] = json.loads(row)
    return item


def _any(value: object) -> Any:
    return value


def world_of(moment: Moment, intent: Intent, *, dies_before: int | None = None) -> SearchWorld:
    """The world at that moment."""
    shelf = FakeShelf(dict(moment.texts))
    return SearchWorld(intent, now=moment.now, shelf=shelf, moment=moment, fate=Fate(dies_before))
