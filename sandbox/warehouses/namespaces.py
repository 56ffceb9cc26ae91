"""Namespaces of Redshift Serverless in one account and Region, by the rules of its API reference."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sandbox.warehouses.store import Document, WarehouseError
from sandbox.warehouses.tables import SCHEMA, TableRestore, TableRestores

# API reference, CreateNamespace and CreateWorkgroup.
_NAME: Final = re.compile(r"[a-z0-9-]{3,64}")
_AVAILABLE, _MODIFYING = "AVAILABLE", "MODIFYING"
_OWN_KEY: Final = "AWS_OWNED_KMS_KEY"
# What a namespace has of the snapshot that it was restored from (API reference, RestoreFromSnapshot: the administrator
# is that of the time of the snapshot, where nobody asks for a managed password).
_OF_THE_SNAPSHOT: Final = ("adminUsername", "dbName")
_PLACE_OF_A_TABLE: Final = ("namespaceName", "targetDatabaseName", "targetSchemaName", "newTableName")
_OF_A_TABLE: Final = (
    *("snapshotName", "workgroupName", "sourceDatabaseName", "sourceSchemaName", "sourceTableName"),
    *_PLACE_OF_A_TABLE,
)


@dataclass(frozen=True, slots=True)
class NamespaceSnapshot:
    """A snapshot that AWS Backup made of a namespace; its ARN has an id, and no name."""

    name: str
    namespace_arn: str
    settings: Document
    tags: list[dict[str, str]]


@dataclass(slots=True)
class Namespaces:
    """The namespaces and workgroups by their names, and AWS Backup's snapshots by their ARNs."""

    account: str
    region: str
    namespaces: dict[str, Document] = field(default_factory=dict)
    workgroups: dict[str, Document] = field(default_factory=dict)
    snapshots: dict[str, NamespaceSnapshot] = field(default_factory=dict)
    tables: TableRestores = field(default_factory=lambda: TableRestores(_PLACE_OF_A_TABLE))
    tags: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _modified: set[str] = field(default_factory=set)

    def create(self, request: Document) -> Document:
        """CreateNamespace."""
        name = _named(request["namespaceName"], self.namespaces)
        identifier = str(uuid.uuid4())
        made = {
            "namespaceName": name,
            "namespaceId": identifier,
            "namespaceArn": self._arn(f"namespace/{identifier}"),
            "adminUsername": request.get("adminUsername", ""),
            "dbName": request.get("dbName") or "dev",
            "kmsKeyId": request.get("kmsKeyId") or _OWN_KEY,
            "iamRoles": [],
            "logExports": [],
            "creationDate": datetime.now(UTC).isoformat(),
            "status": _AVAILABLE,
        }
        self.namespaces[name] = made
        self.tags[made["namespaceArn"]] = [dict(tag) for tag in request.get("tags", ())]
        return {"namespace": made}

    def update(self, request: Document) -> Document:
        """UpdateNamespace, of the administrator's name."""
        found = self._namespace(request["namespaceName"])
        found["adminUsername"] = request.get("adminUsername", found["adminUsername"])
        return {"namespace": found}

    def delete(self, request: Document) -> Document:
        """DeleteNamespace."""
        found = self._namespace(request["namespaceName"])
        del self.namespaces[found["namespaceName"]]
        return {"namespace": {**found, "status": "DELETING"}}

    def get(self, request: Document) -> Document:
        """GetNamespace; what was restored is told as modified once."""
        found = self._namespace(request["namespaceName"])
        name = found["namespaceName"]
        if name not in self._modified:
            return {"namespace": found}
        self._modified.remove(name)
        return {"namespace": {**found, "status": _MODIFYING}}

    def list_all(self, _: Document) -> Document:
        """ListNamespaces."""
        return {"namespaces": list(self.namespaces.values())}

    def create_workgroup(self, request: Document) -> Document:
        """CreateWorkgroup, of a namespace that has none yet."""
        name = _named(request["workgroupName"], self.workgroups)
        namespace = self._namespace(request["namespaceName"])["namespaceName"]
        if any(each["namespaceName"] == namespace for each in self.workgroups.values()):
            raise WarehouseError("ConflictException", f"Namespace {namespace} has a workgroup.")
        identifier = str(uuid.uuid4())
        made = {
            "workgroupName": name,
            "workgroupId": identifier,
            "workgroupArn": self._arn(f"workgroup/{identifier}"),
            "namespaceName": namespace,
            "publiclyAccessible": False,
            "status": _AVAILABLE,
        }
        self.workgroups[name] = made
        return {"workgroup": made}

    def get_workgroup(self, request: Document) -> Document:
        """GetWorkgroup."""
        return {"workgroup": _found(request["workgroupName"], self.workgroups, "Workgroup")}

    def get_snapshot(self, request: Document) -> Document:
        """GetSnapshot, by its name or its ARN."""
        arn = request.get("snapshotArn") or self.snapshot_arn(request["snapshotName"])
        if arn not in self.snapshots:
            raise WarehouseError("ResourceNotFoundException", f"Snapshot {arn} not found.")
        snapshot = self.snapshots[arn]
        return {
            "snapshot": {
                "snapshotName": snapshot.name,
                "snapshotArn": arn,
                "namespaceArn": snapshot.namespace_arn,
                "ownerAccount": self.account,
                "status": _AVAILABLE,
            }
        }

    def restore(self, request: Document) -> Document:
        """RestoreFromSnapshot, over whatever namespace of the account is named: the snapshot's own, or another one.

        It takes no token: whoever calls twice overwrites twice.
        """
        namespace = self._restored_into(request)
        snapshot = self._snapshot(request["snapshotName"])
        if namespace["namespaceName"] in self._modified:
            raise WarehouseError("ConflictException", "The namespace is being modified.")
        namespace.update({name: snapshot.settings[name] for name in _OF_THE_SNAPSHOT if snapshot.settings.get(name)})
        self._modified.add(namespace["namespaceName"])
        return {
            "namespace": {**namespace, "status": _MODIFYING},
            "snapshotName": snapshot.name,
            "ownerAccount": self.account,
        }

    def restore_table(self, request: Document) -> Document:
        """RestoreTableFromSnapshot: a table of no such name yet, of the database that was backed up."""
        namespace = self._restored_into(request)
        snapshot, source = self._snapshot(request["snapshotName"]), request["sourceDatabaseName"]
        if source != snapshot.settings.get("dbName"):
            raise WarehouseError("ValidationException", f"Database {source} is not in the snapshot.")
        told = {
            "sourceSchemaName": SCHEMA,
            "targetDatabaseName": source,
            "targetSchemaName": SCHEMA,
            **{name: value for name, value in request.items() if name in _OF_A_TABLE},
            "namespaceName": namespace["namespaceName"],
        }
        asked = _status(self.tables.ask(told))
        return {"tableRestoreStatus": {**asked, "status": "PENDING", "message": ""}}

    def get_table_restore(self, request: Document) -> Document:
        """GetTableRestoreStatus."""
        return {
            "tableRestoreStatus": _status(
                _found(request["tableRestoreRequestId"], self.tables.kept, "Table restore request")
            )
        }

    def list_table_restores(self, request: Document) -> Document:
        """ListTableRestoreStatus, of one namespace or of all."""
        name = request.get("namespaceName")
        restores = [each for each in self.tables.kept.values() if name in (None, each.told["namespaceName"])]
        return {"tableRestoreStatuses": [_status(each) for each in restores]}

    def list_tags(self, request: Document) -> Document:
        """ListTagsForResource."""
        return {"tags": self._tags(request["resourceArn"])}

    def tag(self, request: Document) -> Document:
        """TagResource: the tags beside those that it has."""
        tags = self._tags(request["resourceArn"])
        tags[:] = {tag["key"]: tag for tag in (*tags, *request["tags"])}.values()
        return {}

    def untag(self, request: Document) -> Document:
        """UntagResource."""
        tags = self._tags(request["resourceArn"])
        tags[:] = [tag for tag in tags if tag["key"] not in request["tagKeys"]]
        return {}

    def snapshot_arn(self, name: str) -> str:
        """The ARN of the snapshot of a name; of one that is none where there is none."""
        return next((arn for arn, each in self.snapshots.items() if each.name == name), self._arn(f"snapshot/{name}"))

    def namespace_arn(self, name: str) -> str:
        """The ARN of the namespace of a name; of one that is none where there is none."""
        return str(self.namespaces.get(name, {}).get("namespaceArn") or self._arn(f"namespace/{name}"))

    def tags_of(self, arn: str) -> Iterable[tuple[str, str]]:
        """The tags of a namespace or a snapshot; of what is none, none."""
        snapshot = self.snapshots.get(arn)
        return ((tag["key"], tag["value"]) for tag in (snapshot.tags if snapshot else self.tags.get(arn, ())))

    def _restored_into(self, request: Document) -> Document:
        """The namespace, by a workgroup of its own (API reference: "the workgroup used to restore the snapshot")."""
        namespace = self._namespace(request["namespaceName"])
        workgroup = _found(request["workgroupName"], self.workgroups, "Workgroup")
        if workgroup["namespaceName"] != namespace["namespaceName"]:
            name = workgroup["workgroupName"]
            raise WarehouseError("ValidationException", f"Workgroup {name} is of another namespace.")
        return namespace

    def _namespace(self, name: str) -> Document:
        return _found(name, self.namespaces, "Namespace")

    def _snapshot(self, name: str) -> NamespaceSnapshot:
        return _found(self.snapshot_arn(name), self.snapshots, "Snapshot")

    def _tags(self, arn: str) -> list[dict[str, str]]:
        tagged = {**self.tags, **{name: each.tags for name, each in self.snapshots.items()}}
        return _found(arn, tagged, "Resource")

    def _arn(self, resource: str) -> str:
        return f"arn:aws:redshift-serverless:{self.region}:{self.account}:{resource}"


def _named(name: str, taken: Iterable[str]) -> str:
    if not _NAME.fullmatch(name):
        raise WarehouseError("ValidationException", f"{name} is no name here.")
    if name in taken:
        raise WarehouseError("ConflictException", f"{name} already exists.")
    return name


def _found[T](name: str, there: dict[str, T], what: str) -> T:
    if name not in there:
        raise WarehouseError("ResourceNotFoundException", f"{what} {name} not found.")
    return there[name]


def _status(restore: TableRestore) -> Document:
    return {
        **restore.told,
        "tableRestoreRequestId": restore.id,
        "requestTime": restore.at.isoformat(),
        "status": restore.status,
        "message": restore.message,
    }
