"""What restore metadata names, looked up in the member account under its inspection role.

Codes of what is not there: "Errors" of each operation in the API references of RDS, EC2, KMS, DynamoDB, S3, Redshift,
FSx, Timestream, CloudFormation and EKS.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, CallRefusedError, NotFoundError
from strongroom.domain.restores.arriving.landing import PlaceFound
from strongroom.domain.restores.deciding.placed import PlaceNamed, places_named, volume_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.adapters.aws.restores.ontap_volumes import OntapVolumes
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.metadata import Metadata

    type Clients = Callable[[str], Any]
    type Look = Callable[[Clients, str], str]

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = (
    "cloudformation:ListStacks",
    "dynamodb:DescribeTable",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "eks:DescribeCluster",
    "fsx:DescribeStorageVirtualMachines",
    "kms:DescribeKey",
    "rds:DescribeDBClusterParameterGroups",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBParameterGroups",
    "rds:DescribeDBSubnetGroups",
    "rds:DescribeOptionGroups",
    "redshift:DescribeClusterParameterGroups",
    "redshift:DescribeClusterSubnetGroups",
    "redshift:DescribeClusters",
    "redshift-serverless:GetNamespace",
    "timestream:DescribeDatabase",
    "timestream:DescribeEndpoints",
    "timestream:DescribeTable",
)

# A person may have typed the name: one that cannot be names nothing.
_ABSENT: Final = (
    "ClusterParameterGroupNotFound",
    "ClusterSubnetGroupNotFoundFault",
    "DBParameterGroupNotFound",
    "DBSubnetGroupNotFoundFault",
    "InvalidArnException",
    "InvalidParameterValue",
    "OptionGroupNotFoundFault",
    "StorageVirtualMachineNotFound",
)
# RDS and Redshift make these when they first need them, so that one that is not there yet is none that is missing.
_DEFAULTS: Final = ("default.", "default:")
_SECURITY_GROUPS: Final = "security_groups"
# HeadBucket answers without a body, so that its code is that of HTTP (Amazon S3 API Reference, HeadBucket).
_NO_BUCKET: Final = ("404",)
_BUCKET: Final = "DestinationBucketName"
# All states but DELETE_COMPLETE (CloudFormation User Guide, "Stack status codes").
_LIVING: Final = (
    *("CREATE_IN_PROGRESS", "CREATE_FAILED", "CREATE_COMPLETE", "REVIEW_IN_PROGRESS"),
    *("ROLLBACK_IN_PROGRESS", "ROLLBACK_FAILED", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED"),
    *("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE", "UPDATE_FAILED"),
    *("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_COMPLETE"),
    *("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "IMPORT_IN_PROGRESS", "IMPORT_COMPLETE"),
    *("IMPORT_ROLLBACK_IN_PROGRESS", "IMPORT_ROLLBACK_FAILED", "IMPORT_ROLLBACK_COMPLETE"),
)


class BucketNames:
    """Asks whether anybody in the world has a bucket of a name, by a right with which names of objects can be read."""

    MEMBER_ACTIONS = ("s3:ListBucket",)

    def __init__(self, naming: MemberClients) -> None:
        """`naming` borrows the members' role that is lent for this alone."""
        self._naming = naming

    def holder(self, name: str, *, account: AccountId, region: Region) -> str:
        """The bucket, whosever it is: only of what nobody in the world has, S3 says that it is not there."""
        s3 = self._naming.client("s3", account=account, region=region)
        try:
            with aws_errors(f"bucket {name} cannot be looked at", absent=_NO_BUCKET):
                s3.head_bucket(Bucket=name)
        except NotFoundError:
            return ""
        except (AccessRefusedError, CallRefusedError):
            return f"bucket {name}, which is not looked into"
        return f"bucket {name}"


