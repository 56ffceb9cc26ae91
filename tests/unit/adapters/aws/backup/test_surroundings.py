"""Keys, policies and switches around a copy are read where they are; what is not there is told from what is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from strongroom.adapters.aws.backup.surroundings import BackupSettings, MemberKeys, VaultAccessPolicies
from strongroom.adapters.aws.clients import MemberClients
from strongroom.domain.copies.remediation.circumstances import SourceKey
from strongroom.domain.errors import AccessRefusedError, TemporarilyUnavailableError
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, HOME, LOCAL_VAULT, PAYMENTS, REPORTS
from tests.conftest import FakeClients
from tests.fakes.backup import FakeBackup
from tests.fakes.member_account import FakeKms

ALLOWED = {"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
ONE = json.dumps({"Version": "2012-10-17", "Statement": ALLOWED})
LISTED = json.dumps({"Version": "2012-10-17", "Statement": [ALLOWED]})
KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/own"


@pytest.fixture
def members() -> MemberClients:
    return MemberClients("arn:aws:iam::{}:role/strongroom/strongroom-inspection".format, now=lambda: datetime.now(UTC))


@pytest.fixture
def kms(fake_clients: FakeClients) -> FakeKms:
    fake = FakeKms(keys={"own": ("CUSTOMER", LISTED), "aws-rds": ("AWS", ONE)})
    fake_clients.member[PAYMENTS, "kms"] = fake
    return fake


@pytest.fixture
def backups(fake_clients: FakeClients) -> dict[str, FakeBackup]:
    own, member = FakeBackup(), FakeBackup()
    fake_clients.own["backup"], fake_clients.member[PAYMENTS, "backup"] = own, member
    return {BACKUP_ACCOUNT: own, PAYMENTS: member}


def find(members: MemberClients, key: str) -> SourceKey | None:
    return MemberKeys(members).find(key, account=PAYMENTS, region=HOME)


@pytest.mark.parametrize("named", [KEY, "own"])
def test_a_customers_key_is_read_with_its_policy(members: MemberClients, kms: FakeKms, named: str) -> None:
    assert find(members, named) == SourceKey(arn=KEY, manager="CUSTOMER", state="Enabled", statements=(ALLOWED,))


def test_of_a_key_that_aws_manages_nobody_needs_the_policy(members: MemberClients, kms: FakeKms) -> None:
    found = find(members, "aws-rds")
    assert found is not None
    assert (found.manager, found.statements, kms.calls) == ("AWS", None, ["DescribeKey"])


def test_a_key_is_looked_for_in_the_account_that_owns_it(
    members: MemberClients, kms: FakeKms, fake_clients: FakeClients
) -> None:
    fake_clients.member[REPORTS, "kms"] = FakeKms(keys={"theirs": ("CUSTOMER", ONE)})
    found = find(members, f"arn:aws:kms:{HOME}:{REPORTS}:key/theirs")
    assert found is not None
    assert (found.statements, kms.calls) == ((ALLOWED,), [])


def test_a_key_that_is_gone_is_none_and_a_policy_that_is_kept_back_is_not_known(
    members: MemberClients, kms: FakeKms
) -> None:
    assert find(members, "gone") is None
    kms.errors["GetKeyPolicy"] = "AccessDeniedException"
    found = find(members, "own")
    assert found is not None
    assert found.statements is None


@pytest.mark.parametrize(
    ("code", "error"),
    [("AccessDeniedException", AccessRefusedError), ("KMSInternalException", TemporarilyUnavailableError)],
)
def test_a_key_that_is_not_shown_raises(
    members: MemberClients, kms: FakeKms, code: str, error: type[Exception]
) -> None:
    kms.errors["DescribeKey"] = code
    with pytest.raises(error):
        find(members, "own")


@pytest.mark.parametrize(("vault", "account"), [(CENTRAL_VAULT, BACKUP_ACCOUNT), (LOCAL_VAULT, PAYMENTS)])
@pytest.mark.parametrize("policy", [ONE, LISTED], ids=["one statement", "a list of them"])
def test_a_vaults_policy_is_read_in_its_account(
    members: MemberClients, backups: dict[str, FakeBackup], vault: str, account: str, policy: str
) -> None:
    backups[account].policies[vault.rpartition(":")[2]] = policy
    assert VaultAccessPolicies(members, own_account=BACKUP_ACCOUNT).statements(vault) == (ALLOWED,)


def test_a_vault_without_a_policy_lets_nobody_in_and_a_refusal_is_no_policy(
    members: MemberClients, backups: dict[str, FakeBackup]
) -> None:
    policies = VaultAccessPolicies(members, own_account=BACKUP_ACCOUNT)
    assert policies.statements(CENTRAL_VAULT) == ()
    backups[BACKUP_ACCOUNT].errors["get_backup_vault_access_policy"] = "AccessDeniedException"
    with pytest.raises(AccessRefusedError):
        policies.statements(CENTRAL_VAULT)


def test_opt_ins_are_those_of_the_account(members: MemberClients, backups: dict[str, FakeBackup]) -> None:
    backups[PAYMENTS].opt_ins = {"RDS": False}
    assert BackupSettings(members, home=HOME).opt_ins(PAYMENTS, HOME) == {"RDS": False}


@pytest.mark.parametrize(
    ("settings", "is_on"),
    [
        ({"isCrossAccountBackupEnabled": "true"}, True),
        ({"isCrossAccountBackupEnabled": "false"}, False),
        ({"isMpaEnabled": "true"}, None),
    ],
)
def test_the_organisations_switch_is_on_off_or_not_told(
    members: MemberClients, backups: dict[str, FakeBackup], settings: dict[str, str], is_on: Any
) -> None:
    backups[BACKUP_ACCOUNT].settings = settings
    assert BackupSettings(members, home=HOME).is_cross_account() is is_on
