"""Faults that somebody might make in the product: each must be noticed, or is shown to make no difference."""

from typing import Final

from tests.simulation.nights.history import History
from tests.simulation.trials.backup_plants import OF_BACKUPS
from tests.simulation.trials.planting import Edit, Planted, one


def _forget_writers(history: History) -> None:
    history.table.is_forgetful = True


_DEADLINES: Final = "domain.copies.deadlines"
_LEARNING: Final = "domain.copies.times.learning"
_PROMISES: Final = "domain.copies.promises"
_STEPS: Final = "domain.copies.transitions"
_VERIFICATION: Final = "domain.copies.verification"
_LISTS: Final = "domain.copies.reconciling"
_ALERTS: Final = "domain.alerts.lifecycle"
_OPENING: Final = "services.copies.open_promises"
_CONCLUDING: Final = "services.copies.conclude"
_VERIFYING: Final = "services.copies.verify_copy"
_SWEEP: Final = "services.copies.sweep_overdue_copies"
_READING: Final = "services.copies.reconcile_jobs"
_ARRIVALS: Final = "domain.copies.comparing.arrivals"
_ARRIVING: Final = "services.copies.comparing.find_arrivals"
_TELLING: Final = "services.alerts.tell_alerts"
_BOOK: Final = "adapters.ledger.copies.promises"
_DUE: Final = "adapters.ledger.due"
_LOOK: Final = "services.copies.look_at_promise"
_STARTING: Final = "services.copies.remediation.start_copy"
_FIND: Final = "known = needs.marks.find(kind, region)"

_OF_PROMISES: Final = (
    one(
        "critical tiers forget the replica",
        _PROMISES,
        "promises_of",
        "zip(owed, times, deadlines, strict=True)",
        "zip(owed[:1], times, deadlines)",
    ),
    one(
        "one promise for all nights of a continuous point",
        _OPENING,
        "_night_of",
        "not is_continuous(point.arn)",
        "True",
    ),
    one(
        "the latest night is not the one that is served",
        _PROMISES,
        "promise_of_night",
        "return max(",
        "return min(",
        why_not="a job says which backup it follows; where it does not yet, the lists do within the hour",
    ),
    one("one alert for all nights of a continuous point", _PROMISES, "Promise.subject", "if self.night", "if False"),
    one(
        "the deadline is twice as late",
        _PROMISES,
        "promises_of",
        "completed_at + allowed",
        "completed_at + 2 * allowed",
    ),
    one("deadlines do not learn", _LEARNING, "time_allowed", "max(least, learnt)", "least"),
    one(
        "deadlines learn without end", _LEARNING, "time_allowed", "min(most, max(least, learnt))", "max(least, learnt)"
    ),
    one("first copies get no more time", _LEARNING, "time_allowed", "return most", "return least"),
    one("how long copies take is not remembered", _VERIFYING, "_remember_time", "took is not None", "False"),
    one(
        "deadlines learn from copies that were started again",
        _PROMISES,
        "Promise.took",
        "self.restarts or self.remediations or self.failed_jobs",
        "False",
    ),
    one("no grace for lists", _PROMISES, "promises_of", "deadline + intent.deadlines.grace", "deadline"),
    one("opening overwrites", _BOOK, "LedgerPromises.open", "self._table.put_new", "None is self._table.put"),
    one(
        "promises are written over what nobody read",
        _BOOK,
        "LedgerPromises.keep",
        'AllOf(Exists("pk"), read)',
        'Exists("pk") if read else read',
    ),
    one("a ninth shard that nobody reads", "adapters.ledger.due_buckets", "due_bucket", "% _SHARDS]", "% 9 - 1] + '#'"),
    one("the first shard is forgotten", _DUE, "LedgerDue.due", "in DUE_BUCKETS", "in DUE_BUCKETS[1:]"),
    one("what was written is not due to be told", _STEPS, "_due", "now + _TOLD_WITHIN if", "None if"),
    one("every verdict says event", _STEPS, "verified", "learnt=learnt)", "learnt=Learnt.EVENT)"),
    one(
        "a failure may follow the end",
        _STEPS,
        "failed",
        "promise.is_settled or cause",
        "cause",
        why_not="a copy is made again only once its failure was counted, so no failure comes late",
    ),
    one("missing without a condition", _STEPS, "missed", "if is_known:", "if False:"),
    one("an end is not told", _STEPS, "_ended", "raised.alert is not None", "False"),
    one(
        "a louder cause is silent",
        _STEPS,
        "_complained",
        "is_alone or is_worse(kind, raised.alert)",
        "is_alone",
    ),
    one(
        "a verified copy is never read again",
        _STEPS,
        "next_look",
        "seen_at + deadlines.second_look if is_to_come else None",
        "None",
    ),
    one(
        "a vanished copy is believed at once",
        "services.copies.look_again",
        "look_again",
        "found is None and promise.looks == 0",
        "False",
    ),
    one(
        "what the list of a vault lacks is not missed",
        "services.copies.comparing.compare_step",
        "_is_unseen",
        "promise.destination in held and",
        "False and",
    ),
    one(
        "a week's comparison is over after its first day",
        "domain.copies.comparing.rounds",
        "_moved",
        "reached=step.until",
        "reached=current.until",
    ),
    one("a vanished copy is no news", _STEPS, "vanished", "promise.state is not PromiseState.VERIFIED", "True"),
    one(
        "any retention will do",
        _VERIFICATION,
        "_wrong_with_point",
        "found.retention_days < promise",
        "False and promise",
    ),
    one(
        "any backup's copy will do",
        _LOOK,
        "arrivals",
        " if abs(point.created_at - promise.created_at) <= SAME_MOMENT",
        "",
    ),
    one("facts are not published", _CONCLUDING, "conclude", "if fact is not None:", "if False:"),
    one(
        "told before it is written",
        _CONCLUDING,
        "conclude",
        "fact = _fact(moved)",
        "tell(moved, needs=needs, now=now)\n        fact = _fact(moved)",
    ),
    one(
        "what is still broken is resolved",
        _CONCLUDING,
        "tell",
        "promise.is_settled and promise.state is not",
        "True or",
    ),
    one(
        "whoever is late writes nothing",
        _CONCLUDING,
        "change",
        "read=lambda: promises.current(promise.key)",
        "read=lambda: None",
        why_not="what two functions that meet leave unwritten the lists find within the hour, which every bound allows",
    ),
    one(
        "whoever is late writes what it read",
        "services.copies.take_step",
        "take_step",
        "known = current",
        "pass",
        why_not="what was read fails its condition again, and the queue brings the event back",
    ),
)

