"""A copy is started again only where nothing is there, on its way or in the queue, and for the first time."""

from typing import Any

import pytest

from strongroom.domain.copies.found import CopyJob
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.copies.remediation.starting import Remedy, decide_remedy
from tests.builders.copies import a_copy_job, a_promise
from tests.builders.places import REPLICA_VAULT

REFUSED = a_copy_job(state="FAILED", message="Given key ID is not accessible")
BROKEN = a_copy_job(state="FAILED", message="Internal failure")


@pytest.mark.parametrize(
    ("changes", "jobs", "has_arrived", "remedy", "reason"),
    [
        pytest.param({}, (), False, Remedy.START, "nothing is on its way", id="never-begun"),
        pytest.param({"state": PromiseState.FAILED}, (BROKEN,), False, Remedy.START, "on its way", id="failed"),
        pytest.param({"state": PromiseState.OPEN}, (), False, Remedy.LEAVE, "OPEN", id="not-told-yet"),
        pytest.param({"state": PromiseState.VERIFIED}, (), False, Remedy.LEAVE, "VERIFIED", id="kept-meanwhile"),
        pytest.param({"state": PromiseState.VANISHED}, (), False, Remedy.LEAVE, "VANISHED", id="vanished"),
        pytest.param({}, (), True, Remedy.LEAVE, "a person decides", id="arrived-and-wrong"),
        pytest.param({}, (a_copy_job(state="CREATED"),), False, Remedy.LEAVE, "CREATED", id="waits"),
        pytest.param({}, (a_copy_job(state="RUNNING"),), False, Remedy.LEAVE, "RUNNING", id="runs"),
        pytest.param({}, (a_copy_job(),), False, Remedy.LEAVE, "may still show itself", id="completed-without-a-copy"),
        pytest.param(
            {},
            (a_copy_job(id="replica-1", destination=REPLICA_VAULT, state="RUNNING"),),
            False,
            Remedy.LEAVE,
            "replica-1",
            id="another-copy-of-the-resource-runs",
        ),
        pytest.param({}, (REFUSED,), False, Remedy.DIAGNOSE, "cannot: key policy", id="refused"),
        pytest.param({}, (REFUSED, BROKEN), False, Remedy.START, "on its way", id="refused-before-the-last-try"),
        pytest.param({"restarts": 1}, (), False, Remedy.DIAGNOSE, "copied again already", id="started-before"),
        pytest.param({"night": "backup-1"}, (), False, Remedy.DIAGNOSE, "continuous", id="continuous"),
    ],
)
def test_the_remedy_follows_from_what_is_read_just_before(
    changes: dict[str, Any],
    jobs: tuple[CopyJob, ...],
    has_arrived: bool,  # noqa: FBT001 - a column of the table
    remedy: Remedy,
    reason: str,
) -> None:
    promise = a_promise(**{"state": PromiseState.MISSING} | changes)
    decision = decide_remedy(promise, jobs=jobs, has_arrived=has_arrived)
    assert decision.remedy is remedy
    assert reason in decision.reason
