"""Why RDS does not restore an instance: a table of rules, each of them one refusal of RDS's.

Sources: RDS API reference, RestoreDBInstanceFromDBSnapshot (port, zone with Multi-AZ, groups that must exist, IOPS of
io1 and io2); RDS User Guide, "Amazon RDS DB instance storage" (gp3 below its threshold takes none of its own); AWS
Backup Developer Guide, "Restoring an RDS database" (which keys there are, and which of them are for information only).
"""

import json
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, Final

from sandbox.backup_service.resources.kind import Capture, Metadata
from sandbox.backup_service.surroundings import AccountServices
from sandbox.clients import service_model
from sandbox.seams.backup import InternalCallError

type Refusal = str | None
type Rule = Callable[[AccountServices, Capture, Metadata], Awaitable[Refusal]]

_PORTS: Final = range(1150, 65536)
_BASELINE_GIBIBYTES: Final = 400
_PROVISIONED: Final = ("io1", "io2")
_INFORMATION: Final = ("engineversion", "encrypted", "kmskeyid", "vpcid")
_INFORMATION_PREFIXES: Final = ("aws:backup:", "informationalonly:")
_POINT_IN_TIME: Final = ("restoretime", "uselatestrestorabletime")
# AWS keeps these for everybody: nobody makes them.
_DEFAULTS: Final = ("default.", "default:")


async def why_rds_refuses(services: AccountServices, capture: Capture, metadata: Metadata) -> Refusal:
    """Why RDS does not restore with this metadata: the first rule that says so, or None."""
    for rule in _RULES:
        if (refusal := await rule(services, capture, metadata)) is not None:
            return refusal
    return None


@cache
def _known_keys() -> frozenset[str]:
    restore: Any = service_model("rds").operation_model("RestoreDBInstanceFromDBSnapshot").input_shape
    members = frozenset(name.lower() for name in restore.members)
    # The job names the snapshot itself; what is said again is refused.
    return members - {"dbsnapshotidentifier"} | {*_INFORMATION, *_POINT_IN_TIME}


async def _keys(_services: AccountServices, _capture: Capture, metadata: Metadata) -> Refusal:
    unknown = sorted(key for key in metadata.said() - _known_keys() if not key.startswith(_INFORMATION_PREFIXES))
    return f"Unknown restore metadata: {', '.join(unknown)}" if unknown else None


async def _port(_services: AccountServices, _capture: Capture, metadata: Metadata) -> Refusal:
    port = metadata.get("Port")
    if port is None or (port.isdecimal() and int(port) in _PORTS):
        return None
    return f"Invalid port {port}: it must be between {_PORTS[0]} and {_PORTS[-1]}"


async def _zone(_services: AccountServices, _capture: Capture, metadata: Metadata) -> Refusal:
    if metadata.get("AvailabilityZone") is None or not metadata.is_true("MultiAZ"):
        return None
    return "Requesting a specific availability zone is not valid for Multi-AZ instances"


async def _performance(_services: AccountServices, capture: Capture, metadata: Metadata) -> Refusal:
    storage = metadata.get("StorageType") or capture.configuration.get("StorageType")
    size = int(metadata.get("AllocatedStorage") or capture.configuration.get("AllocatedStorage") or 0)
    if metadata.get("StorageType") in _PROVISIONED and metadata.get("Iops") is None:
        return f"You must specify IOPS for the storage type {storage}"
    is_said = any(metadata.get(key) is not None for key in ("Iops", "StorageThroughput"))
    if storage != "gp3" or size >= _BASELINE_GIBIBYTES or not is_said:
        return None
    return f"You can't specify IOPS or storage throughput for a storage size less than {_BASELINE_GIBIBYTES}"


async def _groups(services: AccountServices, _capture: Capture, metadata: Metadata) -> Refusal:
    for key, operation in (
        ("DBSubnetGroupName", "DescribeDBSubnetGroups"),
        ("DBParameterGroupName", "DescribeDBParameterGroups"),
        ("OptionGroupName", "DescribeOptionGroups"),
    ):
        name = metadata.get(key)
        if name is not None and not name.startswith(_DEFAULTS):
            try:
                await services.call("rds", operation, **{key: name})
            except InternalCallError as error:
                return str(error)
    return None


async def _network(services: AccountServices, _capture: Capture, metadata: Metadata) -> Refusal:
    said = metadata.get("VpcSecurityGroupIds")
    if said is None:
        return None
    try:
        found = await services.call("ec2", "DescribeSecurityGroups", GroupIds=json.loads(said))
    except (InternalCallError, ValueError) as error:
        return str(error)
    name = metadata.get("DBSubnetGroupName")
    group = {} if name is None else await services.call("rds", "DescribeDBSubnetGroups", DBSubnetGroupName=name)
    networks = {each["VpcId"] for each in (*group.get("DBSubnetGroups", ()), *found.get("SecurityGroups", ()))}
    return "The DB instance and EC2 security group are in different VPCs" if len(networks) > 1 else None


_RULES: Final[tuple[Rule, ...]] = (_keys, _port, _zone, _performance, _groups, _network)
