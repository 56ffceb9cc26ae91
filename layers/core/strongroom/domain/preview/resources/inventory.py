"""What an organisation has that AWS Backup could protect, as far as the preview asks."""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, field

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.identifiers import AccountId, Region

type OptIns = Mapping[Region, Mapping[str, bool]]

_NO_TAGS: Final[Mapping[str, str]] = {}
_ANY: Final = "*"


class Resource(Struct, frozen=True, kw_only=True):
    """A resource with its tags, spelled as they are; a bucket's ARN names neither account nor Region, hence both.

    `type` is AWS Backup's name, where whoever found it knows more than the ARN tells. `gigabytes` is the size of its
    last backup, or its own, `daily_change` the share of it that changes in a day; None where nobody knows.
    """

    arn: str
    account: AccountId
    region: Region
    tags: Mapping[str, str] = field(default_factory=lambda: _NO_TAGS)
    type: str | None = None
    gigabytes: float | None = None
    daily_change: float | None = None


class Inventory(Struct, frozen=True, kw_only=True):
    """Every resource that was found, and what is opted in, by Region, in the management account, which decides.

    `unread` are the accounts in which nobody could look.
    """

    resources: tuple[Resource, ...]
    opt_ins: OptIns
    unread: frozenset[AccountId] = frozenset()


def types_of(resource: Resource) -> tuple[ResourceType, ...]:
    """What the resource is, by its ARN: none for what AWS Backup cannot protect, several where types share an ARN."""
    _, _, service, _, _, name = (*resource.arn.split(":", 5), *[""] * 6)[:6]
    for prefix, rows in _TYPES.get(service, ()):
        if name.startswith(prefix) and len(name) > len(prefix) and (prefix or "/" not in name):
            # What a bucket holds has a slash in its ARN, and is no bucket.
            named = tuple([row for row in rows if row.name == resource.type]) if resource.type else ()
            return named or rows
    return ()


def _by_service(rows: Iterable[ResourceType]) -> dict[str, list[tuple[str, tuple[ResourceType, ...]]]]:
    found: dict[str, dict[str, list[ResourceType]]] = {}
    for row in rows:
        prefix = row.pattern.split(":", 5)[5].removesuffix(_ANY)
        found.setdefault(row.service, {}).setdefault(prefix, []).append(row)
    return {
        service: [(prefix, tuple(shared)) for prefix, shared in prefixes.items()] for service, prefixes in found.items()
    }


_TYPES: Final = _by_service(ROWS)
