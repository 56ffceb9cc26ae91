"""Tampering is told once per act, and what bears on a call is looked up before it is judged."""

from copy import replace
from dataclasses import dataclass, field
from typing import Any

import pytest

from strongroom.domain.alerts.complaints import AlertKind, Severity
from strongroom.domain.calls import ApiCall
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.tampering.judging import TamperingState
from strongroom.services.tampering.report_tampering import TamperingReportNeeds, report_tampering
from tests.builders.copies import IN_TIME, KEY, a_promise, a_vault
from tests.builders.places import CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.copies import FakePromises, FakeTruth

DELETION = ApiCall(
    event_id="e-1",
    account=PAYMENTS,
    region=HOME,
    source="backup.amazonaws.com",
    name="DeleteRecoveryPoint",
    caller="arn:aws:sts::222222222222:assumed-role/Developer/eve",
    caller_type="AssumedRole",
    role="arn:aws:iam::222222222222:role/Developer",
    invoked_by=None,
    request={"backupVaultName": "local-prod-vault", "recoveryPointArn": "arn:rp"},
    response=None,
    error_code="AccessDeniedException",
    error_message=None,
)


@dataclass
class Watch:
    intent: Intent
    truth: FakeTruth = field(default_factory=FakeTruth)
    promises: FakePromises = field(default_factory=FakePromises)
    alerts: FakeAlerts = field(default_factory=FakeAlerts)

    def see(self, **changes: Any) -> TamperingState:
        needs = TamperingReportNeeds(
            intent=self.intent, vaults=self.truth, promises=self.promises, alerts=self.alerts.notifier
        )
        return report_tampering(replace(DELETION, **changes), needs=needs, now=IN_TIME).state


@pytest.fixture
def watch(intent: Intent) -> Watch:
    return Watch(intent)


def test_a_refused_act_is_told_once_as_a_warning(watch: Watch) -> None:
    assert [watch.see(), watch.see()] == [TamperingState.ATTEMPTED, TamperingState.ATTEMPTED]
    (alert,) = watch.alerts.told
    assert (alert.kind, alert.severity, alert.account) == (AlertKind.TAMPERING_ATTEMPTED, Severity.WARNING, PAYMENTS)


def test_an_act_that_was_let_through_is_critical_even_after_a_refused_one(watch: Watch) -> None:
    watch.see()
    watch.see(error_code=None)
    assert [alert.severity for alert in watch.alerts.told] == [Severity.WARNING, Severity.CRITICAL]


def test_what_we_do_ourselves_is_not_told(watch: Watch, intent: Intent) -> None:
    role = intent.member_role_arn(intent.roles.restore, PAYMENTS)
    assert watch.see(name="StartRestoreJob", role=role, error_code=None) is TamperingState.OURS
    assert watch.alerts.told == []


@pytest.mark.parametrize(
    ("name", "target", "recovery_point"),
    [
        pytest.param("DeleteSnapshot", {"snapshotId": "snap-1"}, "arn:aws:ec2:eu-west-1::snapshot/snap-1", id="ebs"),
        pytest.param("DeregisterImage", {"imageId": "ami-1"}, "arn:aws:ec2:eu-west-1::image/ami-1", id="ec2"),
        pytest.param(
            "CreateFileSystemFromBackup",
            {"backupId": "backup-1"},
            "arn:aws:fsx:eu-west-1:222222222222:backup/backup-1",
            id="fsx",
        ),
    ],
)
def test_a_native_snapshot_counts_when_the_ledger_knows_it(
    watch: Watch, name: str, target: dict[str, str], recovery_point: str
) -> None:
    service = recovery_point.split(":")[2]
    call = {"source": f"{service}.amazonaws.com", "name": name, "request": target, "error_code": None}
    assert watch.see(**call) is TamperingState.IRRELEVANT
    watch.promises.open(a_promise(recovery_point=recovery_point))
    assert watch.see(**call) is TamperingState.SUCCEEDED


def test_a_native_snapshot_is_known_in_its_partition(watch: Watch) -> None:
    watch.promises.open(a_promise(recovery_point="arn:aws-us-gov:ec2:us-gov-west-1::snapshot/snap-1"))
    call = {"source": "ec2.amazonaws.com", "name": "DeleteSnapshot", "request": {"snapshotId": "snap-1"}}
    assert watch.see(**call, region="us-gov-west-1", error_code=None) is TamperingState.SUCCEEDED


@pytest.mark.parametrize(
    ("account", "vault"),
    [
        pytest.param("222222222222", LOCAL_VAULT, id="member"),
        pytest.param("999999999999", CENTRAL_VAULT, id="backup-account"),
    ],
)
def test_a_key_counts_when_it_is_a_vaults_key(watch: Watch, account: str, vault: str) -> None:
    call = {
        "account": AccountId(account),
        "source": "kms.amazonaws.com",
        "name": "ScheduleKeyDeletion",
        "request": {"keyId": KEY},
    }
    assert watch.see(**call) is TamperingState.IRRELEVANT
    watch.truth.vaults[vault] = a_vault()
    assert watch.see(**call) is TamperingState.ATTEMPTED


def test_a_key_counts_when_the_account_does_not_let_us_ask(watch: Watch) -> None:
    watch.truth.refusal[LOCAL_VAULT] = AccessRefusedError("role gone")
    state = watch.see(source="kms.amazonaws.com", name="DisableKey", request={"keyId": "k"}, error_code=None)
    assert state is TamperingState.SUCCEEDED
