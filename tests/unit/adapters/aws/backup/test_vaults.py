"""Vaults and recovery points are read where they are, and described in our own words."""

from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from strongroom.adapters.aws.backup.vaults import BackupVaults
from strongroom.adapters.aws.clients import MemberClients
from strongroom.domain.copies.comparing.rounds import PointPage
from strongroom.domain.copies.found import MadeBy, PlanFound, RecoveryPointFound
from strongroom.domain.copies.reconciling import Window
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, TemporarilyUnavailableError
from strongroom.domain.identifiers import Arn
from strongroom.domain.intent.model import Intent
from tests.builders.copies import COMPLETED_AT, COPY, CREATED_AT, KEY, PLAN, RESOURCE, SOURCE, a_copy, a_source, a_vault
from tests.builders.gfs import PLAN_SHOWN, RULE_IDS
from tests.builders.places import (
    BACKUP_ACCOUNT,
    CENTRAL_VAULT,
    LOCAL_VAULT,
    PAYMENTS,
    REPLICA_REGION,
    VAULT_ACCOUNT,
    a_vault_arn,
)
from tests.fakes.backup import FakeBackup, a_point_answer, a_vault_answer


def a_point(arn: str = SOURCE, *, vault: str = LOCAL_VAULT, **changes: Any) -> dict[str, Any]:
    return a_point_answer(
        arn,
        vault=vault,
        **{"ResourceArn": RESOURCE, "CreationDate": CREATED_AT, "CompletionDate": COMPLETED_AT} | changes,
    )


@pytest.fixture
def own(fake_clients: Any) -> FakeBackup:
    fake_clients.own["backup"] = FakeBackup(vaults={"central-backup-vault": a_vault_answer(CENTRAL_VAULT, key=KEY)})
    backup: FakeBackup = fake_clients.own["backup"]
    return backup


@pytest.fixture
def member(fake_clients: Any) -> FakeBackup:
    fake_clients.member[PAYMENTS, "backup"] = FakeBackup(vaults={"local-prod-vault": {}})
    backup: FakeBackup = fake_clients.member[PAYMENTS, "backup"]
    return backup


@pytest.fixture
def vaults(intent: Intent, own: FakeBackup, member: FakeBackup) -> BackupVaults:
    inspection = MemberClients(
        lambda account: intent.member_role_arn(intent.roles.inspection, account), now=lambda: datetime.now(UTC)
    )
    return BackupVaults(inspection, own_account=BACKUP_ACCOUNT)


def test_a_members_vault_is_read_in_its_account_under_the_inspection_role(
    vaults: BackupVaults, member: FakeBackup, fake_clients: Any
) -> None:
    member.points = [
        a_point(
            Lifecycle={"DeleteAfterDays": 35},
            EncryptionKeyArn=a_source().encryption_key,
            CreatedBy={
                "BackupPlanArn": PLAN,
                "BackupPlanName": "strongroom-gfs",
                "BackupRuleId": RULE_IDS["weekly"],
                "BackupRuleName": "weekly",
            },
        )
    ]
    made_by = MadeBy(plan=PLAN, plan_name="strongroom-gfs", rule_id=RULE_IDS["weekly"], rule_name="weekly")
    assert vaults.find(SOURCE, vault=LOCAL_VAULT) == a_source(made_by=made_by)
    assert fake_clients.own["sts"].assumed == ["arn:aws:iam::222222222222:role/strongroom/strongroom-inspection"]


def test_the_central_vault_is_read_as_ourselves(vaults: BackupVaults, own: FakeBackup, fake_clients: Any) -> None:
    own.points = [a_point(COPY, vault=CENTRAL_VAULT, Lifecycle={"DeleteAfterDays": 2555}, EncryptionKeyArn=KEY)]
    found = vaults.find(COPY, vault=CENTRAL_VAULT)
    assert found is not None
    assert (found.retention_days, found.encryption_key, found.made_by) == (2555, KEY, None)
    assert vaults.describe(CENTRAL_VAULT) == a_vault()
    assert fake_clients.own["sts"].assumed == []


