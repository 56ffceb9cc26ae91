"""Version 1 of the intent file: what it looked like, and the same said in version 2."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import msgspec

from strongroom.domain.findings import Finding, error, note
from strongroom_cli.intent.schema import given

VERSION: Final = 1

# A tier's keys of version 1, with what became of each below `keep`.
_DAYS: Final = {
    "local_retention_days": "local",
    "central_retention_days": "central",
    "replica_retention_days": "replica",
}
_COLD: Final = {
    "local_cold_storage_after_days": "local",
    "central_cold_storage_after_days": "central",
}
APPROVER_FIELD: Final = "approver_field"  # of tickets; anybody could fill it, so nobody reads it any more
TIER_KEYS: Final = (*_DAYS, *_COLD, "critical")
_NEW_TIER_KEYS: Final = frozenset({"keep", "rules", "tag", "unless", "everything", "regions"})

# What version 1 asks for and version 2 does without, by the part of the file.
_REQUIRED: Final = {
    "Intent": ("deadlines", "guardrails", "restores", "people", "slack", "tickets", "identity_provider"),
    "Organization": ("audit_account", "governed_regions", "units"),
    "Deadlines": ("copy_verified_within", "copy_retry_after"),
    "Restores": (
        "approval_expires_after",
        "execution_expires_after",
        "presence_max_age",
        "accepted_methods",
        "groups",
    ),
    "Person": ("slack_user", "ticket_account"),
}

type Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lock:
    min_retention_days: int
    max_retention_days: int
    changeable_for_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vault:
    name: str
    lock: _Lock | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vaults:
    local: _Vault
    central: _Vault
    replica: _Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tier:
    schedule: str
    start_window: timedelta
    complete_window: timedelta
    local_retention_days: int
    central_retention_days: int
    critical: bool = False
    replica_retention_days: int | None = None
    local_cold_storage_after_days: int | None = None
    central_cold_storage_after_days: int | None = None
    archive: bool = False
    continuous_backup: bool = False
    resource_types: tuple[str, ...] = ()
    recovery_point_tags: dict[str, str] = field(default_factory=dict)
    index: tuple[str, ...] = ()
    windows_vss: bool = False
    s3_acls: bool = True
    s3_object_tags: bool = True


def schema_of_version_1(schema: Document) -> Document:
    """The structure of version 1, made of that of version 2 and what was different."""
    (_, vaults, tier), definitions = msgspec.json.schema_components((_Lock, _Vaults, _Tier))
    for definition in definitions.values():
        definition["additionalProperties"] = False
    old = {"$defs": definitions} | {"vaults": vaults, "tier": tier}
    references = msgspec.json.decode(msgspec.json.encode(old).replace(b"#/$defs/_", b"#/$defs/Version1"))
    kept = schema["$defs"] | {name: _requiring(schema["$defs"][name], also) for name, also in _REQUIRED.items()}
    intent, organization, tickets = kept["Intent"], kept["Organization"], kept["Tickets"]
    properties = {name: each for name, each in intent["properties"].items() if name != "version"}
    properties |= {
        "version": {"const": VERSION},
        "vaults": references["vaults"],
        "tiers": {"type": "object", "additionalProperties": references["tier"]},
    }
    place = {**organization["properties"], "replica_region": {"type": "string"}}
    required = [*organization["required"], "replica_region"]
    asked = {**tickets["properties"], APPROVER_FIELD: {"type": "string"}}
    return schema | {
        "$defs": kept
        | {f"Version1{name.removeprefix('_')}": each for name, each in references["$defs"].items()}
        | {"Intent": intent | {"properties": properties}}
        | {"Organization": organization | {"properties": place, "required": required}}
        | {"Tickets": tickets | {"properties": asked, "required": [*tickets["required"], APPROVER_FIELD]}},
    }


def _requiring(definition: Document, names: tuple[str, ...]) -> Document:
    """A part of the structure in which these must be given, too, and not left empty."""
    properties = {name: given(shape) if name in names else shape for name, shape in definition["properties"].items()}
    return definition | {"properties": properties, "required": [*definition.get("required", ()), *names]}


def upgraded(document: Document) -> Document:
    """The same intent in version 2; the document must have the structure of version 1."""
    place = dict(document["organization"])
    replica = {**document["vaults"]["replica"], "region": place.pop("replica_region")}
    return {
        "version": 2,
        **{name: value for name, value in document.items() if name != "version"},
        "organization": place,
        "vaults": {**document["vaults"], "replica": replica},
        "tiers": {name: _tier(tier) for name, tier in document["tiers"].items()},
        "tickets": {name: value for name, value in document["tickets"].items() if name != APPROVER_FIELD},
        "guardrails": {"deployer_role_arns": [], **document["guardrails"]},
    }


def find_faults_of_version_1(document: Document) -> Iterator[Finding]:
    """What only version 1 could get wrong, and a note that there is another version now."""
    place = document["organization"]
    if place["replica_region"] == place["home_region"]:
        yield error("replica-region", "organization.replica_region", "the replica must lie outside the home Region")
    for name, tier in document["tiers"].items():
        if tier.get("replica_retention_days") is not None and not tier.get("critical"):
            why = "there is no replica of a tier that is not critical; set critical or take this out"
            yield error("replica-retention", f"tiers.{name}.replica_retention_days", why)
    why = "this file is of version 1, which is read as ever; strongroom intent upgrade writes it in version 2"
    yield note("version", ".", why)


def find_keys_of_version_2(document: Document) -> Iterator[Finding]:
    """An error where a file of version 1 is written as one of version 2."""
    for name, tier in _tiers(document):
        if new := sorted(_NEW_TIER_KEYS & tier.keys()):
            why = f"{', '.join(new)} {_are_keys(new)} of version 2; write version: 2 as the first line of the file"
            yield error("mixed-versions", f"tiers.{name}", why)
            return


def find_keys_of_version_1(document: Document) -> Iterator[Finding]:
    """An error for each place of a file of version 2 that has keys of version 1, with the line to write."""
    for name, tier in _tiers(document):
        if old := [key for key in TIER_KEYS if key in tier]:
            keep = _flow(keep_of_version_1(tier))
            why = (
                f"{', '.join(old)} {_are_keys(old)} of version 1; write keep: {keep}, or run strongroom intent upgrade"
            )
            yield error("mixed-versions", f"tiers.{name}", why)
    place = document.get("organization")
    if isinstance(place, dict) and "replica_region" in place:
        why = f"is a key of version 1; write region: {place['replica_region']} in vaults.replica, or run"
        yield error("mixed-versions", "organization.replica_region", f"{why} strongroom intent upgrade")
    tickets = document.get("tickets")
    if isinstance(tickets, dict) and APPROVER_FIELD in tickets:
        why = "is a key of version 1, which anybody could fill; take it out, and name tickets.approver_group"
        yield error("mixed-versions", f"tickets.{APPROVER_FIELD}", why)


def _tiers(document: Document) -> Iterator[tuple[str, Document]]:
    tiers = document.get("tiers")
    if isinstance(tiers, dict):
        yield from ((name, tier) for name, tier in tiers.items() if isinstance(tier, dict))


def path_in_version_1(path: str, document: Document) -> str:
    """Where version 1 says what version 2 says at `path`."""
    if path.startswith("vaults.replica.region"):
        return "organization.replica_region"
    steps = path.split(".")
    if steps[0] != "tiers" or "keep" not in steps[2:3]:
        return path
    tier, vault = document["tiers"].get(steps[1], {}), "".join(steps[3:4])
    of_copies = "central" if vault == "replica" and tier.get("replica_retention_days") is None else vault
    names = {place: key for key, place in (_COLD if steps[4:] else _DAYS).items()}
    if steps[4:]:
        of_copies = "central" if vault == "replica" else vault
    return ".".join([*steps[:2], *([names[of_copies]] if of_copies in names else [])])


def keep_of_version_1(tier: Mapping[str, Any]) -> dict[str, Any]:
    """How long a tier of version 1 keeps things, as `keep` of version 2 says it."""
    days = {place: tier[key] for key, place in _DAYS.items() if tier.get(key) is not None}
    cold = {place: tier[key] for key, place in _COLD.items() if tier.get(key) is not None}
    if tier.get("critical") is True and "central" in days:
        days.setdefault("replica", days["central"])
    if "central" in cold:
        cold["replica"] = cold["central"]
    return {place: {"days": each, "cold_after": cold[place]} if place in cold else each for place, each in days.items()}


def _tier(tier: Mapping[str, Any]) -> Document:
    others = {name: value for name, value in tier.items() if name not in TIER_KEYS}
    return others | {"keep": keep_of_version_1(tier)}


def _are_keys(names: list[str]) -> str:
    return "is a key" if len(names) == 1 else "are keys"


def _flow(keep: Mapping[str, Any]) -> str:
    """A mapping as YAML writes it within braces."""
    shown = (f"{key}: {_flow(value) if isinstance(value, Mapping) else value}" for key, value in keep.items())
    return "{" + ", ".join(shown) + "}"
