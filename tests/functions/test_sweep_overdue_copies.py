"""The function that looks for overdue copies, woken by its schedule."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import CREATED_AT, a_promise
from tests.builders.places import CENTRAL_VAULT
from tests.conftest import FakeClients
from tests.fakes.night import SOURCE_SNAPSHOT, VOLUME, Night, a_night

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


def test_a_missing_copy_is_told_once_and_started_under_the_copying_role(
    night: Night, tick: dict[str, Any], fake_clients: FakeClients
) -> None:
    assert night.run("sweep_overdue_copies", tick, tick) == []
    assert night.announced == [("copy-missing", "opened")]
    assert night.facts == ["AlertOpened", "CopyMissing", "CopyRestarted"]
    (started,) = night.member.started
    assert started["DestinationBackupVaultArn"] == CENTRAL_VAULT
    assert "arn:aws:iam::222222222222:role/strongroom/strongroom-copying" in fake_clients.own["sts"].assumed


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
