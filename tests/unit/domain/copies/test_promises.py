"""A backup owes the copies of its rule; a continuous one owes them each night, and each copy job serves one of them.

Developer Guide, "Continuous backups and point-in-time recovery (PITR)"; API reference, "CopyJob", of which
CreatedByBackupJobId is there for scheduled copies.
"""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.copies.found import is_continuous
from strongroom.domain.copies.origins import Origin
from strongroom.domain.copies.promises import Night, Promise, is_ours, promise_of_night, promises_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import rules_of
from strongroom.domain.intent.tiers import RuleSettings
from strongroom.domain.intent.vaults import Vault
from tests.builders.copies import (
    COMPLETED_AT,
    CONTINUOUS,
    CREATED_AT,
    RESOURCE,
    SOURCE,
    a_copy_job,
    a_promise,
    a_source,
    an_origin,
)
from tests.builders.gfs import MONTHLY_BEGAN_AT, MONTHLY_ENDED_AT, with_gfs
from tests.builders.intents import with_vault
from tests.builders.places import (
    CENTRAL_VAULT,
    HOME,
    PAYMENTS,
    REPLICA_REGION,
    REPLICA_VAULT,
    REPORTS,
    VAULT_ACCOUNT,
    a_vault_arn,
)

FIRST = a_promise(recovery_point=CONTINUOUS, night="backup-1")
SECOND = a_promise(recovery_point=CONTINUOUS, night="backup-2", created_at=CREATED_AT + timedelta(days=1))


def test_a_continuous_recovery_point_is_told_by_its_arn() -> None:
    assert is_continuous(CONTINUOUS)
    assert not is_continuous(SOURCE)


def test_a_nights_promise_counts_from_its_own_backup_and_not_from_the_points_first(intent: Intent) -> None:
    began_at, now = CREATED_AT + timedelta(days=5), COMPLETED_AT + timedelta(days=5)
    [promise] = promises_of(
        a_source(arn=CONTINUOUS),
        origin=an_origin(intent),
        account=PAYMENTS,
        region=HOME,
        intent=intent,
        now=now,
        night=Night(backup_job="backup-6", began_at=began_at),
    )
    assert (promise.night, promise.created_at) == ("backup-6", began_at)
    assert promise.deadline == now + intent.deadlines.copy_verified_within


def owed_by(rule: str, intent: Intent) -> tuple[Promise, ...]:
    every = {each.name: each for each in rules_of(intent.tiers["gfs"])}
    point = a_source(created_at=MONTHLY_BEGAN_AT, completed_at=MONTHLY_ENDED_AT)
    origin = Origin(tier="gfs", rule=every[rule])
    return promises_of(point, origin=origin, account=PAYMENTS, region=HOME, intent=intent, now=MONTHLY_ENDED_AT)


@pytest.mark.parametrize(
    ("rule", "owed"),
    [
        pytest.param("daily", [(CENTRAL_VAULT, 35, "08:20")], id="daily"),
        pytest.param("weekly", [(CENTRAL_VAULT, 90, "08:20")], id="weekly"),
        pytest.param("monthly", [(CENTRAL_VAULT, 365, "08:20"), (REPLICA_VAULT, 365, "12:20")], id="monthly"),
        pytest.param("yearly", [(CENTRAL_VAULT, 2555, "08:20"), (REPLICA_VAULT, 2555, "12:20")], id="yearly"),
    ],
)
def test_a_backup_owes_what_its_rule_keeps_and_each_copy_has_time_after_the_one_before(
    intent: Intent, rule: str, owed: list[tuple[str, int, str]]
) -> None:
    promises = owed_by(rule, with_gfs(intent))
    assert [(each.destination, each.lifecycle.retention_days, f"{each.deadline:%H:%M}") for each in promises] == owed
    assert {(each.tier, each.rule) for each in promises} == {("gfs", rule)}
    assert {each.due_at for each in promises} == {each.deadline + intent.deadlines.grace for each in promises}


def test_where_deadlines_are_learnt_each_destination_has_its_own_and_the_promise_says_how_long(intent: Intent) -> None:
    every = {each.name: each for each in rules_of(with_gfs(intent).tiers["gfs"])}
    learning = replace(with_gfs(intent), deadlines=replace(intent.deadlines, copy_verified_at_most=timedelta(hours=24)))
    first, second = promises_of(
        a_source(created_at=MONTHLY_BEGAN_AT, completed_at=MONTHLY_ENDED_AT),
        origin=Origin(tier="gfs", rule=every["monthly"]),
        account=PAYMENTS,
        region=HOME,
        intent=learning,
        now=MONTHLY_ENDED_AT,
        took={CENTRAL_VAULT: (timedelta(hours=4),)},
    )
    assert (first.allowed, second.allowed) == (timedelta(hours=6), timedelta(hours=48))
    assert [each.deadline - MONTHLY_ENDED_AT for each in (first, second)] == [first.allowed, second.allowed]
    assert first.due.endswith(", 6:00:00 after its backup")


