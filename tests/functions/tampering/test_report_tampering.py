"""The function that reports tampering, fed with AWS's own record of a deletion."""

from collections.abc import Callable
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from tests.conftest import FakeClients
from tests.fakes.night import Night, a_night

type Sample = Callable[[str], dict[str, Any]]


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    return a_night(fake_clients, dynamodb, ledger_table)


def a_deletion(sample: Sample, **detail: Any) -> dict[str, Any]:
    event = sample("aws.backup/call_delete_recovery_point")
    request = event["detail"]["requestParameters"] | {"backupVaultName": "local-prod-vault"}
    return event | {"account": "222222222222", "detail": event["detail"] | {"requestParameters": request} | detail}


def test_a_deletion_by_root_is_told_as_critical(night: Night, sample: Sample) -> None:
    assert night.run("report_tampering", a_deletion(sample)) == []
    (message,) = night.post.announced
    assert (message["kind"], message["severity"], message["account"]) == (
        "tampering-succeeded",
        "critical",
        "222222222222",
    )
    assert "delete a backup" in message["reason"]


def test_a_refused_deletion_with_null_elements_is_told_once_however_often_it_is_tried(
    night: Night, sample: Sample
) -> None:
    refused = a_deletion(sample, errorCode="AccessDenied", errorMessage="no", responseElements=None)
    night.run("report_tampering", *[refused] * 3)
    assert night.announced == [("tampering-attempted", "opened")]


def test_aws_own_record_of_a_foreign_vault_is_left_alone(night: Night, sample: Sample) -> None:
    assert night.run("report_tampering", sample("aws.backup/call_delete_recovery_point")) == []
    assert (night.announced, night.post.buried) == ([], [])


def test_who_untags_by_the_tagging_service_is_told_with_what_it_could_untag(night: Night, sample: Sample) -> None:
    event = sample("aws.tagging/UntagResources")
    assert night.run("report_tampering", event) == []
    [message] = night.post.announced
    assert (message["kind"], message["severity"]) == ("tampering-succeeded", "critical")
    untagged, failed = event["detail"]["requestParameters"]["resourceARNList"]
    assert "assumed-role/Developer/dev managed to remove the backup tag (UntagResources on" in message["reason"]
    assert (untagged in message["reason"], failed in message["reason"]) == (True, False)


def test_whoever_could_untag_nothing_by_the_tagging_service_is_not_told(night: Night, sample: Sample) -> None:
    event = sample("aws.tagging/UntagResources")
    named = event["detail"]["requestParameters"]["resourceARNList"]
    event["detail"]["responseElements"] = {"failedResourcesMap": {arn: {"statusCode": 400} for arn in named}}
    assert night.run("report_tampering", event) == []
    assert night.announced == []


def test_the_key_of_the_accounts_vault_is_looked_up_in_the_account(night: Night, sample: Sample) -> None:
    call = {"eventSource": "kms.amazonaws.com", "eventName": "ScheduleKeyDeletion", "awsRegion": "eu-west-1"}
    foreign = a_deletion(sample, **call, requestParameters={"keyId": "another"})
    ours = a_deletion(sample, **call, requestParameters={"keyId": "arn:aws:kms:local-key"})
    night.run("report_tampering", foreign, ours)
    assert night.announced == [("tampering-succeeded", "opened")]


def test_a_snapshot_is_looked_up_in_the_ledger_and_a_foreign_one_left_alone(night: Night, sample: Sample) -> None:
    call = {"eventSource": "ec2.amazonaws.com", "eventName": "DeleteSnapshot"}
    night.run("report_tampering", a_deletion(sample, **call, requestParameters={"snapshotId": "snap-1"}))
    assert night.announced == []
