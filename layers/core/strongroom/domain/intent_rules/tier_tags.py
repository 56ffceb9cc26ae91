"""What is wrong with the tags that choose a tier, keep out of it, or opt out of backups."""

import json
from collections.abc import Iterator, Mapping

from strongroom.domain.findings import Finding, error
from strongroom.domain.forms import TAG_KEY, TAG_VALUE, is_tag_text
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.tier_names import excluding_tags_of, tag_of, written_keys
from strongroom.domain.tags.drift.patterns import change_forwarder_pattern
from strongroom.domain.tags.patterns import LONGEST_PATTERN


def find_tag_contradictions(intent: Intent, name: str, *, path: str) -> Iterator[Finding]:
    """Every contradiction in the tags of a tier."""
    tier = intent.tiers[name]
    if tier.everything and tier.tag:
        yield error("tag", f"{path}.tag", "everything is in the tier whatever its tags: take out tag, or everything")
    if tier.tag:
        yield from _tags(tag_of(intent, name), path=f"{path}.tag")
    yield from _tags(excluding_tags_of(intent, name), path=f"{path}.unless")
    if intent.opt_out is not None and intent.opt_out.value in tag_of(intent, name).get(intent.tag_key, ()):
        why = f"{intent.tag_key}={intent.opt_out.value} is how a resource opts out: give the tier another value"
        yield error("opt-out", f"{path}.tag", why)


def find_opt_out_contradictions(intent: Intent) -> Iterator[Finding]:
    """Every contradiction in the way to opt out."""
    if intent.opt_out is None:
        return
    yield from _tags({intent.tag_key: (intent.opt_out.value,)}, path="opt_out.value")
    yield from _key(intent.opt_out.reason_key, path="opt_out.reason_key")
    if not any(target.opt_out for target in intent.targets):
        yield error("opt-out", "opt_out", "no target says opt_out: true, so nothing can opt out")


def find_unheard_tags(intent: Intent) -> Iterator[Finding]:
    """Whether the keys that choose tiers are more than the rule can name by which members tell of changes to them."""
    keys = written_keys(intent)
    length = len(json.dumps(change_forwarder_pattern(list(keys)), separators=(",", ":"), ensure_ascii=False))
    if length > LONGEST_PATTERN:
        why = f"with {len(keys)} keys a rule of {length} characters would tell when tags change, and AWS takes"
        yield error("too-many-tag-keys", "tiers", f"{why} {LONGEST_PATTERN}: use fewer keys, or shorter ones")


def is_tag_key(text: str) -> bool:
    """Whether AWS takes a text as the key of a tag."""
    return TAG_KEY.fits(text) and is_tag_text(text)


def is_tag_value(text: str) -> bool:
    """Whether AWS takes a text as the value of a tag."""
    return TAG_VALUE.fits(text) and is_tag_text(text)


def _tags(tags: Mapping[str, tuple[str, ...]], *, path: str) -> Iterator[Finding]:
    for key, values in tags.items():
        yield from _key(key, path=f"{path}.{key}")
        if not values:
            yield error("tag", f"{path}.{key}", "there is no value, so no resource matches")
        for value in values:
            if not is_tag_value(value):
                why = f"{value!r} is no value of a tag: 256 letters, digits, blanks or _.:/=+-@ at most"
                yield error("tag", f"{path}.{key}", why)
        if len(values) != len(set(values)):
            yield error("tag", f"{path}.{key}", "a value stands twice")


def _key(key: str, *, path: str) -> Iterator[Finding]:
    # A name that begins with @@ would be an operator of the policy.
    if not is_tag_key(key):
        why = f"{key!r} is no key of a tag: 1 to 128 letters, digits, blanks or _.:/=+-@, without aws:"
        yield error("tag", path, why)