_OF_DEADLINES: Final = (
    one(
        "a running copy may run for ever",
        _DEADLINES,
        "_decide_active",
        "now - promise.deadline >= deadlines.stuck_after",
        "False",
    ),
    one("RUNNING is not active", "domain.copies.found", "CopyJob.is_active", "in ACTIVE_JOB_STATES", '== "CREATED"'),
    one("CREATED is not active", "domain.copies.found", "CopyJob.is_active", "in ACTIVE_JOB_STATES", '== "RUNNING"'),
    one(
        "a copy that failed in part is no failure",
        "domain.copies.found",
        "CopyJob.has_failed",
        "in FAILED_JOB_STATES",
        '== "FAILED"',
    ),
    one("copied again at the first look", _DEADLINES, "decide_overdue", "looks >= QUIET_LOOKS", "looks >= 1"),
    one(
        "one quiet look is enough after a wait",
        _DEADLINES,
        "decide_overdue",
        "if is_quiet else 0",
        "if is_quiet else QUIET_LOOKS - 1",
    ),
    Planted(
        "copied again while it waits behind another copy",
        (
            Edit(_DEADLINES, "decide_overdue", "queue.ahead is None and jobs is not None", "jobs is not None"),
            Edit(_DEADLINES, "why_not_again", "if queue.ahead is not None:", "if False:"),
            Edit(_DEADLINES, "has_come_to_nothing", "and queue.ahead is None ", ""),
        ),
    ),
    one(
        "copied again without asking for jobs",
        _STARTING,
        "start_copy",
        "needs.jobs.of_promise(promise), arrivals",
        "(), arrivals",
    ),
    Planted(
        "copied again beside a wrong copy",
        (
            Edit(_DEADLINES, "decide_overdue", "jobs is not None and not has_arrived", "jobs is not None"),
            Edit(_DEADLINES, "why_not_again", "if has_arrived:", "if False:"),
            Edit(_DEADLINES, "why_not_again", "last is not None and not last.has_failed", "False"),
            Edit(_DEADLINES, "has_come_to_nothing", "queue.last is None or queue.last.has_failed", "True"),
            Edit(_DEADLINES, "has_come_to_nothing", "and not has_arrived ", ""),
        ),
    ),
    Planted(
        "copied again beside one that may still show itself",
        (
            Edit(_DEADLINES, "why_not_again", "last is not None and not last.has_failed", "False"),
            Edit(_DEADLINES, "has_come_to_nothing", "queue.last is None or queue.last.has_failed", "True"),
        ),
    ),
    one("whatever AWS says, it is copied again", _DEADLINES, "why_not_again", "if obstacle is not None:", "if False:"),
    one("what a later failure says is silent", _STEPS, "failed", "is_news=is_news", "is_news=False"),
    one("copied again and again", _DEADLINES, "why_not_again", "promise.restarts >= MAX_RESTARTS", "False"),
    one("continuous backups are copied on demand", _DEADLINES, "why_not_again", "promise.night is not None", "False"),
    one(
        "missing copies are only watched",
        _DEADLINES,
        "decide_overdue",
        "OverdueState.WATCH if has_arrived else OverdueState.MISSING",
        "OverdueState.WATCH",
    ),
    one(
        "a slow copy that leaves nothing is only watched",
        _DEADLINES,
        "decide_overdue",
        "promise.alert is AlertKind.COPY_SLOW and not has_arrived",
        "False",
    ),
    one("nobody sees to what is missing", _LOOK, "_act", "overdue.state is OverdueState.REMEDIATE", "False"),
    one(
        "copied again without a second thought", _STARTING, "start_copy", "decision.remedy is not Remedy.START", "False"
    ),
    one(
        "what was started again is not counted",
        _STARTING,
        "start_copy",
        "change(promise, restarted, promises=needs.promises)",
        "None",
        why_not="the same attempt is the same job, however often it is started",
    ),
    one(
        "what stops a copy is told although nobody knows",
        _STEPS,
        "diagnosed",
        "finding.cause.is_told and finding",
        "finding",
    ),
    one(
        "what stops a copy is noted, and told as it was",
        _STEPS,
        "diagnosed",
        "untold=True, version=promise.version + 1",
        "untold=True",
    ),
    one("what cannot be looked at is dropped", _LOOK, "leave_promise", "again=left.look_again_at", "again=None"),
    one("what cannot be looked at is never told", _LOOK, "leave_promise", "unseen < MAX_UNSEEN", "True"),
    one("one bad promise ends the sweep", _SWEEP, "_look_or_leave", "silent[_account_of(subject)] += 1", "raise"),
    one("failed jobs are not looked for", _LOOK, "_untold_failure", "own = queue_of(promise, jobs).own", "own = ()"),
    one(
        "what the index says is believed",
        _SWEEP,
        "sweep_overdue_copies",
        "subject is not None and subject.is_due(now)",
        "subject is not None",
    ),
    one("alerts that broke off are left", _SWEEP, "sweep_overdue_copies", "needs.alerts.finish(now=now)", "pass"),
)