@pytest.mark.parametrize(
    "vault",
    [
        pytest.param(a_vault_arn("second", account=PAYMENTS, region=REPLICA_REGION), id="the account's second Region"),
        pytest.param(a_vault_arn("central", account=VAULT_ACCOUNT, region=REPLICA_REGION), id="an account for vaults"),
    ],
)
def test_a_destination_outside_the_backup_account_is_read_where_it_is(
    vault: str, vaults: BackupVaults, fake_clients: Any
) -> None:
    account = Arn.parse(vault).account
    held = a_point(COPY, vault=vault, Lifecycle={"DeleteAfterDays": 90}, EncryptionKeyArn=KEY)
    fake_clients.member[account, "backup"] = FakeBackup(
        vaults={Arn.parse(vault).name: a_vault_answer(vault, key=KEY)}, points=[held]
    )
    assert vaults.describe(vault) == a_vault(arn=vault)
    assert vaults.of_resource(RESOURCE, vault=vault) == (a_copy(vault=vault, retention_days=90, made_by=None),)
    assert fake_clients.own["sts"].assumed == [f"arn:aws:iam::{account}:role/strongroom/strongroom-inspection"]


def test_what_is_not_there_is_none(vaults: BackupVaults) -> None:
    assert vaults.find(COPY, vault=CENTRAL_VAULT) is None
    assert vaults.describe(CENTRAL_VAULT + "-other") is None
    assert vaults.of_resource(RESOURCE, vault=CENTRAL_VAULT + "-other") == ()
    assert vaults.find(COPY, vault=CENTRAL_VAULT + "-other") is None


def test_what_was_created_in_a_window_is_listed_a_page_at_a_time(vaults: BackupVaults, own: FakeBackup) -> None:
    told = {"SourceBackupVaultArn": LOCAL_VAULT}
    own.points = [a_point(arn, vault=CENTRAL_VAULT, **told) for arn in ("arn:1", "arn:2")]
    window = Window(since=CREATED_AT, until=COMPLETED_AT, token=None)
    first = vaults.page(CENTRAL_VAULT, window)
    listed = a_copy(arn="arn:1", encryption_key=None, retention_days=None, made_by=None, source_vault=LOCAL_VAULT)
    assert first == PointPage(points=(listed,), token="1")
    assert vaults.page(CENTRAL_VAULT, replace(window, token="1")) == PointPage(points=(replace(listed, arn="arn:2"),))
    asked = {
        "BackupVaultName": Arn.parse(CENTRAL_VAULT).name,
        "ByCreatedAfter": CREATED_AT,
        "ByCreatedBefore": COMPLETED_AT,
        "MaxResults": 1000,
    }
    assert own.listed == [asked, asked | {"NextToken": "1"}]
    own.points = [a_point("arn:3", vault=CENTRAL_VAULT, SourceBackupVaultArn="")]
    assert [point.source_vault for point in vaults.page(CENTRAL_VAULT, window).points] == [None]
    assert vaults.page(CENTRAL_VAULT + "-other", window) == PointPage()
    own.errors["list_recovery_points_by_backup_vault"] = "ThrottlingException"
    with pytest.raises(TemporarilyUnavailableError):
        vaults.page(CENTRAL_VAULT, window)


@pytest.mark.parametrize("also_refused", [(), ("list_backup_vaults",)], ids=["listed", "not even listed"])
def test_a_vault_that_may_not_be_looked_at_is_not_taken_for_absent(
    vaults: BackupVaults, own: FakeBackup, also_refused: tuple[str, ...]
) -> None:
    # AWS Backup answers alike for both: https://github.com/aws/aws-sdk-js/issues/2625.
    own.errors |= dict.fromkeys(("describe_backup_vault", *also_refused), "AccessDeniedException")
    with pytest.raises(AccessRefusedError):
        vaults.describe(CENTRAL_VAULT)


