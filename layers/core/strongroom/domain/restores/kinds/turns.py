"""How many restores of one kind run at once in an account, and whose turn it is.

AWS Backup Developer Guide, "Amazon Aurora DSQL restore" and "AWS Backup quotas" (EKS); Amazon Timestream Developer
Guide, "Quota and limits" of backups. None says what becomes of one too many.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from strongroom.domain.errors import TemporarilyUnavailableError
from strongroom.domain.restores.kinds.model import RestoreKind
from strongroom.domain.restores.kinds.table import kind_of_request
from strongroom.domain.restores.requests import RestoreRequest
from strongroom.domain.written import moment_text

# A job that takes so many times as long as its kind does is told by its id: somebody must ask AWS about it.
_FAR_BEYOND: Final = 4


class RunningJob(Struct, frozen=True, kw_only=True):
    """A restore job that has not ended, of a backup of `size` bytes; its `metadata` are empty where nobody asked."""

    id: str
    since: datetime
    size: int | None = None
    metadata: Mapping[str, str] = {}


def most_of_ours(request: RestoreRequest) -> int | None:
    """How many of its kind we let run at once in its account: one less than AWS does, and one at least.

    None where AWS says no number.
    """
    kind = _kind(request)
    return None if kind is None or not kind.at_once else max(1, kind.at_once - 1)


def goes_one_into(request: RestoreRequest) -> bool:
    """Whether it also matters what the others are restored into, which their metadata say."""
    kind = _kind(request)
    return kind is not None and kind.is_one_at_a_time


def demand_turn(request: RestoreRequest, *, running: Sequence[RunningJob], now: datetime) -> None:
    """Pass where another one of its kind may run; TemporarilyUnavailableError while too many do, or one into the same.

    What runs far longer than its kind does is named: AWS Backup stops no job, and it still counts for AWS.
    """
    most, kind = most_of_ours(request), _kind(request)
    if most is None or kind is None:
        return
    into = dict(request.metadata).get(kind.lives_in, "")
    # One that does not say what it goes into may go into the same.
    beside = [job for job in running if kind.is_one_at_a_time and job.metadata.get(kind.lives_in, into) == into]
    if beside:
        said = f"job {beside[0].id} restores into {into} in account {request.account} in {request.region}, and AWS lets"
        raise TemporarilyUnavailableError(f"it waits for its turn: {said} one at a time{_late(beside, kind, now=now)}")
    if len(running) >= most:
        raise TemporarilyUnavailableError(
            f"it waits for its turn: {len(running)} of {kind.name} are being restored in account {request.account} in "
            f"{request.region}, and AWS lets {kind.at_once} run at once, {most} of them ours"
            f"{_late(running, kind, now=now)}"
        )


def _late(running: Iterable[RunningJob], kind: RestoreKind, *, now: datetime) -> str:
    """Which of the jobs run far longer than their kind does, in words; empty where none does."""
    late = [f"{job.id} since {moment_text(job.since)}" for job in running if now - job.since > _longest(job, kind)]
    far = "far longer than such a restore takes, and nobody but AWS Support can end it"
    return f"; {', '.join(late)} runs {far}" if late else ""


def _longest(job: RunningJob, kind: RestoreKind) -> timedelta:
    minutes = None if kind.estimate is None else kind.estimate.pace.minutes(job.size)
    return timedelta.max if minutes is None else timedelta(minutes=_FAR_BEYOND * minutes)


def start_in_turn(request: RestoreRequest) -> str:
    """What its start waits for, in words; empty where it waits for no turn. Whether it waits now nobody has written."""
    most, kind = most_of_ours(request), _kind(request)
    return "" if most is None or kind is None else f"its start, in its turn: at most {most} of {kind.name} at once"


def of_turn(request: RestoreRequest) -> tuple[str, ...]:
    """What approvers read of it, a sentence, where there is such a number."""
    most, kind = most_of_ours(request), _kind(request)
    if most is None or kind is None:
        return ()
    one = f", and one into the same {kind.lives_in}" if kind.is_one_at_a_time else ""
    are = "is" if most == 1 else "are"
    return (f"At most {most} of {kind.name} {are} restored at once{one}: it waits for its turn.",)


def _kind(request: RestoreRequest) -> RestoreKind | None:
    return None if request.kind else kind_of_request(request)
