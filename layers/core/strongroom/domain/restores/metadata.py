"""Restore metadata that was approved beside what a job used: AWS's keys are the same in any letter case."""

import json
from collections.abc import Mapping
from typing import Any

type Metadata = tuple[tuple[str, str], ...]


def differing_keys(approved: Mapping[str, Any], *, used: Mapping[str, Any]) -> tuple[str, ...]:
    """The approved keys that a job did not use as they were approved, in small letters; sorted.

    AWS's keys are case-insensitive, and AWS tells them in its own case. What a job tells in two ways that differ is not
    as it was approved.
    """
    said, found = _folded(approved), _folded(used)
    return tuple(sorted(key for key, values in said.items() if len(values) > 1 or found.get(key) != values))


def _folded(metadata: Mapping[str, Any]) -> dict[str, set[str]]:
    """The keys in small letters, each with every value that it has: by their texts, because Python's 1 is its True."""
    values: dict[str, set[str]] = {}
    for key, value in metadata.items():
        values.setdefault(key.lower(), set()).add(json.dumps(value, sort_keys=True))
    return values
