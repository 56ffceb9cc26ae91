"""Amazon Redshift Serverless behind the front door, in JSON as its model has it."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from sandbox.seams import host as seams
from sandbox.seams import organizations, request_facts
from sandbox.seams.host import ServiceAnswer
from sandbox.seams.request_facts import Request
from sandbox.seams.snapshots import SOURCE_TAG, NativeSnapshot
from sandbox.settings import Settings
from sandbox.warehouses.namespaces import Namespaces, NamespaceSnapshot
from sandbox.warehouses.store import Document, WarehouseError

_SERVICE: Final = "redshift-serverless"
_CALLS: Final[dict[str, Callable[[Namespaces, Document], Document]]] = {
    "CreateNamespace": Namespaces.create,
    "CreateWorkgroup": Namespaces.create_workgroup,
    "DeleteNamespace": Namespaces.delete,
    "GetNamespace": Namespaces.get,
    "GetSnapshot": Namespaces.get_snapshot,
    "GetTableRestoreStatus": Namespaces.get_table_restore,
    "GetWorkgroup": Namespaces.get_workgroup,
    "ListNamespaces": Namespaces.list_all,
    "ListTableRestoreStatus": Namespaces.list_table_restores,
    "ListTagsForResource": Namespaces.list_tags,
    "RestoreFromSnapshot": Namespaces.restore,
    "RestoreTableFromSnapshot": Namespaces.restore_table,
    "TagResource": Namespaces.tag,
    "UntagResource": Namespaces.untag,
    "UpdateNamespace": Namespaces.update,
}
# What IAM authorises them on (Service Authorization Reference, "Amazon Redshift Serverless"); RestoreTableFromSnapshot
# on the snapshot besides.
_ON_NAMESPACES: Final = ("DeleteNamespace", "GetNamespace", "RestoreTableFromSnapshot", "UpdateNamespace")
_ON_SNAPSHOTS: Final = ("GetSnapshot", "RestoreFromSnapshot")
_ON_WHAT_IS_NAMED: Final = ("ListTagsForResource", "TagResource", "UntagResource")
_stores: Final[dict[tuple[str, str], Namespaces]] = {}


def install(_: Settings | None = None) -> None:
    """Answer Redshift Serverless, with no namespace yet."""
    _stores.clear()
    seams.answer_service(_SERVICE, handle_request)
    request_facts.name_resources(_SERVICE, lambda request, place: _authorised_on(request, place.account, place.region))
    organizations.read_tags(_SERVICE, _tags_of)


def keep(snapshot: NativeSnapshot, account: str, region: str) -> None:
    """Let a snapshot of AWS Backup's be there, with its tags, under a name of its own."""
    tags = {**snapshot.tags, SOURCE_TAG: snapshot.source_arn}
    _store(account, region).snapshots[snapshot.arn] = NamespaceSnapshot(
        name=f"awsbackup-{snapshot.arn.rpartition('/')[2]}",
        namespace_arn=snapshot.source_arn,
        settings=dict(snapshot.configuration),
        tags=[{"key": key, "value": value} for key, value in tags.items()],
    )


def drop(arn: str, account: str, region: str) -> None:
    """Let it be there no more."""
    _store(account, region).snapshots.pop(arn, None)


def snapshot_arn(name: str, *, account: str, region: str) -> str:
    """The ARN of the snapshot of a name."""
    return _store(account, region).snapshot_arn(name)


def key_of(name: str, *, account: str, region: str) -> str:
    """The ARN of the customer's key of the namespace of a name; empty where there is none."""
    key = str(_store(account, region).namespaces.get(name, {}).get("kmsKeyId", ""))
    return key if key.startswith("arn:") else ""


def _store(account: str, region: str) -> Namespaces:
    return _stores.setdefault((account, region), Namespaces(account, region))


def _authorised_on(request: Request, account: str, region: str) -> str:
    name, asked, store = request.action.partition(":")[2], request.document, _store(account, region)
    if name in _ON_NAMESPACES:
        return store.namespace_arn(str(asked.get("namespaceName", "")))
    if name in _ON_SNAPSHOTS:
        return str(asked.get("snapshotArn") or store.snapshot_arn(str(asked.get("snapshotName", ""))))
    return str(asked.get("resourceArn") or "*") if name in _ON_WHAT_IS_NAMED else "*"


def _tags_of(arn: str) -> dict[str, str]:
    region, account = arn.split(":")[3:5]
    return dict(_store(account, region).tags_of(arn))


async def handle_request(
    method: str, path: str, headers: dict[str, Any], body: bytes, query_params: dict[str, Any]
) -> ServiceAnswer:
    """Answer a call from the place of the request."""
    del method, path, query_params
    store = _store(seams.request_account(), seams.request_region())
    name = str(headers.get("x-amz-target", "")).rpartition(".")[2]
    if name not in _CALLS:
        refused = {"__type": "UnknownOperationException", "message": f"{name} is not played here"}
        return _answer(HTTPStatus.BAD_REQUEST, refused)
    try:
        return _answer(HTTPStatus.OK, _CALLS[name](store, json.loads(body or b"{}")))
    except WarehouseError as error:
        return _answer(HTTPStatus.BAD_REQUEST, {"__type": error.code, "message": error.message})


def _answer(status: HTTPStatus, content: Document) -> ServiceAnswer:
    return int(status), {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode()
