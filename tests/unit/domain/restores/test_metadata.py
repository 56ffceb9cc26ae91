"""Restore metadata: what may be said, by type; everything else is refused."""

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.metadata import Metadata, build_metadata
from tests.builders.places import HOME, PAYMENTS


def _build(
    resource_type: str = "RDS",
    name: str = "payments-db-0200",
    at_backup: dict[str, str] | None = None,
    **overrides: str,
) -> Metadata:
    return build_metadata(
        resource_type,
        target_name=name,
        at_backup=at_backup or {},
        overrides=overrides,
        account=PAYMENTS,
        region=HOME,
    )


def test_the_configuration_at_backup_time_is_kept_where_it_is_known() -> None:
    at_backup = {"dbinstanceclass": "db.t3.small", "KmsKeyId": "k", "DBInstanceIdentifier": "old", "Unheard": "of"}
    assert _build(at_backup=at_backup) == (
        ("DBInstanceClass", "db.t3.small"),
        ("DBInstanceIdentifier", "payments-db-0200"),
        ("PubliclyAccessible", "false"),
    )


def test_an_override_wins_over_the_backup() -> None:
    assert ("DBInstanceClass", "db.r5.large") in _build(
        at_backup={"DBInstanceClass": "db.t3.small"}, DBInstanceClass="db.r5.large"
    )


def test_what_was_public_is_restored_private() -> None:
    assert ("PubliclyAccessible", "false") in _build(at_backup={"PubliclyAccessible": "true"})


def test_a_table_gets_its_new_name() -> None:
    assert _build("DynamoDB", "orders-0200", {"encryptionType": "Default"}) == (
        ("encryptionType", "Default"),
        ("targetTableName", "orders-0200"),
    )


@pytest.mark.parametrize(
    ("overrides", "why"),
    [
        ({"PubliclyAccessible": "true"}, "never allowed"),
        ({"publiclyaccessible": "TRUE"}, "never allowed"),
        ({"DeletionProtection": "false"}, "never allowed"),
        ({"UserData": "x"}, "not allowed"),
        ({"IamRoles": "[]"}, "not allowed"),
        ({"Port": "1", "port": "2"}, "twice"),
        ({"DBInstanceIdentifier": "other"}, "not said twice"),
        ({"Port": ""}, "1 to 1000"),
        ({"Port": "9" * 1001}, "1 to 1000"),
        ({"OptionGroupName": "arn:aws:rds:eu-west-1:666666666666:og:x"}, "outside account"),
        ({"OptionGroupName": "arn:aws:rds:us-east-1:222222222222:og:x"}, "outside account"),
        ({"OptionGroupName": "arn:aws-cn:rds:eu-west-1:222222222222:og:x"}, "outside account"),
        ({"OptionGroupName": "arn:oops"}, "not an ARN"),
        ({"PubliclyAccessible": "1"}, "never allowed"),
        ({"PubliclyAccessible": "tru\u0435"}, "never allowed"),
        ({"DeletionProtection": "no"}, "never allowed"),
        ({"VpcSecurityGroupIds": '["arn:aws:ec2:eu-west-1:666666666666:security-group/sg-1"]'}, "not an ARN"),
        ({"OptionGroupName": " ARN:aws:rds:eu-west-1:666666666666:og:x"}, "not an ARN"),
        ({"OptionGroupName": "a\u202eb"}, "cannot be seen"),
    ],
    ids=[
        "public",
        "public in other case",
        "unprotected",
        "unknown",
        "roles",
        "twice by case",
        "the name again",
        "empty",
        "long",
        "foreign account",
        "foreign Region",
        "foreign partition",
        "no ARN",
        "public by number",
        "public in look-alikes",
        "unprotected in other words",
        "an ARN in a list",
        "an ARN in disguise",
        "direction marks",
    ],
)
def test_refused_overrides(overrides: dict[str, str], why: str) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        build_metadata(
            "RDS",
            target_name="payments-db-0200",
            at_backup={},
            overrides=overrides,
            account=PAYMENTS,
            region=HOME,
        )


@pytest.mark.parametrize("name", ["", "1db", "Payments", "a--b", "a-", "a" * 64, "db\n"])
def test_names_that_rds_would_not_take_are_refused(name: str) -> None:
    with pytest.raises(RestoreRefusedError, match="name"):
        _build(name=name)


def test_a_type_that_is_not_known_is_restored_by_hand() -> None:
    with pytest.raises(RestoreRefusedError, match="by hand"):
        _build("SAP HANA on Amazon EC2")
