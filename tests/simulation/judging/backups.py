"""Property 7: a backup that failed, or never began, is told, and resolved by the next good one; no other is told.

What a rule owes its resource has an alert of its own, beside that about backups of the resource with issues.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from strongroom.domain.alerts.complaints import AlertKind, fingerprint
from strongroom.domain.alerts.lifecycle import AlertStatus
from strongroom.domain.copies.backup_jobs import BackupJob, has_ended, has_failed
from strongroom.domain.copies.expected.backups import ExpectedState
from strongroom.domain.copies.expected.runs import Runs, runs_of
from tests.simulation.judging.cases import LEARNT_WITHIN
from tests.simulation.nights.clock import DAY, HOUR, MINUTE, moment, since
from tests.simulation.nights.history import History
from tests.simulation.nights.people import Mail
from tests.simulation.nights.truth import Resource

# As what each way in which a backup ends badly is told.
ENDS: Final = {
    "FAILED": AlertKind.BACKUP_FAILED,
    "PARTIAL": AlertKind.BACKUP_PARTIAL,
    "EXPIRED": AlertKind.BACKUP_EXPIRED,
    "ABORTED": AlertKind.BACKUP_ABORTED,
}
# A list is read each hour, and may be so old.
_TOLD: Final = 77 * MINUTE
# From when its event came, where AWS says the same at once.
_BY_EVENT: Final = 5 * MINUTE
# So many looks in vain as make one that nobody can see as good as missing, while others of the account are looked at.
BLIND: Final = 5 * HOUR
# From when it is due: the next sweep, and its work; the lists that a look asks may show a job as running for longer.
_SWEPT: Final = 7 * MINUTE
_LIST_LAGS: Final = 11 * MINUTE
_LOOK: Final = 22 * MINUTE


def wrong_backups(history: History) -> Iterator[str]:
    """What does not hold of backups."""
    for resource in history.aws.resources:
        runs = runs_of(history.intent, tier=resource.tier, rule=resource.rule.name)
        if runs is None:
            raise LookupError(f"no rule {resource.rule.name}")
        case = BackupCase(history=history, resource=resource, runs=runs)
        for check in (_told_in_time, _told_unseen, _false_alarm, _quality, _at_the_end):
            yield from (f"7 {resource.name}: {line}" for line in check(case))


@dataclass(frozen=True, kw_only=True)
class BackupCase:
    """The backups of one resource, and what people were told of them; moments are milliseconds."""

    history: History
    resource: Resource
    runs: Runs

    @cached_property
    def jobs(self) -> tuple[BackupJob, ...]:
        """Its rule's jobs as they ended, or still run, in the order of their beginning."""
        return tuple(job for job in self.every_job if job.made_by == self.resource.maker)

    @cached_property
    def every_job(self) -> tuple[BackupJob, ...]:
        """The jobs of all rules of the resource."""
        return tuple(told.now for told in self.history.aws.backups_of[self.resource.arn])

    @cached_property
    def spans(self) -> tuple[tuple[int, int | None], ...]:
        """When each of them began and ended."""
        return tuple(
            (_created(job), None if job.completed_at is None else since(job.completed_at)) for job in self.jobs
        )

    @cached_property
    def gone_ms(self) -> int:
        """From when on nobody has to back it up any more."""
        return self.history.aws.gone.get(self.resource.arn, self.history.ends)

    @cached_property
    def is_strict(self) -> bool:
        """Whether bounds in time hold: no fault was ours, and its account could be asked."""
        return self.history.is_strict and not self.is_hidden

    @cached_property
    def is_hidden(self) -> bool:
        """Whether its account cannot be asked at all."""
        return f"poison|{self.resource.account}" in self.history.chance.fired

    @cached_property
    def mails(self) -> tuple[Mail, ...]:
        """What people were told of what its rule owes."""
        expected = self.history.expected(self.resource)
        subject = "" if expected is None else expected.subject
        return tuple(mail for mail in self.history.people.mails if mail.alert.subject == subject)

    @cached_property
    def first(self) -> tuple[int, int]:
        """From which moment on its runs are expected, and since when: from the beginning, or the first job that ended.

        What is expected then are the runs after that job began.
        """
        if f"unknown|{self.resource.thing}" not in self.history.chance.fired:
            return 0, 0
        ended = ((_ended(job), _created(job)) for job in self.jobs if has_ended(job))
        known, began = min(ended, default=(self.history.ends, self.history.ends))
        return began, known

    @cached_property
    def firings(self) -> tuple[int, ...]:
        """When its rule runs, from the first time on at which that is expected."""
        ends, first = self.history.ends, self.first[0]
        every = (self.resource.fires(night, self.history.firing) for night in range(ends // DAY + 1))
        return tuple(firing for firing in every if firing is not None and first < firing < ends)

    @cached_property
    def decisions(self) -> tuple[tuple[int, int], ...]:
        """Each run, and when it is clear, without an answer, what became of it."""
        return tuple((firing, self._decided(firing)) for firing in self.firings)

    @cached_property
    def patience(self) -> int:
        """How long a run may take: both its windows, and the grace for lists."""
        rule, grace = self.resource.rule, self.history.intent.deadlines.grace
        return int((rule.start_window + rule.complete_window + grace).total_seconds() * 1_000)

    def _decided(self, firing: int) -> int:
        latest = firing + self.patience
        over = since(self.runs.over(moment(firing)))
        running = (over if ended is None else ended for began, ended in self.spans if firing <= began < latest)
        return max(self.first[1], min(over, max(latest, *running, latest)))

    def answer(self, firing: int, ms: int) -> BackupJob | None:
        """The job that had answered the run by then."""
        return next((job for job in self.jobs if _created(job) >= firing and _ended(job) <= ms), None)

    def is_answered_in_time(self, firing: int) -> bool:
        """Whether a job had answered the run before anybody would look."""
        return self.answer(firing, firing + self.patience - 2 * MINUTE) is not None

    def is_broken(self, ms: int) -> bool:
        """Whether people have a reason to worry then."""
        ended = [job for job in self.jobs if _ended(job) <= ms]
        newest = max(ended, key=_created, default=None)
        last = next((firing for firing, decided in reversed(self.decisions) if decided <= ms), None)
        if last is not None and self.answer(last, ms) is None:
            return self.gone_ms > last  # a firing of a resource that is gone is owed by nobody
        return newest is not None and has_failed(newest)

    def told(self, ms: int) -> str | None:
        """What people were told last by then: opened, resolved, or nothing."""
        return next((mail.status for mail in reversed(self.mails) if mail.ms <= ms), None)


def _told_in_time(case: BackupCase) -> Iterator[str]:
    """Whatever has been so for long enough people know; without trouble of ours soon, else in the end."""
    if not case.is_strict:
        return
    changes = [(_ended(job), _heard_within(case, job)) for job in case.jobs if has_ended(job)]
    for firing, decided in case.decisions:
        is_looked_at = decided == firing + case.patience
        is_new = decided == case.first[1]
        changes.append((decided, _SWEPT if is_looked_at else _TOLD if is_new else _LIST_LAGS + _LOOK))
    moments = sorted({change for change, _ in changes})
    for change, bound in changes:
        is_broken, until = case.is_broken(change), change + bound
        if until >= case.history.ends or any(
            case.is_broken(each) is not is_broken for each in moments if change < each <= until
        ):
            continue
        if (case.told(until) == "opened") is not is_broken:
            told = case.told(until)
            yield f"{'broken' if is_broken else 'well'} since {_clock(change)}, and by {_clock(until)} told as {told}"
        elif is_broken and (wrong := _told_as_another(case, change, until)):
            yield wrong


def _told_as_another(case: BackupCase, change: int, until: int) -> str | None:
    """What people take for the newest end of a backup and is another; what never began is told for all after it."""
    newest = max((job for job in case.jobs if _ended(job) <= change), key=_created, default=None)
    mail = next(mail for mail in reversed(case.mails) if mail.ms <= until)
    is_missed = any(case.answer(firing, decided) is None for firing, decided in case.decisions if decided <= until)
    if newest is None or is_missed or ENDS.get(newest.state) is mail.alert.kind:
        return None
    return f"{newest.state} since {_clock(change)}, and by {_clock(until)} told as {mail.alert.kind}"


def _heard_within(case: BackupCase, job: BackupJob) -> int:
    """How long after its end people know what became of the job: soon after its event, else once lists are read."""
    came, names = case.history.delivery.came.get(str(job.id)), (str(job.id), str(job.recovery_point))
    has_lag = any(each.startswith("lag-describe|") and each.endswith(names) for each in case.history.chance.fired)
    return _TOLD if came is None or has_lag else min(_TOLD, came - _ended(job) + _BY_EVENT)


def _told_unseen(case: BackupCase) -> Iterator[str]:
    """One that never came is told although its account cannot be asked, after some looks in vain."""
    is_known = f"unknown|{case.resource.thing}" not in case.history.chance.fired
    if case.is_strict or not case.history.is_strict or not is_known:
        return
    for firing, decided in case.decisions:
        until = decided + BLIND
        is_owed = until < min(case.gone_ms, case.history.ends) and case.answer(firing, until) is None
        if is_owed and case.told(until) != "opened":
            yield f"nothing came since {_clock(firing)}, and by {_clock(until)} told as {case.told(until)}"


def _false_alarm(case: BackupCase) -> Iterator[str]:
    """Nothing is told as failed that did not fail, nor as missing that was there, if it could be seen."""
    for mail in case.mails:
        if mail.status != "opened":
            continue
        if mail.alert.kind in ENDS.values():
            if not any(ENDS.get(job.state) is mail.alert.kind and _ended(job) <= mail.ms for job in case.jobs):
                yield f"told as {mail.alert.kind}, and none was: {mail.alert.reason}"
        elif case.history.could_be_asked and all(map(case.is_answered_in_time, _due(case, mail.ms))):
            yield f"told as missing, and it was there: {mail.alert.reason}"


def _due(case: BackupCase, ms: int) -> Iterator[int]:
    return (firing for firing in case.firings if firing + case.patience <= ms + 2 * MINUTE)


def _quality(case: BackupCase) -> Iterator[str]:
    """A backup with issues is told, unless a later one came before that; the newest one counts in the end."""
    history, resource = case.history, case.resource
    mails = [mail for mail in history.people.mails if mail.alert.subject == resource.arn]
    good = [job for job in case.every_job if job.state == "COMPLETED"]
    for mail in mails:
        if mail.status == "opened" and not any(job.message and _ended(job) <= mail.ms for job in good):
            yield f"told of issues, and there were none: {mail.alert.reason}"
    state = history.alerts.find(fingerprint(AlertKind.BACKUP_FAILED, resource.arn))
    is_open = state is not None and state.status is AlertStatus.OPEN
    newest = max(good, key=_created, default=None)
    is_owed = newest is not None and newest.message is not None
    if is_open is not is_owed and (newest is None or _ended(newest) + LEARNT_WITHIN < history.ends):
        yield f"at the end the newest backup has {newest and newest.message}, and the alert is {state and state.status}"
    for job in good if case.is_strict else ():
        until = _ended(job) + _TOLD
        is_over = any(_created(each) > _created(job) and _ended(each) <= until for each in good)
        if (
            job.message
            and until < history.ends
            and not is_over
            and not any(mail.status == "opened" and mail.ms <= until for mail in mails)
        ):
            yield f"{job.id} had issues, and that was not told"


def _at_the_end(case: BackupCase) -> Iterator[str]:
    """People know what is so, whatever had happened: once calm nights are over, and at the very end.

    What is gone from an account that cannot be asked is told as missing, with the reason why nobody could look.
    """
    if case.is_hidden and case.gone_ms < case.history.ends:
        return
    history, expected = case.history, case.history.expected(case.resource)
    last = (history.nights - 1) * DAY + history.firing + case.patience + 2 * LEARNT_WITHIN
    for ms in (last, history.ends):
        if (case.told(ms) == "opened") is not case.is_broken(ms - LEARNT_WITHIN):
            yield f"at {_clock(ms)} told as {case.told(ms)}"
    if expected is None:
        if case.first[1] < history.ends - LEARNT_WITHIN:
            yield "its backups were never expected"
        return
    if expected.untold:
        yield f"{expected.state}, and nobody was told"
    looked_at = [decided for firing, decided in case.decisions if firing > case.gone_ms]
    is_ended, first = expected.state is ExpectedState.ENDED, min(looked_at, default=history.ends)
    if is_ended is not (first < history.ends) and not first <= history.ends <= first + LEARNT_WITHIN:
        yield f"at the end it is {expected.state}: {expected.reason}"


def _created(job: BackupJob) -> int:
    if job.created_at is None:
        raise ValueError(f"{job.id} has no date")
    return since(job.created_at)


def _ended(job: BackupJob) -> int:
    return 1 << 60 if job.completed_at is None else since(job.completed_at)


def _clock(ms: int) -> str:
    minutes = ms // MINUTE
    return f"night {minutes // 1440} {minutes % 1440 // 60:02}:{minutes % 60:02}"
