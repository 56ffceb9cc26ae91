"""Restore metadata: what may be said, by type; everything else is refused."""

from collections.abc import Mapping
from typing import Any

import pytest

from strongroom.domain.errors import RestoreRefusedError
from strongroom.domain.restores.metadata import build_metadata, differing_keys
from tests.builders.places import HOME, PAYMENTS
from tests.builders.restores import RDS_METADATA

NETWORK = {"DBSubnetGroupName": "prod-db", "VpcSecurityGroupIds": '["sg-0prod"]'}
DEFAULT = {"encryptionType": "Default"}
CUSTOMER_KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/1"


def _build(
    resource_type: str = "RDS",
    name: str = "payments-db-0200",
    at_backup: Mapping[str, str] | None = None,
    said: Mapping[str, str] | None = None,
) -> dict[str, str]:
    metadata = build_metadata(
        resource_type,
        target_name=name,
        at_backup=NETWORK if at_backup is None else at_backup,
        overrides=said or {},
        account=PAYMENTS,
        region=HOME,
    )
    assert list(metadata) == sorted(metadata)
    return dict(metadata)


def test_what_aws_tells_of_an_instance_becomes_what_rds_takes() -> None:
    """Without the port 0, the old zone and the speed of a small gp3, AWS's own groups, and what is only told."""
    assert _build(at_backup=RDS_METADATA) == {
        "AllocatedStorage": "100",
        "DBInstanceClass": "db.t3.small",
        "DBInstanceIdentifier": "payments-db-0200",
        "DBParameterGroupName": "pg16-payments",
        "DBSubnetGroupName": "prod-db",
        "DeletionProtection": "true",
        "Engine": "postgres",
        "LicenseModel": "postgresql-license",
        "MultiAZ": "true",
        "PubliclyAccessible": "false",
        "StorageType": "gp3",
        "VpcSecurityGroupIds": '["sg-0prod"]',
    }


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        pytest.param({"port": "0"}, {}, id="no port"),
        pytest.param({"port": "5433"}, {"Port": "5433"}, id="a port, in other letters"),
        pytest.param({"DBParameterGroupName": "default.postgres16"}, {}, id="AWS's own parameters"),
        pytest.param({"OptionGroupName": "default:postgres-16"}, {}, id="AWS's own options"),
        pytest.param({"OptionGroupName": "audit"}, {"OptionGroupName": "audit"}, id="own options"),
        pytest.param({"Engine": "arn:aws:rds:us-east-1:999999999999:db:x"}, {}, id="an ARN of elsewhere"),
        pytest.param({"Engine": "post\u202egres"}, {}, id="unseen characters"),
        pytest.param({"LicenseModel": ""}, {}, id="nothing"),
        pytest.param({"StorageType": "gp3", "Iops": "3000"}, {"StorageType": "gp3"}, id="the speed of gp3"),
        pytest.param({"StorageType": "io1", "Iops": "9000"}, {"StorageType": "io1", "Iops": "9000"}, id="that of io1"),
        pytest.param({"Unheard": "of", "KmsKeyId": "k", "DBInstanceIdentifier": "old"}, {}, id="what nobody sends"),
    ],
)
def test_of_what_the_backup_tells_is_sent_what_rds_would_take(told: dict[str, str], kept: dict[str, str]) -> None:
    assert _build(at_backup=NETWORK | told).items() - _build().items() == kept.items()


@pytest.mark.parametrize("missing", NETWORK)
@pytest.mark.parametrize("told", ["[]", "", None])
def test_a_database_goes_into_no_network_that_nobody_named(missing: str, told: str | None) -> None:
    at_backup = {key: value for key, value in NETWORK.items() if key != missing}
    if told is not None and missing == "VpcSecurityGroupIds":
        at_backup[missing] = told
    with pytest.raises(RestoreRefusedError, match=f"does not tell {missing}"):
        _build(at_backup=at_backup)
    assert _build(at_backup=at_backup, said={missing: NETWORK[missing]})[missing] == NETWORK[missing]


def test_an_override_wins_over_the_backup() -> None:
    told, said = ({"DBInstanceClass": kind} for kind in ("db.t3.small", "db.r5.large"))
    assert _build(at_backup=NETWORK | told, said=said)["DBInstanceClass"] == "db.r5.large"


def test_who_asks_may_say_what_is_never_carried_over() -> None:
    said = {"AvailabilityZone": "eu-west-1b", "Iops": "12000", "StorageThroughput": "500", "Port": "5433"}
    own = {"DBParameterGroupName": "default.postgres16", "OptionGroupName": "default:postgres-16"}
    assert (said | own).items() <= _build(said=said | own).items()


def test_the_speed_of_another_storage_is_not_carried_over() -> None:
    told, said = {"StorageType": "io1", "Iops": "9000"}, {"StorageType": "gp3"}
    assert "Iops" not in _build(at_backup=NETWORK | told, said=said)


def test_what_was_public_is_restored_private() -> None:
    assert _build(at_backup=NETWORK | {"PubliclyAccessible": "true"})["PubliclyAccessible"] == "false"


