"""What restore metadata names, looked up in the member account under its inspection role.

Codes of what is not there: RDS API reference, "Errors" of each operation.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from strongroom.adapters.aws.errors import aws_errors
from strongroom.domain.errors import NotFoundError
from strongroom.domain.restores.deciding.reading import texts_of
from strongroom.domain.restores.landing import PlaceFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from strongroom.adapters.aws.clients import MemberClients
    from strongroom.domain.identifiers import AccountId, Region
    from strongroom.domain.restores.metadata import Metadata

ACTIONS: tuple[str, ...] = ()
MEMBER_ACTIONS = (
    "dynamodb:DescribeTable",
    "ec2:DescribeSecurityGroups",
    "kms:DescribeKey",
    "rds:DescribeDBInstances",
    "rds:DescribeDBParameterGroups",
    "rds:DescribeDBSubnetGroups",
    "rds:DescribeOptionGroups",
)

_SECURITY_GROUPS: Final = "VpcSecurityGroupIds"
_GROUPS: Final = ("DBSubnetGroupName", "DBParameterGroupName", "OptionGroupName")
_KEY: Final = "kmsMasterKeyArn"
# A person may have typed the name: one that cannot be names nothing.
_ABSENT: Final = (
    "DBParameterGroupNotFound",
    "DBSubnetGroupNotFoundFault",
    "InvalidArnException",
    "InvalidParameterValue",
    "OptionGroupNotFoundFault",
)
# RDS makes these when it first needs them, so that one that is not there yet is none that is missing.
_DEFAULTS: Final = ("default.", "default:")


_FREE: Final = ("DBInstanceNotFound", "ResourceNotFoundException")


class MemberRestorePlaces:
    """Looks into member accounts for what a restore is put into, and for what has its name already."""

    def __init__(self, inspection: MemberClients) -> None:
        """`inspection` borrows the members' inspection role."""
        self._inspection = inspection

    def find(self, metadata: Metadata, *, account: AccountId, region: Region) -> tuple[PlaceFound, ...]:
        """Each thing that the metadata names, and whether the account has it in that Region."""
        clients = partial(self._inspection.client, account=account, region=region)
        return tuple(place for key, value in metadata for place in _found(clients, key, value))

    def holder(self, metadata: Metadata, *, account: AccountId, region: Region) -> str:
        """The ARN of what has the name that the metadata say; empty where nothing has it."""
        clients = partial(self._inspection.client, account=account, region=region)
        try:
            with aws_errors("what has the name cannot be described", absent=_FREE):
                return next(filter(None, (_holder(clients, key, value) for key, value in metadata)), "")
        except NotFoundError:
            return ""


def _holder(clients: Callable[[str], Any], key: str, name: str) -> str:
    match key:
        case "DBInstanceIdentifier":
            [instance] = clients("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"]
            return str(instance["DBInstanceArn"])
        case "targetTableName":
            return str(clients("dynamodb").describe_table(TableName=name)["Table"]["TableArn"])
        case _:
            return ""


def _found(clients: Callable[[str], Any], key: str, value: str) -> list[PlaceFound]:
    if key == _SECURITY_GROUPS:
        return _security_groups(clients("ec2"), texts_of(value) or ())
    if (key not in _GROUPS and key != _KEY) or value.startswith(_DEFAULTS):
        return []
    try:
        with aws_errors(f"{key} {value} cannot be described", absent=_ABSENT):
            return [PlaceFound(key=key, name=value, is_there=True, network=_network(clients, key, value))]
    except NotFoundError:
        return [PlaceFound(key=key, name=value, is_there=False)]


def _network(clients: Callable[[str], Any], key: str, name: str) -> str:
    """The VPC in which it lies; what lies in none is only looked at."""
    match key:
        case "DBSubnetGroupName":
            (group,) = clients("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
            return str(group["VpcId"])
        case "DBParameterGroupName":
            clients("rds").describe_db_parameter_groups(DBParameterGroupName=name)
        case "OptionGroupName":
            clients("rds").describe_option_groups(OptionGroupName=name)
        case _:
            clients("kms").describe_key(KeyId=name)
    return ""


def _security_groups(ec2: Any, wanted: tuple[str, ...]) -> list[PlaceFound]:
    """By a filter, which leaves out what is not there instead of refusing all of them."""
    with aws_errors("security groups cannot be described"):
        pages = ec2.get_paginator("describe_security_groups").paginate(
            Filters=[{"Name": "group-id", "Values": list(wanted)}]
        )
        found = {group["GroupId"]: group["VpcId"] for page in pages for group in page["SecurityGroups"]}
    return [
        PlaceFound(key=_SECURITY_GROUPS, name=name, is_there=name in found, network=found.get(name, ""))
        for name in wanted
    ]
