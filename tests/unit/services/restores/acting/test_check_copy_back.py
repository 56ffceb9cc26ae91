"""A copy back is waited for, remembered when it has arrived, and given up when it ended otherwise."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from strongroom.domain.errors import ApprovalVoidError, CopyBackFailedError
from strongroom.domain.restores.jobs import CopyBackJob, JobState, JobVerdict
from strongroom.domain.restores.steps import Copied, CopyJobStarted
from strongroom.services.restores.acting.check_copy_back import check_copy_back
from tests.builders.restores import NOW, POINT
from tests.fakes.restores import FakeCopyBackJobs, World
from tests.unit.services.restores.acts import ID, STREAM


@dataclass
class OneJob(FakeCopyBackJobs):
    """AWS Backup with a copy job in this state."""

    job: CopyBackJob | None = None

    def describe(self, job_id: str) -> CopyBackJob:
        assert self.job is not None
        assert job_id == self.job.id
        return self.job


def a_job(state: str = "COMPLETED", **changes: object) -> CopyBackJob:
    point = POINT if state == "COMPLETED" else ""
    job = CopyBackJob(id="copy-1", state=state, message="", recovery_point=point, completed_at=None)
    return replace(job, **changes)  # type: ignore[arg-type]


def _check(world: World, job: CopyBackJob) -> JobVerdict:
    world.book.record(ID, CopyJobStarted(job="copy-1"))
    return check_copy_back(ID, needs=replace(world.checking_copy, jobs=OneJob(job=job)), now=world.now)


@pytest.mark.parametrize("state", ["CREATED", "RUNNING"])
def test_a_copy_that_runs_is_waited_for(state: str, world: World) -> None:
    assert _check(world, a_job(state)).state is JobState.RUNNING
    assert world.book.recorded(ID, Copied) is None
    assert world.kinds(ID) == ["requested"]


def test_a_copy_that_arrived_is_remembered_and_written_down(world: World) -> None:
    verdict = _check(world, a_job())
    assert (verdict.state, verdict.made) == (JobState.COMPLETED, POINT)
    assert world.book.recorded(ID, Copied) == Copied(recovery_point=POINT, at=NOW)
    entry = world.log.entries(STREAM)[-1]
    assert (entry.kind, entry.facts) == ("copied-back", {"job": "copy-1", "recovery_point": POINT})


def test_the_moment_at_which_the_copy_arrived_is_the_one_that_aws_names(world: World) -> None:
    arrived = NOW - timedelta(minutes=9)
    _check(world, a_job(completed_at=arrived))
    copied = world.book.recorded(ID, Copied)
    assert copied is not None
    assert copied.at == arrived


def test_a_copy_that_is_looked_at_again_keeps_its_first_moment_and_is_written_down_once(world: World) -> None:
    for _ in range(2):
        _check(world, a_job())
        world.later(minutes=5)
    copied = world.book.recorded(ID, Copied)
    assert copied is not None
    assert copied.at == NOW
    assert world.kinds(ID).count("copied-back") == 1


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (a_job("FAILED", message="the key is disabled"), "ended FAILED: the key is disabled"),
        (a_job("PARTIAL"), "ended PARTIAL"),
        (a_job("UNHEARD_OF"), "ended UNHEARD_OF"),
        (a_job(recovery_point=""), "no recovery point is named"),
    ],
    ids=["failed", "partial", "in a state nobody knows", "completed without a point"],
)
def test_a_copy_that_ended_otherwise_is_given_up(job: CopyBackJob, why: str, world: World) -> None:
    with pytest.raises(CopyBackFailedError, match=why):
        _check(world, job)
    assert world.book.recorded(ID, Copied) is None


def test_a_copy_that_was_never_started_is_not_looked_for(world: World) -> None:
    with pytest.raises(ApprovalVoidError, match="no copy back was started"):
        check_copy_back(ID, needs=world.checking_copy, now=world.now)
