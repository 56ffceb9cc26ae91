"""The resources that the example organisation has before the day begins, and what is in its databases."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from sandbox.clients import client
from sandbox.settings import (
    CUSTOMER_API_ACCOUNT,
    HOME_REGION,
    LEDGER_ACCOUNT,
    MANAGEMENT_ACCOUNT,
    PAYMENTS_ACCOUNT,
    REPORTS_ACCOUNT,
    SANDBOX_ACCOUNTS,
)

_KEY_ALIAS: Final = "alias/data"
_NETWORK: Final = "databases"
_RESTORED_NETWORK: Final = "172.31.128.0/24"
_ZONE: Final = f"{HOME_REGION}a"
_IMAGE: Final = "ami-12345678"
PAPERS: Final = "payments-papers"
OBJECTS: Final = {PAPERS: {"2026-11/ada.txt": b"1200.50", "2026-11/grace.txt": b"73.00"}}
PAYMENTS_DATABASE: Final = f"arn:aws:rds:{HOME_REGION}:{PAYMENTS_ACCOUNT}:db:payments-db"
# Tagged by hand years ago: nothing of Strongroom's has ever seen it.
OLD_DATABASE: Final = f"arn:aws:rds:{HOME_REGION}:{CUSTOMER_API_ACCOUNT}:db:loyalty-points-db"
BOB: Final = SANDBOX_ACCOUNTS[1]
CUSTOMERS_TABLE: Final = f"arn:aws:dynamodb:{HOME_REGION}:{CUSTOMER_API_ACCOUNT}:table/customers"
BALANCES: Final = (
    "CREATE TABLE balances (customer TEXT PRIMARY KEY, cents INTEGER NOT NULL)",
    "INSERT INTO balances VALUES ('ada', 120050), ('grace', 7300), ('edsger', 99)",
)


class Place(NamedTuple):
    """An account in a Region."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A resource that exists already: its account, kind, name and tags."""

    account: str
    kind: str
    name: str
    tags: dict[str, str]


RESTORED_INTO: Final = tuple(
    Place(account, HOME_REGION) for account in (PAYMENTS_ACCOUNT, LEDGER_ACCOUNT, CUSTOMER_API_ACCOUNT)
)
DAILY: Final = {"Backup": "daily-prod"}
FOR_SEVEN_YEARS: Final = {"Backup": "compliance-7y"}
BY_GENERATIONS: Final = {"Backup": "gfs"}
SCRATCH: Final = {"Backup": "scratch"}
CARELESS: Final[dict[str, str]] = {}

SEEDS: Final = (
    Seed(PAYMENTS_ACCOUNT, "database", "payments-db", DAILY | {"team": "payments", "cost-centre": "4711"}),
    Seed(PAYMENTS_ACCOUNT, "table", "payments-sessions", DAILY | {"team": "payments"}),
    Seed(PAYMENTS_ACCOUNT, "bucket", PAPERS, DAILY | {"team": "payments"}),
    Seed(LEDGER_ACCOUNT, "cluster", "ledger-cluster", FOR_SEVEN_YEARS | {"team": "ledger"}),
    Seed(LEDGER_ACCOUNT, "file-system", "ledger-statements", DAILY | {"team": "ledger"}),
    Seed(LEDGER_ACCOUNT, "instance", "ledger-batch", DAILY | {"team": "ledger"}),
    Seed(CUSTOMER_API_ACCOUNT, "volume", "customer-api-data", DAILY | {"team": "customer-api"}),
    Seed(CUSTOMER_API_ACCOUNT, "table", "customers", BY_GENERATIONS | {"team": "customer-api"}),
    Seed(CUSTOMER_API_ACCOUNT, "database", "loyalty-points-db", DAILY | {"team": "loyalty"}),
    Seed(REPORTS_ACCOUNT, "database", "reports-db", DAILY | {"team": "reports"}),
    Seed(REPORTS_ACCOUNT, "bucket", "reports-exports", DAILY | {"team": "reports"}),
    Seed("222222222223", "database", "payments-pre-db", CARELESS),
    Seed("333333333334", "file-system", "ledger-pre-files", CARELESS),
    Seed("444444444445", "table", "customers-pre", CARELESS),
    Seed("555555555556", "bucket", "reports-pre-exports", CARELESS),
    Seed("600000000001", "table", "alice-tries-things", CARELESS),
    Seed("600000000002", "volume", "bob-scratch", SCRATCH),
    Seed("600000000003", "bucket", "carol-notes", CARELESS),
)