@pytest.mark.parametrize(
    ("told", "said", "built"),
    [
        pytest.param(DEFAULT, {}, DEFAULT, id="AWS's own key"),
        pytest.param({"originalTableName": "orders", "targetTableName": "orders"}, {}, {}, id="nothing told"),
        pytest.param(
            {"encryptionType": "KMS"},
            {"kmsMasterKeyArn": CUSTOMER_KEY},
            {"encryptionType": "KMS", "kmsMasterKeyArn": CUSTOMER_KEY},
            id="a key that is said",
        ),
        pytest.param({"encryptionType": "KMS"}, DEFAULT, DEFAULT, id="another type is said"),
    ],
)
def test_a_table_gets_its_new_name_and_a_key(told: dict[str, str], said: dict[str, str], built: dict[str, str]) -> None:
    assert _build("DynamoDB", "orders-0200", told, said) == built | {"targetTableName": "orders-0200"}


@pytest.mark.parametrize(
    ("told", "said", "why"),
    [
        pytest.param({"encryptionType": "KMS"}, {}, "KMS needs kmsMasterKeyArn", id="KMS without a key"),
        pytest.param(DEFAULT, {"kmsMasterKeyArn": CUSTOMER_KEY}, "Default does not go with", id="a key by default"),
        pytest.param(
            {"encryptionType": "KMS", "kmsMasterKeyArn": CUSTOMER_KEY.replace(PAYMENTS, "999999999999")},
            {},
            "KMS needs kmsMasterKeyArn",
            id="a key of elsewhere",
        ),
    ],
)
def test_a_table_under_no_key_that_it_could_have(told: dict[str, str], said: dict[str, str], why: str) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        _build("DynamoDB", "orders-0200", told, said)


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
        ({"Port": "0"}, "from 1150 to 65535"),
        ({"Port": "65536"}, "from 1150 to 65535"),
        ({"Port": "\u0661\u0661\u0665\u0661"}, "from 1150 to 65535"),
        ({"VpcSecurityGroupIds": "sg-1"}, "a list in JSON"),
        ({"VpcSecurityGroupIds": "[]"}, "a list in JSON"),
        ({"VpcSecurityGroupIds": "[" * 999}, "a list in JSON"),
        ({"VpcSecurityGroupIds": '["sg-1", 2]'}, "a list in JSON"),
        ({"StorageType": "io2"}, "StorageType=io2 needs Iops"),
        ({"MultiAZ": "true", "AvailabilityZone": "eu-west-1a"}, "MultiAZ=true does not go with AvailabilityZone"),
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
        "port 0",
        "no port at all",
        "a port in other digits",
        "security groups without a list",
        "no security group",
        "security groups in many lists",
        "security groups and a number",
        "storage without its speed",
        "a zone with Multi-AZ",
    ],
)
def test_refused_overrides(overrides: dict[str, str], why: str) -> None:
    with pytest.raises(RestoreRefusedError, match=why):
        build_metadata(
            "RDS",
            target_name="payments-db-0200",
            at_backup=NETWORK,
            overrides=overrides,
            account=PAYMENTS,
            region=HOME,
        )


def test_an_arn_is_one_of_the_partition_of_its_region() -> None:
    def built(partition: str) -> dict[str, str]:
        said = {"OptionGroupName": f"arn:{partition}:rds:us-gov-west-1:222222222222:og:x"}
        place: Any = {"account": PAYMENTS, "region": "us-gov-west-1"}
        return dict(build_metadata("RDS", target_name="payments-db-0200", at_backup=NETWORK, overrides=said, **place))

    assert built("aws-us-gov")["OptionGroupName"].startswith("arn:aws-us-gov:")
    with pytest.raises(RestoreRefusedError, match="outside account"):
        built("aws")


@pytest.mark.parametrize("name", ["", "1db", "Payments", "a--b", "a-", "a" * 64, "db\n"])
def test_names_that_rds_would_not_take_are_refused(name: str) -> None:
    with pytest.raises(RestoreRefusedError, match="name"):
        _build(name=name)


def test_a_type_that_is_not_known_is_restored_by_hand() -> None:
    with pytest.raises(RestoreRefusedError, match="by hand"):
        _build("SAP HANA on Amazon EC2")


@pytest.mark.parametrize(
    ("used", "differing"),
    [
        pytest.param({"dbinstanceidentifier": "x", "aws:backup:request-id": "1"}, (), id="the same in another case"),
        pytest.param({"DBInstanceIdentifier": "y"}, ("dbinstanceidentifier",), id="another value"),
        pytest.param({"DBInstanceIdentifier": "x", "EngineVersion": "16.4"}, (), id="one more"),
        pytest.param({}, ("dbinstanceidentifier",), id="one less"),
        pytest.param({"DBInstanceIdentifier": "x", "dbInstanceIdentifier": "x"}, (), id="the same twice"),
        pytest.param(
            {"DBInstanceIdentifier": "x", "dbInstanceIdentifier": "y"},
            ("dbinstanceidentifier",),
            id="two values, the right one first",
        ),
        pytest.param(
            {"dbInstanceIdentifier": "y", "DBInstanceIdentifier": "x"},
            ("dbinstanceidentifier",),
            id="two values, the right one last",
        ),
    ],
)
def test_attack_22_keys_are_one_key_in_whatever_case(used: dict[str, str], differing: tuple[str, ...]) -> None:
    assert differing_keys({"DBInstanceIdentifier": "x"}, used=used) == differing


def test_what_was_approved_in_two_ways_nothing_is_like() -> None:
    approved = {"Engine": "postgres", "engine": "mysql"}
    assert differing_keys(approved, used=approved) == ("engine",)


def test_values_that_only_look_alike_differ() -> None:
    assert differing_keys({"MultiAZ": True, "Port": "1"}, used={"MultiAZ": 1, "Port": 1}) == ("multiaz", "port")
