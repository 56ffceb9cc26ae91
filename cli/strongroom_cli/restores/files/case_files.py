"""A restore to decide on, as a file says it: what is usual, and what is different this time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Struct, field

from strongroom.domain.errors import MalformedRequestError, StrongroomError
from strongroom.domain.identifiers import parse_account_id, parse_region
from strongroom.domain.restores.deciding.case import (
    Limits,
    PointFacts,
    RestoreCase,
    RestoreProfile,
    Storage,
    Target,
    Way,
)
from strongroom.domain.restores.deciding.circumstances import read_second
from strongroom.domain.restores.scans.verdicts import Scan
from strongroom.domain.written import json_of

SHAPE: Final = '{"defaults": {...}, "input": {...}}'
# Of these a map of the input is laid over the one of the defaults; everything else takes its place.
_LAID_OVER: Final = ("backup", "limits", "point", "target", "wishes")
_KEYS: Final = "keys"
# The profile's clusters, by the key that names one of them.
_OTHER_NAMES: Final = {"clusters": "clusterName"}


_Count = Annotated[int, msgspec.Meta(ge=0)]


class _Target(Struct, forbid_unknown_fields=True):
    account: str
    region: str
    name: str


class _Point(Struct, forbid_unknown_fields=True):
    status: str
    storage: Storage
    encrypted: bool
    scan: Scan
    verified: bool
    region: str
    age_days: _Count
    loses_minutes: _Count
    advanced: bool = True
    continuous: tuple[str, str] | None = None
    unread_vaults: tuple[str, ...] = ()


class _Limits(Struct, forbid_unknown_fields=True):
    classes: tuple[str, ...] = ()
    local_min_days: _Count | None = None
    local_max_days: _Count | None = None
    rpo_minutes: _Count | None = None
    allow_into_existing: bool = False
    allow_backed_up_role: bool = False
    allow_infected: bool = False
    raw: tuple[str, ...] = ()
    native: tuple[str, ...] = ()


class _Input(Struct, forbid_unknown_fields=True, kw_only=True):
    type: str
    target: _Target
    point: _Point
    backup: dict[str, Any] = field(default_factory=dict)
    wishes: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, tuple[str | tuple[str, ...], ...]] = field(default_factory=dict)
    limits: _Limits = field(default_factory=_Limits)
    way: Way = Way.LOCAL
    at: str = ""
    request: str
    taken: tuple[str, ...] = ()
    existing: str = ""
    source_id: str = ""
    raw: bool = False
    native: bool = False


def read_case(content: bytes, *, name: str) -> RestoreCase:
    """The restore in a file; MalformedRequestError, or another of ours, says where it cannot be used, and why."""
    said = json_of(content, of=name)
    if not isinstance(said, dict) or not isinstance(said.get("input"), dict) or said.keys() - {"defaults", "input"}:
        raise MalformedRequestError(f"{name} does not hold one restore: write {SHAPE}")
    defaults = said.get("defaults", {})
    if not isinstance(defaults, dict):
        raise MalformedRequestError(f"{name}: $.defaults must be a mapping")
    try:
        found = msgspec.convert(_laid_over(defaults, said["input"]), _Input)
        return _case(found)
    except (msgspec.ValidationError, StrongroomError) as error:
        raise MalformedRequestError(f"{name}: {error}") from error


def _laid_over(defaults: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        part: {**defaults[part], **said[part]}
        for part in _LAID_OVER
        if isinstance(defaults.get(part), dict) and isinstance(said.get(part), dict)
    }
    return {**defaults, **said, **both}


def _case(found: _Input) -> RestoreCase:
    places = {_OTHER_NAMES.get(key, key): choices for key, choices in found.profile.items() if key != _KEYS}
    keys = found.profile.get(_KEYS, ())
    if not all(isinstance(each, str) for each in keys):
        raise MalformedRequestError("`profile.keys` must be a list of texts")
    parse_account_id(found.target.account)
    parse_region(found.target.region)
    point = msgspec.to_builtins(found.point) | {"continuous": _window(found.point.continuous)}
    return RestoreCase(
        kind=found.type,
        backup=found.backup,
        wishes=found.wishes,
        target=Target(account=found.target.account, region=found.target.region, name=found.target.name),
        point=PointFacts(**point | {"storage": found.point.storage, "scan": found.point.scan}),
        profile=RestoreProfile(places=places, keys=tuple(map(str, keys))),
        limits=msgspec.convert(found.limits, Limits, from_attributes=True),
        way=found.way,
        at=found.at,
        request=found.request,
        taken=found.taken,
        existing=found.existing,
        source_id=found.source_id,
        is_raw=found.raw,
        is_native=found.native,
    )


def _window(said: tuple[str, str] | None) -> tuple[datetime, datetime] | None:
    if said is None:
        return None
    begin, end = map(read_second, said)
    if begin is None or end is None or begin > end:
        raise MalformedRequestError("`point.continuous` must be two moments, as 2026-11-26T14:00:00Z, the first before")
    return begin, end
