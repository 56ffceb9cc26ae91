"""A tier of several rules, from a backup's event to the copy that is made again: it owes what its rule keeps."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.copies.promises import Promise, PromiseState
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.model import Intent
from tests.builders.copies import KEY, PLAN
from tests.builders.gfs import MONTHLY_BEGAN_AT, MONTHLY_ENDED_AT, PLAN_SHOWN, RULE_IDS, with_gfs
from tests.builders.places import CENTRAL_VAULT, REPLICA_VAULT
from tests.conftest import FakeClients
from tests.fakes.backup import a_vault_answer
from tests.fakes.night import COPIED_SNAPSHOT, SOURCE_SNAPSHOT, VOLUME, Night, a_night, of_payments

type Sample = Callable[[str], dict[str, Any]]

BY_MONTHLY = {"BackupPlanArn": PLAN, "BackupPlanName": "strongroom-gfs", "BackupRuleName": "monthly"}


@pytest.fixture(scope="module")
def intent(intent: Intent) -> Intent:
    return with_gfs(intent)


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    night = a_night(fake_clients, dynamodb, ledger_table)
    night.member.plans[Arn.parse(PLAN).name] = PLAN_SHOWN
    night.central.vaults["replica-backup-vault"] = a_vault_answer(REPLICA_VAULT, key=KEY)
    return night


def owed(night: Night) -> tuple[Promise, ...]:
    found = (night.promises.get(SOURCE_SNAPSHOT, vault) for vault in (CENTRAL_VAULT, REPLICA_VAULT))
    return tuple(promise for promise in found if promise is not None)


def back_up(night: Night, created_by: dict[str, str], *, ended_at: datetime = MONTHLY_ENDED_AT) -> None:
    began_at = ended_at - timedelta(minutes=20)
    night.back_up(tier="gfs", CreatedBy=created_by, CreationDate=began_at, CompletionDate=ended_at)


def completed(sample: Sample, **created_by: str) -> dict[str, Any]:
    told = {"backupPlanArn": PLAN, **created_by}
    event = of_payments(sample("aws.backup/backup_job__completed"), createdBy=told)
    return event | {"resources": [SOURCE_SNAPSHOT]}


@pytest.mark.parametrize(
    ("created_by", "told_by_job", "rule", "days"),
    [
        pytest.param(BY_MONTHLY, {}, "monthly", [365, 365], id="the point names its rule"),
        pytest.param(BY_MONTHLY | {"BackupRuleName": "weekly"}, {}, "weekly", [90], id="the point names another"),
        pytest.param(
            {"BackupPlanArn": PLAN, "BackupRuleId": RULE_IDS["yearly"]}, {}, "yearly", [2555, 2555], id="its id only"
        ),
        pytest.param({}, {"backupPlanRuleId": RULE_IDS["weekly"]}, "weekly", [90], id="the event only"),
        pytest.param({"BackupPlanArn": PLAN}, {}, "monthly", [365, 365], id="nobody: it began when monthly fired"),
    ],
)
def test_a_backup_owes_the_copies_of_the_rule_that_made_it(
    created_by: dict[str, str], told_by_job: dict[str, str], rule: str, days: list[int], night: Night, sample: Sample
) -> None:
    back_up(night, created_by)
    assert night.run("open_promises", completed(sample, **told_by_job)) == []
    assert [(each.rule, each.lifecycle.retention_days) for each in owed(night)] == [(rule, kept) for kept in days]
    assert night.announced == []


def test_the_monthly_backup_owes_the_second_copy_four_hours_after_the_first(night: Night, sample: Sample) -> None:
    back_up(night, BY_MONTHLY)
    night.run("open_promises", completed(sample))
    assert [(each.destination, f"{each.deadline:%Y-%m-%d %H:%M}") for each in owed(night)] == [
        (CENTRAL_VAULT, "2027-08-01 08:20"),
        (REPLICA_VAULT, "2027-08-01 12:20"),
    ]


def test_a_copy_that_overtakes_its_backup_is_held_to_its_rule(night: Night, sample: Sample) -> None:
    back_up(night, BY_MONTHLY)
    night.copy(CreationDate=MONTHLY_BEGAN_AT, Lifecycle={"DeleteAfterDays": 90})
    copied = sample("aws.backup/copy_job_cross_account__completed")
    told = {"destinationRecoveryPointArn": COPIED_SNAPSHOT}
    night.run("verify_copy", copied | {"resources": [SOURCE_SNAPSHOT], "detail": copied["detail"] | told})
    assert night.announced == [("copy-failed", "opened")]
    reason = night.post.announced[0]["reason"]
    assert f"{VOLUME} (rule monthly of gfs): the copy arrived, but it is kept 90 days instead of 365" in reason


def test_what_is_missing_is_copied_again_as_the_rule_keeps_it(night: Night, sample: Sample) -> None:
    back_up(night, BY_MONTHLY, ended_at=datetime.now(UTC) - timedelta(hours=9))
    night.run("open_promises", completed(sample))
    night.run("sweep_overdue_copies", sample("aws.events/tick"))
    assert night.member.started == []
    for promise in owed(night):  # the third look at which nothing is on its way
        due_now = replace(promise, looks=2, due_at=datetime.now(UTC), revision=promise.revision + 1)
        assert night.promises.keep(due_now, was=promise)
    night.run("sweep_overdue_copies", sample("aws.events/tick"))
    assert night.remediate() == ["start", "start"]
    started = [(each["DestinationBackupVaultArn"], each["Lifecycle"]) for each in night.member.started]
    assert started == [(CENTRAL_VAULT, {"DeleteAfterDays": 365}), (REPLICA_VAULT, {"DeleteAfterDays": 365})]
    assert {each.state for each in owed(night)} == {PromiseState.MISSING}


def test_the_second_copy_is_not_missed_while_the_first_is_due(night: Night, sample: Sample) -> None:
    back_up(night, BY_MONTHLY, ended_at=datetime.now(UTC) - timedelta(hours=5))
    night.run("open_promises", completed(sample))
    night.run("sweep_overdue_copies", sample("aws.events/tick"))
    assert [each.state for each in owed(night)] == [PromiseState.MISSING, PromiseState.OPEN]
