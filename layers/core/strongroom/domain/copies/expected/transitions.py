"""What becomes of a backup that must be made: each step gives it as it is to be written, over what was read.

A state and the note that people must be told of it are one write. Telling is a second step, which anybody can finish.
"""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from strongroom.domain.alerts.complaints import AlertKind, is_news_beside
from strongroom.domain.copies.expected.backups import Answer, ExpectedBackup, ExpectedState
from strongroom.domain.copies.expected.runs import Runs

# How soon what was written and not told is told by the sweep: after whoever wrote it has had time to.
_TOLD_WITHIN: Final = timedelta(minutes=5)


def awaited(expected: ExpectedBackup, *, runs: Runs, after: datetime) -> ExpectedBackup | None:
    """A resource that is new: its first run is that after `after`; None where one was expected, or none ever is."""
    firing = runs.following(after)
    if expected.revision or firing is None:
        return None
    return replace(expected, firing=firing, due_at=runs.due(firing), version=1, revision=1)


def answered(expected: ExpectedBackup, answer: Answer, *, runs: Runs, now: datetime) -> ExpectedBackup | None:
    """A job of the rule ended. The newest by creation decides, in whatever order they are heard of; None of an older.

    It answers every firing until it was created, so that the one after it is expected next.
    """
    if not _is_news(expected, answer):
        return None
    last_point, last_completed = _latest_backup(expected, answer)
    following = replace(
        expected,
        firing=_next_firing(expected, answer, runs=runs),
        reason=answer.reason,
        last_created=answer.created_at,
        last_job=answer.job,
        last_point=last_point,
        last_completed=last_completed,
        missed=None,
        unseen=0,
        ended_at=None,
        revision=expected.revision + 1,
    )
    if answer.is_good:
        return _mended(following, ExpectedState.OK, runs=runs, now=now)
    return _complained(following, ExpectedState.FAILED, answer.kind, runs=runs, now=now)


def overtaken(expected: ExpectedBackup, answer: Answer, *, runs: Runs, now: datetime) -> ExpectedBackup | None:
    """AWS ran another rule instead, which keeps as long and meets this firing; a failure is that rule's own."""
    if expected.firing is None:
        return None
    firing = runs.following(expected.firing)
    following = replace(expected, firing=firing, unseen=0, revision=expected.revision + 1)
    if answer.is_good:
        return _mended(replace(following, reason=answer.reason), ExpectedState.OK, runs=runs, now=now)
    return _due(following, runs=runs, now=now)


def missed(
    expected: ExpectedBackup, *, firing: datetime, reason: str, runs: Runs, now: datetime
) -> ExpectedBackup | None:
    """Nothing has answered that firing, nor any that should have been answered by now; the next one is expected.

    None where somebody has answered it meanwhile.
    """
    if expected.firing != firing:
        return None
    following = replace(
        expected,
        firing=runs.following(max(firing, now - runs.patience)),
        reason=reason,
        missed=firing,
        unseen=0,
        revision=expected.revision + 1,
    )
    return _complained(following, ExpectedState.MISSING, AlertKind.BACKUP_MISSING, runs=runs, now=now)


def ended(expected: ExpectedBackup, *, reason: str, now: datetime) -> ExpectedBackup | None:
    """Nobody has to make this backup any more; people hear of it where an alert stands. None where that was known."""
    if expected.state is ExpectedState.ENDED:
        return None
    over = replace(
        expected,
        state=ExpectedState.ENDED,
        reason=reason,
        firing=None,
        unseen=0,
        ended_at=now,
        version=expected.version + 1,
        revision=expected.revision + 1,
        untold=expected.alert is not None,
    )
    return replace(over, due_at=now + _TOLD_WITHIN if over.untold else None)


def rescheduled(expected: ExpectedBackup, *, firing: datetime | None, runs: Runs) -> ExpectedBackup:
    """The same, once its rule has another schedule, or other windows."""
    return replace(expected, firing=firing, due_at=runs.due(firing), revision=expected.revision + 1)


def postponed(expected: ExpectedBackup, *, again: datetime, unseen: int = 0) -> ExpectedBackup:
    """The same, looked at without news; where it could not be looked at, `unseen` says how often in a row."""
    return replace(expected, due_at=again, unseen=unseen, revision=expected.revision + 1)


def told(expected: ExpectedBackup, *, runs: Runs | None) -> ExpectedBackup:
    """The same, once people were told of it."""
    return replace(
        expected,
        untold=False,
        alert=None if expected.is_well else expected.alert,
        due_at=runs.due(expected.firing) if runs else None,
        revision=expected.revision + 1,
    )


def _is_news(expected: ExpectedBackup, answer: Answer) -> bool:
    """Whether the answer is of a newer job, or a better one of the same."""
    if expected.missed is not None and answer.created_at < expected.missed:
        return False
    is_better = answer.is_good and expected.state is ExpectedState.FAILED
    if answer.job is not None and answer.job == expected.last_job:
        return is_better
    last = expected.last_created
    return last is None or answer.created_at > last or (answer.created_at == last and is_better)


def _latest_backup(expected: ExpectedBackup, answer: Answer) -> tuple[str | None, datetime | None]:
    """Which backup was there last, and since when: a job that was created later may have ended earlier."""
    known, new = expected.last_completed, answer.completed_at
    is_later = new is not None and (known is None or new >= known)
    return (answer.point, new) if is_later else (expected.last_point, known)


def _next_firing(expected: ExpectedBackup, answer: Answer, *, runs: Runs) -> datetime | None:
    is_ahead = expected.firing is not None and expected.firing > answer.created_at
    return expected.firing if is_ahead else runs.following(answer.created_at)


def _mended(following: ExpectedBackup, state: ExpectedState, *, runs: Runs, now: datetime) -> ExpectedBackup:
    """All is well, which people must hear of where an alert stands, or was to be told."""
    version = following.version + (following.state is not state or following.version == 0)
    well = replace(following, state=state, version=version, untold=following.alert is not None)
    return _due(well, runs=runs, now=now)


def _complained(
    following: ExpectedBackup, state: ExpectedState, kind: AlertKind, *, runs: Runs, now: datetime
) -> ExpectedBackup:
    """People must hear of it, unless an alert that is as loud and says the same stands already."""
    wrong = replace(following, state=state, version=following.version + 1)
    # An end that is not told yet may be told at any moment, so that the new complaint must come after it.
    if following.is_well or wrong.alert is None or is_news_beside(kind, wrong.alert):
        wrong = replace(wrong, alert=kind, untold=True)
    return _due(wrong, runs=runs, now=now)


def _due(following: ExpectedBackup, *, runs: Runs, now: datetime) -> ExpectedBackup:
    return replace(following, due_at=now + _TOLD_WITHIN if following.untold else runs.due(following.firing))
