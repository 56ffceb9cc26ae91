"""A request as the one decision makes it: by the profile of its account, with all that people must read."""

import json
from collections.abc import Mapping
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from strongroom.domain.canonical import canonical_text
from strongroom.domain.errors import FaultsFoundError, RestoreRefusedError
from strongroom.domain.identifiers import AccountId
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.restores.ceremony import ceremony_of
from strongroom.domain.restores.deciding.decided import as_decided
from strongroom.domain.restores.plans import RestorePlan
from strongroom.domain.restores.requests import RestoreRequest
from tests.builders.places import HOME, PAYMENTS, TEMPORARY_VAULT
from tests.builders.restores import NOW, POLICY, PROFILE, RDS_METADATA, a_proving_intent, a_recovery_point, a_request

CLUSTER = f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:payments"
TABLE = {
    "resource": f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders",
    "resource_type": "DynamoDB",
    "restore_metadata": {"originalTableName": "orders", "encryptionType": "Default"},
}
USUAL: Any = {"group": "approvers", "needed": 1}
GRAVE: Any = {"group": "approvers", "needed": 2, "when": {"risks": ["elevated"]}}
STRICTER, STRICTER_BESIDE = (
    canonical_text(json.loads(POLICY) | {"rules": rules}) for rules in ([GRAVE], [USUAL, GRAVE])
)


def _decided(
    intent: Intent,
    *,
    point: Mapping[str, Any] | None = None,
    profile: AccountProfile | None = PROFILE,
    wishes: Mapping[str, str] | None = None,
    **changes: Any,
) -> RestoreRequest:
    profiles = () if profile is None else (profile,)
    restores = replace(ceremony_of(a_proving_intent(intent)).restores, profiles=profiles)
    asked = a_request(metadata=(), original=(), wishes=tuple(sorted((wishes or {}).items())), **changes)
    return as_decided(asked, point=a_recovery_point(**(point or {})), restores=restores)


def test_what_places_an_instance_is_the_profiles_and_never_the_backups(intent: Intent) -> None:
    assert dict(_decided(intent).metadata) == {
        "AllocatedStorage": "100",
        "CopyTagsToSnapshot": "true",
        "DBInstanceClass": "db.t3.small",
        "DBInstanceIdentifier": "payments-db-0200",
        "DBParameterGroupName": "pg16-payments",
        "DBSubnetGroupName": "restores-db",
        "DeletionProtection": "true",
        "Engine": "postgres",
        "LicenseModel": "postgresql-license",
        "MultiAZ": "true",
        "PubliclyAccessible": "false",
        "StorageType": "gp3",
        "VpcSecurityGroupIds": '["sg-0a1"]',
    }


def test_who_asks_may_choose_among_what_the_profile_has(intent: Intent) -> None:
    wishes = {
        "dbsubnetgroupname": "restores-db-2",
        "VpcSecurityGroupIds": '["sg-0b2"]',
        "DBInstanceClass": "db.r6g.large",
    }
    request = _decided(intent, wishes=wishes)
    chosen = {
        "DBSubnetGroupName": "restores-db-2",
        "VpcSecurityGroupIds": '["sg-0b2"]',
        "DBInstanceClass": "db.r6g.large",
    }
    assert chosen.items() <= dict(request.metadata).items()
    assert request.risks == ("other-class", "steps-after")
    assert request.risk_sentences[0] == "Its DBInstanceClass is db.r6g.large, and the original had db.t3.small."


def test_approvers_see_the_settings_of_the_backup_that_a_restore_could_send(intent: Intent) -> None:
    original = dict(_decided(intent).original)
    assert original["DBSubnetGroupName"] == "prod-db"
    assert original["PubliclyAccessible"] == "true"
    assert original.keys().isdisjoint({"AvailabilityZone", "DBSnapshotIdentifier", "EngineVersion"})


