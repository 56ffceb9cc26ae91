"""The table as a whole: each kind once, and which of them a recovery point is of.

AWS Backup says RDS of an instance and of a cluster, and FSx of four file systems: the resource's ARN and what the
backup calls the file system tell them apart. A type that is in no row is refused, and none is guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.catalogue import redshift
from strongroom.domain.restores.kinds import by_hand, clusters, databases, files, machines, tables
from strongroom.domain.restores.kinds.model import RestoreKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.restores.requests import RestoreRequest

KINDS: Final[tuple[RestoreKind, ...]] = (
    *databases.KINDS,
    *tables.KINDS,
    *machines.KINDS,
    *files.KINDS,
    *clusters.KINDS,
    *by_hand.KINDS,
)
# AWS's pages spell it in both ways.
_OTHERWISE_SPELLED: Final = {"RedshiftServerless": redshift.TYPES[1].name}
_BY_NAME: Final = {kind.name: kind for kind in KINDS}
_FILE_SYSTEM: Final = "filesystemtype"
_CLUSTER: Final = ["cluster"]


def kind_named(name: str) -> RestoreKind | None:
    """The kind of that name, or None of a type that is not known."""
    return _BY_NAME.get(_OTHERWISE_SPELLED.get(name, name))


def kind_of_request(request: RestoreRequest) -> RestoreKind | None:
    """The kind of what is asked for, as far as the request tells it: not which file system of FSx it is."""
    return kind_of(request.resource_type, resource=request.resource, backup={})


def kind_of(resource_type: str, *, resource: str, backup: Mapping[str, Any]) -> RestoreKind | None:
    """The kind of a recovery point by AWS Backup's type, the resource's ARN, and what the backup tells of itself."""
    if resource_type == databases.MULTI_AZ_CLUSTER.row.name and resource.split(":")[5:6] == _CLUSTER:
        return databases.MULTI_AZ_CLUSTER
    told = {str(value) for key, value in backup.items() if key.lower() == _FILE_SYSTEM}
    of_type = [kind for kind in KINDS if kind.row.name == resource_type and kind.file_system]
    if of_type:
        return next((kind for kind in of_type if told == {kind.file_system}), None)
    return kind_named(resource_type)


def kinds_of(resource_type: str, *, resource: str) -> tuple[RestoreKind, ...]:
    """The kinds that it may be of where only its type and its ARN are known: of FSx several, else one, or none."""
    told_by_backup = tuple(kind for kind in KINDS if kind.row.name == resource_type and kind.file_system)
    kind = kind_of(resource_type, resource=resource, backup={})
    return told_by_backup or (() if kind is None else (kind,))
