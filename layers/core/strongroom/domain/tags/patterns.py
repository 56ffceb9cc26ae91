"""The EventBridge pattern of everything that creates, exactly: no crossing of services and names.

EventBridge User Guide, "Amazon EventBridge quotas" (2,048 characters) and "Comparison operators" (`exists` looks at
leaves only). Nobody but AWS can send what has `aws.` before its source, so the pattern names no eventSource again.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from strongroom.domain.catalogue.facets.creations import Creation, Sign
from strongroom.domain.tags.creations import CREATIONS

type Pattern = dict[str, Any]

LONGEST_PATTERN: Final = 2048
_CALLS: Final = "AWS API Call via CloudTrail"


def creation_pattern() -> Pattern:
    """Every creation that is read and did not fail."""
    return {
        "detail-type": [_CALLS],
        "detail": {"errorCode": [{"exists": False}]},
        "$or": list(_branches([creation for _, creation in CREATIONS.values()])),
    }


def _branches(creations: list[Creation]) -> Iterable[Pattern]:
    """One branch for the names that only one of our services has, one for each other, one for each condition."""
    having: dict[str, set[str]] = defaultdict(set)
    for creation in creations:
        if creation.only_when is None:
            having[creation.name].add(creation.service)
    asked = {creation.name: creation for creation in creations if creation.only_when is not None}
    alone = sorted(name for name, those in having.items() if len(those) == 1 and name not in asked)
    yield _branch(sorted({service for name in alone for service in having[name]}), alone)
    for name, those in sorted(having.items()):
        if name not in alone:
            yield _branch(sorted(those), [name])
    for name, creation in sorted(asked.items()):
        yield _branch([creation.service], [name], creation.only_when)


def _branch(services: list[str], names: list[str], sign: Sign | None = None) -> Pattern:
    branch: Pattern = {"source": [f"aws.{service}" for service in services], "detail": {"eventName": names}}
    if sign is not None:
        [path] = sign.paths
        allowed: Any = list(sign.values) or [{"exists": True}]
        for step in reversed(path.replace("[]", "").replace("request.", "requestParameters.").split(".")):
            allowed = {step: allowed}
        branch["detail"] |= allowed
    return branch