class MemberRestorePlaces:
    """Looks into member accounts for what a restore is put into, and for what has its name already."""

    def __init__(self, inspection: MemberClients, buckets: BucketNames, volumes: OntapVolumes) -> None:
        """`inspection` borrows the members' inspection role, which knows of all but `buckets`."""
        self._inspection = inspection
        self._buckets = buckets
        self._volumes = volumes

    def find(self, metadata: Metadata, *, account: AccountId, region: Region) -> tuple[PlaceFound, ...]:
        """Each thing that the metadata names, and whether the account has it in that Region."""
        clients = partial(self._inspection.client, account=account, region=region)
        named = groupby(places_named(metadata), key=lambda place: (place.key, place.of))
        return tuple(found for (_, of), places in named for found in _found(clients, of, tuple(places)))

    def holder(self, metadata: Metadata, *, account: AccountId, region: Region) -> str:
        """The ARN of what has the name that the metadata say, or lies where they mount it; empty where nothing does."""
        clients = partial(self._inspection.client, account=account, region=region)
        said = dict(metadata)
        looks = ((look, _named(key, said)) for key in said for look in _HOLDERS.get(key, ()))
        held = next(filter(None, (_held(clients, look, name) for look, name in looks)), "")
        if not held and (volume := volume_named(metadata)):
            held = self._volumes.holder(volume, account=account, region=region)
        bucket = said.get(_BUCKET)
        return self._buckets.holder(bucket, account=account, region=region) if bucket and not held else held


def _held(clients: Clients, look: Look, name: str) -> str:
    try:
        with aws_errors("what has the name cannot be described"):
            return look(clients, name)
    except NotFoundError:
        return ""


