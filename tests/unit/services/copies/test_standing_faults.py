"""What is wrong with a vault or a resource is told once, and taken back when it is right."""

from copy import replace

import pytest

from strongroom.domain.alerts.complaints import AlertKind
from strongroom.domain.copies.found import VaultFound
from strongroom.domain.copies.verification import CopyState, CopyVerdict
from strongroom.domain.intent.model import Intent
from strongroom.services.copies.standing_faults import look_at_vault, tell_encryption
from tests.builders.copies import IN_TIME, RESOURCE, a_promise, a_vault
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, PAYMENTS
from tests.fakes.accounts_and_tags import FakeAlerts
from tests.fakes.copies import FakeTruth

CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:ledger"
VERDICT = CopyVerdict(state=CopyState.VERIFIED, reason="", recovery_point="arn:point", destination=CENTRAL_VAULT)


@pytest.fixture
def alerts() -> FakeAlerts:
    return FakeAlerts()


def look(intent: Intent, alerts: FakeAlerts, vault: VaultFound | None) -> VaultFound | None:
    truth = FakeTruth(vaults={} if vault is None else {CENTRAL_VAULT: vault})
    return look_at_vault(CENTRAL_VAULT, vaults=truth, alerts=alerts.notifier, intent=intent, now=IN_TIME)


@pytest.mark.parametrize("vault", [None, a_vault(is_locked=False), a_vault(max_retention_days=2557)], ids=repr)
def test_a_vault_that_differs_is_one_alert_of_its_own_account_until_it_is_right(
    intent: Intent, alerts: FakeAlerts, vault: VaultFound | None
) -> None:
    for _ in range(3):
        assert look(intent, alerts, vault) == vault
    [alert] = alerts.told
    assert (alert.kind, alert.subject) == (AlertKind.VAULT_DIFFERS, CENTRAL_VAULT)
    assert (alert.account, alert.region) == (BACKUP_ACCOUNT, HOME)
    look(intent, alerts, a_vault())
    assert [settled.kind for settled in alerts.settled] == [AlertKind.VAULT_DIFFERS]


def tell(alerts: FakeAlerts, *, resource: str, is_unencrypted: bool) -> None:
    verdict = replace(VERDICT, is_unencrypted=is_unencrypted)
    tell_encryption(a_promise(resource=resource), verdict, alerts=alerts.notifier, now=IN_TIME)


def test_an_unencrypted_cluster_is_one_finding_until_its_backups_are_encrypted(alerts: FakeAlerts) -> None:
    for _ in range(3):
        tell(alerts, resource=CLUSTER, is_unencrypted=True)
    [alert] = alerts.told
    assert (alert.kind, alert.subject, alert.account) == (AlertKind.RESOURCE_NOT_ENCRYPTED, CLUSTER, PAYMENTS)
    tell(alerts, resource=CLUSTER, is_unencrypted=False)
    assert [settled.kind for settled in alerts.settled] == [AlertKind.RESOURCE_NOT_ENCRYPTED]


def test_of_a_type_whose_copies_are_always_encrypted_nothing_is_told(alerts: FakeAlerts) -> None:
    tell(alerts, resource=RESOURCE, is_unencrypted=False)
    assert (alerts.told, alerts.settled) == ([], [])
