"""Amazon FSx behind the front door."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from sandbox.file_systems.errors import Document, FileSystemError
from sandbox.file_systems.store import Backup, FileSystems
from sandbox.seams import host as seams
from sandbox.seams.host import ServiceAnswer
from sandbox.seams.snapshots import NativeSnapshot
from sandbox.settings import Settings

_CALLS: Final[dict[str, Callable[[FileSystems, Document], Document]]] = {
    "CreateFileSystem": FileSystems.create,
    "CreateFileSystemFromBackup": FileSystems.create_from_backup,
    "CreateStorageVirtualMachine": FileSystems.create_machine,
    "CreateVolume": lambda systems, request: systems.ontap.create(request),
    "DeleteFileSystem": FileSystems.delete,
    "DeleteVolume": lambda systems, request: systems.ontap.delete(request),
    "DescribeFileSystems": FileSystems.describe,
    "DescribeStorageVirtualMachines": lambda systems, request: systems.ontap.describe_machines(request),
    "DescribeVolumes": lambda systems, request: systems.ontap.describe(request),
    "ListTagsForResource": FileSystems.list_tags,
    "TagResource": FileSystems.tag,
    "UntagResource": FileSystems.untag,
}
_GIBIBYTE: Final = 1024**3
_stores: Final[dict[tuple[str, str], FileSystems]] = {}


def install(_: Settings | None = None) -> None:
    """Answer FSx, with no file system yet."""
    _stores.clear()
    seams.answer_service("fsx", handle_request)


def keep(snapshot: NativeSnapshot, account: str, region: str) -> None:
    """Let a backup of AWS Backup's be there, with its tags."""
    _store(account, region).backups[snapshot.arn] = Backup(
        type=str(snapshot.configuration["FileSystemType"]),
        capacity=snapshot.size // _GIBIBYTE,
        tags=[{"Key": key, "Value": value} for key, value in snapshot.tags.items()],
    )


def drop(arn: str, account: str, region: str) -> None:
    """Let it be there no more."""
    _store(account, region).backups.pop(arn, None)


def _store(account: str, region: str) -> FileSystems:
    return _stores.setdefault((account, region), FileSystems(account, region))


async def handle_request(
    method: str,  # noqa: ARG001 the handler's signature is MiniStack's
    path: str,  # noqa: ARG001
    headers: dict[str, Any],
    body: bytes,
    query_params: dict[str, Any],  # noqa: ARG001
) -> ServiceAnswer:
    """Answer a call from the place of the request."""
    store = _store(seams.request_account(), seams.request_region())
    name = str(headers.get("x-amz-target", "")).rpartition(".")[2]
    if name not in _CALLS:
        return _answer(HTTPStatus.BAD_REQUEST, {"__type": "BadRequest", "Message": f"{name} is not played here"})
    try:
        return _answer(HTTPStatus.OK, _CALLS[name](store, json.loads(body or b"{}")))
    except FileSystemError as error:
        return _answer(HTTPStatus.BAD_REQUEST, {"__type": error.code, "Message": error.message})


def _answer(status: HTTPStatus, content: Document) -> ServiceAnswer:
    return int(status), {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode()
