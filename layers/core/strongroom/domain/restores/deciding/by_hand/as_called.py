"""The parameters that a person writes for a service's own call, where AWS Backup has none that restores.

Which the call takes is known here, and what no restore may say is refused as of any metadata that a person writes. What
names the backup, the request and the tag the machine adds itself.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from strongroom.domain.catalogue import ec2, fsx, redshift
from strongroom.domain.restores.deciding.by_hand.as_written import check_size, check_written, decision_on
from strongroom.domain.restores.deciding.case import Storage
from strongroom.domain.restores.deciding.decision import Danger, Fault
from strongroom.domain.restores.deciding.reading import UnreadableError, read_json
from strongroom.domain.restores.deciding.saying import read_as_written
from strongroom.domain.restores.deciding.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.restores.deciding.case import RestoreCase
    from strongroom.domain.restores.deciding.decision import RestoreDecision
    from strongroom.domain.restores.kinds.model import RestoreKind
    from strongroom.domain.restores.metadata import Metadata


class Form(StrEnum):
    """What a call takes for a parameter; all but a text stand in JSON."""

    TEXT = "a text"
    NAME = "a letter or underscore, then letters, digits and underscores, all of them small and at most 127"
    NUMBER = "a whole number"
    FLAG = "true or false"
    TEXTS = "a list of texts"
    RECORD = "a mapping of what it takes"


class Parameter(Struct, frozen=True, kw_only=True):
    """One parameter of a call; `inner` are those of a record, and a number lies `within` two others, both included."""

    name: str
    form: Form
    is_needed: bool = False
    inner: tuple[Parameter, ...] = ()
    within: tuple[int, int] | None = None


def _texts(*names: str, is_needed: bool = False) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name, form=Form.TEXT, is_needed=is_needed) for name in names)


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
    *(
        Parameter(name=name, form=Form.NAME, is_needed=True)
        for name in (
            "SourceDatabaseName",
            "SourceSchemaName",
            "SourceTableName",
            "TargetDatabaseName",
            "TargetSchemaName",
            "NewTableName",
        )
    ),
)
# By the call: one kind only is restored by each.
PARAMETERS: Final[Mapping[str, tuple[Parameter, ...]]] = {
    fsx.FILE_SYSTEM.own_call: _OPEN_ZFS,
    ec2.VOLUME.own_call: _VOLUME,
    redshift.TYPES[0].own_call: _TABLE,
}
# Whose places are held one by one against the profile: what lies in several zones takes a subnet in each.
_OF_SUBNETS: Final = ("SubnetIds",)
# Amazon Redshift Database Developer Guide, "Names and identifiers".
_IDENTIFIER: Final = re.compile(r"[a-z_][a-z0-9_]{0,126}")
_PLAIN: Final = (Form.TEXT, Form.NAME)
_SUBNET: Final = re.compile(r"subnet-[0-9a-z]+")


def decide_as_called(kind: RestoreKind, case: RestoreCase) -> RestoreDecision:
    """All that was written, each parameter a risk, or all that is wrong with it; the stricter rule always decides."""
    sheet = Sheet(case)
    _check_allowed(kind, sheet)
    said = read_as_written(case.wishes, sheet=sheet)
    check_size(said, sheet)
    sheet.warn(Danger.AS_WRITTEN, f"{kind.call or 'A call'} makes it, and no job of AWS Backup's.")
    for name, value in sorted(said.items()):
        check_written(name, value, own=_OF_SUBNETS, sheet=sheet)
        sheet.warn(Danger.AS_WRITTEN, f"{name} is sent as it is written: {value}")
    if case.point.storage is Storage.COLD:
        why = "it lies in cold storage, out of which no call of the service restores: let AWS Backup restore it"
        sheet.refuse(Fault.COLD, why)
    if kind.call_into:
        live = said.get(kind.call_into, "what was backed up")
        sheet.warn(Danger.ADDS_INTO_LIVE, f"It is put into {live}, which lives.")
    _check_parameters(kind, said, sheet)
    return decision_on(kind, said, sheet, steps=kind.call_steps if kind.call_into else kind.steps)


def parameters_of(call: str, metadata: Metadata) -> dict[str, Any]:
    """What was written as the call takes it; KeyError for what it does not take."""
    forms = {each.name: each.form for each in PARAMETERS[call]}
    return {name: value if forms[name] in _PLAIN else read_json(value) for name, value in metadata}


def _check_allowed(kind: RestoreKind, sheet: Sheet) -> None:
    """The kind has a call that restores it, and the place's profile names that."""
    target = sheet.case.target
    if not kind.call:
        sheet.refuse(Fault.NOT_BY_HAND, f"{kind.name} is restored by no call of its service's own")
    elif kind.call not in sheet.case.limits.native:
        why = f"the profile of {target.account} in {target.region} does not let {kind.call} be made: write"
        sheet.refuse(Fault.HAND_NOT_ALLOWED, f"{why} `native: [{kind.call}]` there, which two governors sign")


