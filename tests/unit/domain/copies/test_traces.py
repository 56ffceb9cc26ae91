"""Which jobs of AWS's lists the ledger knows to their end, so that they need not be looked at."""

from copy import replace
from typing import Any

import pytest

from strongroom.domain.copies.backup_jobs import BackupJob
from strongroom.domain.copies.expected.backups import ExpectedBackup, ExpectedState
from strongroom.domain.copies.found import CopyNotice, MadeBy
from strongroom.domain.copies.promises import PromiseKey, PromiseState
from strongroom.domain.copies.traces import has_left, is_known_copy, promise_key_of, traces_of
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.rules import ONLY_RULE
from strongroom.domain.intent.tier_names import plan_name
from tests.builders.copies import (
    CONTINUOUS,
    COPY,
    CREATED_AT,
    IN_TIME,
    PLAN,
    SOURCE,
    a_backup_job,
    a_copy_job,
    a_promise,
)
from tests.builders.expected import NIGHT, an_expected
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPLICA_VAULT

NAMED = MadeBy(plan=PLAN, plan_name=plan_name("daily-prod"), rule_name=ONLY_RULE)
CRITICAL = replace(NAMED, plan_name=plan_name("compliance-7y"))
TO_CENTRAL = PromiseKey(SOURCE, CENTRAL_VAULT, None, PAYMENTS)


def a_named_job(**changes: Any) -> BackupJob:
    return a_backup_job(**{"made_by": NAMED} | changes)


@pytest.mark.parametrize(
    ("changes", "promises"),
    [
        pytest.param({}, (TO_CENTRAL,), id="one copy"),
        pytest.param(
            {"made_by": CRITICAL}, (TO_CENTRAL, PromiseKey(SOURCE, REPLICA_VAULT, None, PAYMENTS)), id="two copies"
        ),
        pytest.param(
            {"recovery_point": CONTINUOUS},
            (PromiseKey(CONTINUOUS, CENTRAL_VAULT, "backup-1", PAYMENTS),),
            id="a run of a continuous backup",
        ),
        pytest.param({"state": "EXPIRED", "recovery_point": None}, (), id="one that failed owes nothing"),
    ],
)
def test_a_job_leaves_its_promises_and_answers_its_rule(
    changes: dict[str, Any], promises: tuple[PromiseKey, ...], intent: Intent
) -> None:
    left = traces_of(a_named_job(**changes), intent=intent)
    assert left is not None
    assert left.promises == promises
    assert (left.backup.rule, left.answer.job) == (ONLY_RULE, "backup-1")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"state": "RUNNING"}, id="has not ended"),
        pytest.param({"made_by": None}, id="was asked for by hand, or AWS does not say"),
        pytest.param({"made_by": replace(NAMED, plan_name=None)}, id="of a plan without a name"),
        pytest.param({"made_by": replace(NAMED, rule_name=None)}, id="of a rule without a name"),
        pytest.param({"made_by": replace(NAMED, plan_name="payroll-weekly")}, id="of a plan of somebody else's"),
        pytest.param({"made_by": replace(NAMED, plan_name=plan_name("gone"))}, id="of a tier that is no more"),
        pytest.param({"resource": None}, id="of no resource"),
        pytest.param({"created_at": None}, id="began at no time"),
        pytest.param({"vault": None}, id="in no vault"),
        pytest.param({"vault": CENTRAL_VAULT}, id="in no local vault"),
    ],
)
def test_of_any_other_job_the_list_does_not_tell_enough(changes: dict[str, Any], intent: Intent) -> None:
    assert traces_of(a_named_job(**changes), intent=intent) is None


@pytest.mark.parametrize(
    ("expected", "promises", "is_known"),
    [
        pytest.param(an_expected(), {TO_CENTRAL}, True, id="promised and answered"),
        pytest.param(an_expected(last_created=CREATED_AT + NIGHT), {TO_CENTRAL}, True, id="and again since"),
        pytest.param(an_expected(), (), False, id="answered, and nothing promised"),
        pytest.param(None, {TO_CENTRAL}, False, id="promised, and not answered"),
        pytest.param(
            an_expected(last_created=CREATED_AT - NIGHT, last_job="backup-0"), {TO_CENTRAL}, False, id="answered before"
        ),
        pytest.param(an_expected(state=ExpectedState.FAILED), {TO_CENTRAL}, False, id="its failure is mended by it"),
        pytest.param(an_expected(untold=True), {TO_CENTRAL}, False, id="people have yet to be told"),
    ],
)
def test_a_backup_is_known_once_all_that_it_leaves_is_there(
    expected: ExpectedBackup | None, promises: set[PromiseKey], intent: Intent, *, is_known: bool
) -> None:
    left = traces_of(a_named_job(), intent=intent)
    assert left is not None
    assert has_left(left, promises=promises, expected=expected, now=IN_TIME) is is_known


@pytest.mark.parametrize(
    ("job", "promise", "is_known"),
    [
        pytest.param({}, {"state": PromiseState.VERIFIED}, True, id="verified"),
        pytest.param({}, {"state": PromiseState.OPEN}, False, id="arrived, and open"),
        pytest.param({}, {"state": PromiseState.VERIFIED, "untold": True}, False, id="people have yet to be told"),
        pytest.param({}, {"state": PromiseState.FAILED, "failed_jobs": (COPY,)}, True, id="known to be wrong"),
        pytest.param({}, {"state": PromiseState.FAILED, "failed_jobs": ("copy-1",)}, False, id="arrived after all"),
        pytest.param({"state": "FAILED"}, {"state": PromiseState.FAILED, "failed_jobs": ("copy-1",)}, True, id="told"),
        pytest.param({"state": "FAILED"}, {"state": PromiseState.FAILED}, False, id="another failure"),
    ],
)
def test_a_copy_is_known_where_it_changes_nothing_any_more(
    job: dict[str, Any], promise: dict[str, Any], *, is_known: bool
) -> None:
    assert is_known_copy(a_copy_job(**job), promise=a_promise(**promise)) is is_known


def test_a_copy_that_nothing_was_promised_for_is_not_known() -> None:
    assert not is_known_copy(a_copy_job(), promise=None)


@pytest.mark.parametrize(
    ("job", "key"),
    [
        ({}, TO_CENTRAL),
        ({"recovery_point": CONTINUOUS}, None),
        (
            {"recovery_point": CONTINUOUS, "backup_job": "backup-1"},
            PromiseKey(CONTINUOUS, CENTRAL_VAULT, "backup-1", PAYMENTS),
        ),
    ],
    ids=["a copy", "a copy of a night that is not told", "a copy of a night"],
)
def test_a_copy_serves_the_promise_of_its_point_and_night(job: dict[str, Any], key: PromiseKey | None) -> None:
    assert promise_key_of(CopyNotice(account=PAYMENTS, region=HOME, job=a_copy_job(**job))) == key


def test_a_local_vault_of_another_account_is_none_of_the_job(intent: Intent) -> None:
    foreign = LOCAL_VAULT.replace(PAYMENTS, "333333333333")
    assert traces_of(a_named_job(vault=foreign), intent=intent) is None
