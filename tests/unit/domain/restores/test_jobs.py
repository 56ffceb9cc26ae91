"""What a described job means for the ceremony."""

import pytest

from strongroom.domain.restores.jobs import (
    CopyBackJob,
    JobState,
    RestoreJob,
    differences,
    judge_copy_back,
    judge_restore,
)
from tests.builders.restores import POINT, RESTORED, a_request


@pytest.mark.parametrize(
    ("state", "point", "meaning"),
    [
        ("CREATED", "", JobState.RUNNING),
        ("RUNNING", "", JobState.RUNNING),
        ("COMPLETED", POINT, JobState.COMPLETED),
        ("COMPLETED", "", JobState.FAILED),
        ("PARTIAL", POINT, JobState.FAILED),
        ("FAILED", "", JobState.FAILED),
        ("SOMETHING_NEW", POINT, JobState.FAILED),
    ],
)
def test_copy_back(state: str, point: str, meaning: JobState) -> None:
    job = CopyBackJob(id="c", state=state, message="", recovery_point=point, completed_at=None)
    assert judge_copy_back(job).state is meaning


@pytest.mark.parametrize(
    ("status", "created", "meaning"),
    [
        ("PENDING", "", JobState.RUNNING),
        ("RUNNING", "", JobState.RUNNING),
        ("COMPLETED", RESTORED, JobState.COMPLETED),
        ("COMPLETED", "", JobState.FAILED),
        ("ABORTED", "", JobState.FAILED),
        ("FAILED", "", JobState.FAILED),
    ],
)
def test_restore(status: str, created: str, meaning: JobState) -> None:
    metadata = dict(a_request().metadata)
    job = RestoreJob(id="r", status=status, message="", created=created, metadata=metadata)
    assert judge_restore(job, request=a_request()).state is meaning


def test_a_restore_that_used_something_else_has_failed() -> None:
    metadata = dict(a_request().metadata) | {"DBInstanceClass": "db.r5.24xlarge"}
    job = RestoreJob(id="r", status="COMPLETED", message="", created=RESTORED, metadata=metadata)
    verdict = judge_restore(job, request=a_request())
    assert verdict.state is JobState.FAILED
    assert "dbinstanceclass" in verdict.reason


@pytest.mark.parametrize(
    ("used", "changed"),
    [
        ({"dbinstanceidentifier": "x", "aws:backup:request-id": "1"}, ()),
        ({"DBInstanceIdentifier": "y"}, ("dbinstanceidentifier",)),
        ({"DBInstanceIdentifier": "x", "PubliclyAccessible": "true"}, ("publiclyaccessible",)),
        ({}, ("dbinstanceidentifier",)),
    ],
    ids=["the same", "another value", "one more", "one less"],
)
def test_differences(used: dict[str, str], changed: tuple[str, ...]) -> None:
    assert differences((("DBInstanceIdentifier", "x"),), used=used) == changed
