"""Which backup jobs open promises, and which are a reason to complain."""

from typing import Any

import pytest

from strongroom.domain.copies.backup_jobs import BackupState, judge_backup
from strongroom.domain.intent.model import Intent
from tests.builders.copies import a_backup_job


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        pytest.param({}, BackupState.PROMISED, "the backup completed", id="completed"),
        pytest.param({"message": "VSS failed"}, BackupState.PROMISED, "with issues: VSS failed", id="with-issues"),
        pytest.param({"state": "FAILED", "message": '"No."'}, BackupState.FAILED, "FAILED: No.", id="failed"),
        pytest.param({"state": "ABORTED"}, BackupState.FAILED, "ABORTED: AWS Backup gives no cause", id="aborted"),
        pytest.param({"state": "EXPIRED"}, BackupState.FAILED, "EXPIRED", id="expired"),
        pytest.param({"state": "PARTIAL"}, BackupState.FAILED, "PARTIAL", id="partial"),
        pytest.param({"state": "RUNNING"}, BackupState.UNCHANGED, "RUNNING", id="running"),
        pytest.param({"recovery_point": None}, BackupState.UNCHANGED, "COMPLETED", id="no-recovery-point"),
        pytest.param({"vault": "arn:other"}, BackupState.NOT_OURS, "local vault", id="other-vault"),
        pytest.param({"vault": None}, BackupState.NOT_OURS, "local vault", id="created-event"),
        pytest.param(
            {"vault": None, "state": "FAILED"}, BackupState.FAILED, "not saying in which", id="failed-somewhere"
        ),
        pytest.param(
            {"vault": None, "state": "FAILED", "account": "1112233445566"},
            BackupState.NOT_OURS,
            "local",
            id="no-account",
        ),
    ],
)
def test_a_backup_job_is_judged(intent: Intent, changes: dict[str, Any], state: BackupState, reason: str) -> None:
    verdict = judge_backup(a_backup_job(**changes), intent=intent)
    assert verdict.state is state
    assert reason in verdict.reason