LEARNING = a_promise(deadline=COMPLETED_AT + timedelta(hours=9), allowed=timedelta(hours=9))


@pytest.mark.parametrize("hours", [1, 5, 30])
def test_how_long_a_copy_took_counts_from_its_backup(hours: int) -> None:
    took = timedelta(hours=hours)
    assert LEARNING.took(COMPLETED_AT + took) == took


@pytest.mark.parametrize(
    ("promise", "arrived"),
    [
        pytest.param(LEARNING, None, id="undated"),
        pytest.param(LEARNING, timedelta(), id="dated as its source"),
        pytest.param(LEARNING, timedelta(hours=-1), id="dated before its source"),
        pytest.param(replace(LEARNING, restarts=1), timedelta(hours=5), id="it was started again"),
        pytest.param(replace(LEARNING, remediations=1), timedelta(hours=5), id="somebody has seen to it"),
        pytest.param(replace(LEARNING, failed_jobs=("copy-1",)), timedelta(hours=5), id="it failed before"),
    ],
)
def test_from_a_copy_that_was_helped_or_whose_end_is_not_known_nothing_is_learnt(
    promise: Promise, arrived: timedelta | None
) -> None:
    assert promise.took(None if arrived is None else COMPLETED_AT + arrived) is None


def test_where_nothing_is_learnt_nobody_asks_how_long_a_copy_took() -> None:
    assert a_promise().took(COMPLETED_AT + timedelta(hours=5)) is None
    assert "after its backup" not in a_promise().due


def test_a_rule_that_keeps_nothing_elsewhere_promises_nothing(intent: Intent) -> None:
    local = with_gfs(intent, rules={"daily": RuleSettings(schedule="daily 02:00", keep={"local": 7})})
    assert owed_by("daily", local) == ()


@pytest.mark.parametrize(
    ("vault", "destination"),
    [
        pytest.param(
            Vault(name="second", account="own", region=REPLICA_REGION, lock="none"),
            a_vault_arn("second", account=PAYMENTS, region=REPLICA_REGION),
            id="the account's second Region",
        ),
        pytest.param(
            Vault(name="central", account=VAULT_ACCOUNT, region="same", lock="none"),
            a_vault_arn("central", account=VAULT_ACCOUNT),
            id="an account for vaults, in the same Region",
        ),
    ],
)
def test_a_copy_is_promised_wherever_the_vault_lies(intent: Intent, vault: Vault, destination: str) -> None:
    changed = with_vault(intent, "other", vault)
    place: Any = {"account": PAYMENTS, "region": HOME, "intent": changed}
    owed = promises_of(a_source(), origin=an_origin(changed), now=COMPLETED_AT, **place)
    assert [(each.destination, each.lifecycle.retention_days) for each in owed][1:] == [(destination, 90)]
    assert is_ours(a_copy_job(destination=destination), **place)
    anothers = destination.replace(PAYMENTS, REPORTS).replace(VAULT_ACCOUNT, REPORTS)
    assert not is_ours(a_copy_job(destination=anothers), **place)


@pytest.mark.parametrize(
    ("changes", "owner"),
    [
        pytest.param({}, RESOURCE, id="the only rule of its tier"),
        pytest.param({"rule": None}, RESOURCE, id="of an earlier release"),
        pytest.param({"tier": "gfs", "rule": "monthly"}, f"{RESOURCE} (rule monthly of gfs)", id="one of several"),
    ],
)
def test_an_alert_names_the_rule_where_a_tier_has_several(changes: dict[str, str], owner: str) -> None:
    assert a_promise(**changes).owner == owner


def test_alerts_about_two_nights_are_two() -> None:
    assert FIRST.subject != SECOND.subject
    assert "2026-09-02 02:00 UTC" in SECOND.subject


@pytest.mark.parametrize(
    ("changes", "night"),
    [
        pytest.param({"backup_job": "backup-1"}, "backup-1", id="it names its backup"),
        pytest.param({"backup_job": "backup-1", "recovery_point": "arn:snapshot"}, "backup-1", id="under another ARN"),
        pytest.param({"backup_job": "backup-1", "created_at": None}, "backup-1", id="without a date"),
        pytest.param({"backup_job": "backup-9"}, None, id="it names a night that owes nothing"),
        pytest.param({}, "backup-1", id="only its date tells: before the second night"),
        pytest.param({"created_at": SECOND.created_at}, "backup-2", id="only its date tells: in the second night"),
        pytest.param({"created_at": CREATED_AT - timedelta(days=1)}, None, id="before any night"),
        pytest.param({"created_at": None}, "backup-2", id="nothing tells: the latest"),
        pytest.param({"backup_job": "backup-1", "destination": REPLICA_VAULT}, None, id="to another vault"),
    ],
)
def test_a_copy_job_serves_the_night_that_it_follows(changes: dict[str, object], night: str | None) -> None:
    job = a_copy_job(**{"recovery_point": CONTINUOUS} | changes)
    served = promise_of_night((FIRST, SECOND), job=job)
    assert (served.night if served else None) == night
