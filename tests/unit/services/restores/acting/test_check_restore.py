"""A restore is waited for, remembered when it made what was approved, and given up when it did not."""

from dataclasses import replace

import pytest

from strongroom.domain.errors import ApprovalVoidError, NotFoundError, RestoreFailedError
from strongroom.domain.restores.jobs import JobState, JobVerdict
from strongroom.domain.restores.steps import Restored, RestoreJobStarted
from strongroom.services.restores.acting.check_restore import check_restore
from tests.builders.restores import NOW, RESTORED, a_request
from tests.fakes.restores import FakeRestoreJobs, World
from tests.unit.services.restores.acts import ID, STREAM


def _check(world: World, jobs: FakeRestoreJobs) -> JobVerdict:
    world.book.record(ID, RestoreJobStarted(job="restore-1"))
    return check_restore(ID, needs=replace(world.checking_restore, jobs=jobs), now=world.now)


@pytest.mark.parametrize("status", ["PENDING", "RUNNING"])
def test_a_restore_that_runs_is_waited_for(status: str, world: World) -> None:
    assert _check(world, FakeRestoreJobs(states=[status])).state is JobState.RUNNING
    assert world.book.recorded(ID, Restored) is None
    assert world.kinds(ID) == ["requested"]


def test_a_restore_as_approved_is_remembered_and_written_down(world: World) -> None:
    verdict = _check(world, FakeRestoreJobs(states=["COMPLETED"]))
    assert (verdict.state, verdict.made) == (JobState.COMPLETED, RESTORED)
    assert world.book.recorded(ID, Restored) == Restored(created=RESTORED, at=NOW)
    entry = world.log.entries(STREAM)[-1]
    assert (entry.kind, entry.facts) == ("restored", {"job": "restore-1", "created": RESTORED, "added": ""})


def test_what_a_restore_used_besides_is_written_down_by_its_name(world: World) -> None:
    used = USED | {"EngineVersion": "16.4", "LicenseModel": "postgresql-license", "aws:backup:request-id": "1"}
    assert _check(world, FakeRestoreJobs(states=["COMPLETED"], used=used)).state is JobState.COMPLETED
    assert world.log.entries(STREAM)[-1].facts["added"] == "engineversion, licensemodel"


def test_a_restore_that_is_looked_at_again_keeps_its_first_moment_and_is_written_down_once(world: World) -> None:
    for _ in range(2):
        _check(world, FakeRestoreJobs(states=["COMPLETED"]))
        world.later(minutes=5)
    assert world.book.recorded(ID, Restored) == Restored(created=RESTORED, at=NOW)
    assert world.kinds(ID).count("restored") == 1


USED = dict(a_request().metadata)


@pytest.mark.parametrize(
    ("jobs", "why"),
    [
        (FakeRestoreJobs(states=["FAILED"], message="no capacity"), "ended FAILED: no capacity"),
        (FakeRestoreJobs(states=["ABORTED"]), "ended ABORTED: nothing was created"),
        (
            FakeRestoreJobs(states=["COMPLETED"], used=USED | {"DBInstanceClass": "db.r5.24xlarge"}),
            "DBInstanceClass|dbinstanceclass",
        ),
        (FakeRestoreJobs(states=["COMPLETED"], used=USED | {"PubliclyAccessible": "true"}), "publiclyaccessible"),
        (FakeRestoreJobs(states=["COMPLETED"], used={}), "did not use what was approved"),
    ],
    ids=["failed", "aborted", "with another value", "with one more setting", "with none"],
)
def test_a_restore_that_is_not_as_approved_is_given_up(jobs: FakeRestoreJobs, why: str, world: World) -> None:
    with pytest.raises(RestoreFailedError, match=why):
        _check(world, jobs)
    assert world.book.recorded(ID, Restored) is None


def test_a_restore_that_was_never_started_is_not_looked_for(world: World) -> None:
    with pytest.raises(ApprovalVoidError, match="no restore was started"):
        check_restore(ID, needs=world.checking_restore, now=world.now)


def test_a_restore_of_a_request_that_nobody_made_is_not_found(world: World) -> None:
    world.book.record("r-zzzzzzzzzzzz", RestoreJobStarted(job="restore-1"))
    with pytest.raises(NotFoundError):
        check_restore("r-zzzzzzzzzzzz", needs=world.checking_restore, now=world.now)
