"""A scan that ends in the sandbox is heard by our rule, believed by the vault, told with the clean backup."""

import time
from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.backup.listed_points import ListedPoints
from strongroom.adapters.aws.backup.recovery_points import VaultedPoints
from strongroom.domain.hearing.rules import rules_of_the_buses
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.domain.scans.judging import ScanState, ScanVerdict
from strongroom.runtime.contracts.envelope import Event
from strongroom.runtime.contracts.jobs.scans import ScanJobChange
from strongroom.services.restores.asking.know_scans import know_scans
from strongroom.services.scans.report_malware import MalwareReportNeeds, report_malware
from tests.builders.places import HOME
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.integration.backup_service.conftest import LOCAL, Night
from tests.integration.conftest import Ear

PATTERN = next(rule.pattern for rule in rules_of_the_buses(AccountId(BACKUP_ACCOUNT)) if rule.name == "ScanJobsRule")

# What was made within a second is one backup to us: of AWS nobody has two of a resource in that time.
_APART = 2.1
INFECTED = ("COMPLETED", "THREATS_FOUND")


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


def _own(service: str, region: str) -> Any:
    return client(service, BACKUP_ACCOUNT, region)


def _named(intent: Intent) -> Intent:
    """The intent with the sandbox's vaults."""
    names = {"local": LOCAL, "central": "night-central"}
    vaults = {key: replace(vault, name=names.get(key, vault.name)) for key, vault in intent.vaults.items()}
    return replace(intent, vaults=vaults)


def _lists() -> ListedPoints:
    return ListedPoints(_own, Members(), own_account=AccountId(BACKUP_ACCOUNT), now=datetime.now(UTC))


@pytest.fixture
def report(intent: Intent) -> Callable[[dict[str, Any], FakeAlerts], ScanVerdict]:
    """Reports the malware of an event by what the sandbox's vaults show."""
    named = _named(intent)

    def reported(event: dict[str, Any], alerts: FakeAlerts) -> ScanVerdict:
        heard = msgspec.convert(event, Event[ScanJobChange], strict=False)
        needs = MalwareReportNeeds(intent=named, lists=_lists(), alerts=alerts.notifier)
        return report_malware(heard.detail.observed(heard), needs=needs, now=datetime.now(UTC))

    return reported


def test_malware_in_a_volumes_backup_is_told_with_the_clean_one_before_it(
    night: Night,
    listen: Callable[..., Ear],
    report: Callable[[dict[str, Any], FakeAlerts], ScanVerdict],
) -> None:
    volume, alerts = night.resources["EBS"], FakeAlerts()
    for _ in range(2):
        time.sleep(_APART)
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


@pytest.mark.parametrize(
    ("ends", "known"),
    [
        pytest.param([], Scan.NEVER, id="never scanned"),
        pytest.param([("COMPLETED", "NO_THREATS_FOUND")], Scan.CLEAN, id="clean"),
        pytest.param([("FAILED", "UNKNOWN")], Scan.INCOMPLETE, id="failed"),
        pytest.param([INFECTED, ("FAILED", "UNKNOWN")], Scan.THREATS, id="malware, then failed"),
        pytest.param(
            [("COMPLETED", "THREATS_FOUND"), ("COMPLETED", "NO_THREATS_FOUND")], Scan.THREATS, id="clean later"
        ),
    ],
)
def test_what_scans_say_of_a_backup_is_known_of_its_copy(
    ends: list[tuple[str, str]], known: Scan, night: Night, intent: Intent
) -> None:
    """The backup itself is scanned, in its account; its copy in the central vault is what would be restored."""
    volume, named = night.resources["EBS"], _named(intent)
    time.sleep(_APART)
    night.control("/backup/run", {"schedule": "cron(0 3 ? * * *)"})
    night.settle()
    backup = _snapshots(volume)[-1]
    for state, result in ends:
        night.control("/backup/scan", {"recovery_point": backup, "state": state, "result": result})
    copy = client("backup", BACKUP_ACCOUNT, HOME).list_recovery_points_by_backup_vault(
        BackupVaultName="night-central", ByResourceArn=volume
    )["RecoveryPoints"][0]
    points = VaultedPoints(_own, Members(), intent=named)
    found = points.find(copy["RecoveryPointArn"], vault=copy["BackupVaultArn"])
    assert found is not None
    assert found.scan is Scan.NEVER
    asked, _ = know_scans(found, account=AccountId(PAYMENTS_ACCOUNT), intent=named, lists=_lists())
    assert asked.scan is known
