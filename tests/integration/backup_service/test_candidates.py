"""What a resource can be restored from, read out of AWS Backup's own lists."""

from collections.abc import Callable
from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.clients import client
from sandbox.settings import BACKUP_ACCOUNT, PAYMENTS_ACCOUNT
from strongroom.adapters.aws.backup.listed_points import ListedPoints, PastRestores
from strongroom.adapters.aws.backup.recovery_points import LandingVaults
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.restores.candidates.shown import ShownCandidates
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.services.restores.asking.find_candidates import (
    CandidateFindingNeeds,
    CandidateWish,
    find_candidates,
)
from tests.builders.places import HOME, a_vault_arn
from tests.fakes.many.candidates import FakeHistory

LOCAL, CENTRAL = a_vault_arn("night-local", account=PAYMENTS_ACCOUNT), a_vault_arn("night-central")


class Members:
    """Clients of every account."""

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        return client(service, account, region)


class Production:
    """Every account is in Production."""

    def __init__(self, intent: Intent) -> None:
        self._unit = intent.organization.units["Production"]

    def units_of(self, account: AccountId) -> tuple[str, ...]:
        return (self._unit,)


@pytest.fixture(scope="module")
def find(night: Any, intent: Intent) -> Callable[[str], ShownCandidates]:
    """Looks for candidates after the night, in its two vaults and in a third that is not there."""
    names = {"local": "night-local", "central": "night-central"}
    vaults = {key: replace(vault, name=names.get(key, vault.name)) for key, vault in intent.vaults.items()}
    named = replace(intent, vaults=vaults)
    night.control("/backup/run", {"schedule": "cron(0 3 ? * * *)"})
    night.settle()
    members: Any = Members()

    def found(resource: str) -> ShownCandidates:
        now = datetime.now(UTC)
        own = AccountId(BACKUP_ACCOUNT)
        needs = CandidateFindingNeeds(
            intent=named,
            ceremony=ceremony_of(named),
            lists=ListedPoints(lambda name, region: client(name, own, region), members, own_account=own, now=now),
            vaults=LandingVaults(lambda name, region: client(name, own, region), members, intent=named),
            past=PastRestores(members),
            history=FakeHistory(),
            units=Production(named),
        )
        return find_candidates(CandidateWish(resource=resource, account=PAYMENTS_ACCOUNT), needs=needs, now=now)

    return found


def _listed(account: str, vault: str, resource: str) -> str:
    backup = client("backup", account, HOME)
    [point] = backup.list_recovery_points_by_backup_vault(BackupVaultName=vault, ByResourceArn=resource)[
        "RecoveryPoints"
    ]
    return str(point["RecoveryPointArn"])


@pytest.mark.parametrize("resource_type", ["RDS", "Aurora", "DynamoDB", "EBS", "EFS", "S3"])
def test_a_backup_and_its_copy_are_one_row_with_two_ways(
    night: Any, find: Callable[[str], ShownCandidates], resource_type: str
) -> None:
    resource = night.resources[resource_type]
    answer = find(resource)
    [row] = answer.candidates
    assert answer.resource_type == resource_type
    assert {str(each.plan): (each.recovery_point, each.vault) for each in row.ways} == {
        "local": (_listed(PAYMENTS_ACCOUNT, "night-local", resource), LOCAL),
        "copy-back": (_listed(BACKUP_ACCOUNT, "night-central", resource), CENTRAL),
    }
    assert row.plan == "local"
    assert row.minutes is not None
    assert [str(mark) for mark in row.marks] == ["least loss", "soonest"]


def test_a_vault_that_is_not_there_is_said(night: Any, find: Callable[[str], ShownCandidates]) -> None:
    answer = find(night.resources["RDS"])
    assert [(each.vault, each.reason) for each in answer.unread] == [
        (a_vault_arn("replica-backup-vault", region="eu-central-1"), "there is no such vault")
    ]


def test_once_the_local_vault_let_it_expire_the_copy_is_left(
    night: Any, find: Callable[[str], ShownCandidates]
) -> None:
    night.control("/backup/days", {"days": 40})
    [row] = find(night.resources["RDS"]).candidates
    assert [str(each.plan) for each in row.ways] == ["copy-back"]
    assert row.minutes_lost >= 40 * 24 * 60
