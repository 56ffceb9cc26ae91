"""A throttled ledger delays a ceremony, and never decides it."""

import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from strongroom.domain.errors import StrongroomError
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.steps import (
    CeremonyStep,
    Copied,
    CopyJobStarted,
    Restored,
    RestoreJobStarted,
    RestoreOutcome,
)
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.builders.restores import CENTRAL_POINT, POINT, RESTORED, a_request, a_ticket_read, a_vote, an_approval_closed
from tests.fakes.aws_failures import FailingOnce, answered
from tests.fakes.backup import FakeBackup, a_copy_job_answer, a_restore_job_answer
from tests.fakes.ceremony import ID, Functions, functions
from tests.fakes.control_plane import load_handler

__all__ = ["functions"]

MACHINE = Path(__file__).parents[3] / "statemachines/restore_approval.asl.yaml"
TASKS: dict[str, Any] = {
    name: state
    for name, state in yaml.safe_load(MACHINE.read_text(encoding="utf-8"))["States"].items()
    if state["Type"] == "Task"
}
THROTTLED = answered("ProvisionedThroughputExceededException")
EXECUTION = f"arn:aws:states:eu-west-1:999999999999:execution:restore-approval:{ID}"
PAYLOAD = {
    "request_id": ID,
    "execution": EXECUTION,
    "task_token": "token",
    "outcome": RestoreOutcome.RESTORED.value,
    "error": "",
    "reason": "-",
}


class FakeRds:
    """RDS that takes tags, and tells those of snapshots."""

    def list_tags_for_resource(self, **_: Any) -> dict[str, Any]:
        return {"TagList": [{"Key": "Backup", "Value": "daily-prod"}]}

    def add_tags_to_resource(self, **_: Any) -> None:
        pass


# What a ceremony has recorded when each of its steps begins.
def _records(functions: Functions) -> dict[str, tuple[CeremonyStep, ...]]:
    digest, now = functions.world.book.read(ID).digest, functions.world.now
    bound = (a_ticket_read(execution=EXECUTION, digest=digest),)
    approved = (*bound, an_approval_closed(at=now, digest=digest))
    copying = (*approved, CopyJobStarted(job="copy-1"))
    copied = (*copying, Copied(recovery_point=POINT, at=now))
    restoring = (*copied, RestoreJobStarted(job="restore-1"))
    restored = (*restoring, Restored(created=RESTORED, at=now))
    return {
        "SnapshotTicket": (),
        "OpenApproval": bound,
        "StartCopyBack": approved,
        "CheckCopyBack": copying,
        "StartRestore": copied,
        "CheckRestore": restoring,
        "TagRestored": restored,
        "CloseRestore": restored,
    }


def _come_to(task: str, functions: Functions) -> None:
    functions.add(plan=RestorePlan.COPY_BACK, recovery_point=CENTRAL_POINT, vault=CENTRAL_VAULT)
    for step in _records(functions)[task]:
        functions.world.book.record(ID, step)
    functions.world.book.cast(ID, a_vote())
    backup = FakeBackup(
        copy_jobs=[a_copy_job_answer(DestinationRecoveryPointArn=POINT)],
        restore_jobs=[a_restore_job_answer(Metadata=dict(a_request().metadata))],
    )
    functions.clients.own |= {"backup": backup, "sns": None}  # nothing fails that would be alerted about
    functions.clients.member |= {(PAYMENTS, "backup"): backup, (PAYMENTS, "rds"): FakeRds()}


def _run(task: str) -> str:
    """The name of the error that the task ends with, if it does not succeed."""
    handler = load_handler(re.sub(r"(?<!^)(?=[A-Z])", "_", task).lower())
    try:
        handler({name: PAYLOAD[name] for name in TASKS[task]["Arguments"]["Payload"]}, None)
    except StrongroomError as error:
        return type(error).__name__
    return ""


@pytest.mark.parametrize("task", TASKS)
def test_whichever_call_of_the_ledger_is_throttled_the_machine_tries_the_step_again(
    task: str, functions: Functions
) -> None:
    _come_to(task, functions)
    ledger = functions.clients.own["dynamodb"] = FailingOnce(functions.clients.own["dynamodb"], THROTTLED)
    ends = []
    for number in count():
        ledger.fail_at(number)
        ends.append(_run(task))
        if not ledger.has_failed:
            break
    *throttled, at_last = ends
    (retry,) = TASKS[task]["Retry"]
    assert throttled, "the step never asked the ledger"
    assert set(throttled) <= set(retry["ErrorEquals"])
    assert at_last == ""
