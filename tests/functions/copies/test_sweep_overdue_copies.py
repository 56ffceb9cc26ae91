"""The function that looks for overdue copies, woken by its schedule."""

import json
from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from strongroom.adapters.ledger.copies.protection import LedgerExpectedBackups
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.expected.backups import ExpectedState
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import CREATED_AT, a_promise
from tests.builders.expected import an_expected
from tests.builders.places import CENTRAL_VAULT
from tests.conftest import FakeClients
from tests.fakes.account_clients import refusal
from tests.fakes.aws_failures import URL
from tests.fakes.night import SOURCE_SNAPSHOT, VOLUME, Night, a_night, of_payments

EXPECTED = an_expected(resource=VOLUME).key

type Sample = Callable[[str], dict[str, Any]]


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    night = a_night(fake_clients, dynamodb, ledger_table)
    due_at = datetime.now(UTC) - timedelta(minutes=5)
    night.promises.open(a_promise(recovery_point=SOURCE_SNAPSHOT, resource=VOLUME, deadline=due_at, due_at=due_at))
    return night


@pytest.fixture
def tick(sample: Sample) -> dict[str, Any]:
    return sample("aws.events/tick")


def test_a_missing_copy_is_told_once_and_its_remediation_is_begun(night: Night, tick: dict[str, Any]) -> None:
    assert night.run("sweep_overdue_copies", tick, tick) == []
    assert night.announced == [("copy-missing", "opened")]
    assert night.facts == ["CopyMissing", "AlertOpened"]
    assert night.member.started == []
    missing = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert missing is not None
    again = replace(missing, looks=2, due_at=datetime.now(UTC), revision=missing.revision + 1)
    assert night.promises.keep(again, was=missing)  # the third look at which nothing is on its way
    assert night.run("sweep_overdue_copies", tick) == []
    [begun] = night.machines.started
    assert json.loads(begun["input"])["destination"] == CENTRAL_VAULT
    assert (night.facts[2:], night.member.started) == ([], [])
    seen_to = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert seen_to is not None
    assert (seen_to.remediations, seen_to.looks) == (1, 0)


def test_a_copy_whose_event_was_lost_is_found(night: Night, tick: dict[str, Any]) -> None:
    night.copy(CreationDate=CREATED_AT)
    night.run("sweep_overdue_copies", tick)
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.state is PromiseState.VERIFIED
    assert night.facts == ["CopyVerified"]


def test_a_running_copy_is_waited_for(night: Night, tick: dict[str, Any]) -> None:
    night.copy_job(State="RUNNING")
    night.run("sweep_overdue_copies", tick)
    assert (night.facts, night.member.started) == ([], [])


def test_a_lost_failure_is_told_with_its_cause(night: Night, tick: dict[str, Any]) -> None:
    night.copy_job(State="FAILED", StatusMessage="key not shared")
    night.run("sweep_overdue_copies", tick)
    assert "key not shared" in night.post.announced[0]["reason"]


@pytest.mark.parametrize("late", [timedelta(days=4), timedelta(days=5), timedelta(days=60)], ids=str)
def test_a_copy_is_told_missing_at_the_next_sweep_however_late_that_is(
    late: timedelta, night: Night, tick: dict[str, Any]
) -> None:
    """The backup's event was handled so much later than the backup, or no sweep ran for so long: it is the same."""
    due_at = datetime.now(UTC) - late
    night.promises.open(a_promise(recovery_point="arn:late", resource="arn:old", deadline=due_at, due_at=due_at))
    assert night.run("sweep_overdue_copies", tick, tick) == []
    assert night.announced == [("copy-missing", "opened")] * 2
    assert "arn:old" in night.post.announced[0]["reason"]


@pytest.mark.parametrize(
    ("failure", "unseen"),
    [
        pytest.param(ReadTimeoutError(endpoint_url=URL), 1, id="no answer in time"),
        pytest.param(refusal("InternalFailure", "ListCopyJobs"), 1, id="an error of AWS's own"),
        pytest.param(refusal("InvalidParameterValueException", "ListCopyJobs"), 1, id="a call that is not accepted"),
        pytest.param(refusal("ExpiredTokenException", "ListCopyJobs"), 0, id="a refusal, which is told of its account"),
    ],
)
def test_one_promise_that_cannot_be_looked_at_keeps_no_other_from_being_told(
    failure: Exception, unseen: int, night: Night, tick: dict[str, Any]
) -> None:
    due_at = datetime.now(UTC) - timedelta(minutes=4)
    for number in range(10):
        source, resource = f"arn:{number}", f"{VOLUME}{number}"
        night.promises.open(a_promise(recovery_point=source, resource=resource, deadline=due_at, due_at=due_at))
    night.member.unlistable[f"{VOLUME}7"] = failure
    assert night.run("sweep_overdue_copies", tick) == []
    assert night.announced == [("copy-missing", "opened")] * 10
    left = night.promises.get("arn:7", CENTRAL_VAULT)
    assert left is not None
    assert (left.group is None) == (unseen == 1)
    assert left.unseen == unseen
    assert not left.is_due(datetime.now(UTC))


def test_a_backup_that_never_began_is_told_once_and_ends_with_the_next_one(
    night: Night, tick: dict[str, Any], sample: Sample
) -> None:
    book = an_overdue_backup(night)
    assert night.run("sweep_overdue_copies", tick, tick) == []
    assert night.announced == [("backup-missing", "opened")]
    assert night.facts.count("BackupMissing") == 1
    now = datetime.now(UTC)
    night.back_up(CreationDate=now, CompletionDate=now)
    event = of_payments(sample("aws.backup/backup_job__completed"), creationDate=now.isoformat())
    assert night.run("open_promises", event | {"resources": [SOURCE_SNAPSHOT]}) == []
    assert night.announced[1:] == [("backup-missing", "resolved")]
    assert (found := book.find(EXPECTED)) is not None
    assert found.state is ExpectedState.OK


def test_a_resource_that_was_deleted_is_not_missed(night: Night, tick: dict[str, Any]) -> None:
    book = an_overdue_backup(night)
    night.tagging.tagged.clear()
    assert night.run("sweep_overdue_copies", tick) == []
    assert night.announced == []
    assert (found := book.find(EXPECTED)) is not None
    assert found.state is ExpectedState.ENDED


def an_overdue_backup(night: Night) -> LedgerExpectedBackups:
    """Due since a minute, of the night before last; the promise of the night is kept."""
    night.copy(CreationDate=CREATED_AT)
    book, now = LedgerExpectedBackups(night.table), datetime.now(UTC)
    firing = now.replace(hour=2, minute=0, second=0, microsecond=0) - timedelta(days=1)
    expected = an_expected(resource=VOLUME, firing=firing, due_at=now - timedelta(minutes=1))
    assert book.keep(expected, was=replace(expected, revision=0))
    return book