def test_every_page_of_a_vault_is_read(vaults: BackupVaults, own: FakeBackup) -> None:
    own.points = [a_point(arn, vault=CENTRAL_VAULT) for arn in ("arn:1", "arn:2")]
    own.points.append(a_point("arn:3", vault=CENTRAL_VAULT, ResourceArn="arn:other"))
    assert [point.arn for point in vaults.of_resource(RESOURCE, vault=CENTRAL_VAULT)] == ["arn:1", "arn:2"]


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        pytest.param({"Lifecycle": {"DeleteAfterDays": 35}}, 35, id="own-lifecycle"),
        pytest.param({"Lifecycle": {"DeleteAfterDays": -1}}, None, id="always"),
        pytest.param({}, None, id="no-lifecycle"),
        pytest.param({"CalculatedLifecycle": {"DeleteAt": CREATED_AT + timedelta(days=35)}}, 35, id="inherited"),
    ],
)
def test_how_long_a_recovery_point_is_kept(
    vaults: BackupVaults, own: FakeBackup, answer: dict[str, Any], days: int | None
) -> None:
    own.points = [a_point(COPY, vault=CENTRAL_VAULT, **answer)]
    found: RecoveryPointFound | None = vaults.find(COPY, vault=CENTRAL_VAULT)
    assert found is not None
    assert found.retention_days == days
    assert found.resource == a_copy().resource


def test_an_air_gapped_vault_and_a_temporary_point_are_told_from_others(vaults: BackupVaults, own: FakeBackup) -> None:
    name = CENTRAL_VAULT.rpartition(":")[2]
    for kind, is_air_gapped in (("BACKUP_VAULT", False), ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", True)):
        own.vaults[name] = {"BackupVaultArn": CENTRAL_VAULT, "VaultType": kind}
        vault = vaults.describe(CENTRAL_VAULT)
        assert vault is not None
        assert vault.is_air_gapped is is_air_gapped
    on_its_way = {"DeleteAfterDays": 35, "DeleteAfterEvent": "DELETE_AFTER_COPY"}
    own.points = [a_point(COPY, vault=CENTRAL_VAULT, Lifecycle=on_its_way), a_point("arn:kept", vault=CENTRAL_VAULT)]
    found = {point.arn: point.is_temporary for point in vaults.of_resource(RESOURCE, vault=CENTRAL_VAULT)}
    assert found == {COPY: True, "arn:kept": False}


def test_tags_are_read_where_the_recovery_point_is(vaults: BackupVaults, member: FakeBackup) -> None:
    member.tags = {SOURCE: {"Backup": "daily-prod"}}
    assert vaults.tags(SOURCE, vault=LOCAL_VAULT) == {"Backup": "daily-prod"}


def test_a_type_whose_tags_aws_backup_cannot_tell_has_none(vaults: BackupVaults, member: FakeBackup) -> None:
    member.errors["list_tags"] = "InvalidParameterValueException"
    assert vaults.tags(SOURCE, vault=LOCAL_VAULT) == {}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        pytest.param("AccessDeniedException", AccessRefusedError, id="refused"),
        pytest.param("InvalidParameterValueException", CallRefusedError, id="not-accepted"),
        pytest.param("ServiceUnavailableException", TemporarilyUnavailableError, id="unavailable"),
        pytest.param("ThrottlingException", TemporarilyUnavailableError, id="throttled"),
    ],
)
def test_errors_have_our_own_names(vaults: BackupVaults, own: FakeBackup, code: str, error: type[Exception]) -> None:
    own.errors["describe_recovery_point"] = code
    with pytest.raises(error, match=code):
        vaults.find(COPY, vault=CENTRAL_VAULT)


def test_a_plan_is_asked_for_its_names_in_the_account_that_it_runs_in(vaults: BackupVaults, member: FakeBackup) -> None:
    member.plans["orgs/11111111-2222-3333-4444-555555555555"] = PLAN_SHOWN
    rule_names = {id_: name for name, id_ in RULE_IDS.items()}
    assert vaults.plan(PLAN) == PlanFound(name="strongroom-gfs", rule_names=rule_names)


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "InvalidParameterValueException", "ResourceNotFoundException"]
)
def test_a_plan_that_nobody_may_see_has_no_name(code: str, vaults: BackupVaults, member: FakeBackup) -> None:
    member.errors["get_backup_plan"] = code
    assert vaults.plan(PLAN) is None


def test_a_plan_that_cannot_be_asked_for_at_the_moment_is_asked_for_again(
    vaults: BackupVaults, member: FakeBackup
) -> None:
    member.errors["get_backup_plan"] = "ThrottlingException"
    with pytest.raises(TemporarilyUnavailableError):
        vaults.plan(PLAN)
