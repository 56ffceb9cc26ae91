"""Restore metadata that was approved beside what a job used: AWS's keys are the same in any letter case."""

import json
from collections.abc import Mapping
from typing import Any, Final

from strongroom.domain.proofs.risks import NATIVE

type Metadata = tuple[tuple[str, str], ...]

# FSx tells a file system's interfaces, and not the groups that it gave them (API reference, FileSystem).
_UNTOLD: Final = ("SecurityGroupIds",)


def differing_keys(approved: Mapping[str, Any], *, used: Mapping[str, Any]) -> tuple[str, ...]:
    """The approved keys that a job did not use as they were approved, in small letters; sorted.

    AWS's keys are case-insensitive, and AWS tells them in its own case. What a job tells in two ways that differ is not
    as it was approved.
    """
    said, found = _folded(approved), _folded(used)
    return tuple(sorted(key for key, values in said.items() if len(values) > 1 or found.get(key) != values))


def told_settings(approved: Metadata, *, kind: str) -> dict[str, str]:
    """The approved settings that what was made can be held against: of a service's own call not all are told."""
    return {key: value for key, value in approved if kind != NATIVE or key not in _UNTOLD}


def _folded(metadata: Mapping[str, Any]) -> dict[str, set[str]]:
    """The keys in small letters, each with every value that it has: by their texts, because Python's 1 is its True."""
    values: dict[str, set[str]] = {}
    for key, value in metadata.items():
        values.setdefault(key.lower(), set()).add(json.dumps(value, sort_keys=True))
    return values
