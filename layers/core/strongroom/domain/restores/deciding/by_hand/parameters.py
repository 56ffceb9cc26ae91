"""The parameters that each service's own call is given: those that a person may write, by their exact names.

What names the backup, the request and the tag the machine adds itself. What is in no list nobody writes.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.catalogue import ec2, fsx, redshift


class Form(StrEnum):
    """What a call takes for a parameter; all but a text stand in JSON."""

    TEXT = "a text"
    NAME = "a letter or underscore, then letters, digits and underscores, all of them small and at most 127"
    PLACE = "3 to 64 small letters, digits and hyphens"
    NUMBER = "a whole number"
    FLAG = "true or false"
    TEXTS = "a list of texts"
    RECORD = "a mapping of what it takes"


# What stands outside of JSON.
PLAIN: Final = (Form.TEXT, Form.NAME, Form.PLACE)


class Parameter(Struct, frozen=True, kw_only=True):
    """One parameter of a call; `inner` are those of a record, and a number lies `within` two others, both included."""

    name: str
    form: Form
    is_needed: bool = False
    inner: tuple["Parameter", ...] = ()
    within: tuple[int, int] | None = None


def _texts(*names: str, is_needed: bool = False) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name, form=Form.TEXT, is_needed=is_needed) for name in names)


def _needed(form: Form, *names: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name, form=form, is_needed=True) for name in names)


def _record(name: str, *inner: Parameter, is_needed: bool = False) -> Parameter:
    return Parameter(name=name, form=Form.RECORD, inner=inner, is_needed=is_needed)


# Amazon FSx API Reference, CreateFileSystemFromBackup and CreateFileSystemOpenZFSConfiguration. A group and a key that
# are not named would be those of the network and of AWS. Left out is what is none of a restore's (AD, Windows, Lustre),
# and what opens it: its root volume, addresses and routes are a person's to set afterwards.
_OPEN_ZFS: Final = (
    Parameter(name="SubnetIds", form=Form.TEXTS, is_needed=True),
    Parameter(name="SecurityGroupIds", form=Form.TEXTS, is_needed=True),
    *_texts("KmsKeyId", is_needed=True),
    *_texts("StorageType"),
    Parameter(name="StorageCapacity", form=Form.NUMBER),
    _record(
        "OpenZFSConfiguration",
        *_texts("DeploymentType", "PreferredSubnetId", is_needed=True),
        Parameter(name="ThroughputCapacity", form=Form.NUMBER, is_needed=True),
        Parameter(name="AutomaticBackupRetentionDays", form=Form.NUMBER, is_needed=True),
        Parameter(name="CopyTagsToBackups", form=Form.FLAG),
        Parameter(name="CopyTagsToVolumes", form=Form.FLAG),
        *_texts("WeeklyMaintenanceStartTime"),
        _record("DiskIopsConfiguration", *_texts("Mode"), Parameter(name="Iops", form=Form.NUMBER)),
        _record("ReadCacheConfiguration", *_texts("SizingMode"), Parameter(name="SizeGiB", form=Form.NUMBER)),
        is_needed=True,
    ),
)
# Amazon EC2 API Reference, CreateVolume. The rate at which its blocks are read out of the snapshot is what AWS Backup
# does not take: without it the volume is restored by its table. That it is encrypted the machine adds.
_VOLUME: Final = (
    *_texts("AvailabilityZone", "KmsKeyId", is_needed=True),
    Parameter(name="VolumeInitializationRate", form=Form.NUMBER, within=(100, 300), is_needed=True),
    *_texts("VolumeType"),
    Parameter(name="Size", form=Form.NUMBER),
    Parameter(name="Iops", form=Form.NUMBER),
    Parameter(name="Throughput", form=Form.NUMBER),
)
# Amazon Redshift API Reference, RestoreTableFromClusterSnapshot. What is not named would be Redshift's to choose. It
# tells no name back as case-sensitive, so that only such are taken as mean the same either way.
_TABLE: Final = (
    *_texts("ClusterIdentifier", is_needed=True),
    *_needed(Form.NAME, "SourceDatabaseName", "SourceSchemaName", "SourceTableName"),
    *_needed(Form.NAME, "TargetDatabaseName", "TargetSchemaName", "NewTableName"),
)
# Amazon Redshift Serverless API Reference, RestoreTableFromSnapshot: as of a cluster.
_NAMESPACE_TABLE: Final = (
    *_needed(Form.PLACE, "namespaceName", "workgroupName"),
    *_needed(Form.NAME, "sourceDatabaseName", "sourceSchemaName", "sourceTableName"),
    *_needed(Form.NAME, "targetDatabaseName", "targetSchemaName", "newTableName"),
)
# Amazon Redshift Serverless API Reference, RestoreFromSnapshot. A managed password would take secrets, of which the
# role has none.
_NAMESPACE: Final = _needed(Form.PLACE, "namespaceName", "workgroupName")
# By the call: one kind only is restored by each.
PARAMETERS: Final[Mapping[str, tuple[Parameter, ...]]] = {
    fsx.SYSTEM_CALL: _OPEN_ZFS,
    ec2.VOLUME_CALL: _VOLUME,
    redshift.TABLE_CALL: _TABLE,
    redshift.NAMESPACE_TABLE_CALL: _NAMESPACE_TABLE,
    redshift.NAMESPACE_CALL: _NAMESPACE,
}
# Amazon Redshift Database Developer Guide, "Names and identifiers".
_IDENTIFIER: Final = re.compile(r"[a-z_][a-z0-9_]{0,126}")
# Amazon Redshift Serverless API Reference, RestoreFromSnapshot.
_CALLED: Final = re.compile(r"[a-z0-9-]{3,64}")


def has_form(value: Any, form: Form) -> bool:
    """Whether a value, read where it stands in JSON, is what the call takes."""
    match form:
        case Form.TEXT:
            return isinstance(value, str)
        case Form.NAME:
            return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None
        case Form.PLACE:
            return isinstance(value, str) and _CALLED.fullmatch(value) is not None
        case Form.NUMBER:
            return type(value) is int and value >= 0
        case Form.FLAG:
            return isinstance(value, bool)
        case Form.TEXTS:
            return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
        case Form.RECORD:
            return isinstance(value, dict)
