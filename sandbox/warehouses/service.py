"""Amazon Redshift behind the front door, in XML as its model has it."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from botocore.model import ListShape, Shape, StructureShape

from sandbox.clients import service_model
from sandbox.seams import backup as seams_backup
from sandbox.seams import host as seams
from sandbox.seams.backup import InternalCallError
from sandbox.seams.host import ServiceAnswer
from sandbox.seams.snapshots import NativeSnapshot
from sandbox.settings import Settings
from sandbox.warehouses.store import Document, Snapshot, WarehouseError, Warehouses
from sandbox.wire.calls import read_call
from sandbox.wire.requests import Request

_SERVICE: Final = "redshift"
_NAMESPACE: Final = "http://redshift.amazonaws.com/doc/2012-12-01/"
_CALLS: Final[dict[str, Callable[[Warehouses, Document], Document]]] = {
    "CreateCluster": Warehouses.create,
    "CreateClusterParameterGroup": Warehouses.create_parameter_group,
    "CreateClusterSubnetGroup": Warehouses.create_subnet_group,
    "CreateTags": Warehouses.tag,
    "DeleteCluster": Warehouses.delete,
    "DeleteTags": Warehouses.untag,
    "DescribeClusterParameterGroups": Warehouses.describe_parameter_groups,
    "DescribeClusterSubnetGroups": Warehouses.describe_subnet_groups,
    "DescribeClusters": Warehouses.describe,
    "DescribeTableRestoreStatus": Warehouses.describe_table_restores,
    "DescribeTags": Warehouses.describe_tags,
    "RestoreFromClusterSnapshot": Warehouses.restore,
    "RestoreTableFromClusterSnapshot": Warehouses.restore_table,
}
_stores: Final[dict[tuple[str, str], Warehouses]] = {}


def install(_: Settings | None = None) -> None:
    """Answer Redshift, with no cluster yet."""
    _stores.clear()
    seams.answer_service(_SERVICE, handle_request)


def keep(snapshot: NativeSnapshot, account: str, region: str) -> None:
    """Let a snapshot of AWS Backup's be there, with its tags."""
    tags = [{"Key": key, "Value": value} for key, value in snapshot.tags.items()]
    _store(account, region).snapshots[snapshot.arn] = Snapshot(settings=dict(snapshot.configuration), tags=tags)


def drop(arn: str, account: str, region: str) -> None:
    """Let it be there no more."""
    _store(account, region).snapshots.pop(arn, None)


def _store(account: str, region: str) -> Warehouses:
    return _stores.setdefault((account, region), Warehouses(account, region))


async def handle_request(
    method: str, path: str, headers: dict[str, Any], body: bytes, query_params: dict[str, Any]
) -> ServiceAnswer:
    """Answer a call from the place of the request."""
    del query_params
    place = seams.request_account(), seams.request_region()
    call = read_call(_SERVICE, Request(method, path, "", headers, body))
    if call is None or call.operation.name not in _CALLS:
        return _refusal("InvalidAction", f"{call.operation.name if call else path} is not played here")
    name, parameters = call.operation.name, dict(call.parameters)
    try:
        if name == "CreateClusterSubnetGroup":
            parameters["VpcId"] = await _network(parameters["SubnetIds"], *place)
        return _answer(name, _CALLS[name](_store(*place), parameters))
    except WarehouseError as error:
        return _refusal(error.code, error.message)


async def _network(subnets: list[str], account: str, region: str) -> str:
    """The network of the subnets (API reference, CreateClusterSubnetGroup: InvalidSubnet)."""
    try:
        found = await seams_backup.call("ec2", "DescribeSubnets", {"SubnetIds": subnets}, account, region)
    except InternalCallError as error:
        raise WarehouseError("InvalidSubnet", str(error)) from error
    networks = {each["VpcId"] for each in found["Subnets"]}
    if len(networks) != 1:
        raise WarehouseError("InvalidSubnet", "The subnets of a group lie in one VPC.")
    return str(networks.pop())


def _answer(operation: str, result: Document) -> ServiceAnswer:
    root = Element(f"{operation}Response", xmlns=_NAMESPACE)
    shape = service_model(_SERVICE).operation_model(operation).output_shape
    if shape is not None:
        _write(shape, SubElement(root, f"{operation}Result"), result)
    return int(HTTPStatus.OK), {"Content-Type": "text/xml"}, tostring(root)


def _refusal(code: str, message: str) -> ServiceAnswer:
    root = Element("ErrorResponse", xmlns=_NAMESPACE)
    error = SubElement(root, "Error")
    for name, text in (("Type", "Sender"), ("Code", code), ("Message", message)):
        SubElement(error, name).text = text
    return int(HTTPStatus.BAD_REQUEST), {"Content-Type": "text/xml"}, tostring(root)


def _write(shape: Shape, node: Element, value: Any) -> None:
    """Put what the model knows of a value below the node."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if value.get(name) is not None:
                _write(member, SubElement(node, name), value[name])
    elif isinstance(shape, ListShape):
        for each in value:
            _write(shape.member, SubElement(node, shape.member.serialization.get("name", "member")), each)
    elif isinstance(value, bool):
        node.text = str(value).lower()
    else:
        node.text = value.isoformat() if isinstance(value, datetime) else str(value)
