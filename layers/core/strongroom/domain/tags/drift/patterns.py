"""The EventBridge patterns of what changes tags: of ours only, where a rule can tell, and of all where the bus hears.

The sources of a branch have no call of one of its names that is not among those of the catalogue; a test says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from strongroom.domain.calls import TAG_NOTICE
from strongroom.domain.catalogue.facets.tag_calls import TagCall
from strongroom.domain.tags.drift.changes import TAG_CALLS
from strongroom.domain.tags.patterns import Pattern

_EVERY: Final = ""


def change_pattern() -> Pattern:
    """Every change of tags that is read and did not fail, whatever its keys: what the control plane's bus hears."""
    return _pattern(_branch(TAG_CALLS.values()), {})


def change_forwarder_pattern(keys: Any) -> Pattern:
    """What leaves a member: the same of these keys alone, where it is known how a record or a notice spells them."""
    asked: dict[str, list[TagCall]] = defaultdict(list)
    for call in TAG_CALLS.values():
        asked[call.asked_at or _EVERY].append(call)
    return _pattern(*_branches(asked, keys), {"detail": {"changed-tag-keys": keys}})


def _pattern(*branches: Pattern) -> Pattern:
    *calls, notices = branches
    notice = {"source": ["aws.tag"], "detail-type": [TAG_NOTICE]} | notices
    return {"detail": {"errorCode": [{"exists": False}]}, "$or": [*calls, notice]}


def _branches(asked: dict[str, list[TagCall]], keys: Any) -> Iterator[Pattern]:
    for path, calls in sorted(asked.items()):
        if path == _EVERY:
            yield _branch(calls)
            continue
        yield _branch(calls, path=path, allowed=keys)
        if clearing := [call for call in calls if call.clears]:
            yield _branch(clearing, path=path, allowed=[{"exists": False}])


def _branch(calls: Iterable[TagCall], *, path: str = "", allowed: Any = None) -> Pattern:
    many = [*calls]
    detail: Pattern = {"eventName": sorted({call.name for call in many})}
    if path:
        for step in reversed(f"requestParameters.{path}".split(".")):
            allowed = {step: allowed}
        detail |= allowed
    return {"source": sorted({f"aws.{call.service}" for call in many}), "detail": detail}
