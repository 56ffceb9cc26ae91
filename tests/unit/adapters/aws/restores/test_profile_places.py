"""What restore profiles name, looked up: there or not, in which VPC, and why it does not fit."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from moto import mock_aws

from strongroom.adapters.aws.restores.profile_places import ProfilePlaces
from strongroom.domain.errors import AccessRefusedError, CallRefusedError
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.rollout.live import ProfileValue
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.account_clients import FakeAccountClients, operation_of, refusal
from tests.fakes.moto_clients import moto_client

NOBODYS = "is no role that can be lent: neither EC2 nor S3 may assume it"
KEY = f"arn:aws:kms:{HOME}:{PAYMENTS}:key/1"


@pytest.fixture
def aws(platform_environment: None) -> Iterator[None]:
    with mock_aws():
        yield


@dataclass
class Answers:
    """A client that answers every call alike, or refuses it with a code."""

    answer: dict[str, Any] | str

    def __getattr__(self, method: str) -> Any:
        def call(**_: Any) -> dict[str, Any]:
            if isinstance(self.answer, str):
                raise refusal(self.answer, operation_of(method))
            return self.answer

        return call


def _values(clients: FakeAccountClients | None = None, **lists: Any) -> tuple[ProfileValue, ...] | None:
    profile = AccountProfile(account=PAYMENTS, region=HOME, **lists)
    return ProfilePlaces(clients or FakeAccountClients()).values(profile)


def _value(service: str, answer: dict[str, Any] | str, **lists: Any) -> ProfileValue:
    found = _values(FakeAccountClients({service: Answers(answer)}), **lists)
    assert found is not None
    [value] = found
    return value


def _network() -> tuple[str, str]:
    ec2 = moto_client("ec2", HOME)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return vpc, ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]


@pytest.mark.usefixtures("aws")
def test_what_is_there_is_told_with_its_network() -> None:
    vpc, subnet = _network()
    ec2, rds, redshift = (moto_client(service, HOME) for service in ("ec2", "rds", "redshift"))
    group = ec2.create_security_group(GroupName="r", Description="r", VpcId=vpc)["GroupId"]
    key = moto_client("kms", HOME).create_key()["KeyMetadata"]["Arn"]
    rds.create_db_subnet_group(DBSubnetGroupName="r", DBSubnetGroupDescription="r", SubnetIds=[subnet])
    rds.create_db_parameter_group(DBParameterGroupName="p", DBParameterGroupFamily="postgres16", Description="p")
    rds.create_option_group(
        OptionGroupName="o", EngineName="mysql", MajorEngineVersion="5.6", OptionGroupDescription="o"
    )
    redshift.create_cluster_subnet_group(ClusterSubnetGroupName="w", Description="w", SubnetIds=[subnet])
    found = _values(
        keys=(key,),
        subnets=(subnet,),
        security_groups=((group,),),
        zones=(f"{HOME}a",),
        db_subnet_group=("r",),
        redshift_subnet_group=("w",),
        parameter_groups=("p",),
        option_groups=("o",),
        classes=("db.r6g.large",),
    )
    assert found is not None
    assert [(value.field, value.is_there, value.network, value.unfit) for value in found] == [
        ("keys", True, "", ""),
        ("subnets", True, vpc, ""),
        ("security_groups", True, vpc, ""),
        ("zones", True, "", ""),
        ("db_subnet_group", True, vpc, ""),
        ("redshift_subnet_group", True, vpc, ""),
        ("parameter_groups", True, "", ""),
        ("option_groups", True, "", ""),
    ]


@pytest.mark.usefixtures("aws")
def test_what_is_gone_is_told() -> None:
    found = _values(
        keys=(KEY,),
        subnets=("subnet-0ab12cd34ef56ab12",),
        security_groups=(("sg-0ab12cd34ef56ab12",),),
        zones=(f"{HOME}z",),
        db_subnet_group=("none",),
        redshift_subnet_group=("none",),
        parameter_groups=("none",),
        option_groups=("none",),
        timestream_database=("none",),
        clusters=("none",),
    )
    assert found is not None
    assert len(found) == 10
    assert not any(value.is_there for value in found)


@pytest.mark.usefixtures("aws")
def test_parameters_of_clusters_and_of_redshift_are_found_as_well() -> None:
    rds, redshift = (moto_client(service, HOME) for service in ("rds", "redshift"))
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="c", DBParameterGroupFamily="aurora-postgresql16", Description="c"
    )
    redshift.create_cluster_parameter_group(
        ParameterGroupName="w", ParameterGroupFamily="redshift-1.0", Description="w"
    )
    assert [value.is_there for value in _values(parameter_groups=("c", "w", "none")) or ()] == [True, True, False]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("anywhere", [{"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}])
def test_a_group_that_lets_everybody_in_does_not_fit(anywhere: dict[str, Any]) -> None:
    vpc, _ = _network()
    ec2 = moto_client("ec2", HOME)
    group = ec2.create_security_group(GroupName="open", Description="open", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432} | anywhere
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    [value] = _values(security_groups=((group,), (group,))) or ()
    assert value.unfit == "lets everybody in"


@pytest.mark.usefixtures("aws")
def test_a_subnet_with_public_addresses_does_not_fit() -> None:
    _, subnet = _network()
    moto_client("ec2", HOME).modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    [value] = _values(subnets=(subnet,)) or ()
    assert value.unfit == "gives public addresses"


@pytest.mark.usefixtures("aws")
def test_a_key_that_is_switched_off_does_not_fit() -> None:
    kms = moto_client("kms", HOME)
    key = kms.create_key()["KeyMetadata"]
    kms.disable_key(KeyId=key["KeyId"])
    [value] = _values(keys=(key["Arn"],)) or ()
    assert value.unfit == "encrypts nothing: it is Disabled, and of SYMMETRIC_DEFAULT"


def _of_key(**changes: str) -> dict[str, Any]:
    return {"KeyMetadata": {"KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT", **changes}}


@pytest.mark.parametrize(
    ("service", "answer", "lists", "network", "unfit"),
    [
        pytest.param("kms", _of_key(), {"keys": (KEY,)}, "", "", id="a key"),
        pytest.param("kms", _of_key(KeyManager="AWS"), {"keys": (KEY,)}, "", "is a key of AWS's own", id="AWS's key"),
        pytest.param(
            "kms",
            _of_key(KeySpec="RSA_2048"),
            {"keys": (KEY,)},
            "",
            "encrypts nothing: it is Enabled, and of RSA_2048",
            id="a key that signs",
        ),
        pytest.param(
            "ec2",
            {"AvailabilityZones": [{"State": "impaired"}]},
            {"zones": ("eu-west-1a",)},
            "",
            "is impaired",
            id="a zone that is not well",
        ),
        pytest.param(
            "ds",
            {"DirectoryDescriptions": [{"Stage": "Active", "VpcSettings": {"VpcId": "vpc-1"}}]},
            {"directory": ("d-1234567890",)},
            "vpc-1",
            "",
            id="a directory",
        ),
        pytest.param(
            "ds",
            {"DirectoryDescriptions": [{"Stage": "Impaired", "ConnectSettings": {"VpcId": "vpc-2"}}]},
            {"directory": ("d-1234567890",)},
            "vpc-2",
            "is Impaired",
            id="a connector that is not well",
        ),
        pytest.param(
            "fsx",
            {"StorageVirtualMachines": [{"Lifecycle": "CREATED"}]},
            {"svm": ("svm-1",)},
            "",
            "",
            id="a virtual machine",
        ),
        pytest.param(
            "fsx",
            {"StorageVirtualMachines": [{"Lifecycle": "MISCONFIGURED"}]},
            {"svm": ("svm-1",)},
            "",
            "is MISCONFIGURED",
            id="a virtual machine that is not well",
        ),
        pytest.param("timestream-write", {"Database": {}}, {"timestream_database": ("t",)}, "", "", id="a database"),
        pytest.param(
            "eks",
            {"cluster": {"status": "ACTIVE", "resourcesVpcConfig": {"vpcId": "vpc-3"}}},
            {"clusters": ("k",)},
            "vpc-3",
            "",
            id="a cluster",
        ),
        pytest.param(
            "eks",
            {"cluster": {"status": "DELETING"}},
            {"clusters": ("k",)},
            "",
            "is DELETING",
            id="a cluster that goes",
        ),
    ],
)
def test_what_is_told_of_each(
    service: str, answer: dict[str, Any], lists: dict[str, Any], network: str, unfit: str
) -> None:
    value = _value(service, answer, **lists)
    assert (value.is_there, value.network, value.unfit) == (True, network, unfit)


@pytest.mark.parametrize(
    ("service", "code", "lists"),
    [
        pytest.param("ds", "EntityDoesNotExistException", {"directory": ("d-1234567890",)}, id="a directory"),
        pytest.param("fsx", "StorageVirtualMachineNotFound", {"svm": ("svm-1",)}, id="a virtual machine"),
        pytest.param("iam", "NoSuchEntity", {"roles": ("arn:aws:iam::222222222222:role/gone",)}, id="a role"),
    ],
)
def test_each_service_says_in_its_own_way_that_something_is_gone(
    service: str, code: str, lists: dict[str, Any]
) -> None:
    assert not _value(service, code, **lists).is_there


@pytest.mark.parametrize(
    ("principal", "path", "expected"),
    [
        pytest.param("ec2.amazonaws.com", "/app/", (True, ""), id="of machines"),
        pytest.param("s3.amazonaws.com", "/app/", (True, ""), id="of replication"),
        pytest.param("lambda.amazonaws.com", "/app/", (True, NOBODYS), id="of something else"),
        pytest.param("ec2.amazonaws.com", "/", (False, ""), id="at another path"),
    ],
)
@pytest.mark.usefixtures("aws")
def test_a_role_is_one_of_machines_or_of_replication(principal: str, path: str, expected: tuple[bool, str]) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = moto_client("iam", HOME)
    account = iam.create_role(RoleName="server", Path=path, AssumeRolePolicyDocument=trust)["Role"]["Arn"].split(":")[4]
    found = _values(FakeAccountClients({"iam": iam}), roles=(f"arn:aws:iam::{account}:role/app/server",))
    assert found is not None
    [value] = found
    assert (value.is_there, value.unfit) == expected


def test_what_is_refused_otherwise_is_an_error() -> None:
    with pytest.raises(CallRefusedError, match="subnets subnet-1 cannot be described"):
        _value("ec2", "Unheard", subnets=("subnet-1",))


class Closed(FakeAccountClients):
    """Accounts that nobody may enter."""

    def client(self, service: str, *, account: AccountId, region: Region) -> Any:
        raise AccessRefusedError("no")


def test_an_account_that_cannot_be_entered_is_told() -> None:
    assert _values(Closed(), subnets=("subnet-1",)) is None


def test_a_profile_without_anything_to_look_at_asks_nothing() -> None:
    clients = FakeAccountClients()
    assert _values(clients, classes=("gp3",)) == ()
    assert clients.asked == []
