"""The function that verifies copies, fed with samples from its queue."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import PromiseState
from tests.builders.places import CENTRAL_VAULT
from tests.conftest import FakeClients
from tests.fakes.night import COPIED_SNAPSHOT, SOURCE_SNAPSHOT, Night, a_night

type Sample = Callable[[str], dict[str, Any]]
COMPLETED = "aws.backup/copy_job_cross_account__completed"


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    night = a_night(fake_clients, dynamodb, ledger_table)
    night.back_up()
    return night


def state_of(night: Night) -> PromiseState | None:
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    return None if promise is None else promise.state


def test_a_copy_without_account_in_its_arn_is_verified_in_the_central_vault(night: Night, sample: Sample) -> None:
    night.copy()
    assert night.run("verify_copy", sample(COMPLETED)) == []
    assert state_of(night) is PromiseState.VERIFIED
    (fact,) = night.post.facts
    assert (fact["DetailType"], fact["Detail"]["copy"]) == ("CopyVerified", COPIED_SNAPSHOT)
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.copy == COPIED_SNAPSHOT


def test_the_same_event_twice_is_published_once(night: Night, sample: Sample) -> None:
    night.copy()
    night.run("verify_copy", sample(COMPLETED), sample(COMPLETED))
    assert night.facts == ["CopyVerified"]


def test_a_completed_event_without_a_copy_verifies_nothing(night: Night, sample: Sample) -> None:
    night.run("verify_copy", sample(COMPLETED))
    assert state_of(night) is PromiseState.OPEN
    assert night.facts == []


def test_a_wrong_copy_is_told_with_every_fault(night: Night, sample: Sample) -> None:
    night.copy(EncryptionKeyArn="arn:aws:kms:other", Lifecycle={"DeleteAfterDays": 35})
    night.run("verify_copy", sample(COMPLETED))
    assert state_of(night) is PromiseState.FAILED
    assert night.announced == [("copy-failed", "opened")]
    reason = night.post.announced[0]["reason"]
    assert "35 days instead of 2555" in reason
    assert "arn:aws:kms:other" in reason


def test_a_failed_job_is_told_with_the_cause_that_aws_gives_now(night: Night, sample: Sample) -> None:
    event = sample(COMPLETED)
    event["detail"] |= {"state": "FAILED", "destinationRecoveryPointArn": {}}
    night.copy_job(CopyJobId=event["detail"]["copyJobId"], State="FAILED", StatusMessage="key not shared")
    night.run("verify_copy", event)
    assert "key not shared" in night.post.announced[0]["reason"]
    assert night.facts == ["CopyFailed", "AlertOpened"]


@pytest.mark.parametrize("state", ["created", "running", "completed", "failed"])
def test_every_sample_of_aws_is_read_and_its_foreign_vaults_left_alone(
    state: str, night: Night, sample: Sample
) -> None:
    assert night.run("verify_copy", sample(f"aws.backup/copy_job__{state}")) == []
    assert (night.post.buried, night.post.facts) == ([], [])


def test_an_account_that_cannot_be_asked_leaves_the_event_on_its_queue(night: Night, sample: Sample) -> None:
    night.member.errors["describe_copy_job"] = "ThrottlingException"
    assert night.run("verify_copy", sample(COMPLETED)) == [{"itemIdentifier": "m-0"}]


def test_a_copy_job_without_source_is_buried(night: Night, sample: Sample) -> None:
    assert night.run("verify_copy", sample(COMPLETED) | {"resources": []}) == []
    assert len(night.post.buried) == 1
