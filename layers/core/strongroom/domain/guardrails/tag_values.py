"""Which values a guarded tag may have where: what all targets on a way offer together, and what each leaves out."""

from collections.abc import Iterator

from msgspec import Struct

from strongroom.domain.guardrails.denials import Condition
from strongroom.domain.guardrails.scope import beyond, both, within
from strongroom.domain.intent.governed import lies_below, targets_above, targets_below
from strongroom.domain.intent.model import Intent, Target
from strongroom.domain.intent.tier_names import excluding_tags_of, guarded_keys, tag_of


class GuardedTag(Struct, frozen=True, kw_only=True):
    """A key whose values are guarded, and every value that a topmost target or one below it offers."""

    key: str
    values: tuple[str, ...]

    @property
    def requested(self) -> str:
        """The condition key of the value that a request writes."""
        return f"aws:RequestTag/{self.key}"

    @property
    def carried(self) -> str:
        """The condition key of the value that a resource has."""
        return f"aws:ResourceTag/{self.key}"


class NotOffered(Struct, frozen=True, kw_only=True):
    """Values that some accounts below a topmost target are not offered, and where those are."""

    tag: GuardedTag
    values: tuple[str, ...]
    where: Condition


def guarded_tags(intent: Intent, top: Target) -> tuple[GuardedTag, ...]:
    """The guarded keys that are in use below a topmost target."""
    below = targets_below(intent, top)
    found = {
        key: tuple(dict.fromkeys(value for target in below for value in _offered(intent, target, key)))
        for key in guarded_keys(intent)
    }
    return tuple(
        GuardedTag(key=key, values=tuple(sorted(values, key=_order(intent, key).index)))
        for key, values in found.items()
        if values
    )


def not_offered(intent: Intent, top: Target) -> Iterator[NotOffered]:
    """Where a value is not to be had although another target on the same way offers it."""
    for tag in guarded_tags(intent, top):
        together: dict[str, tuple[Condition, list[str]]] = {}
        for value in tag.values:
            for where in _without(intent, top, tag.key, value):
                together.setdefault(repr(where), (where, []))[1].append(value)
        for where, values in together.values():
            yield NotOffered(tag=tag, values=tuple(values), where=where)


def _without(intent: Intent, top: Target, key: str, value: str) -> Iterator[Condition]:
    """Each place without the value: a target that does not offer it, but for those below it that do."""
    below = targets_below(intent, top)
    offering = [target for target in below if value in _offered(intent, target, key)]
    for target in below:
        above = targets_above(intent, target)[-1:]
        if target in offering or (above and target is not top and above[0] not in offering):
            continue
        inner = [each for each in offering if lies_below(each, target)]
        nearest = [each for each in inner if not any(lies_below(each, other) for other in inner)]
        yield both(within(intent, (target,)) if target is not top else {}, beyond(intent, nearest))


def _offered(intent: Intent, target: Target, key: str) -> tuple[str, ...]:
    values = [value for tier in target.tiers for value in _values(intent, tier, key)]
    if target.opt_out and intent.opt_out is not None and key == intent.tag_key:
        values.append(intent.opt_out.value)
    return tuple(values)


def _values(intent: Intent, tier: str, key: str) -> tuple[str, ...]:
    # What takes everything needs no tag, unless one keeps out of it: then its name brings back in.
    if intent.tiers[tier].everything and key not in excluding_tags_of(intent, tier):
        return ()
    return tag_of(intent, tier).get(key, ())


def _order(intent: Intent, key: str) -> list[str]:
    """Every value of the key, in the order of the tiers."""
    values = [value for tier in intent.tiers for value in _values(intent, tier, key)]
    return [*values, *([intent.opt_out.value] if intent.opt_out is not None else [])]
