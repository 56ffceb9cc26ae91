"""A resource as its own service shows it at the moment."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field


class Seen(Struct, frozen=True, kw_only=True):
    """The tags that a resource carries, the instance that it is attached to, and the volumes attached to it, by ARN.

    `answers` are what else its service was asked, by the name of the call. `keys` are the ARNs of the keys that it lies
    under, as far as its service was asked for them.
    """

    tags: Mapping[str, str]
    attached_to: str | None = None
    volumes: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