_OF_LISTS: Final = (
    one("no list is read", _READING, "_read_list", "(now := clock()) < ends", "(now := ends) < ends"),
    one(
        "only copies are read",
        _READING,
        "_read_list",
        _FIND,
        f"if kind is JobKind.BACKUPS:\n        return True\n    {_FIND}",
    ),
    one(
        "only backups are read",
        _READING,
        "_read_list",
        _FIND,
        f"if kind is JobKind.COPIES:\n        return True\n    {_FIND}",
    ),
    one("only the first page is read", _LISTS, "after_page", "if page.token is not None:", "if False:"),
    one("windows without overlap", _LISTS, "window_of", "mark.reached - OVERLAP", "mark.reached"),
    one(
        "a job that was skipped is forgotten",
        _LISTS,
        "after_page",
        "_earliest(mark.skipped if window.token else {}, skipped)",
        "{}",
    ),
    one(
        "the mark moves before the work",
        _READING,
        "_read_list",
        "skipped = _work_off(page, total=total, needs=needs, now=now)\n"
        "        following = after_page(mark, window, page, skipped=skipped, now=now)\n"
        "        if not needs.marks.keep(following, was=known):\n"
        "            return False\n",
        "following = after_page(mark, window, page, skipped={}, now=now)\n"
        "        if not needs.marks.keep(following, was=known):\n"
        "            return False\n"
        "        _work_off(page, total=total, needs=needs, now=now)\n",
    ),
    one("no vault is read for what arrived", _ARRIVING, "_read_pages", "announced is None", "True"),
    one(
        "only what was made of late is looked for in vaults",
        _ARRIVALS,
        "created_in",
        "window.since - _longest_of(intent)",
        "window.since",
    ),
    one("only the first page of a vault is read", _ARRIVALS, "after_arrivals", "if token is not None:", "if False:"),
    one(
        "what arrived in a vault counts for any night",
        _ARRIVING,
        "_notices_of",
        "abs(source.created_at - point.created_at) <= SAME_MOMENT",
        "True",
    ),
    one(
        "one bad job ends the list",
        _READING,
        "_work_off",
        "skipped[told.account] = min(skipped.get(told.account, now), ended or now)",
        "raise",
    ),
)