def record(*accounts: str) -> None:
    """Let AWS Config record everything in the home Region of these accounts."""
    for account in accounts:
        config = client("config", account)
        role = f"arn:aws:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
        group = {"allSupported": True, "includeGlobalResourceTypes": True}
        config.put_configuration_recorder(
            ConfigurationRecorder={"name": "default", "roleARN": role, "recordingGroup": group}
        )
        config.start_configuration_recorder(ConfigurationRecorderName="default")


def log_calls() -> None:
    """Let a trail of the organisation log what everybody calls."""
    trails = client("cloudtrail", MANAGEMENT_ACCOUNT)
    trails.create_trail(Name="organization", S3BucketName="trail", IsMultiRegionTrail=True, IsOrganizationTrail=True)
    trails.start_logging(Name="organization")


def plant(*more: Seed) -> None:
    """Create every seed in its account, which AWS Config records; calls are logged from before."""
    log_calls()
    record(*dict.fromkeys((*(seed.account for seed in SEEDS), *SANDBOX_ACCOUNTS)))
    for seed in (*SEEDS, *more):
        _CREATE[seed.kind](seed)


def _listed(seed: Seed) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in seed.tags.items()]


def _database(seed: Seed) -> None:
    subnets, security_group = lay_network(Place(seed.account, HOME_REGION))
    client("rds", seed.account).create_db_instance(
        DBInstanceIdentifier=seed.name,
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        StorageType="gp3",
        DBSubnetGroupName=subnets,
        VpcSecurityGroupIds=[security_group],
        MasterUsername="owner",
        ManageMasterUserPassword=True,
        StorageEncrypted=True,
        KmsKeyId=_own_key(Place(seed.account, HOME_REGION)),
        Tags=_listed(seed),
    )


def _cluster(seed: Seed) -> None:
    subnets, security_group = lay_network(Place(seed.account, HOME_REGION))
    client("rds", seed.account).create_db_cluster(
        DBClusterIdentifier=seed.name,
        Engine="aurora-postgresql",
        DBSubnetGroupName=subnets,
        VpcSecurityGroupIds=[security_group],
        MasterUsername="owner",
        ManageMasterUserPassword=True,
        StorageEncrypted=True,
        KmsKeyId=_own_key(Place(seed.account, HOME_REGION)),
        Tags=_listed(seed),
    )


def _graph(seed: Seed) -> None:
    """A cluster of Neptune, which has no administrator."""
    subnets, security_group = lay_network(Place(seed.account, HOME_REGION))
    client("rds", seed.account).create_db_cluster(
        DBClusterIdentifier=seed.name,
        Engine="neptune",
        DBSubnetGroupName=subnets,
        VpcSecurityGroupIds=[security_group],
        StorageEncrypted=True,
        KmsKeyId=_own_key(Place(seed.account, HOME_REGION)),
        Tags=_listed(seed),
    )


def _table(seed: Seed) -> None:
    client("dynamodb", seed.account).create_table(
        TableName=seed.name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        Tags=_listed(seed),
    )


def _volume(seed: Seed) -> None:
    tags = [*_listed(seed), {"Key": "Name", "Value": seed.name}]
    client("ec2", seed.account).create_volume(
        AvailabilityZone=_ZONE,
        Size=20,
        TagSpecifications=[{"ResourceType": "volume", "Tags": tags}],
    )


def _instance(seed: Seed) -> None:
    """A machine and its volume, both with the tags, as the guardrails want it of whoever comes later."""
    ec2, tags = client("ec2", seed.account), [*_listed(seed), {"Key": "Name", "Value": seed.name}]
    [machine] = ec2.run_instances(ImageId=_IMAGE, InstanceType="t3.small", MinCount=1, MaxCount=1)["Instances"]
    attached = [{"Name": "attachment.instance-id", "Values": [machine["InstanceId"]]}]
    [volume] = ec2.describe_volumes(Filters=attached)["Volumes"]
    ec2.create_tags(Resources=[machine["InstanceId"], volume["VolumeId"]], Tags=tags)


def _file_system(seed: Seed) -> None:
    client("efs", seed.account).create_file_system(CreationToken=seed.name, Encrypted=True, Tags=_listed(seed))


def _bucket(seed: Seed) -> None:
    s3 = client("s3", seed.account)
    s3.create_bucket(Bucket=seed.name, CreateBucketConfiguration={"LocationConstraint": HOME_REGION})
    s3.put_bucket_versioning(Bucket=seed.name, VersioningConfiguration={"Status": "Enabled"})
    if seed.tags:
        s3.put_bucket_tagging(Bucket=seed.name, Tagging={"TagSet": _listed(seed)})
    for key, content in OBJECTS.get(seed.name, {}).items():
        s3.put_object(Bucket=seed.name, Key=key, Body=content)


