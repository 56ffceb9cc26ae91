"""What restore profiles name, looked up in the accounts that they are of; nothing is changed.

Codes of what is not there: "Errors" of each operation in the API references of the services.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import AccessRefusedError, NotFoundError
from strongroom.domain.rollout.live import ProfileValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from strongroom.adapters.aws.account_access import AccountClients
    from strongroom.domain.intent.restoring.profiles import AccountProfile

    type Clients = Callable[[str], Any]
    type Found = tuple[str, str]
    type Look = Callable[[Clients, str], Found]

ACTIONS = (
    "ds:DescribeDirectories",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "eks:DescribeCluster",
    "fsx:DescribeStorageVirtualMachines",
    "iam:GetRole",
    "kms:DescribeKey",
    "rds:DescribeDBClusterParameterGroups",
    "rds:DescribeDBParameterGroups",
    "rds:DescribeDBSubnetGroups",
    "rds:DescribeOptionGroups",
    "redshift:DescribeClusterParameterGroups",
    "redshift:DescribeClusterSubnetGroups",
    "timestream:DescribeDatabase",
    "timestream:DescribeEndpoints",
)

_ABSENT: Final = (
    "ClusterParameterGroupNotFound",
    "ClusterSubnetGroupNotFoundFault",
    "DBParameterGroupNotFound",
    "DBSubnetGroupNotFoundFault",
    "EntityDoesNotExistException",
    "InvalidGroup.NotFound",
    "InvalidParameterValue",
    "InvalidSubnetID.NotFound",
    "NoSuchEntity",
    "OptionGroupNotFoundFault",
    "StorageVirtualMachineNotFound",
)
# Whom a role is lent for: restored instances, and the replication of restored buckets.
_LENT_FOR: Final = ("ec2.amazonaws.com", "s3.amazonaws.com")
_ANYWHERE: Final = ("0.0.0.0/0", "::/0")
_FITS: Final = ""


class ProfilePlaces:
    """Looks up what profiles name, as the administrator of each account."""

    def __init__(self, clients: AccountClients) -> None:
        """`clients` reach every account."""
        self._clients = clients

    def values(self, profile: AccountProfile) -> tuple[ProfileValue, ...] | None:
        """Each value, and what is known of it; None where the account cannot be entered."""
        clients = partial(self._clients.client, account=profile.account, region=profile.region)
        try:
            return tuple(_value(clients, field, name, look) for field, names, look in _lists(profile) for name in names)
        except AccessRefusedError:
            return None


def _lists(profile: AccountProfile) -> Iterator[tuple[str, Iterable[str], Look]]:
    """The lists of a profile with how their values are looked up; classes are names that every account has."""
    yield "keys", profile.keys, _key
    yield "subnets", profile.subnets, _subnet
    yield "security_groups", dict.fromkeys(each for group in profile.security_groups for each in group), _security_group
    yield "roles", profile.roles, _role
    yield "zones", profile.zones, _zone
    yield "db_subnet_group", profile.db_subnet_group, _db_subnet_group
    yield "redshift_subnet_group", profile.redshift_subnet_group, _redshift_subnet_group
    yield "parameter_groups", profile.parameter_groups, _parameter_group
    yield "option_groups", profile.option_groups, _option_group
    yield "directory", profile.directory, _directory
    yield "svm", profile.svm, _virtual_machine
    yield "timestream_database", profile.timestream_database, _timestream_database
    yield "clusters", profile.clusters, _cluster


def _value(clients: Clients, field: str, name: str, look: Look) -> ProfileValue:
    try:
        with aws_errors(f"{field} {name} cannot be described", absent=_ABSENT):
            network, unfit = look(clients, name)
    except NotFoundError:
        return ProfileValue(field=field, name=name, is_there=False)
    return ProfileValue(field=field, name=name, is_there=True, network=network, unfit=unfit)


def _key(clients: Clients, name: str) -> Found:
    key = clients("kms").describe_key(KeyId=name)["KeyMetadata"]
    if key["KeyManager"] != "CUSTOMER":
        return "", "is a key of AWS's own"
    is_usable = key["KeyState"] == "Enabled" and key["KeySpec"] == "SYMMETRIC_DEFAULT"
    return "", _FITS if is_usable else f"encrypts nothing: it is {key['KeyState']}, and of {key['KeySpec']}"


def _subnet(clients: Clients, name: str) -> Found:
    subnet = _only(clients("ec2").describe_subnets(Filters=[{"Name": "subnet-id", "Values": [name]}])["Subnets"], name)
    return subnet["VpcId"], "gives public addresses" if subnet["MapPublicIpOnLaunch"] else _FITS


def _security_group(clients: Clients, name: str) -> Found:
    filters = [{"Name": "group-id", "Values": [name]}]
    group = _only(clients("ec2").describe_security_groups(Filters=filters)["SecurityGroups"], name)
    ranges = [each for rule in group["IpPermissions"] for each in (*rule["IpRanges"], *rule["Ipv6Ranges"])]
    is_open = any(each.get("CidrIp", each.get("CidrIpv6")) in _ANYWHERE for each in ranges)
    return group["VpcId"], "lets everybody in" if is_open else _FITS


def _role(clients: Clients, name: str) -> Found:
    role = clients("iam").get_role(RoleName=name.rpartition("/")[2])["Role"]
    if role["Arn"] != name:
        raise NotFoundError(f"there is no role {name}")
    trust = json.dumps(role["AssumeRolePolicyDocument"])
    may_be_lent = any(service in trust for service in _LENT_FOR)
    return "", _FITS if may_be_lent else "is no role that can be lent: neither EC2 nor S3 may assume it"


def _zone(clients: Clients, name: str) -> Found:
    filters = [{"Name": "zone-name", "Values": [name]}]
    zone = _only(clients("ec2").describe_availability_zones(Filters=filters)["AvailabilityZones"], name)
    return "", _FITS if zone["State"] == "available" else f"is {zone['State']}"


def _db_subnet_group(clients: Clients, name: str) -> Found:
    return _only(clients("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"], name)["VpcId"], ""


def _redshift_subnet_group(clients: Clients, name: str) -> Found:
    answer = clients("redshift").describe_cluster_subnet_groups(ClusterSubnetGroupName=name)
    return _only(answer["ClusterSubnetGroups"], name)["VpcId"], ""


def _parameter_group(clients: Clients, name: str) -> Found:
    """Of databases, of their clusters, or of Redshift: which of them, the name does not say."""
    rds, redshift = clients("rds"), clients("redshift")
    looks: tuple[Callable[[], list[Any]], ...] = (
        lambda: rds.describe_db_parameter_groups(DBParameterGroupName=name)["DBParameterGroups"],
        lambda: rds.describe_db_cluster_parameter_groups(DBClusterParameterGroupName=name)["DBClusterParameterGroups"],
        lambda: redshift.describe_cluster_parameter_groups(ParameterGroupName=name)["ParameterGroups"],
    )
    for look in looks:
        try:
            with aws_errors(absent=_ABSENT):
                _only(look(), name)
        except NotFoundError:
            continue
        return "", _FITS
    raise NotFoundError(f"there is no parameter group {name}")


def _option_group(clients: Clients, name: str) -> Found:
    _only(clients("rds").describe_option_groups(OptionGroupName=name)["OptionGroupsList"], name)
    return "", _FITS


def _directory(clients: Clients, name: str) -> Found:
    directory = _only(clients("ds").describe_directories(DirectoryIds=[name])["DirectoryDescriptions"], name)
    # One that is only connected to has its network elsewhere.
    network = directory.get("VpcSettings", directory.get("ConnectSettings", {})).get("VpcId", "")
    return network, _FITS if directory["Stage"] == "Active" else f"is {directory['Stage']}"


def _virtual_machine(clients: Clients, name: str) -> Found:
    answer = clients("fsx").describe_storage_virtual_machines(StorageVirtualMachineIds=[name])
    machine = _only(answer["StorageVirtualMachines"], name)
    return "", _FITS if machine["Lifecycle"] == "CREATED" else f"is {machine['Lifecycle']}"


def _timestream_database(clients: Clients, name: str) -> Found:
    clients("timestream-write").describe_database(DatabaseName=name)
    return "", _FITS


def _cluster(clients: Clients, name: str) -> Found:
    cluster = clients("eks").describe_cluster(name=name)["cluster"]
    network = cluster.get("resourcesVpcConfig", {}).get("vpcId", "")
    return network, _FITS if cluster["status"] == "ACTIVE" else f"is {cluster['status']}"


def _only(found: list[Any], name: str) -> Any:
    if not found:
        raise NotFoundError(f"there is no {name}")
    return found[0]
