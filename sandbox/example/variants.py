"""Organisations beside the sandbox's own: what their intent says otherwise, and what there is in them besides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from sandbox.example.estate import RESTORED_INTO, Place, Seed

# What fails once, late in its stack: a guardrail, and the vault of one governed account.
_FAULTS: Final = (
    {"stack": "strongroom-management", "resource": "ProtectControlPlanePolicy", "reason": "Rate exceeded"},
    {"stack": "StackSet-strongroom-member-vault", "resource": "LocalVault", "reason": "Rate exceeded"},
)


def _nothing(url: str) -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How an organisation differs from the sandbox's own.

    `intent` is laid over the sandbox's: mappings are merged, None takes a key out, everything else replaces. `prepare`
    does by hand, before the first `plan`, what no deployment does; it is given the sandbox's address. `faults` are what
    the first `apply` meets.
    """

    intent: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[Seed, ...] = ()
    restored_into: tuple[Place, ...] = RESTORED_INTO
    prepare: Callable[[str], None] = _nothing
    faults: tuple[Mapping[str, str], ...] = _FAULTS


PLAIN: Final = Variant()


def varied(text: str, variant: Variant) -> str:
    """The intent with what the variant says otherwise; the text as it is where that is nothing."""
    if not variant.intent:
        return text
    return yaml.safe_dump(_laid(variant.intent, over=yaml.safe_load(text)), sort_keys=False)


def _laid(changes: Mapping[str, Any], *, over: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**over, **{name: _value(change, over.get(name)) for name, change in changes.items()}}
    return {name: value for name, value in merged.items() if value is not None}


def _value(change: Any, before: Any) -> Any:
    return _laid(change, over=before) if isinstance(change, Mapping) and isinstance(before, Mapping) else change