def _instance(clients: Clients, name: str) -> str:
    [instance] = clients("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
    return str(instance["DBInstanceArn"])


def _cluster(clients: Clients, name: str) -> str:
    [cluster] = clients("rds").describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    return str(cluster["DBClusterArn"])


def _table(clients: Clients, name: str) -> str:
    return str(clients("dynamodb").describe_table(TableName=name)["Table"]["TableArn"])


def _warehouse(clients: Clients, name: str) -> str:
    """Redshift tells no ARN of a cluster."""
    [cluster] = clients("redshift").describe_clusters(ClusterIdentifier=name)["Clusters"]
    return f"cluster {cluster['ClusterIdentifier']}"


def _namespace(clients: Clients, name: str) -> str:
    """Its ARN has an id that tells it from what had the name before."""
    return str(clients("redshift-serverless").get_namespace(namespaceName=name)["namespace"]["namespaceArn"])


def _stack(clients: Clients, name: str) -> str:
    """Whatever its state: one that a change set has begun and nobody ran has the name, too.

    The list tells names and states alone, and DescribeStacks everybody's parameters and outputs.
    """
    pages = clients("cloudformation").get_paginator("list_stacks").paginate(StackStatusFilter=list(_LIVING))
    stacks = (each for page in pages for each in page["StackSummaries"])
    return next((str(each["StackId"]) for each in stacks if each["StackName"] == name), "")


def _series(clients: Clients, name: str) -> str:
    """A table of Timestream, by the name of its database and its own."""
    database, _, table = name.partition("/")
    answer = clients("timestream-write").describe_table(DatabaseName=database, TableName=table)
    return str(answer["Table"]["Arn"])


def _named(key: str, said: Mapping[str, str]) -> str:
    """The name that a key says, below that of what it lies in, where it is free or taken in there alone."""
    inside = _INSIDE.get(key)
    return f"{said.get(inside, '')}/{said[key]}" if inside else said[key]


_INSIDE: Final = {"TableName": "DatabaseName"}
# Instances and clusters share their names (Amazon RDS API Reference, CreateDBCluster).
_HOLDERS: Final[Mapping[str, tuple[Look, ...]]] = {
    "StackName": (_stack,),
    "ClusterIdentifier": (_warehouse,),
    "DBClusterIdentifier": (_instance, _cluster),
    "DBInstanceIdentifier": (_instance, _cluster),
    "TableName": (_series,),
    "namespaceName": (_namespace,),
    "targetTableName": (_table,),
}


def _found(clients: Clients, of: str, places: tuple[PlaceNamed, ...]) -> Iterator[PlaceFound]:
    if of == _SECURITY_GROUPS:
        yield from _security_groups(clients("ec2"), places)
        return
    for place in places:
        look = _GROUPS.get(place.key) or _LOOKS.get(of)
        if look is None or place.name.startswith(_DEFAULTS):
            continue
        yield _looked_for(clients, place, look)


def _looked_for(clients: Clients, place: PlaceNamed, look: Look) -> PlaceFound:
    try:
        with aws_errors(f"{place.key} {place.name} cannot be described", absent=_ABSENT):
            network = look(clients, place.name)
    except NotFoundError:
        return PlaceFound(key=place.key, name=place.name, is_there=False)
    return PlaceFound(key=place.key, name=place.name, is_there=True, network=network)


def _db_subnet_group(clients: Clients, name: str) -> str:
    (group,) = clients("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    return str(group["VpcId"])


def _warehouse_subnet_group(clients: Clients, name: str) -> str:
    (group,) = clients("redshift").describe_cluster_subnet_groups(ClusterSubnetGroupName=name)["ClusterSubnetGroups"]
    return str(group["VpcId"])


def _warehouse_parameter_group(clients: Clients, name: str) -> str:
    clients("redshift").describe_cluster_parameter_groups(ParameterGroupName=name)
    return ""


def _parameter_group(clients: Clients, name: str) -> str:
    clients("rds").describe_db_parameter_groups(DBParameterGroupName=name)
    return ""


def _cluster_parameter_group(clients: Clients, name: str) -> str:
    clients("rds").describe_db_cluster_parameter_groups(DBClusterParameterGroupName=name)
    return ""


def _option_group(clients: Clients, name: str) -> str:
    clients("rds").describe_option_groups(OptionGroupName=name)
    return ""


def _series_database(clients: Clients, name: str) -> str:
    clients("timestream-write").describe_database(DatabaseName=name)
    return ""


def _key(clients: Clients, name: str) -> str:
    clients("kms").describe_key(KeyId=name)
    return ""


def _kubernetes(clients: Clients, name: str) -> str:
    cluster = clients("eks").describe_cluster(name=name)["cluster"]
    return str(cluster.get("resourcesVpcConfig", {}).get("vpcId", ""))


def _subnet(clients: Clients, name: str) -> str:
    found = clients("ec2").describe_subnets(Filters=_filter("subnet-id", (name,)))["Subnets"]
    return str(_only(found, name)["VpcId"])


def _virtual_machine(clients: Clients, name: str) -> str:
    found = clients("fsx").describe_storage_virtual_machines(StorageVirtualMachineIds=[name])["StorageVirtualMachines"]
    _only(found, name)
    return ""


def _zone(clients: Clients, name: str) -> str:
    found = clients("ec2").describe_availability_zones(Filters=_filter("zone-name", (name,)))["AvailabilityZones"]
    _only([zone for zone in found if zone["ZoneName"] == name], name)
    return ""


# The looks that give the network in which it lies, empty for what lies in none.
_LOOKS: Final[Mapping[str, Look]] = {
    "clusters": _kubernetes,
    "db_subnet_group": _db_subnet_group,
    "keys": _key,
    "option_groups": _option_group,
    "redshift_subnet_group": _warehouse_subnet_group,
    "subnets": _subnet,
    "svm": _virtual_machine,
    "timestream_database": _series_database,
    "zones": _zone,
}
# A profile has the parameter groups of databases, clusters and Redshift in one list.
_GROUPS: Final[Mapping[str, Look]] = {
    "ClusterParameterGroupName": _warehouse_parameter_group,
    "DBClusterParameterGroupName": _cluster_parameter_group,
    "DBParameterGroupName": _parameter_group,
}


def _security_groups(ec2: Any, places: tuple[PlaceNamed, ...]) -> Iterator[PlaceFound]:
    """By a filter, which leaves out what is not there instead of refusing all of them."""
    with aws_errors("security groups cannot be described"):
        pages = ec2.get_paginator("describe_security_groups").paginate(
            Filters=_filter("group-id", (place.name for place in places))
        )
        found = {group["GroupId"]: group["VpcId"] for page in pages for group in page["SecurityGroups"]}
    for place in places:
        is_there = place.name in found
        yield PlaceFound(key=place.key, name=place.name, is_there=is_there, network=found.get(place.name, ""))


def _filter(name: str, values: Iterable[str]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": list(values)}]


def _only(found: list[Any], name: str) -> Any:
    if not found:
        raise NotFoundError(f"there is no {name}")
    return found[0]
