"""What AWS Backup must know of a resource type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.backup_service.surroundings import AccountServices


class ResourceGoneError(Exception):
    """A backup failed because the resource does not exist."""


class RestoreRefusedError(Exception):
    """A restore failed because its service refused what the metadata asks for."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource and its tags."""

    arn: str
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Capture:
    """What a recovery point holds: restore metadata, content, size; `key_arn` is the source's own key.

    `filled_in` is what a restore job's metadata says besides what was asked for.
    """

    metadata: Mapping[str, str]
    content: Any = None
    size: int = 0
    key_arn: str | None = None
    can_be_copied: bool = True
    configuration: Mapping[str, Any] = field(default_factory=dict)
    filled_in: Mapping[str, str] = field(default_factory=dict)


class ResourceKind(Protocol):
    """One resource type of AWS Backup."""

    @property
    def resource_type(self) -> str:
        """AWS Backup's word for the type."""

    @property
    def selector(self) -> str:
        """The type as a backup policy's `resource_types` names it."""

    @property
    def is_fully_managed(self) -> bool:
        """Whether AWS Backup keeps the backup itself, under the vault's key."""

    @property
    def has_cold_storage(self) -> bool:
        """Whether its recovery points can move to cold storage."""

    @property
    def restores_tags(self) -> bool:
        """Whether CopySourceTagsToRestoredResource works for it."""

    @property
    def required_metadata(self) -> tuple[str, ...]:
        """The keys without which a restore is refused."""

    def owns(self, arn: str) -> bool:
        """Whether a resource ARN is of this type."""

    def recovery_point_arn(self, account: str, region: str, resource_arn: str, unique: str) -> str:
        """A recovery point's ARN in an account and Region; `unique` is a fresh lower-case UUID."""

    async def find_all(self, services: AccountServices) -> list[Resource]:
        """Every resource of the type in an account and Region."""

    async def capture(self, services: AccountServices, arn: str) -> Capture:
        """Take a backup."""

    async def restore(
        self, services: AccountServices, capture: Capture, metadata: "Metadata", recovery_point_arn: str
    ) -> str:
        """Make a new resource from a backup, without tags, and answer its ARN."""

    async def tag(self, services: AccountServices, arn: str, tags: Mapping[str, str]) -> None:
        """Put tags on a resource."""


class Metadata:
    """Restore metadata, whose keys AWS reads without regard to case."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._values = {key.lower(): value for key, value in given.items()}

    def get(self, key: str) -> str | None:
        """The value under a key, or None."""
        return self._values.get(key.lower())

    def said(self) -> frozenset[str]:
        """The keys that are said, in lower case."""
        return frozenset(self._values)

    def missing(self, required: tuple[str, ...]) -> list[str]:
        """The required keys that are absent or empty."""
        return [key for key in required if not self.get(key)]

    def is_true(self, key: str) -> bool:
        """Whether a key says true."""
        return (self.get(key) or "").lower() == "true"

    def chosen(self, table: Mapping[str, str], capture: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """API parameters for the keys of a table `{parameter: "text" | "number" | "flag" | "list"}`."""
        parameters = {name: value for name, value in (capture or {}).items() if value not in (None, "")}
        for name, type_ in table.items():
            value = self.get(name)
            if value is not None:
                parameters[name] = _read(type_, value)
        return parameters


def _read(type_: str, value: str) -> Any:
    match type_:
        case "number":
            return int(value)
        case "flag":
            return value.lower() == "true"
        case "list":
            return json.loads(value)
        case _:
            return value


def stringified(configuration: Mapping[str, Any]) -> dict[str, str]:
    """Restore metadata from API values: everything is a string, lists are JSON inside one."""
    return {name: _write(value) for name, value in configuration.items() if value not in (None, "")}


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, list | dict) else str(value)


def tag_map(tags: list[dict[str, str]] | None) -> dict[str, str]:
    """`[{"Key", "Value"}]` as a plain mapping."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags or []}


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """A plain mapping as `[{"Key", "Value"}]`, without AWS's own tags, which nobody can set."""
    return [{"Key": key, "Value": value} for key, value in tags.items() if not key.startswith("aws:")]
