"""Events on their way to our queues: late, twice, beside a sweep, forged, or never."""

from collections import Counter
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.found import CopyJob, CopyNotice
from strongroom.services.alerts.post_alert import AlertPostNeeds, post_alert
from strongroom.services.copies.open_promises import open_promises
from strongroom.services.copies.reconcile_jobs import ReconciliationNeeds
from strongroom.services.copies.verify_copy import verify_copy
from tests.simulation.nights.aws import Heard, SimulatedBackup
from tests.simulation.nights.chance import Chance
from tests.simulation.nights.clock import DAY, HOUR, MINUTE, SECOND, Clock
from tests.simulation.nights.queues import Queue

TICK: Final = 5 * MINUTE
_FAR: Final = 1 / 7
# As the template has it of Slack's queue.
_POST_RECEIVES: Final = 120


@dataclass(slots=True)
class Delivery:
    """AWS's events and ours, and the queues that they come to; `came` is when each job was first heard of."""

    chance: Chance
    clock: Clock
    aws: SimulatedBackup
    backups: Queue
    copies: Queue
    posts: Queue
    came: dict[str, int] = field(default_factory=dict)
    _rung: Counter[str] = field(default_factory=Counter)

    @property
    def queues(self) -> tuple[Queue, ...]:
        """All of them."""
        return (self.backups, self.copies, self.posts)

    def hear(self, job: Heard, *, needs: ReconciliationNeeds) -> None:
        """AWS sends an event about the job, as well as it can."""
        chance, name = self.chance, f"{job.id} {job.state}"
        if isinstance(job, CopyJob):
            job = replace(job, backup_job=None)  # only the job itself tells which backup it follows
        kind = "backup" if isinstance(job, BackupJob) else "copy"
        if chance.happens("forged", name):
            self.clock.after(500, partial(self._send, _forged(job), f"{name} forged", needs=needs))
        if chance.happens(f"drop-{kind}", name):
            return
        for time in range(2 if chance.happens("double", name) else 1):
            self.clock.after(self._wait(f"{name}/{time}"), partial(self._came, job, f"{name}/{time}", needs=needs))

    def ring(self, fingerprint: str, *, needs: AlertPostNeeds) -> None:
        """Our own bus says that something is new about the alert."""
        chance = self.chance
        self._rung[fingerprint] += 1
        name = f"{fingerprint} {self._rung[fingerprint]}"
        for time in range(2 if chance.happens("bus-double", name) else 1):
            wait = chance.between(f"rings {name}/{time}", 500, 3_000)
            if chance.happens("bus-late", f"{name}/{time}"):
                wait += chance.between(f"rings late {name}/{time}", MINUTE, 90 * MINUTE)
            work = _doorbell(fingerprint, needs)
            self.clock.after(wait, partial(self.posts.send, f"{name}/{time}", work))

    def again(self, *, needs: ReconciliationNeeds) -> None:
        """The event of every job that has ended comes, or comes once more, now."""
        for _, id_ in self.aws.ended:
            told = self.aws.backups.get(id_) or self.aws.copies[id_].job
            self._came(told.now, f"{id_} again at {self.clock.ms}", needs=needs)

    def _came(self, job: Heard, name: str, *, needs: ReconciliationNeeds) -> None:
        self.came.setdefault(str(job.id), self.clock.ms)
        self._send(job, name, needs=needs)

    def _send(self, job: Heard, name: str, *, needs: ReconciliationNeeds) -> None:
        if isinstance(job, BackupJob):
            self.backups.send(name, lambda now: open_promises(job, needs=needs, now=now))
        else:
            account = self.aws.copies[str(job.id)].owed.resource.account
            notice = CopyNotice(account=account, region=self.aws.region, job=job)
            self.copies.send(name, lambda now: verify_copy(notice, needs=needs, now=now))

    def _wait(self, name: str) -> int:
        chance = self.chance
        if chance.happens("quick", name):
            return chance.between(f"arrives {name}", 10, 200)
        wait = chance.between(f"arrives {name}", SECOND, MINUTE)
        if chance.happens("delay", name):
            is_far = chance.draw(f"far {name}") < _FAR
            wait += 4 * DAY if is_far else chance.between(f"delayed {name}", MINUTE, 5 * HOUR)
        if chance.happens("align", name):  # beside a sweep
            wait += TICK - (self.clock.ms + wait) % TICK + chance.between(f"aligned {name}", 0, 400)
        return wait


def _forged(job: Heard) -> Heard:
    """The job as somebody else says that it failed."""
    if isinstance(job, BackupJob):
        return replace(job, state="FAILED", message="forged")
    return replace(job, state="FAILED", message="forged")


def _doorbell(fingerprint: str, needs: AlertPostNeeds) -> Callable[..., object]:
    return lambda now: post_alert(fingerprint, needs=needs, now=now)


def delivery_of(chance: Chance, clock: Clock, aws: SimulatedBackup, queue: Callable[..., Queue]) -> Delivery:
    """The queues of the template, before functions of the world."""
    return Delivery(
        chance,
        clock,
        aws,
        backups=queue("open_promises"),
        copies=queue("verify_copy"),
        posts=queue("post_alert", visibility=30 * SECOND, receives=_POST_RECEIVES),
    )
