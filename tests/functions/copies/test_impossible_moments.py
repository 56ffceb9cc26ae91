"""Moments that cannot be, and words without end: what a job says of itself is kept only as far as it can be true."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import COMPLETED_AT, CREATED_AT, PLAN
from tests.builders.expected import an_expected
from tests.builders.places import CENTRAL_VAULT, LOCAL_VAULT, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.backup import a_point_answer
from tests.fakes.night import COPIED_SNAPSHOT, SOURCE_SNAPSHOT, VOLUME, Night, a_night, of_payments

type Sample = Callable[[str], dict[str, Any]]

COPY, FAILED = "aws.backup/copy_job_cross_account__completed", "aws.backup/backup_job__failed"
COMPLETED = "aws.backup/backup_job__completed"
CONTINUOUS = f"arn:aws:backup:eu-west-1:{PAYMENTS}:recovery-point:continuous:db-abcdefghij-1a2b3c4d"
EXPECTED = an_expected(resource=VOLUME).key
IMPOSSIBLE: dict[str, Any] = {
    "the last second that there is": "9999-12-31T23:59:59Z",
    "a second behind it": "9999-12-31T23:59:59-12:00",
    "the first second that there is": "0001-01-01T00:00:00Z",
    "a moment before it": "0001-01-01T00:00:00+14:00",
    "before there was any backup": "1970-01-01T00:00:00Z",
    "a hundred years from now": "2126-09-01T02:00:00Z",
    "a second that is left out": "2026-06-30T23:59:60Z",
    "a zone that is none": "2026-09-01T02:00:00+25:00",
    "milliseconds for seconds": 1_788_220_800_000,
    "more seconds than there are": 10**30,
    "fewer than none": -(10**30),
    "a time of day": "02:00:00",
}


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    return a_night(fake_clients, dynamodb, ledger_table)


def completed(sample: Sample, *, point: str = SOURCE_SNAPSHOT, **detail: Any) -> dict[str, Any]:
    event = of_payments(sample(COMPLETED), createdBy={"backupPlanArn": PLAN}, **detail)
    return event | {"resources": [point]}


def at(said: Any) -> dict[str, Any]:
    return dict.fromkeys(("creationDate", "completionDate", "startBy"), said)


@pytest.mark.parametrize("said", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_failure_is_told_whatever_moment_it_names(said: Any, night: Night, sample: Sample) -> None:
    event = of_payments(sample(FAILED), **at(said))
    night.backup_job(event)
    assert night.run("open_promises", event) == []
    assert (night.announced, night.post.buried) == ([("backup-failed", "opened")], [])


@pytest.mark.parametrize("said", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_backup_owes_its_copy_by_the_moment_of_its_recovery_point(said: Any, night: Night, sample: Sample) -> None:
    night.back_up()
    assert night.run("open_promises", completed(sample, **at(said))) == []
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert (promise.created_at, promise.deadline.date()) == (CREATED_AT, COMPLETED_AT.date())


@pytest.mark.parametrize("said", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_night_of_a_continuous_backup_owes_its_copy_whenever_it_says_it_was(
    said: Any, night: Night, sample: Sample
) -> None:
    point = a_point_answer(CONTINUOUS, vault=LOCAL_VAULT, ResourceArn=VOLUME, CreationDate=CREATED_AT)
    night.member.points.append(point | {"CreatedBy": {"BackupPlanArn": PLAN}})
    night.member.tags[CONTINUOUS] = {"Backup": "daily-prod"}
    assert night.run("open_promises", completed(sample, point=CONTINUOUS, **at(said))) == []
    [promise] = night.promises.nights(CONTINUOUS, CENTRAL_VAULT)
    assert promise.created_at.year == datetime.now(UTC).year


def test_a_backup_that_says_it_is_of_next_year_does_not_make_those_until_then_older_ones(
    night: Night, sample: Sample
) -> None:
    night.back_up()
    said = datetime.now(UTC).replace(day=1).isoformat().replace(str(datetime.now(UTC).year), "2031")
    assert night.run("open_promises", completed(sample, creationDate=said)) == []
    expected = LedgerExpectedBackups(night.table).find(EXPECTED)
    assert expected is not None
    assert expected.last_created == CREATED_AT


@pytest.mark.parametrize("year", [1, 1970, 9999])
@pytest.mark.parametrize("field", ["CreationDate", "CompletionDate"])
def test_a_recovery_point_of_no_possible_moment_counts_from_now(
    field: str, year: int, night: Night, sample: Sample
) -> None:
    changed: dict[str, Any] = {field: datetime(year, 1, 1, tzinfo=UTC)}
    night.back_up(**changed)
    assert night.run("open_promises", completed(sample)) == []
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.created_at == CREATED_AT or promise.created_at.date() == datetime.now(UTC).date()
    assert promise.deadline.year == datetime.now(UTC).year


@pytest.mark.parametrize("year", [1, 1970, 2020, 9999])
def test_a_copy_of_another_moment_than_its_source_is_not_what_was_promised(
    year: int, night: Night, sample: Sample
) -> None:
    night.back_up()
    night.copy(CreationDate=datetime(year, 1, 1, tzinfo=UTC))
    event = sample(COPY)
    night.copy_job(CopyJobId=event["detail"]["copyJobId"], DestinationRecoveryPointArn=COPIED_SNAPSHOT)
    assert night.run("verify_copy", event) == []
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.state is PromiseState.FAILED
    assert f"{year}-01-01" in promise.reason
    assert night.announced == [("copy-failed", "opened")]


@pytest.mark.parametrize("field", ["CreationDate", "ResourceArn", "Status"])
def test_a_copy_of_which_aws_leaves_that_out_is_no_verified_one(field: str, night: Night, sample: Sample) -> None:
    night.back_up()
    night.copy()
    del night.central.points[0][field]
    event = sample(COPY)
    night.copy_job(CopyJobId=event["detail"]["copyJobId"], DestinationRecoveryPointArn=COPIED_SNAPSHOT)
    assert night.run("verify_copy", event) == []
    assert night.announced == [("copy-failed", "opened")]


@pytest.mark.parametrize("function", ["open_promises", "verify_copy"])
def test_what_aws_says_without_end_is_told_as_far_as_people_read(function: str, night: Night, sample: Sample) -> None:
    night.back_up()
    words = "Access denied. " + "m" * 250_000
    failed = of_payments(sample(FAILED), statusMessage=words)
    night.backup_job(failed)
    copied = sample(COPY)
    copied["detail"] |= {"state": "FAILED", "statusMessage": words}
    night.copy_job(CopyJobId=copied["detail"]["copyJobId"], State="FAILED", StatusMessage=words)
    assert night.run(function, failed if function == "open_promises" else copied) == []
    [told] = night.post.announced
    assert "Access denied. mmm" in told["reason"]
    assert len(told["reason"]) < 4_000