def _check_parameters(kind: RestoreKind, said: dict[str, str], sheet: Sheet) -> None:
    """Each is one that the call takes, by its exact name and in its form, and none that it needs is missing."""
    known = PARAMETERS.get(kind.call, ())
    found: dict[str, Any] = {}
    forms = {each.name: each.form for each in known}
    for name, value in said.items():
        try:
            found[name] = value if forms.get(name, Form.TEXT) in _PLAIN else read_json(value)
        except UnreadableError:
            sheet.refuse(Fault.BAD_VALUE, f"{name} must be {forms[name]}, in JSON, each key once", key=name)
    _check_record(known, found, sheet=sheet)
    subnets = found.get(_OF_SUBNETS[0])
    if isinstance(subnets, list) and not _are_two_subnets(subnets):
        sheet.refuse(Fault.BAD_VALUE, "SubnetIds must be the ids of two subnets, and nothing else", key="SubnetIds")
    if kind.by_hand_when and not _is_for_the_call(kind, found):
        key = kind.by_hand_when.key
        why = f"where {key} begins with {' or '.join(kind.by_hand_when.values)}, and all else by its table"
        sheet.refuse(Fault.NOT_BY_HAND, f"{kind.name} is restored by {kind.call} {why}", key=key)


def _check_record(known: tuple[Parameter, ...], found: Mapping[str, Any], *, sheet: Sheet, path: str = "") -> None:
    forms = {each.name: each for each in known}
    for name, value in found.items():
        told = f"{path}{name}"
        parameter = forms.get(name)
        if parameter is None:
            sheet.refuse(Fault.UNKNOWN_KEY, f"{told[:80]} is no parameter that this call is given", key=told)
        elif not _has_form(value, parameter.form):
            sheet.refuse(Fault.BAD_VALUE, f"{told} must be {parameter.form}", key=told)
        elif parameter.within and not parameter.within[0] <= value <= parameter.within[1]:
            least, most = parameter.within
            sheet.refuse(Fault.BAD_VALUE, f"{told} must be from {least} to {most}", key=told)
        elif parameter.form is Form.RECORD:
            _check_record(parameter.inner, value, sheet=sheet, path=f"{told}.")
    for each in known:
        if each.is_needed and each.name not in found:
            sheet.refuse(Fault.BAD_VALUE, f"{path}{each.name} is not written, and is needed", key=path + each.name)


def _has_form(value: Any, form: Form) -> bool:
    match form:
        case Form.TEXT:
            return isinstance(value, str)
        case Form.NAME:
            return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None
        case Form.NUMBER:
            return type(value) is int and value >= 0
        case Form.FLAG:
            return isinstance(value, bool)
        case Form.TEXTS:
            return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
        case Form.RECORD:
            return isinstance(value, dict)


def _are_two_subnets(said: list[Any]) -> bool:
    """Whether that is a subnet in each of two zones, as what lies in several takes (CreateFileSystemFromBackup)."""
    ids = {each for each in said if isinstance(each, str) and _SUBNET.fullmatch(each)}
    return len(said) == len(ids) == 2


def _is_for_the_call(kind: RestoreKind, found: Mapping[str, Any]) -> bool:
    """Whether what is written is what no machine restores."""
    if kind.by_hand_when is None:
        return True
    name, _, inner = kind.by_hand_when.key.partition(".")
    record = found.get(name)
    said = record.get(inner) if isinstance(record, dict) else None
    return isinstance(said, str) and kind.by_hand_when.holds(said)
