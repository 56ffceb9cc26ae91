"""The parameters that a person writes for a service's own call, where AWS Backup has none that restores.

Which the call takes is known here, and what no restore may say is refused as of any metadata that a person writes. What
names the backup, the request and the tag the machine adds itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.catalogue.model import Effect
from strongroom.domain.catalogue.rows import OWN_CALLS
from strongroom.domain.restores.deciding.by_hand.as_written import check_size, check_written, decision_on
from strongroom.domain.restores.deciding.by_hand.parameters import PARAMETERS, PLAIN, Form, Parameter, has_form
from strongroom.domain.restores.deciding.case import Storage
from strongroom.domain.restores.deciding.decision import Danger, Fault
from strongroom.domain.restores.deciding.reading import UnreadableError, read_json
from strongroom.domain.restores.deciding.saying import read_as_written
from strongroom.domain.restores.deciding.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strongroom.domain.restores.deciding.case import RestoreCase
    from strongroom.domain.restores.deciding.decision import RestoreDecision
    from strongroom.domain.restores.kinds.model import Condition, NativeCall, RestoreKind
    from strongroom.domain.restores.metadata import Metadata

# Whose places are held one by one against the profile: what lies in several zones takes a subnet in each.
_SUBNETS: Final = "SubnetIds"
_SUBNET: Final = re.compile(r"subnet-[0-9a-z]+")


def decide_as_called(kind: RestoreKind, case: RestoreCase) -> RestoreDecision:
    """All that was written, each parameter a risk, or all that is wrong with it; the stricter rule always decides."""
    sheet = Sheet(case)
    said = read_as_written(case.wishes, sheet=sheet)
    native = kind.call_for(said)
    _check_allowed(kind, native, sheet)
    check_size(said, sheet)
    sheet.warn(Danger.AS_WRITTEN, f"{native.call if native else 'A call'} makes it, and no job of AWS Backup's.")
    for name, value in said.items():
        check_written(name, value, own=(_SUBNETS,), sheet=sheet)
        sheet.warn(Danger.AS_WRITTEN, f"{name} is sent as it is written: {value}")
    if case.point.storage is Storage.COLD:
        why = "it lies in cold storage, out of which no call of the service restores: let AWS Backup restore it"
        sheet.refuse(Fault.COLD, why)
    if native is not None:
        _warn_of_what_lives(native, said, sheet)
    _check_parameters(kind, native, said, sheet)
    return decision_on(kind, said, sheet, steps=(native.steps if native else ()) or kind.steps)


def parameters_of(call: str, metadata: Metadata) -> dict[str, Any]:
    """What was written as the call takes it; KeyError for what it does not take."""
    forms = {each.name: each.form for each in PARAMETERS[call]}
    return {name: value if forms[name] in PLAIN else read_json(value) for name, value in metadata}


def _warn_of_what_lives(native: NativeCall, said: dict[str, str], sheet: Sheet) -> None:
    """What was backed up and lives: the call adds to it, or takes what is in it now away."""
    live = said.get(native.into, "what was backed up")
    match OWN_CALLS[native.call].effect:
        case Effect.ADDS:
            sheet.warn(Danger.ADDS_INTO_LIVE, f"It is put into {live}, which lives.")
        case Effect.OVERWRITES:
            sheet.warn(Danger.OVERWRITES, f"It overwrites {live}, which lives: what was written since is gone.")
        case Effect.MAKES:
            return


def _check_allowed(kind: RestoreKind, native: NativeCall | None, sheet: Sheet) -> None:
    """The kind has a call that restores it, and the place's profile names that."""
    target = sheet.case.target
    if native is None:
        sheet.refuse(Fault.NOT_BY_HAND, f"{kind.name} is restored by no call of its service's own")
    elif native.call not in sheet.case.limits.native:
        why = f"the profile of {target.account} in {target.region} does not let {native.call} be made: write"
        sheet.refuse(Fault.HAND_NOT_ALLOWED, f"{why} `native: [{native.call}]` there, which two governors sign")


def _check_parameters(kind: RestoreKind, native: NativeCall | None, said: dict[str, str], sheet: Sheet) -> None:
    """Each is one that the call takes, by its exact name and in its form, and none that it needs is missing."""
    known = PARAMETERS[native.call] if native else ()
    found: dict[str, Any] = {}
    forms = {each.name: each.form for each in known}
    for name, value in said.items():
        try:
            found[name] = value if forms.get(name, Form.TEXT) in PLAIN else read_json(value)
        except UnreadableError:
            sheet.refuse(Fault.BAD_VALUE, f"{name} must be {forms[name]}, in JSON, each key once", key=name)
    _check_record(known, found, sheet=sheet)
    subnets = found.get(_SUBNETS)
    if isinstance(subnets, list) and not _are_two_subnets(subnets):
        sheet.refuse(Fault.BAD_VALUE, f"{_SUBNETS} must be the ids of two subnets, and nothing else", key=_SUBNETS)
    where = kind.by_hand_when
    if native and where and not _is_written(where, found):
        why = f"where {where.key} begins with {' or '.join(where.values)}, and all else by its table"
        sheet.refuse(Fault.NOT_BY_HAND, f"{kind.name} is restored by {native.call} {why}", key=where.key)


def _check_record(known: tuple[Parameter, ...], found: Mapping[str, Any], *, sheet: Sheet, path: str = "") -> None:
    forms = {each.name: each for each in known}
    for name, value in found.items():
        told = f"{path}{name}"
        parameter = forms.get(name)
        if parameter is None:
            sheet.refuse(Fault.UNKNOWN_KEY, f"{told[:80]} is no parameter that this call is given", key=told)
        elif not has_form(value, parameter.form):
            sheet.refuse(Fault.BAD_VALUE, f"{told} must be {parameter.form}", key=told)
        elif parameter.within and not parameter.within[0] <= value <= parameter.within[1]:
            least, most = parameter.within
            sheet.refuse(Fault.BAD_VALUE, f"{told} must be from {least} to {most}", key=told)
        elif parameter.form is Form.RECORD:
            _check_record(parameter.inner, value, sheet=sheet, path=f"{told}.")
    for each in known:
        if each.is_needed and each.name not in found:
            sheet.refuse(Fault.BAD_VALUE, f"{path}{each.name} is not written, and is needed", key=path + each.name)


def _are_two_subnets(said: list[Any]) -> bool:
    """Whether that is a subnet in each of two zones, as what lies in several takes (CreateFileSystemFromBackup)."""
    ids = {each for each in said if isinstance(each, str) and _SUBNET.fullmatch(each)}
    return len(said) == len(ids) == 2


def _is_written(where: Condition, found: Mapping[str, Any]) -> bool:
    """Whether what is written is what no machine restores."""
    name, _, inner = where.key.partition(".")
    record = found.get(name)
    said = record.get(inner) if isinstance(record, dict) else None
    return isinstance(said, str) and where.holds(said)