def test_what_is_left_out_and_left_to_do_is_told(intent: Intent) -> None:
    told = RDS_METADATA | {"Unheard": "of", "DBParameterGroupName": "of-its-own"}
    request = _decided(intent, point={"restore_metadata": told})
    assert request.left_out == ("Unheard: nobody knows it",)
    assert request.risks == ("left-out", "steps-after")
    assert request.risk_sentences[0] == "1 setting of the original cannot be sent."
    assert any("DBParameterGroupName of-its-own" in step for step in request.steps)


def test_of_what_a_hostile_backup_tells_the_first_ten_are_repeated(intent: Intent) -> None:
    request = _decided(intent, point={"restore_metadata": {f"Key{number}": "x" for number in range(100, 200)}})
    assert len(request.left_out) == 10
    assert request.risk_sentences[0].startswith("100 settings ")


def test_a_table_is_restored_under_the_profiles_key(intent: Intent) -> None:
    request = _decided(intent, point=TABLE, profile=AccountProfile(account=PAYMENTS, region=HOME, keys=PROFILE.keys))
    assert dict(request.metadata) == {
        "encryptionType": "KMS",
        "kmsMasterKeyArn": PROFILE.keys[0],
        "targetTableName": "payments-db-0200",
    }
    assert request.risks == ("steps-after",)


@pytest.mark.parametrize(
    ("point", "profile", "missing"),
    [
        pytest.param({}, None, ["DBSubnetGroupName", "VpcSecurityGroupIds"], id="an instance without a profile"),
        pytest.param(
            {},
            AccountProfile(
                account=AccountId("333333333333"), region=HOME, db_subnet_group=("db",), security_groups=(("sg-1",),)
            ),
            ["DBSubnetGroupName", "VpcSecurityGroupIds"],
            id="a profile of another account",
        ),
        pytest.param(
            {}, replace(PROFILE, db_subnet_group=()), ["DBSubnetGroupName"], id="a profile without a subnet group"
        ),
        pytest.param(TABLE, None, ["kmsMasterKeyArn"], id="a table without a profile"),
        pytest.param(TABLE, replace(PROFILE, keys=()), ["kmsMasterKeyArn"], id="a table without a key"),
    ],
)
def test_what_the_profile_has_not_is_told_all_at_once(
    intent: Intent, point: dict[str, Any], profile: AccountProfile | None, missing: list[str]
) -> None:
    with pytest.raises(FaultsFoundError) as found:
        _decided(intent, point=point, profile=profile)
    assert [fault.split()[0] for fault in found.value.faults] == missing


def test_an_instance_needs_no_key_of_the_profile(intent: Intent) -> None:
    assert _decided(intent, profile=replace(PROFILE, keys=())).metadata


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        pytest.param({"DBSubnetGroupName": "prod-db"}, "none of those that the profile has", id="the backup's network"),
        pytest.param({"VpcSecurityGroupIds": '["sg-0a1","sg-0b2"]'}, "none of those", id="two choices at once"),
        pytest.param({"DBInstanceClass": "db.r5.24xlarge"}, "not among the classes", id="a class"),
        pytest.param({"PubliclyAccessible": "true"}, "always false", id="public"),
        pytest.param({"publiclyaccessible": "TRUE"}, "true or false", id="public in capitals"),
        pytest.param({"DeletionProtection": "false"}, "always true", id="unprotected"),
        pytest.param({"KmsKeyId": PROFILE.keys[0]}, "not to be asked for", id="a key"),
        pytest.param({"UserData": "x"}, "not a key of this restore", id="what nobody knows"),
        pytest.param({"Port": "5433", "port": "5434"}, "said twice", id="twice"),
        pytest.param({"DBInstanceIdentifier": "other"}, "not to be asked for", id="the name again"),
    ],
)
def test_wishes_that_are_refused(intent: Intent, wishes: dict[str, str], why: str) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        _decided(intent, wishes=wishes)


