"""Look at a backup that should have been made by now: find its job, wait for it, or complain once."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.copies.backup_jobs import has_ended, has_failed
from strongroom.domain.copies.deadlines import MAX_UNSEEN
from strongroom.domain.copies.expected.backups import Answer, ExpectedBackup
from strongroom.domain.copies.expected.runs import Runs, runs_of, why_not_expected
from strongroom.domain.copies.expected.transitions import ended, missed, overtaken, postponed, rescheduled
from strongroom.domain.copies.moments import moment
from strongroom.domain.copies.promises import Learnt, measures_of
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.tier_names import is_chosen_by, words_of_tags
from strongroom.services.copies.backup_origins import origin_of_job
from strongroom.services.copies.expect_backups import conclude_backup, tell_backup
from strongroom.services.copies.open_promises import PromiseOpeningNeeds, open_promises

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from strongroom.domain.copies.backup_jobs import BackupJob
    from strongroom.domain.health.metrics import Metric
    from strongroom.ports.accounts import AccountBook
    from strongroom.ports.copies import ResourceInspection

# Of these services every resource that has a tag is listed by its tags; of others an empty answer says nothing.
_LISTED_BY_TAG = frozenset(row.service for row in ROWS if row.tags and row.tags.is_listed_by_tag)


class BackupLookState(StrEnum):
    """What a look at an expected backup came to."""

    ANSWERED = "ANSWERED"
    STILL_RUNNING = "STILL_RUNNING"
    MISSING = "MISSING"
    ENDED = "ENDED"
    RESCHEDULED = "RESCHEDULED"
    TOLD = "TOLD"
    UNREACHABLE = "UNREACHABLE"


class BackupLook(Struct, frozen=True, kw_only=True):
    """What was decided about one backup that was due, and why."""

    state: BackupLookState
    reason: str
    resource: str
    tier: str
    rule: str
    learnt: Learnt | None = None

    @property
    def measures(self) -> dict[Metric, float]:
        """Whether the look found what no event had told."""
        return measures_of((self.learnt,))


class Whereabouts(Struct, frozen=True, kw_only=True):
    """Who knows whether a resource is still there with the tags of its tier, and where its account is."""

    resources: ResourceInspection
    accounts: AccountBook


def look_at_backup(
    expected: ExpectedBackup, *, needs: PromiseOpeningNeeds, whereabouts: Whereabouts, now: datetime
) -> BackupLook:
    """Tell what is untold; else let its jobs answer, as their events would have, or wait, or tell that there is none.

    Raises what keeps the account from being asked.
    """
    if expected.untold:
        tell_backup(expected, needs=needs, now=now)
        return _look(expected, BackupLookState.TOLD, expected.reason)
    runs = runs_of(needs.intent, tier=expected.tier, rule=expected.rule)
    reason = why_not_expected(expected, intent=needs.intent)
    if runs is None or reason is not None or expected.firing is None:
        return _end(expected, reason or "its rule makes no more backups", needs=needs, now=now)
    if moved := _rescheduled(expected, expected.firing, runs=runs, now=now):
        needs.expected.keep(moved, was=expected)
        return _look(expected, BackupLookState.RESCHEDULED, f"its rule is to run at {_when(moved.firing)}")
    return _ask(expected, expected.firing, runs=runs, needs=needs, whereabouts=whereabouts, now=now)


def leave_backup(expected: ExpectedBackup, *, cause: str, needs: PromiseOpeningNeeds, now: datetime) -> BackupLook:
    """Make way for others, count it, and tell of a backup that cannot be looked at again and again."""
    unseen = expected.unseen + 1
    reason = cause if unseen == 1 else f"{unseen} looks in vain, the last because {cause}"
    runs = runs_of(needs.intent, tier=expected.tier, rule=expected.rule)
    if unseen < MAX_UNSEEN or runs is None or expected.firing is None or expected.untold:
        again = now + needs.intent.deadlines.look_every
        needs.expected.keep(postponed(expected, again=again, unseen=unseen), was=expected)
    else:
        _miss(expected, expected.firing, reason, runs=runs, needs=needs, now=now)
    return _look(expected, BackupLookState.UNREACHABLE, reason)


def _ask(
    expected: ExpectedBackup,
    firing: datetime,
    *,
    runs: Runs,
    needs: PromiseOpeningNeeds,
    whereabouts: Whereabouts,
    now: datetime,
) -> BackupLook:
    jobs = needs.backups.of_resource(
        expected.resource, account=expected.account, region=expected.region, since=runs.reach_back(firing)
    )
    own, rivals = _sorted(expected, jobs, firing=firing, runs=runs, needs=needs)
    ended_jobs = (job for job in own if has_ended(job))
    news = [open_promises(job, needs=needs, now=now, learnt=Learnt.SWEEP).learnt for job in ended_jobs]
    current = needs.expected.find(expected.key)
    if current is None or current.firing != firing:
        answered = _look(expected, BackupLookState.ANSWERED, f"a job answered its run of {moment(firing)}")
        return replace(answered, learnt=next((learnt for learnt in news if learnt), None))
    if rivals:
        return _give_way(current, rivals[-1], runs=runs, needs=needs, now=now)
    running = next((job for job in own if not has_ended(job)), None)
    if running is not None and now < runs.over(firing):
        again = now + needs.intent.deadlines.look_every
        needs.expected.keep(postponed(current, again=again), was=current)
        return _look(expected, BackupLookState.STILL_RUNNING, _say_running(running, firing))
    if running is None and (gone := _why_over(expected, needs=needs, whereabouts=whereabouts)):
        return _end(current, gone, needs=needs, now=now)
    reason = _say_running(running, firing) if running else _say_missing(firing, now=now)
    return _miss(current, firing, reason, runs=runs, needs=needs, now=now)


def _sorted(
    expected: ExpectedBackup, jobs: Sequence[BackupJob], *, firing: datetime, runs: Runs, needs: PromiseOpeningNeeds
) -> tuple[list[BackupJob], list[BackupJob]]:
    """The jobs that answer the run, and those of a rule that AWS may have run instead; both the oldest first."""
    own: list[BackupJob] = []
    instead: list[BackupJob] = []
    rivals = runs.rivals(firing)
    for job in jobs:
        origin = origin_of_job(job, needs=needs, likely=expected.tier)
        if origin is None or origin.tier != expected.tier or job.created_at is None:
            continue
        if origin.rule.name == expected.rule:
            own += [job] if job.created_at >= firing else []
        elif origin.rule.name in rivals and job.created_at < firing + runs.rule.start_window:
            instead.append(job)
    return own, instead


def _give_way(
    expected: ExpectedBackup, job: BackupJob, *, runs: Runs, needs: PromiseOpeningNeeds, now: datetime
) -> BackupLook:
    reason = f"AWS Backup ran another rule of {expected.tier} at that time, which keeps as long: {job.state}"
    is_good = has_ended(job) and not has_failed(job)
    answer = Answer(job=job.id, created_at=job.created_at or now, is_good=is_good, reason=reason)
    conclude_backup(expected, partial(overtaken, answer=answer, runs=runs, now=now), needs=needs, now=now)
    return _look(expected, BackupLookState.ANSWERED, reason)


def _why_over(expected: ExpectedBackup, *, needs: PromiseOpeningNeeds, whereabouts: Whereabouts) -> str | None:
    """Why nobody backs the resource up any more, for another reason than a fault; None where somebody should."""
    intent, account = needs.intent, whereabouts.accounts.find(expected.account)
    if account is not None and intent.target_of(expected.account, account.units) is None:
        return f"account {expected.account} is governed no more"
    tags = whereabouts.resources.tags(expected.resource, account=expected.account, region=expected.region)
    if tags is None:
        is_listed = (
            Arn.parse(expected.resource).service in _LISTED_BY_TAG and not intent.tiers[expected.tier].everything
        )
        return "the resource is gone, or has no tag any more" if is_listed else None
    if not is_chosen_by(tags, expected.tier, intent=intent):
        return f"its tags choose {expected.tier} no more, which takes {words_of_tags(intent, expected.tier)}"
    return None


def _rescheduled(expected: ExpectedBackup, firing: datetime, *, runs: Runs, now: datetime) -> ExpectedBackup | None:
    """The same by the rule as it is today, if that is another; None where the run is due."""
    if not runs.has(firing):
        return rescheduled(expected, firing=runs.following(firing), runs=runs)
    return rescheduled(expected, firing=firing, runs=runs) if now < firing + runs.patience else None


def _end(expected: ExpectedBackup, reason: str, *, needs: PromiseOpeningNeeds, now: datetime) -> BackupLook:
    conclude_backup(expected, partial(ended, reason=reason, now=now), needs=needs, now=now)
    return _look(expected, BackupLookState.ENDED, reason)


def _miss(
    expected: ExpectedBackup, firing: datetime, reason: str, *, runs: Runs, needs: PromiseOpeningNeeds, now: datetime
) -> BackupLook:
    step = partial(missed, firing=firing, reason=reason, runs=runs, now=now)
    conclude_backup(expected, step, needs=needs, now=now)
    return _look(expected, BackupLookState.MISSING, reason)


def _say_running(job: BackupJob, firing: datetime) -> str:
    return f"was to begin {moment(firing)}; backup job {job.id} is still {job.state}"


def _say_missing(firing: datetime, *, now: datetime) -> str:
    return f"was to begin {moment(firing)}, and by {moment(now)} AWS Backup had begun none"


def _when(firing: datetime | None) -> str:
    return "no time any more" if firing is None else moment(firing)


def _look(expected: ExpectedBackup, state: BackupLookState, reason: str) -> BackupLook:
    return BackupLook(state=state, reason=reason, resource=expected.resource, tier=expected.tier, rule=expected.rule)
