"""The step that starts a copy again, under the copying role of the account that owns the backup."""

from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import PromiseState
from strongroom.domain.errors import CopyRefusedError, MalformedEventError, MalformedIdentifierError
from tests.builders.copies import CREATED_AT, a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import load_handler
from tests.fakes.night import SOURCE_SNAPSHOT, VOLUME, Night, a_night

STEP = {"recovery_point": SOURCE_SNAPSHOT, "destination": CENTRAL_VAULT, "night": "", "account": PAYMENTS}


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    night = a_night(fake_clients, dynamodb, ledger_table)
    night.promises.open(a_promise(recovery_point=SOURCE_SNAPSHOT, resource=VOLUME, state=PromiseState.MISSING))
    return night


def start(**changes: Any) -> Any:
    return load_handler("start_copy")(STEP | changes, None)


def test_a_copy_that_never_began_is_started_under_the_copying_role(night: Night, fake_clients: FakeClients) -> None:
    answer = start()
    assert (answer["remedy"], answer["copy_job"]) == ("start", "started-1")
    (started,) = night.member.started
    assert started["DestinationBackupVaultArn"] == CENTRAL_VAULT
    assert "arn:aws:iam::222222222222:role/strongroom/strongroom-copying" in fake_clients.own["sts"].assumed
    assert night.facts == ["CopyRestarted"]
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.restarts == 1


def test_a_copy_that_arrived_meanwhile_is_left_alone(night: Night) -> None:
    night.copy(CreationDate=CREATED_AT)
    assert start()["remedy"] == "leave"
    assert night.member.started == []


def test_a_refused_cause_is_handed_on(night: Night) -> None:
    night.copy_job(State="FAILED", StatusMessage="Given key ID is not accessible")
    assert start()["remedy"] == "diagnose"
    assert night.member.started == []


def test_what_aws_refuses_leaves_under_its_own_name(night: Night) -> None:
    night.member.errors["start_copy_job"] = "InvalidParameterValueException"
    with pytest.raises(CopyRefusedError):
        start()


def test_a_step_without_an_account_is_malformed(night: Night) -> None:
    with pytest.raises(MalformedEventError):
        load_handler("start_copy")({"recovery_point": SOURCE_SNAPSHOT}, None)
    with pytest.raises(MalformedIdentifierError):
        start(account="nobody")
