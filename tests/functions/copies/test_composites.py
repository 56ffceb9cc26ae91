"""A stack's recovery point is a composite: what lies nested in it has jobs, promises and copies of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import COMPLETED_AT, CREATED_AT, KEY, PLAN
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.backup import a_point_answer
from tests.fakes.night import SOURCE_SNAPSHOT, VOLUME, Night, a_night, of_payments

type Sample = Callable[[str], dict[str, Any]]

STACK = f"arn:aws:cloudformation:{HOME}:{PAYMENTS}:stack/shop/51af3dc0-da77-11e4-872e-1234567db123"
COMPOSITE = f"arn:aws:backup:{HOME}:{PAYMENTS}:recovery-point:composite:cloudformation/shop-20260901020000-1a2b3c4d"
COPIED = COMPOSITE.replace(PAYMENTS, "999999999999")


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    """The stack with one volume is backed up, and AWS tells of both jobs."""
    night = a_night(fake_clients, dynamodb, ledger_table)
    for arn, resource in ((COMPOSITE, STACK), (SOURCE_SNAPSHOT, VOLUME)):
        made = {"CreationDate": CREATED_AT, "CompletionDate": COMPLETED_AT, "CreatedBy": {"BackupPlanArn": PLAN}}
        night.member.points.append(a_point_answer(arn, vault=LOCAL_VAULT, ResourceArn=resource, **made))
        night.member.tags[arn] = {"Backup": "daily-prod"}
    return night


def hear_of_backups(night: Night, sample: Sample) -> None:
    by_plan = {"createdBy": {"backupPlanArn": PLAN}, "parentJobId": "job-stack"}
    stack = of_payments(sample("aws.backup/backup_job__completed"), resourceArn=STACK, **by_plan)
    nested = of_payments(sample("aws.backup/backup_job__completed"), backupJobId="job-volume", **by_plan)
    assert night.run("open_promises", stack | {"resources": [COMPOSITE]}) == []
    assert night.run("open_promises", nested | {"resources": [SOURCE_SNAPSHOT]}) == []


def state(night: Night, point: str) -> PromiseState | None:
    promise = night.promises.get(point, CENTRAL_VAULT)
    return None if promise is None else promise.state


@pytest.mark.parametrize(
    ("status", "comes_to"), [("COMPLETED", PromiseState.VERIFIED), ("PARTIAL", PromiseState.FAILED)]
)
def test_a_composite_is_verified_whole_and_what_lies_in_it_by_itself(
    status: str, comes_to: PromiseState, night: Night, sample: Sample
) -> None:
    hear_of_backups(night, sample)
    assert [state(night, point) for point in (COMPOSITE, SOURCE_SNAPSHOT)] == [PromiseState.OPEN] * 2
    kept: dict[str, Any] = {"CreationDate": CREATED_AT, "EncryptionKeyArn": KEY, "Status": status}
    lifecycle = {"Lifecycle": {"DeleteAfterDays": 2555}}
    night.central.points.append(a_point_answer(COPIED, vault=CENTRAL_VAULT, ResourceArn=STACK, **kept | lifecycle))
    event = sample("aws.backup/copy_job_cross_account__completed") | {"resources": [COMPOSITE]}
    job = event["detail"]["copyJobId"]
    night.copy_job(CopyJobId=job, SourceRecoveryPointArn=COMPOSITE, DestinationRecoveryPointArn=COPIED)
    assert night.run("verify_copy", event) == []
    assert (state(night, COMPOSITE), state(night, SOURCE_SNAPSHOT)) == (comes_to, PromiseState.OPEN)


def test_what_lies_nested_and_is_missing_is_told_by_itself(night: Night, sample: Sample) -> None:
    hear_of_backups(night, sample)
    night.copy(CreationDate=CREATED_AT)
    assert night.run("sweep_overdue_copies", sample("aws.events/tick")) == []
    assert (state(night, COMPOSITE), state(night, SOURCE_SNAPSHOT)) == (PromiseState.MISSING, PromiseState.VERIFIED)
    [told] = [message for message in night.post.announced if message["kind"] == "copy-missing"]
    assert told["subject"].startswith(COMPOSITE)
