"""The function that reads AWS's lists of jobs, woken by its schedule."""

from collections.abc import Callable
from copy import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import Learnt, PromiseState
from strongroom.domain.intent.model import Intent
from tests.builders.copies import COMPLETED_AT, CREATED_AT, PLAN
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.night import COPIED_SNAPSHOT, SOURCE_SNAPSHOT, VOLUME, Night, a_night

type Sample = Callable[[str], dict[str, Any]]

BACKUP_JOB: dict[str, Any] = {
    "BackupJobId": "backup-1",
    "AccountId": PAYMENTS,
    "State": "COMPLETED",
    "BackupVaultArn": LOCAL_VAULT,
    "ResourceArn": VOLUME,
    "RecoveryPointArn": SOURCE_SNAPSHOT,
    "CreationDate": CREATED_AT,
    "CompletionDate": COMPLETED_AT,
    "CreatedBy": {"BackupPlanArn": PLAN},
}
COPY_JOB: dict[str, Any] = {
    "CopyJobId": "copy-1",
    "AccountId": PAYMENTS,
    "State": "COMPLETED",
    "SourceRecoveryPointArn": SOURCE_SNAPSHOT,
    "SourceBackupVaultArn": LOCAL_VAULT,
    "DestinationBackupVaultArn": CENTRAL_VAULT,
    "DestinationRecoveryPointArn": COPIED_SNAPSHOT,
    "CreationDate": COMPLETED_AT,
    "CompletionDate": COMPLETED_AT,
}
TOO_LONG = f"{VOLUME}{'v' * 3_000}"


@pytest.fixture(params=[lambda intent: intent.organization.governed_regions, lambda _: ()], ids=["named", "left out"])
def intent(intent: Intent, request: pytest.FixtureRequest) -> Intent:
    """The governed Regions as the file names them; left out, the home Region is the only one."""
    return replace(intent, organization=replace(intent.organization, governed_regions=request.param(intent)))


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    night = a_night(fake_clients, dynamodb, ledger_table)
    fake_clients.own["backup"] = night.central
    return night


def test_a_night_without_any_event_is_known_from_the_lists_of_the_organisation(night: Night, sample: Sample) -> None:
    night.back_up()
    night.copy()
    night.central.backup_jobs, night.central.copy_jobs = [BACKUP_JOB], [COPY_JOB]
    assert night.run("reconcile_jobs", sample("aws.events/tick")) == []
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert (promise.state, promise.learnt) == (PromiseState.VERIFIED, Learnt.RECONCILIATION)
    assert night.announced == []
    asked = [request for request in night.central.listed if request.get("ByAccountId") == "*"]
    windows = [(request["ByCompleteAfter"], request["ByCompleteBefore"]) for request in asked]
    backups, copies = windows[: len(windows) // 2], windows[len(windows) // 2 :]
    for read in (backups, copies):
        assert all(until >= later for (_, until), (later, _) in pairwise(read))
        assert read[-1][1] - read[0][0] > timedelta(days=29)


def test_jobs_of_which_aws_says_nothing_keep_no_other_from_being_read(night: Night, sample: Sample) -> None:
    """AWS's model of a job demands none of its members."""
    night.back_up()
    night.copy()
    night.central.backup_jobs = [{}, {"AccountId": PAYMENTS, "State": "FAILED"}, BACKUP_JOB]
    night.central.copy_jobs = [{}, {"AccountId": PAYMENTS, "SourceBackupVaultArn": LOCAL_VAULT}, COPY_JOB]
    assert night.run("reconcile_jobs", sample("aws.events/tick")) == []
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert (promise.state, promise.learnt) == (PromiseState.VERIFIED, Learnt.RECONCILIATION)
