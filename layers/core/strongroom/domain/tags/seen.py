"""A resource as its own service shows it at the moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The tags that a resource carries, the instance that it is attached to, and the volumes attached to it, by ARN.

    `answers` are what else its service was asked, by the name of the call.
    """

    tags: Mapping[str, str]
    attached_to: str | None = None
    volumes: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