_CREATE: dict[str, Any] = {
    "database": _database,
    "cluster": _cluster,
    "graph": _graph,
    "table": _table,
    "volume": _volume,
    "file-system": _file_system,
    "instance": _instance,
    "bucket": _bucket,
}


def lay_network(place: Place) -> tuple[str, str]:
    """Where the account's databases lie: a group of subnets, and a security group, in its one VPC; made once.

    What is restored that is no database gets a subnet of its own, which gives no public addresses.
    """
    ec2, name = client("ec2", *place), _NETWORK
    network = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    if known := _firewalls(place, network):
        return name, known[0]
    security_group = str(ec2.create_security_group(GroupName=name, Description=name, VpcId=network)["GroupId"])
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"] if subnet["VpcId"] == network]
    group = {"DBSubnetGroupName": name, "DBSubnetGroupDescription": name, "SubnetIds": subnets}
    client("rds", *place).create_db_subnet_group(**group)
    ec2.create_subnet(VpcId=network, CidrBlock=_RESTORED_NETWORK, AvailabilityZone=f"{place.region}a")
    return name, security_group


def _firewalls(place: Place, network: str) -> list[str]:
    """The account's security groups for databases, if there are any yet."""
    filters = [{"Name": "vpc-id", "Values": [network]}, {"Name": "group-name", "Values": [_NETWORK]}]
    found = client("ec2", *place).describe_security_groups(Filters=filters)["SecurityGroups"]
    return [str(each["GroupId"]) for each in found]


def restore_profiles(places: Iterable[Place] = RESTORED_INTO) -> list[dict[str, Any]]:
    """Where restores may lie, as the intent says it: beside the others, in a zone that has them, under the own key."""
    return [_restore_profile(place) for place in places]


def _restore_profile(place: Place) -> dict[str, Any]:
    [group] = client("rds", *place).describe_db_subnet_groups(DBSubnetGroupName=_NETWORK)["DBSubnetGroups"]
    own = [{"Name": "cidr-block", "Values": [_RESTORED_NETWORK]}]
    [subnet] = client("ec2", *place).describe_subnets(Filters=own)["Subnets"]
    key = client("kms", *place).describe_key(KeyId=_own_key(place))["KeyMetadata"]
    return {
        "account": place.account,
        "region": place.region,
        "keys": [key["Arn"]],
        "subnets": [subnet["SubnetId"]],
        "zones": [f"{place.region}a"],
        "db_subnet_group": [_NETWORK],
        "security_groups": [_firewalls(place, group["VpcId"])],
    }


def _own_key(place: Place) -> str:
    """The account's own key: what is encrypted with one of AWS's own could never be copied to another account."""
    kms = client("kms", *place)
    if known := _known_key(kms):
        return known
    key = str(kms.create_key(Description="data")["KeyMetadata"]["KeyId"])
    kms.create_alias(AliasName=_KEY_ALIAS, TargetKeyId=key)
    return key


def _known_key(kms: Any) -> str | None:
    aliases = kms.list_aliases()["Aliases"]
    return next((str(alias["TargetKeyId"]) for alias in aliases if alias["AliasName"] == _KEY_ALIAS), None)


def share_keys(compiled: Path, places: Iterable[Place] = RESTORED_INTO) -> None:
    """Add the compiled statements to the policy of each account's own key, as its owners do by hand."""
    source, restore = (
        (compiled / "key-policies" / f"{name}-keys.json").read_text(encoding="utf-8") for name in ("source", "restore")
    )
    for account in {seed.account for seed in SEEDS}:
        _add_statements(Place(account, HOME_REGION), source)
    for place in places:
        _add_statements(place, restore)


def _add_statements(place: Place, statements: str) -> None:
    if _known_key(client("kms", *place)) is not None:
        policy = key_policy(*place)
        policy["Statement"] += json.loads(statements.replace("$account", place.account))["Statement"]
        set_key_policy(place.account, policy, region=place.region)


def key_policy(account: str, region: str = HOME_REGION) -> dict[str, Any]:
    """The policy of the account's own key."""
    own = _own_key(Place(account, region))
    policy = client("kms", account, region).get_key_policy(KeyId=own, PolicyName="default")["Policy"]
    return dict(json.loads(policy))


def database_key(account: str, name: str) -> str:
    """The key that a database of the account lies under."""
    [found] = client("rds", account).describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    return str(found["KmsKeyId"])


def set_key_policy(account: str, policy: dict[str, Any], *, region: str = HOME_REGION) -> None:
    """Give the account's own key this policy."""
    own, text = _own_key(Place(account, region)), json.dumps(policy)
    client("kms", account, region).put_key_policy(KeyId=own, PolicyName="default", Policy=text)