_OF_EVENTS: Final = (
    one("a failed copy is believed", _VERIFYING, "verify_copy", "described is None and is_hint", "False"),
    one(
        "a copy's event is believed", _VERIFYING, "verify_copy", "if job.id and is_hint else None", "if False else None"
    ),
    one("a failed backup is believed", _OPENING, "open_promises", "and learnt is Learnt.EVENT:", "and False:"),
    one("a failed backup is not told", _OPENING, "open_promises", "case BackupState.FAILED:", "case None:"),
    one(
        "PARTIAL is no failed backup",
        "domain.copies.backup_jobs",
        "judge_backup",
        "in _FAILED_STATES:",
        'in _FAILED_STATES - {"PARTIAL"}:',
    ),
    one(
        "EXPIRED is no failed backup",
        "domain.copies.backup_jobs",
        "judge_backup",
        "in _FAILED_STATES:",
        'in _FAILED_STATES - {"EXPIRED"}:',
    ),
    one("backups with issues are silent", _OPENING, "_tell_quality", "if job.message:", "if False:"),
    one(
        "a copy that came first opens nothing",
        _VERIFYING,
        "verify_copy",
        "_promise_of(job, needs=needs) or",
        "_promise_of(job, needs=needs) or None and",
    ),
    one(
        "a point that is not shown yet is a failure",
        _OPENING,
        "_say_absent",
        "abs(now - job.completed_at) < _SHOWN_WITHIN",
        "False",
    ),
)

_OF_ALERTS: Final = (
    one("a claim never ends", _ALERTS, "AlertState.is_claimed", "self.claimed_until > now", "True"),
    one("claims are ignored", _ALERTS, "AlertState.is_claimed", "self.claimed_until > now", "False"),
    Planted(
        "stale tellers may tell",
        tuple(
            Edit(_ALERTS, name, "if version is not None and version < kept.version:", "if False:")
            for name in ("judge_complaint", "judge_end")
        ),
    ),
    one(
        "an opening that broke off is dropped",
        _ALERTS,
        "judge_end",
        "is_opening_owed=not kept.is_open_for_people",
        "is_opening_owed=False",
    ),
    one(
        "an alert is known although nobody was told",
        _ALERTS,
        "judge_complaint",
        "is_standing and kept.is_told",
        "is_standing",
    ),
    one("what was told is told again", _ALERTS, "judge_complaint", "is_standing and kept.is_told", "False"),
    one(
        "a telling that failed counts as told",
        _TELLING,
        "AlertNotifier._tell",
        "told(claimed) if is_told else left(claimed)",
        "told(claimed)",
    ),
    one(
        "an alert is never noted as told",
        _TELLING,
        "AlertNotifier._tell",
        "told(claimed) if is_told else left(claimed)",
        "left(claimed)",
    ),
    one(
        "an end that nobody had complained of is told",
        _TELLING,
        "AlertNotifier.resolve",
        "if kept is None:",
        "if False:",
    ),
    one(
        "alerts are written over what nobody read",
        "adapters.ledger.telling.alerts",
        "LedgerAlerts.keep",
        "else _as_read(was)",
        'else absent("nothing")',
    ),
    one(
        "an alert that broke off is not on the index",
        "adapters.ledger.telling.alerts",
        "_listed",
        "if not state.is_told:",
        "if False:",
    ),
    one(
        "every kind is an alert of its own",
        "domain.alerts.complaints",
        "fingerprint",
        "_cause_of(kind)",
        "kind",
    ),
    one(
        "Slack is written without a claim",
        "services.alerts.post_alert",
        "post_alert",
        "shown is not None and shown.is_claimed(now)",
        "False",
    ),
    one(
        "Slack never forgets a claim",
        "domain.alerts.messages",
        "AlertThread.is_claimed",
        "self.claimed_until > now",
        "True",
    ),
    one(
        "Slack shows only what opens",
        "services.alerts.post_alert",
        "_shown",
        "channel.mark_resolved(message, thread.text)",
        "pass",
    ),
    one(
        "Slack answers before it knows the number",
        "services.alerts.post_alert",
        "_is_shown",
        "shown.shown >= state.version",
        "True",
    ),
    Planted(
        "repeated writes are not recognised",
        spoil=_forget_writers,
        why_not="whoever takes its own write for another's reads anew, and what it leaves untold a sweep tells",
    ),
)

PLANTS: Final = (*_OF_PROMISES, *_OF_DEADLINES, *_OF_LISTS, *_OF_EVENTS, *OF_BACKUPS, *_OF_ALERTS)
