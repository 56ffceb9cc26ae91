"""A scan that ends in the sandbox is heard by our rule, believed by the vault, told with the clean backup."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.backup.listed_points import ListedPoints
from strongroom.domain.hearing.rules import rules_of_the_buses
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.scans.judging import ScanState, ScanVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.jobs.scans import ScanJobChange
from strongroom.services.scans.report_malware import MalwareReportNeeds, report_malware
from tests.builders.places import HOME
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.integration.backup_service.conftest import LOCAL, Night
from tests.integration.conftest import Ear

PATTERN = next(rule.pattern for rule in rules_of_the_buses(AccountId(BACKUP_ACCOUNT)) if rule.name == "ScanJobsRule")


class Members:
    """Clients of every account."""

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        return client(service, account, region)


def _snapshots(volume: str) -> list[str]:
    """The recovery points of the volume in the account's own vault, the oldest first."""
    pages = client("backup", PAYMENTS_ACCOUNT, HOME).list_recovery_points_by_backup_vault(
        BackupVaultName=LOCAL, ByResourceArn=volume
    )
    return [each["RecoveryPointArn"] for each in reversed(pages["RecoveryPoints"])]


@pytest.fixture
def report(intent: Intent) -> Callable[[dict[str, Any], FakeAlerts], ScanVerdict]:
    """Reports the malware of an event by what the sandbox's vaults show."""
    names = {"local": LOCAL, "central": "night-central"}
    vaults = {key: replace(vault, name=names.get(key, vault.name)) for key, vault in intent.vaults.items()}
    own, members = AccountId(BACKUP_ACCOUNT), Members()

    def reported(event: dict[str, Any], alerts: FakeAlerts) -> ScanVerdict:
        now = datetime.now(UTC)
        lists = ListedPoints(lambda name, region: client(name, own, region), members, own_account=own, now=now)
        heard = msgspec.convert(event, Event[ScanJobChange], strict=False)
        needs = MalwareReportNeeds(intent=replace(intent, vaults=vaults), lists=lists, alerts=alerts.notifier)
        return report_malware(heard.detail.observed(heard), needs=needs, now=now)

    return reported


def test_malware_in_a_volumes_backup_is_told_with_the_clean_one_before_it(
    night: Night,
    listen: Callable[..., Ear],
    report: Callable[[dict[str, Any], FakeAlerts], ScanVerdict],
) -> None:
    volume, alerts = night.resources["EBS"], FakeAlerts()
    for _ in range(2):
        client("backup", PAYMENTS_ACCOUNT, HOME).start_backup_job(
            BackupVaultName=LOCAL, ResourceArn=volume, IamRoleArn=night.role_arn
        )
        night.settle()
    *_, good, bad = _snapshots(volume)
    ear = listen(PAYMENTS_ACCOUNT, dict(PATTERN))
    night.control("/backup/scan", {"recovery_point": good})
    assert report(ear.wait(recoveryPointArn=good), alerts).state is ScanState.CLEAN
    night.control("/backup/scan", {"recovery_point": bad, "result": "THREATS_FOUND"})
    assert report(ear.wait(recoveryPointArn=bad), alerts).state is ScanState.INFECTED
    [alert] = alerts.told
    assert (alert.kind, alert.resource, alert.account) == ("malware-found", volume, PAYMENTS_ACCOUNT)
    assert bad in alert.reason
    assert f"found none is of {datetime.now(UTC):%Y-%m-%d}" in alert.reason
    assert good in alert.reason.partition("found none is of")[2]