def test_everything_that_is_wrong_is_told_at_once(intent: Intent) -> None:
    with pytest.raises(FaultsFoundError) as found:
        _decided(intent, wishes={"PubliclyAccessible": "true", "UserData": "x"}, target_name="No Name", profile=None)
    assert len(found.value.faults) == 5


def test_a_copy_that_is_taken_back_is_a_risk_and_an_instance_keeps_the_vaults_key(intent: Intent) -> None:
    age = NOW - a_request().recovery_point_created_at
    request = _decided(intent, plan=RestorePlan.COPY_BACK, copy_kept_for=age + timedelta(days=9, hours=1))
    assert request.risks == ("vault-key", "temporary-copy", "steps-after")
    assert request.risk_sentences[1] == "A copy of it is left behind outside of its vault for 10 days."
    table = _decided(intent, plan=RestorePlan.COPY_BACK, point=TABLE)
    assert table.risks == ("temporary-copy", "steps-after")
    assert table.risk_sentences[0] == "A copy of it is left behind outside of its vault for 14 days."


def test_b_7_out_of_a_temporary_vault_an_instance_comes_under_a_key_of_its_account(intent: Intent) -> None:
    request = _decided(intent, plan=RestorePlan.COPY_BACK, temporary_vault=TEMPORARY_VAULT)
    assert request.risks == ("temporary-copy", "steps-after")


def test_what_comes_out_of_cold_storage_says_so(intent: Intent) -> None:
    assert "from-cold" in _decided(intent, point={**TABLE, "is_cold": True}).risks


@pytest.mark.parametrize("policy", [STRICTER, STRICTER_BESIDE], ids=["alone", "beside the usual one"])
def test_an_unencrypted_backup_takes_the_stricter_rule(policy: str, intent: Intent) -> None:
    request = _decided(intent, point={"encryption_key": None}, policy=policy)
    assert request.risks == ("elevated", "source-unencrypted", "steps-after")
    assert request.risk_sentences[0] == "The backup is not encrypted."


def test_where_no_rule_is_stricter_it_is_refused_with_the_line_to_write(intent: Intent) -> None:
    with pytest.raises(RestoreRefusedError) as refused:
        _decided(intent, point={"encryption_key": None})
    assert str(refused.value) == (
        "no rule says who approves what is graver than other restores (The backup is not encrypted.): write "
        "- {unit: Production, group: GROUP, needed: 1, risks: [elevated]}"
    )


def test_an_urgent_restore_is_none_that_a_stricter_rule_decides_on(intent: Intent) -> None:
    with pytest.raises(RestoreRefusedError) as refused:
        _decided(intent, point={"encryption_key": None}, incident="INC-1", ticket="")
    why = "an urgent restore is none that the stricter rule decides on: The backup is not encrypted."
    assert str(refused.value) == why


def test_a_table_is_encrypted_though_aws_names_no_key(intent: Intent) -> None:
    assert _decided(intent, point={**TABLE, "encryption_key": None}).metadata


@pytest.mark.parametrize(
    ("point", "called"),
    [
        pytest.param({"resource": CLUSTER}, "RDS cluster", id="a cluster that AWS calls RDS, too"),
        pytest.param({"resource_type": "S3"}, "S3", id="a type that has a row"),
        pytest.param({"resource_type": "Tape"}, "Tape", id="a type of tomorrow"),
    ],
)
def test_what_is_not_restored_here_is_refused_by_its_name(intent: Intent, point: dict[str, Any], called: str) -> None:
    with pytest.raises(
        RestoreRefusedError, match=f"^{called} must be restored by hand; DynamoDB and RDS are restored here$"
    ):
        _decided(intent, point=point)


def test_deciding_again_changes_nothing(intent: Intent) -> None:
    request = _decided(intent, wishes={"Port": "5433"})
    restores = ceremony_of(a_proving_intent(intent)).restores
    assert as_decided(request, point=a_recovery_point(), restores=restores) == request
