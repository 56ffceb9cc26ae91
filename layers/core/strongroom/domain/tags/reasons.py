"""Why a resource is in a tier, was put into one, or is in none: the sentences of verdicts about tags."""

from collections.abc import Iterable, Mapping

from strongroom.domain.intent.tier_names import excluding_tags_of, guarded_keys, tag_of
from strongroom.domain.tags.choices import Choice, Tagged
from strongroom.domain.tags.quarrels import MOST_TIMES, Quarrel


def why_in(found: Tagged, choice: Choice) -> str:
    """What a resource carries that chooses its tiers; every tier is named where there are several."""
    by_tag = [name for name in choice.offered if not found.intent.tiers[name].everything]
    carried = _joined({key: found.tags[key] for name in by_tag for key in tag_of(found.intent, name)})
    said = f"it carries {carried} already" if by_tag else f"{choice.offered[0]} takes everything"
    several = f", and so is in {' and '.join(choice.offered)}" if len(choice.offered) > 1 else ""
    return said + several + _beyond(choice)


def why_put(found: Tagged, wanted: Mapping[str, str]) -> str:
    """What was missing or wrong, and what a resource was given instead."""
    target, way = found.target, found.intent.opt_out
    chosen = _joined(wanted) if found.wish is None else f"{_joined(wanted)}, {found.wish.why}"
    wrong = {key: found.tags[key] for key in wanted if key in found.tags}
    if not wrong:
        return f"{', '.join(_absence(found.tags, key) for key in wanted)}: it was given {chosen}"
    carried = " and ".join(f"{key}={value!r}" for key, value in wrong.items())
    if way is not None and target.opt_out and wrong.get(found.intent.tag_key) == way.value:
        return f"{carried} opts out only with a reason in {way.reason_key}: it was changed to {chosen}"
    return f"{carried} is no tier of {target.name} ({', '.join(target.tiers)}): it was changed to {chosen}"


def why_due(found: Tagged, wanted: Mapping[str, str]) -> str:
    """What is missing or wrong, and that the target's mode leaves it to people."""
    target = found.target
    wrong = {key: found.tags[key] for key in wanted if key in found.tags}
    lacking = [_absence(found.tags, key) for key in wanted if key not in found.tags]
    said = [*lacking, *([f"{_joined(wrong)} is no tier of {target.name}"] if wrong else [])]
    left = f"it was not given {_joined(wanted)}, because the mode of {target.name} is {target.mode}"
    return f"{' and '.join(said)}: {left}"


def why_left(wanted: Mapping[str, str], quarrel: Quarrel) -> str:
    """That nothing is put back any more, and until when."""
    return (
        f"{_joined(wanted)} is not put back any more, because {quarrel.words} has undone it {MOST_TIMES} times within a"
        f" day: nothing is written until {quarrel.until:%Y-%m-%d %H:%M} UTC, a day after the last time"
    )


def why_in_none(found: Tagged, choice: Choice, obstacle: str) -> str:
    """That nothing on offer takes a resource, and why it was not put into the default tier."""
    by_tag = [name for name in found.target.tiers if not found.intent.tiers[name].everything]
    keys = sorted({key for name in by_tag for key in tag_of(found.intent, name)})
    lookalikes = [_absence(found.tags, key) for key in keys if _lookalike(found.tags, key) is not None]
    carried = _joined({key: found.tags[key] for key in guarded_keys(found.intent) if key in found.tags})
    whose = f"with {carried} it" if carried else "it"
    said = "; ".join((f"{whose} is in none of {', '.join(found.target.tiers)}", *lookalikes))
    return f"{said}: {obstacle}{_beyond(choice)}"


def find_obstacle(found: Tagged, wanted: Mapping[str, str], *, after: Choice) -> str | None:
    """What to say where these tags must not be written, or would not put a resource into the default tier."""
    target, tags, wish = found.target, found.tags, found.wish
    if wish is None:
        return f"it was left untagged, because {target.name} has no default tier"
    default = f"{wish.tier}, {wish.why}"
    theirs = {key: tags[key] for key in wanted if key in tags and key not in guarded_keys(found.intent)}
    if theirs:
        return f"it was left as it is, because {_joined(theirs)} is not ours to change and keeps it out of {default}"
    if after.offered:
        return None
    excluding = excluding_tags_of(found.intent, wish.tier).items()
    keeps_out = _joined({key: tags[key] for key, values in excluding if tags.get(key) in values})
    why = f"{keeps_out} keeps it out of" if keeps_out else "nothing of its kind and Region is in"
    return f"it was left as it is, because {why} {default}"


def _beyond(choice: Choice) -> str:
    """The plans that catch it all the same."""
    return f"; the plan of {' and '.join(choice.beyond)} takes it, although not offered here" if choice.beyond else ""


def _joined(tags: Mapping[str, str]) -> str:
    return " and ".join(f"{key}={value}" for key, value in tags.items())


def _absence(tags: Iterable[str], tag_key: str) -> str:
    lookalike = _lookalike(tags, tag_key)
    if lookalike is None:
        return f"it had no {tag_key} tag"
    return f"its tag {lookalike} does not count, because the key must read {tag_key}"


def _lookalike(tags: Iterable[str], tag_key: str) -> str | None:
    return next((key for key in sorted(tags) if key != tag_key and key.casefold() == tag_key.casefold()), None)
