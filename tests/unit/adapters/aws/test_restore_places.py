"""What restore metadata names is looked up in the member account, one call for each kind."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.clients import service_model
from strongroom.adapters.aws.restore_places import BucketNames, MemberRestorePlaces
from strongroom.adapters.aws.restores.ontap_volumes import OntapVolumes
from strongroom.domain.errors import AccessRefusedError
from strongroom.domain.restores.arriving.landing import PlaceFound
from tests.builders.places import HOME, PAYMENTS
from tests.fakes.account_clients import Pages, refusal

METADATA = (
    ("DBInstanceClass", "db.t3.small"),
    ("DBParameterGroupName", "pg16"),
    ("DBSubnetGroupName", "data"),
    ("OptionGroupName", "audit"),
    ("VpcSecurityGroupIds", '["sg-1", "sg-2"]'),
    ("kmsMasterKeyArn", "arn:k"),
)


VOLUMES: list[dict[str, Any]] = [
    {"Name": "root", "ResourceARN": "arn:root", "OntapConfiguration": {"JunctionPath": "/"}},
    {"Name": "data", "ResourceARN": "arn:data", "OntapConfiguration": {}},
    {"Name": "mounted", "ResourceARN": "arn:mounted", "OntapConfiguration": {"JunctionPath": "/data"}},
]


@dataclass
class Account:
    """rds, ec2 and kms of an account, each by what is `there`; whatever else is asked for has its code."""

    there: set[str]
    codes: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    stack_status: str = "CREATE_COMPLETE"

    def client(self, service: str, *, account: str, region: str) -> "Account":
        self.asked.append((service, account, region))
        return self

    def describe_db_subnet_groups(self, *, DBSubnetGroupName: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("DBSubnetGroupNotFoundFault", DBSubnetGroupName)
        return {"DBSubnetGroups": [{"VpcId": "vpc-1"}]}

    def describe_db_parameter_groups(self, *, DBParameterGroupName: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("DBParameterGroupNotFound", DBParameterGroupName)

    def describe_option_groups(self, *, OptionGroupName: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("OptionGroupNotFoundFault", OptionGroupName)

    def describe_db_instances(self, *, DBInstanceIdentifier: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("DBInstanceNotFound", DBInstanceIdentifier)
        return {"DBInstances": [{"DBInstanceArn": f"arn:db:{DBInstanceIdentifier}"}]}

    def describe_db_clusters(self, *, DBClusterIdentifier: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("DBClusterNotFoundFault", f"cluster {DBClusterIdentifier}")
        return {"DBClusters": [{"DBClusterArn": f"arn:cluster:{DBClusterIdentifier}"}]}

    def describe_db_cluster_parameter_groups(self, *, DBClusterParameterGroupName: str) -> Any:  # noqa: N803
        self._find("DBParameterGroupNotFound", DBClusterParameterGroupName)

    def describe_cluster(self, *, name: str) -> Any:
        self._find("ResourceNotFoundException", name)
        return {"cluster": {"resourcesVpcConfig": {"vpcId": "vpc-1"}}}

    def describe_clusters(self, *, ClusterIdentifier: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("ClusterNotFound", ClusterIdentifier)
        return {"Clusters": [{"ClusterIdentifier": ClusterIdentifier}]}

    def describe_cluster_subnet_groups(self, *, ClusterSubnetGroupName: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("ClusterSubnetGroupNotFoundFault", ClusterSubnetGroupName)
        return {"ClusterSubnetGroups": [{"VpcId": "vpc-1"}]}

    def describe_cluster_parameter_groups(self, *, ParameterGroupName: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("ClusterParameterGroupNotFound", ParameterGroupName)

    def describe_database(self, *, DatabaseName: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("ResourceNotFoundException", DatabaseName)

    def head_bucket(self, *, Bucket: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("404", Bucket)

    def describe_subnets(self, *, Filters: list[dict[str, Any]]) -> Any:  # noqa: N803 as boto3 spells it
        return {"Subnets": [{"VpcId": "vpc-1"} for each in self._filtered(Filters, "subnet-id")]}

    def describe_availability_zones(self, *, Filters: list[dict[str, Any]]) -> Any:  # noqa: N803 as boto3 spells it
        return {"AvailabilityZones": [{"ZoneName": each} for each in self._filtered(Filters, "zone-name")]}

    def _filtered(self, filters: list[dict[str, Any]], name: str) -> list[str]:
        [only] = filters
        assert only["Name"] == name
        return [each for each in only["Values"] if each in self.there]

    def describe_table(self, *, TableName: str, DatabaseName: str = "") -> Any:  # noqa: N803 as boto3 spells it
        name = f"{DatabaseName}/{TableName}" if DatabaseName else TableName
        self._find("ResourceNotFoundException", name)
        return {"Table": {"Arn" if DatabaseName else "TableArn": f"arn:table:{name}"}}

    def describe_key(self, *, KeyId: str) -> Any:  # noqa: N803 as boto3 spells it
        self._find("NotFoundException", KeyId)

    def describe_storage_virtual_machines(self, *, StorageVirtualMachineIds: list[str]) -> Any:  # noqa: N803
        [name] = StorageVirtualMachineIds
        self._find("StorageVirtualMachineNotFound", name)
        return {"StorageVirtualMachines": [{"StorageVirtualMachineId": name}]}

    def get_paginator(self, method: str) -> "Pages | StackPages":
        if method == "list_stacks":
            return StackPages(self)
        return Pages({"describe_security_groups": self._security_groups, "describe_volumes": self._volumes}[method])

    def _volumes(self, *, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 as boto3 spells it
        assert Filters == [{"Name": "storage-virtual-machine-id", "Values": ["svm-1"]}]
        if "svm-1" in self.codes:
            raise refusal(self.codes["svm-1"])
        return {"Volumes": [each for each in VOLUMES if each["Name"] in self.there]}

    def _security_groups(self, *, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 as boto3 spells it
        [only] = Filters
        assert only["Name"] == "group-id"
        return {
            "SecurityGroups": [{"GroupId": each, "VpcId": "vpc-1"} for each in only["Values"] if each in self.there]
        }

    def _find(self, code: str, name: str) -> None:
        if name not in self.there:
            raise refusal(self.codes.get(name, code))


@dataclass
class StackPages:
    """The stacks of an account, each on a page of its own, and one beside them."""

    account: Account

    def paginate(self, *, StackStatusFilter: list[str]) -> Iterator[dict[str, Any]]:  # noqa: N803 as boto3 spells it
        if "data" in self.account.codes:
            raise refusal(self.account.codes["data"], "ListStacks")
        yield {"StackSummaries": [{"StackName": "beside", "StackId": "arn:stack:beside"}]}
        is_told = self.account.stack_status in StackStatusFilter
        for name in sorted(self.account.there, reverse=True):
            told = [{"StackName": name, "StackId": f"arn:stack:{name}"}] if is_told else []
            yield {"StackSummaries": told}


def _places(account: Account) -> MemberRestorePlaces:
    return MemberRestorePlaces(account, BucketNames(account), OntapVolumes(account))  # type: ignore[arg-type]


def _found(account: Account, metadata: Any = METADATA) -> tuple[PlaceFound, ...]:
    return _places(account).find(metadata, account=PAYMENTS, region=HOME)


def test_everything_that_is_named_is_found_in_the_member_with_its_network() -> None:
    account = Account(there={"pg16", "data", "audit", "sg-1", "sg-2", "arn:k"})
    assert [(place.key, place.name, place.is_there, place.network) for place in _found(account)] == [
        ("DBParameterGroupName", "pg16", True, ""),
        ("DBSubnetGroupName", "data", True, "vpc-1"),
        ("OptionGroupName", "audit", True, ""),
        ("VpcSecurityGroupIds", "sg-1", True, "vpc-1"),
        ("VpcSecurityGroupIds", "sg-2", True, "vpc-1"),
        ("kmsMasterKeyArn", "arn:k", True, ""),
    ]
    assert set(account.asked) == {(service, PAYMENTS, HOME) for service in ("rds", "ec2", "kms")}


OF_KINDS = (
    ("BlockDeviceMappings", '[{"DeviceName":"xvda","Ebs":{"Encrypted":true,"KmsKeyId":"arn:d"}}]'),
    ("ClusterParameterGroupName", "queues"),
    ("ClusterSubnetGroupName", "inside"),
    ("DatabaseName", "series"),
    ("DBClusterParameterGroupName", "pg16"),
    ("KMSKey", "arn:b"),
    ("OntapConfiguration", '{"storageVirtualMachineId":"svm-1"}'),
    ("KmsKeyId", "arn:k"),
    ("SecurityGroupIds", '["sg-1"]'),
    ("SubnetId", "subnet-1"),
    ("availabilityZone", "zone-a"),
    ("clusterName", "restores"),
    ("kmsKeyId", "arn:v"),
    ("regionalConfig", '[{"isDeletionProtectionEnabled":true,"kmsKeyId":"arn:r","region":"eu-west-1"}]'),
)
NAMES = [
    *("arn:d", "queues", "inside", "series", "pg16", "arn:b", "svm-1", "arn:k"),
    *("sg-1", "subnet-1", "zone-a", "restores", "arn:v", "arn:r"),
]


def test_places_and_keys_of_every_kind_are_looked_for() -> None:
    found = _found(Account(there=set(NAMES)), OF_KINDS)
    assert [(place.name, place.is_there) for place in found] == [(name, True) for name in NAMES]
    assert {place.name for place in found if place.network} == {"inside", "restores", "sg-1", "subnet-1"}
    assert [place.name for place in _found(Account(there=set()), OF_KINDS) if not place.is_there] == NAMES


def test_everything_that_is_not_there_is_named() -> None:
    found = _found(Account(there={"sg-2"}))
    assert [place.name for place in found if not place.is_there] == ["pg16", "data", "audit", "sg-1", "arn:k"]


@pytest.mark.parametrize("code", ["InvalidParameterValue", "InvalidArnException"])
def test_a_name_that_cannot_be_names_nothing(code: str) -> None:
    account = Account(there=set(), codes=dict.fromkeys(["no name", "no arn"], code))
    found = _found(account, (("DBSubnetGroupName", "no name"), ("kmsMasterKeyArn", "no arn")))
    assert [place.is_there for place in found] == [False, False]


def test_aws_s_own_groups_are_there_and_nothing_else_is_asked() -> None:
    account = Account(there=set())
    own = (("DBParameterGroupName", "default.postgres16"), ("OptionGroupName", "default:postgres-16"))
    assert _found(account, own) == ()
    assert account.asked == []


def test_a_refusal_is_no_absence() -> None:
    account = Account(there=set(), codes={"data": "AccessDenied"})
    with pytest.raises(AccessRefusedError):
        _found(account, (("DBSubnetGroupName", "data"),))


def _holder(account: Account, key: str) -> str:
    metadata = (("Port", "5432"), ("DatabaseName", "restores"), (key, "data"))
    return _places(account).holder(metadata, account=PAYMENTS, region=HOME)


@pytest.mark.parametrize(
    ("key", "there", "holder"),
    [
        pytest.param("DBInstanceIdentifier", "data", "arn:db:data", id="an instance by an instance"),
        pytest.param("DBInstanceIdentifier", "cluster data", "arn:cluster:data", id="an instance by a cluster"),
        pytest.param("DBClusterIdentifier", "data", "arn:db:data", id="a cluster by an instance"),
        pytest.param("DBClusterIdentifier", "cluster data", "arn:cluster:data", id="a cluster by a cluster"),
        pytest.param("targetTableName", "data", "arn:table:data", id="a table"),
        pytest.param("ClusterIdentifier", "data", "cluster data", id="a cluster of Redshift"),
        pytest.param(
            "TableName", "restores/data", "arn:table:restores/data", id="a table of Timestream in its database"
        ),
        pytest.param("DestinationBucketName", "data", "bucket data", id="a bucket"),
        pytest.param("StackName", "data", "arn:stack:data", id="a stack"),
    ],
)
def test_what_has_the_name_already_is_found_in_the_member(key: str, there: str, holder: str) -> None:
    account = Account(there={there})
    assert (_holder(account, key), _holder(Account(there=set()), key)) == (holder, "")
    assert {place[1:] for place in account.asked} == {(PAYMENTS, HOME)}


IN_A_MACHINE = (
    ("Name", "data"),
    ("OntapConfiguration", '{"junctionPath":"/data","storageVirtualMachineId":"svm-1"}'),
)


@pytest.mark.parametrize(
    ("there", "holder"),
    [
        pytest.param({"root"}, "", id="neither"),
        pytest.param({"root", "data"}, "arn:data", id="the name"),
        pytest.param({"root", "mounted"}, "arn:mounted at /data", id="the junction"),
    ],
)
def test_a_volume_in_the_way_is_found_in_its_virtual_machine(there: set[str], holder: str) -> None:
    account = Account(there=there)
    assert _places(account).holder(IN_A_MACHINE, account=PAYMENTS, region=HOME) == holder
    assert account.asked == [("fsx", PAYMENTS, HOME)]


def test_that_nobody_may_look_into_a_virtual_machine_makes_nothing_free_there() -> None:
    account = Account(there=set(), codes={"svm-1": "AccessDeniedException"})
    with pytest.raises(AccessRefusedError):
        _places(account).holder(IN_A_MACHINE, account=PAYMENTS, region=HOME)


@pytest.mark.parametrize("code", ["403", "301", "400"])
def test_a_bucket_that_may_not_be_looked_into_is_somebodys(code: str) -> None:
    account = Account(there=set(), codes={"data": code})
    assert _holder(account, "DestinationBucketName") == "bucket data, which is not looked into"


@pytest.mark.parametrize("key", ["CreationToken", "SubnetId", "availabilityZone"])
def test_what_has_no_name_takes_none(key: str) -> None:
    account = Account(there={"data"})
    assert (_holder(account, key), account.asked) == ("", [])


def test_that_nobody_may_look_does_not_make_a_name_free() -> None:
    account = Account(there=set(), codes={"data": "AccessDenied"})
    with pytest.raises(AccessRefusedError):
        _holder(account, "DBInstanceIdentifier")


STATUSES: list[str] = service_model("cloudformation").shape_for("StackStatus").metadata["enum"]


@pytest.mark.parametrize("status", STATUSES)
def test_a_stack_has_its_name_until_it_is_deleted_also_while_it_is_in_review(status: str) -> None:
    holder = _holder(Account(there={"data", "data-2"}, stack_status=status), "StackName")
    assert holder == ("" if status == "DELETE_COMPLETE" else "arn:stack:data")


def test_that_no_stack_may_be_listed_does_not_make_its_name_free() -> None:
    with pytest.raises(AccessRefusedError):
        _holder(Account(there=set(), codes={"data": "AccessDenied"}), "StackName")
