"""Faults that somebody might make about backups that must be made, and about lists of closed accounts."""

from typing import Final

from tests.simulation.trials.planting import one

_STEPS: Final = "domain.copies.expected.transitions"
_RUNS: Final = "domain.copies.expected.runs"
_EXPECTING: Final = "services.copies.expect_backups"
_LOOKING: Final = "services.copies.look_at_backup"
_OPENING: Final = "services.copies.open_promises"
_LISTS: Final = "domain.copies.reconciling"
_TRACES: Final = "domain.copies.traces"
_READING: Final = "services.copies.reconcile_jobs"
_BOOK: Final = "adapters.ledger.copies.protection"

OF_BACKUPS: Final = (
    one("an older job may overrule", _STEPS, "_is_news", "answer.created_at > last", "answer.created_at != last"),
    one(
        "the next run may be the one that was answered",
        _RUNS,
        "Runs.following",
        "after=after",
        "after=after - self.patience",
    ),
    one(
        "a job before the run that was missed mends it",
        _STEPS,
        "_is_news",
        "answer.created_at < expected.missed",
        "False",
    ),
    one(
        "what a rule that keeps longer overtakes is waited for",
        "domain.intent.overlaps",
        "next_expected_firing",
        "not _is_overtaken(rule, among, at=first)",
        "True",
    ),
    one(
        "all rules of a resource are one alert",
        "domain.copies.expected.backups",
        "ExpectedBackup.subject",
        "self.tier if self.rule == ONLY_RULE else",
        "self.tier if True else",
    ),
    one(
        "the first rule stands for all",
        _EXPECTING,
        "first_backups",
        "rules_of(intent.tiers[tier])",
        "rules_of(intent.tiers[tier])[:1]",
    ),
    one("a backup that never began is looked for a day late", _RUNS, "Runs.due", "self.patience", "6 * self.patience"),
    one("no time to start and to complete", _RUNS, "Runs.patience", "self.rule.complete_window +", ""),
    one("what failed stays so", _STEPS, "answered", "if answer.is_good:", "if answer.is_good and expected.is_well:"),
    one("a good backup is not told", _STEPS, "_mended", "untold=following.alert is not None", "untold=False"),
    one("a backup that failed is not told", _STEPS, "_complained", "alert=kind, untold=True", "alert=kind"),
    one(
        "however a backup ended it is told as failed",
        "domain.copies.backup_jobs",
        "kind_of_failure",
        "_KIND_OF_STATE.get(job.state, AlertKind.BACKUP_FAILED)",
        "AlertKind.BACKUP_FAILED",
    ),
    one(
        "a backup that ends in another way is silent",
        _STEPS,
        "_complained",
        "is_news_beside(kind, wrong.alert)",
        "False",
    ),
    one(
        "another end of a backup is taken for known",
        "domain.alerts.lifecycle",
        "judge_complaint",
        "not is_news_beside(alert.kind, kept.alert.kind)",
        "True",
    ),
    one(
        "a missed backup is expected no more",
        _STEPS,
        "missed",
        "firing=runs.following(max(firing, now - runs.patience))",
        "firing=None",
    ),
    one("whatever answered meanwhile, it is missing", _STEPS, "missed", "expected.firing != firing", "False"),
    one(
        "a backup is known to be told too early",
        _EXPECTING,
        "conclude_backup",
        "None if moved is None else tell_backup(moved, needs=needs, now=now)",
        "moved",
    ),
    one(
        "what nobody lived to tell of a backup stays untold",
        _STEPS,
        "_due",
        "now + _TOLD_WITHIN if following.untold else",
        "",
    ),
    one(
        "what is expected is written over what nobody read",
        _BOOK,
        "LedgerExpectedBackups.keep",
        'Equals("revision", was.revision)',
        'Equals("resource", expected.resource)',
    ),
    one(
        "what fails to be written is dropped",
        _EXPECTING,
        "conclude_backup",
        "read=lambda: needs.expected.find(expected.key)",
        "read=lambda: None",
    ),
    one(
        "jobs are not asked for before a backup is called missing",
        _LOOKING,
        "_ask",
        "for job in own if has_ended(job)",
        "for job in ()",
    ),
    one(
        "a job that runs is not waited for",
        _LOOKING,
        "_ask",
        "running is not None and now < runs.over(firing)",
        "False",
    ),
    one("a job that runs is waited for for ever", _LOOKING, "_ask", "now < runs.over(firing)", "True"),
    one("nobody asks where the resource is", _LOOKING, "_ask", "running is None and (gone", "False and (gone"),
    one(
        "an account that was moved is not known",
        _LOOKING,
        "_why_over",
        "intent.target_of(expected.account, account.units) is None",
        "False",
    ),
    one("tags are not read", _LOOKING, "_why_over", "not is_chosen_by(tags, expected.tier, intent=intent)", "False"),
    one(
        "any job of the resource is one of the rule",
        _LOOKING,
        "_sorted",
        "job.created_at >= firing",
        "True",
        why_not="only where a rule that keeps as long meets the run are older jobs asked for, and none here does",
    ),
    one(
        "an end of what was expected is not told", _STEPS, "ended", "untold=expected.alert is not None", "untold=False"
    ),
    one(
        "what cannot be looked at is looked for no more",
        _LOOKING,
        "leave_backup",
        "postponed(expected, again=again, unseen=unseen)",
        "postponed(expected, again=None, unseen=unseen)",
    ),
    one("a backup that cannot be seen is never told", _LOOKING, "leave_backup", "unseen < MAX_UNSEEN", "True"),
    one(
        "a failed job answers nothing", "services.copies.tell_failures", "tell_failure", "is_good=False", "is_good=True"
    ),
    one(
        "the first job of a rule is not remembered",
        _EXPECTING,
        "answer_backup",
        "needs.expected.find(fresh.key) or fresh",
        "needs.expected.find(fresh.key) or fresh.__replace__(firing=None)",
        why_not="what is fresh has no firing",
    ),
    one("what is new is not awaited", _EXPECTING, "first_backups", "first is not None", "False"),
    one(
        "issues of any backup are told, however old",
        _OPENING,
        "_number",
        "int(began_at.timestamp())",
        "None",
    ),
    one(
        "any job of a rule is known",
        _TRACES,
        "has_left",
        "answered(expected, traces.answer, runs=traces.runs, now=now)",
        "False",
    ),
    one("what a job promises is known though nobody opened it", _TRACES, "has_left", "key in promises", "True"),
    one(
        "what nobody was told of a copy is known",
        _TRACES,
        "is_known_copy",
        "promise is None or promise.untold",
        "promise is None",
        why_not="what is untold is due within five minutes, so that a sweep tells it, whatever the lists do",
    ),
    one(
        "every copy of a promise is known",
        _TRACES,
        "is_known_copy",
        "promise.is_settled or cause in promise.failed_jobs",
        "True",
    ),
    one(
        "a closed account is passed over for good",
        _READING,
        "reconcile_jobs",
        "_catch_up(kind, region, total=total, ends=ends, needs=needs, clock=clock)",
        "pass",
    ),
    one(
        "a closed account holds nothing back",
        _LISTS,
        "after_page",
        "min((window.until, *skips.values()))",
        "window.until",
        why_not="what the next window does not repeat is behind, so that its account's own list is read from then on",
    ),
    one(
        "an account that is behind is believed to have caught up",
        _READING,
        "_read_account",
        "if _work_off(page, total=total, needs=needs, now=now):",
        "if _work_off(page, total=total, needs=needs, now=now) and False:",
    ),
)
