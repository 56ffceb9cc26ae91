"""Properties 1 to 6 and 11 to 13: what became of promises, and when people were told."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.alerts.quiet_hours import QuietHours
from strongroom.domain.copies.facts import CopyFact, CopyFailed, CopyMissing, CopyVanished, CopyVerified
from strongroom.domain.copies.promises import Learnt, PromiseState
from strongroom.domain.copies.transitions import is_sampled
from tests.simulation.judging.backups import BLIND
from tests.simulation.judging.cases import LEARNT_WITHIN, Case
from tests.simulation.judging.deadlines import wrong_deadline
from tests.simulation.nights.clock import DAY, HOUR, MINUTE, moment, since
from tests.simulation.nights.history import History
from tests.simulation.nights.truth import Copying, Owed

# From the deadline: grace, the next sweep, and its work.
_TOLD: Final = 17 * MINUTE
_LIST_LAGS: Final = 11 * MINUTE
# The next look, the sweep that takes it, and its work.
_LOOK: Final = 22 * MINUTE
_BY_EVENT: Final = 5 * MINUTE
# The next sweep once quiet hours are over, and its work.
_AFTER_QUIET: Final = 7 * MINUTE
_FAILURE_LEARNT: Final = 85 * MINUTE
_READ_AGAIN: Final = DAY + 23 * MINUTE
# The histories begin on a Tuesday.
_MONDAY: Final = 6 * DAY
# The next hour's reading, the grace, the sweep after that, and its work.
_MISSED_WITHIN: Final = 95 * MINUTE
_SETTLED: Final = frozenset({PromiseState.VERIFIED, PromiseState.VANISHED})
_BAD: Final = frozenset({PromiseState.MISSING, PromiseState.FAILED, PromiseState.VANISHED})
_FACT_OF: Final[dict[PromiseState, type[CopyFact]]] = {
    PromiseState.VERIFIED: CopyVerified,
    PromiseState.FAILED: CopyFailed,
    PromiseState.MISSING: CopyMissing,
    PromiseState.VANISHED: CopyVanished,
}


def never_promised(owed: Owed, history: History) -> Iterator[str]:
    """Property 1, of what was not promised at all."""
    if history.clock.ms - owed.completed_ms > LEARNT_WITHIN:
        yield f"1 {owed.name}: nothing was promised"


type _Check = Callable[[Case], Iterator[str]]


def wrong_promises(case: Case) -> Iterator[str]:
    """What does not hold of one promise."""
    for check in _CHECKS:
        for line in check(case):
            number, _, what = line.partition(" ")
            yield f"{number} {case.name}: {what}"


def _opening(case: Case) -> Iterator[str]:
    late = case.opened_ms - case.owed.completed_ms
    if case.is_strict and late > LEARNT_WITHIN:
        yield f"1 promised only {late // MINUTE} minutes after its backup"


def _verification(case: Case) -> Iterator[str]:
    came, promise = case.came, case.promise
    if came is None or promise.state is PromiseState.VANISHED:
        return
    is_found_late = any(_is_looked_for_by_name(case, each) for each in case.copies if each.ended_ms == came)
    was_seen = promise.state is PromiseState.VERIFIED
    if case.is_kept and not was_seen and case.history.clock.ms - came > LEARNT_WITHIN:
        yield f"2 a good copy is there, and the promise is {promise.state}: {promise.reason}"
    if case.is_strict and was_seen and promise.settled_at is not None and not is_found_late:
        late = since(promise.settled_at) - came
        if late > LEARNT_WITHIN:
            yield f"2 verified {late // MINUTE} minutes after it came"


def _is_looked_for_by_name(case: Case, copying: Copying) -> bool:
    """Whether no job tells of it, and no list by its vault: it took too long, or its night only a job would tell.

    Until it is due nobody looks for it by name.
    """
    history, ended, job = case.history, copying.ended_ms, str(copying.asked.id)
    if ended is None or f"copy-off-list|{job}" not in history.chance.fired:
        return False
    deadlines, owed = history.intent.deadlines, case.owed
    usual = owed.resource.rule.complete_window + owed.turn * deadlines.verified_at_most + deadlines.stuck_after
    took_long = timedelta(milliseconds=ended - owed.created_ms) > usual - timedelta(hours=2)
    return case.promise.night is not None or took_long


def _truth(case: Case) -> Iterator[str]:
    if case.promise.state in _SETTLED:
        copy = next((each for each in case.copies if each.copy == case.promise.copy), None)
        if copy is None or not copy.was_good:
            yield f"3 {case.promise.state}, and {case.promise.copy} is not as promised"


def _false_alarm(case: Case) -> Iterator[str]:
    first, came = case.first_opened(), case.came
    for mail in case.mails:
        is_there = all(each.vanished_ms is None for each in case.copies)
        if mail.alert.kind is AlertKind.COPY_VANISHED and mail.status == "opened" and is_there:
            yield f"4 told as vanished, and it is there: {mail.alert.reason}"
    if first is None or first.alert.kind is AlertKind.COPY_VANISHED:
        return
    ended = [each for each in case.copies if each.ended_ms is not None and each.ended_ms <= first.ms]
    was_good = all(each.was_good and (each.vanished_ms or case.history.ends) > first.ms for each in ended)
    if came is not None and came <= case.deadline and came <= first.ms and was_good and case.history.could_be_asked:
        yield f"4 kept, and told as {first.alert.kind}: {first.alert.reason}"
    is_shown = case.is_running(first.ms) and case.is_running(first.ms - _LIST_LAGS)
    is_early = is_shown and first.ms < case.stuck
    if case.is_strict and first.alert.kind is not AlertKind.COPY_FAILED and is_early:
        yield f"4 told as {first.alert.kind} while its copy runs"


def _told_in_time(case: Case) -> Iterator[str]:
    bound = case.deadline + _TOLD
    # The first look is a grace after the deadline, and sees what the lists say then.
    first = case.deadline - MINUTE
    late = [each for each in case.copies if each.ended_ms is None or each.ended_ms > first]
    if any(each.is_active(ms) for each in late for ms in range(first, case.deadline + _TOLD, MINUTE)):
        ends = [each.ended_ms or case.history.ends for each in case.copies]
        bound = min(max(ends) + _LIST_LAGS, case.stuck) + _LOOK
    if not case.is_strict and case.history.is_strict:  # its account cannot be asked
        bound = max(bound, case.opened_ms + _TOLD) + BLIND
    elif not case.is_strict:
        bound += LEARNT_WITHIN
        bound = max(bound, _calm_after(case.history))
    bound = _loud_after(case.history, bound)
    if bound >= case.history.clock.ms or (case.came is not None and case.came <= bound):
        return
    if case.told(bound) is None:
        yield f"5 nothing came by {_clock(bound)}, and nobody was told: {case.promise.state}"


def _told_as_it_is(case: Case) -> Iterator[str]:
    """What AWS shows as failed is not told as missing, for then nobody would know why."""
    first = case.first_opened()
    if first is None or first.alert.kind is not AlertKind.COPY_MISSING or not case.is_strict:
        return
    tries = [each for each in case.copies if each.asked_ms <= first.ms]
    is_shown = all(each.ended_ms is not None and each.ended_ms < first.ms - _LIST_LAGS for each in tries)
    if tries and is_shown and all(each.job.now.has_failed for each in tries) and case.history.could_be_asked:
        yield f"6 its copy failed, and people were told that it is missing: {first.alert.reason}"


def _only_slow(case: Case) -> Iterator[str]:
    """Once no copy runs any more, what people were told must be more than that it is slow."""
    if case.came is not None or not case.copies or case.promise.alert is not AlertKind.COPY_SLOW:
        return
    ended = max(_calm_after(case.history), *(each.ended_ms or case.history.ends for each in case.copies))
    # The later it is, the more rarely it is looked at.
    if 2 * ended - case.deadline + LEARNT_WITHIN < case.history.clock.ms:
        yield f"5 it came to nothing {_clock(ended)}, and people know that it is slow"


def _copied_again(case: Case) -> Iterator[str]:
    """What may help is tried: where nothing is there, on its way or in front, a copy is started again."""
    history, last = case.history, case.copies[-1] if case.copies else None
    is_tried = any(started.owed is case.owed for started in history.aws.started)
    may_help = last is None or (last.ended_ms is not None and last.job.now.has_failed and not last.is_hopeless)
    if is_tried or not may_help or not (case.is_strict and history.could_be_asked) or case.promise.night:
        return
    since_ms = max(case.deadline, case.opened_ms, *(each.ended_ms or 0 for each in case.copies))
    bound = case.deadline + 8 * (since_ms - case.deadline + HOUR) + LEARNT_WITHIN
    beside = history.aws.copies_of[case.owed.resource.arn]
    if bound < history.clock.ms and not any(
        each.is_active(ms) for each in beside for ms in range(since_ms, bound, HOUR)
    ):
        yield f"10 {case.promise.state} since {_clock(since_ms)}, and not copied again by {_clock(bound)}"


def _told_why(case: Case) -> Iterator[str]:
    """What is known to stop a copy people know as well."""
    why = None if case.promise.is_settled else case.promise.diagnosis
    if why is not None and why.is_told and not any(why.words in mail.alert.reason for mail in case.mails):
        yield f"9 known to be stopped by {why}, and that was not told"


def _loud_after(history: History, bound: int) -> int:
    """By when people know of what they may be told of by then: in quiet hours by the sweep after them."""
    hours = QuietHours.parse(history.intent.alerts.quiet_hours)
    over = None if hours is None else hours.end_after(moment(bound))
    return bound if over is None else since(over) + _AFTER_QUIET


def _calm_after(history: History) -> int:
    """When what was left over from trouble of ours must have been caught up with."""
    back = max((ends for _, ends in history.functions.away), default=0)
    return max(back, 4 * DAY) + 6 * LEARNT_WITHIN


def _failures(case: Case) -> Iterator[str]:
    if not case.is_strict:
        return
    for each in case.copies:
        ended = each.ended_ms
        if ended is None or not each.has_failed or _is_looked_for_by_name(case, each):
            continue
        bound = _failure_told_by(case, each, ended)
        is_better = case.came is not None and case.came <= bound
        if bound < case.history.clock.ms and not is_better and not case.is_alarmed(bound):
            yield f"6 {each.job.now.id} failed {_clock(ended)}, and was not told by {_clock(bound)}"


def _failure_told_by(case: Case, copying: Copying, ended: int) -> int:
    """Soon after its event, where that came in time and AWS says the same at once; else once the lists are read."""
    came = case.history.delivery.came.get(str(copying.job.now.id))
    has_lag = any(
        fault.startswith("lag-describe|") and fault.endswith((str(copying.job.now.id), case.owed.recovery_point))
        for fault in case.history.chance.fired
    )
    by_lists = ended + _FAILURE_LEARNT
    return by_lists if came is None or has_lag else min(by_lists, max(came, case.opened_ms) + _BY_EVENT)


def _vanished(case: Case) -> Iterator[str]:
    promise = case.promise
    if promise.copy is None or promise.settled_at is None or not is_sampled(promise):
        return
    gone = next((each.vanished_ms for each in case.copies if each.copy == promise.copy), None)
    settled = since(promise.settled_at)
    bound = settled + _READ_AGAIN if case.is_strict else max(settled + _READ_AGAIN, _calm_after(case.history))
    if gone is None or gone > settled + DAY - _LIST_LAGS or bound >= case.history.clock.ms:
        return
    was_told = any(mail.alert.kind is AlertKind.COPY_VANISHED and mail.ms <= bound for mail in case.mails)
    if not was_told:
        yield f"11 {promise.copy} vanished {_clock(gone)}, and was not told by {_clock(bound)}"


def _vanished_unsampled(case: Case) -> Iterator[str]:
    """One that is in no sample is missed when all are held against their vaults, on the first Monday."""
    promise, history = case.promise, case.history
    gone = next((each.vanished_ms for each in case.copies if promise.copy and each.copy == promise.copy), None)
    if gone is None or gone > _MONDAY - _LIST_LAGS or promise.settled_at is None or is_sampled(promise):
        return
    struck = 2 * HOUR if history.functions.planned else 0
    bound = max((_MONDAY, *(ends for _, ends in history.functions.away))) + _MISSED_WITHIN + struck
    was_told = any(mail.alert.kind is AlertKind.COPY_VANISHED and mail.ms <= bound for mail in case.mails)
    if not was_told and bound < history.clock.ms:
        yield f"11 {promise.copy} vanished {_clock(gone)}, and was not missed by {_clock(bound)}"


def _learnt(case: Case) -> Iterator[str]:
    promise, came = case.promise, case.history.delivery.came
    if promise.learnt is not Learnt.EVENT:
        return
    causes = {promise.copy, *promise.failed_jobs}
    jobs = (each.asked.id for each in case.copies if {each.copy, each.asked.id} & causes)
    if "forged" not in case.history.kinds and not any(str(job) in came for job in jobs):
        yield "12 learnt by an event that never came"


def _facts(case: Case) -> Iterator[str]:
    promise = case.promise
    if promise.state in _FACT_OF and _FACT_OF[promise.state] not in case.facts:
        yield f"13 {promise.state}, and that was never published"
    if promise.state in _BAD and promise.alert is None:
        yield f"9 {promise.state}, and nobody is to be told"


def _clock(ms: int) -> str:
    minutes = ms // MINUTE
    return f"night {minutes // 1440} {minutes % 1440 // 60:02}:{minutes % 60:02}"


_CHECKS: Final[tuple[_Check, ...]] = (
    _opening,
    wrong_deadline,
    _verification,
    _truth,
    _false_alarm,
    _told_in_time,
    _told_as_it_is,
    _only_slow,
    _copied_again,
    _told_why,
    _failures,
    _vanished,
    _vanished_unsampled,
    _learnt,
    _facts,
)
