"""The step that finds out what stops a copy, and tells it."""

import json
from typing import Any

import pytest

from strongroom.adapters.ledger.table import LedgerTable
from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.obstacles import Cause
from strongroom.domain.copies.promises import PromiseState
from tests.builders.copies import a_promise
from tests.builders.places import CENTRAL_VAULT, PAYMENTS
from tests.conftest import FakeClients
from tests.fakes.control_plane import load_handler
from tests.fakes.member_account import FakeKms
from tests.fakes.night import SOURCE_SNAPSHOT, VOLUME, Night, a_night

STEP = {
    "recovery_point": SOURCE_SNAPSHOT,
    "destination": CENTRAL_VAULT,
    "night": "",
    "account": PAYMENTS,
    "error": "",
    "reason": "",
}
OPEN: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "backup:CopyIntoBackupVault",
    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-strongroom1"}},
}
SHARED = {"Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": "kms:*"}


def a_policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture
def night(platform_environment: None, fake_clients: FakeClients, dynamodb: Any, ledger_table: LedgerTable) -> Night:
    night = a_night(fake_clients, dynamodb, ledger_table)
    missing = {"state": PromiseState.MISSING, "alert": AlertKind.COPY_MISSING, "reason": "no copy job exists"}
    night.promises.open(a_promise(recovery_point=SOURCE_SNAPSHOT, resource=VOLUME, **missing))
    night.back_up(EncryptionKeyArn="arn:aws:kms:eu-west-1:222222222222:key/own", ResourceType="EBS")
    fake_clients.member[PAYMENTS, "kms"] = FakeKms(keys={"own": ("CUSTOMER", a_policy(SHARED))})
    night.central.policies["central-backup-vault"] = a_policy(OPEN)
    night.central.settings = {"isCrossAccountBackupEnabled": "true"}
    night.member.opt_ins = {"EBS": True}
    return night


def diagnose(**changes: Any) -> Any:
    return load_handler("diagnose_copy")(STEP | changes, None)


def test_where_nothing_speaks_against_the_copy_the_cause_is_unknown_and_nobody_is_told(night: Night) -> None:
    assert diagnose()["cause"] == "unknown"
    assert night.announced == []


def test_a_key_that_aws_manages_is_found_behind_words_of_another_fault(night: Night, fake_clients: FakeClients) -> None:
    fake_clients.member[PAYMENTS, "kms"].keys["own"] = ("AWS", a_policy())
    night.copy_job(State="FAILED", StatusMessage="Given key ID is not accessible")
    assert (diagnose()["cause"], night.announced) == ("aws-managed-key", [("copy-missing", "opened")])
    assert "in account 222222222222" in night.post.announced[0]["reason"]


def test_the_policy_of_the_vault_is_read_with_our_own_rights(night: Night) -> None:
    night.central.policies["central-backup-vault"] = a_policy()
    answer = diagnose()
    assert (answer["cause"], answer["account"]) == ("vault-policy", "999999999999")
    promise = night.promises.get(SOURCE_SNAPSHOT, CENTRAL_VAULT)
    assert promise is not None
    assert promise.diagnosis is Cause.VAULT_POLICY


def test_what_ended_our_own_try_comes_as_lambda_wraps_it(night: Night) -> None:
    cause = json.dumps({"errorType": "CopyRefusedError", "errorMessage": "the recovery point is in cold storage"})
    assert diagnose(error="CopyRefusedError", reason=cause)["cause"] == "cold"


def test_nothing_is_started_and_nothing_is_asked_to_be(night: Night, fake_clients: FakeClients) -> None:
    diagnose()
    assert night.member.started == []
    assert not any("strongroom-copying" in role for role in fake_clients.own["sts"].assumed)
