"""One cause that stops many copies, through the functions: events fail one by one, and people hear of it once."""

import json
from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.ledger.groups.book import LedgerGroups
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.groups.standing import Group
from strongroom.domain.copies.obstacles import GroupKey, GroupKind
from tests.builders.places import CENTRAL_VAULT
from tests.conftest import FakeClients
from tests.fakes.night import SOURCE_SNAPSHOT, Night, a_night

type Sample = Callable[[str], dict[str, Any]]
KEY = "arn:aws:kms:eu-west-1:222222222222:key/own"


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    night = a_night(fake_clients, dynamodb, ledger_table)
    night.back_up(EncryptionKeyArn=KEY, ResourceType="EBS")
    return night


@pytest.fixture
def failed(sample: Sample, night: Night) -> dict[str, Any]:
    """The event of a copy that the key of its backup stopped."""
    event = sample("aws.backup/copy_job_cross_account__completed")
    event["detail"] |= {"state": "FAILED", "destinationRecoveryPointArn": {}}
    night.copy_job(
        CopyJobId=event["detail"]["copyJobId"], State="FAILED", StatusMessage="Given key ID is not accessible"
    )
    return event


def gathered(night: Night) -> Group:
    """What the key stops, once those beside it had time to come."""
    book = LedgerGroups(night.table)
    group = book.find(GroupKey(GroupKind.KEY, KEY))
    assert group is not None
    due = replace(group, due_at=datetime.now(UTC), revision=group.revision + 1)
    assert book.keep(due, was=group)
    return due


def test_a_copy_that_its_key_stopped_is_told_with_the_key_and_is_over_when_a_copy_arrives(
    night: Night, failed: dict[str, Any], sample: Sample
) -> None:
    assert night.run("verify_copy", failed, failed) == []
    assert (night.facts, night.announced) == (["CopyFailed"], [])
    assert gathered(night).size == 1
    assert night.run("sweep_overdue_copies", sample("aws.events/tick")) == []
    assert night.announced == [("copies-stopped-by-key", "opened")]
    [told] = night.post.announced
    assert (told["subject"], told["account"]) == (KEY, "222222222222")
    assert "1 resource has no copy: " in told["reason"]
    assert "cannot: key policy" in told["reason"]
    night.copy()
    night.member.copy_jobs.clear()
    assert night.run("verify_copy", sample("aws.backup/copy_job_cross_account__completed")) == []
    assert night.announced[1:] == [("copies-stopped-by-key", "resolved")]
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert (promise.group, promise.untold) == (None, False)
    assert "key-policies/source-keys.json" in json.dumps(told)
