"""Which tags the request of a creation asked for, as its record tells: a hint at those that the thing carries now.

Services spell them in several ways, and some take none; CloudTrail hides what it takes for a secret.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from strongroom.domain.calls import values_at

_LISTS: Final = (
    "tags[]",
    "Tags[]",
    "tagList[]",
    "tagSet.items[]",
    "tagSet.item[]",
    "CreateBucketConfiguration.Tags[]",
    "CreateBucketConfiguration.Tags.Tag[]",
)
# Those of EC2 say of which kind of thing they speak.
_SPECIFICATIONS: Final = (
    "tagSpecificationSet.items[]",
    "CreateFleetRequest.TagSpecification[]",
    "CopyVolumesRequest.TagSpecification[]",
)
_IN_SPECIFICATIONS: Final = ("tags[]", "Tag[]")
_NAMES: Final = (("key", "value"), ("Key", "Value"), ("tagKey", "tagValue"))


def asked_tags(request: Mapping[str, Any] | None, *, kind: str | None = None) -> dict[str, str]:
    """The tags in a request; of those for a `kind` of thing, as EC2 calls it (`volume`), only that kind's."""
    found = [each for path in _LISTS for each in values_at(request, path)]
    for path in _SPECIFICATIONS:
        found += [each for item in values_at(request, path) if _is_of(item, kind) for each in _tags_in(item)]
    return dict(pair for each in found for pair in pairs_in(each))


def _is_of(item: Any, kind: str | None) -> bool:
    if not isinstance(item, Mapping):
        return False
    said = item.get("resourceType", item.get("ResourceType"))
    return kind is None or said is None or said == kind


def _tags_in(item: Any) -> Iterator[Any]:
    for path in _IN_SPECIFICATIONS:
        yield from values_at(item, path)


def pairs_in(item: Any) -> Iterator[tuple[str, str]]:
    """The tags in an item of a request: a pair that is spelled out, or each member of a mapping from keys to values.

    A mapping may have a tag whose key is `key`: what stands beside such a pair is tags, too.
    """
    if not isinstance(item, Mapping):
        return
    names = next((each for each in _NAMES if each[0] in item), ())
    if names:
        key, value = (item.get(name) for name in names)
        if isinstance(key, str):
            yield key, value if isinstance(value, str) else ""
    yield from ((key, value) for key, value in item.items() if isinstance(value, str) and key not in names)
