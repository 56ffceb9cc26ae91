"""Lifecycle rules of a bucket as they may be asked for, and what approvers read of each.

Source: Amazon S3 API Reference, LifecycleRule and the types that it holds. What names a date is left out, which may lie
in the past.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from strongroom.domain.restores.asked.rules import MOST_RULES, is_rules, rules_faults
from strongroom.domain.restores.deciding.reading import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_RULE: Final = {
    "AbortIncompleteMultipartUpload",
    "Expiration",
    "Filter",
    "ID",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransitions",
    "Prefix",
    "Status",
    "Transitions",
}
_ACTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "AbortIncompleteMultipartUpload": (frozenset({"DaysAfterInitiation"}), frozenset()),
    "Expiration": (frozenset({"Days"}), frozenset()),
    "NoncurrentVersionExpiration": (frozenset({"NoncurrentDays"}), frozenset({"NewerNoncurrentVersions"})),
    "NoncurrentVersionTransitions": (
        frozenset({"NoncurrentDays", "StorageClass"}),
        frozenset({"NewerNoncurrentVersions"}),
    ),
    "Transitions": (frozenset({"Days", "StorageClass"}), frozenset()),
}
_LISTED: Final = ("NoncurrentVersionTransitions", "Transitions")
_CLASS: Final = re.compile(r"[A-Z_]{2,30}")
_MET_BY_ALL: Final = (("Prefix", ""), ("ObjectSizeGreaterThan", 0))  # as S3 adds them to conditions that are joined
_ONLY_MARKERS: Final = {"ExpiredObjectDeleteMarker": True}


def lifecycle_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a LifecycleConfiguration, a sentence each."""
    rules = content.get("Rules")
    if set(content) != {"Rules"} or not is_rules(rules):
        yield f"LifecycleConfiguration must say Rules, a list of 1 to {MOST_RULES}, and nothing else"
        return
    yield from rules_faults(rules, known=_RULE, faults_of=_rule_faults)


def _rule_faults(rule: Mapping[str, Any]) -> Iterator[str]:
    if ("Filter" in rule) == ("Prefix" in rule) or not _is_scope(rule):
        yield "it must say either Filter or Prefix, in what S3 takes for them, in visible ASCII characters"
    acts = [name for name in _ACTS if name in rule]
    if not acts:
        yield "it does nothing"
    for name in acts:
        if not _is_act(name, rule[name]):
            needed, more = _ACTS[name]
            known = ", ".join(sorted(needed | more))
            yield f"{name} must say {known} in whole numbers of days and versions, and no date"


def _is_act(name: str, said: Any) -> bool:
    if name == "Expiration" and said == _ONLY_MARKERS:
        return said["ExpiredObjectDeleteMarker"] is True
    each = said if name in _LISTED else [said]
    needed, more = _ACTS[name]
    return isinstance(each, list) and bool(each) and all(_has(one, needed=needed, more=more) for one in each)


def _has(said: Any, *, needed: frozenset[str], more: frozenset[str]) -> bool:
    if not isinstance(said, dict) or not needed <= set(said) <= needed | more:
        return False
    return all(_is_class(value) if name == "StorageClass" else _is_count(value) for name, value in said.items())


def _is_class(value: Any) -> bool:
    return isinstance(value, str) and _CLASS.fullmatch(value) is not None


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1_000_000


def _is_scope(rule: Mapping[str, Any]) -> bool:
    if "Prefix" in rule:
        return isinstance(rule["Prefix"], str) and is_plain(rule["Prefix"])
    said = rule.get("Filter")
    if not isinstance(said, dict) or len(said) > 1:
        return False
    inner = said.get("And")
    return _are_conditions(said if inner is None else inner, several=inner is not None)


def _are_conditions(said: Any, *, several: bool) -> bool:
    if not isinstance(said, dict) or (several and not _joined(said)):
        return False
    return all(_is_condition(name, value, several=several) for name, value in said.items())


def _is_condition(name: str, value: Any, *, several: bool) -> bool:
    match name:
        case "Prefix":
            return isinstance(value, str) and is_plain(value)
        case "ObjectSizeGreaterThan":
            return type(value) is int and value >= 0
        case "ObjectSizeLessThan":
            return type(value) is int and value > 0
        case "Tag":
            return not several and is_tag(value)
        case "Tags":
            return several and isinstance(value, list) and bool(value) and all(map(is_tag, value))
        case _:
            return False


def is_tag(said: Any) -> bool:
    """Whether it is a tag in letters that everybody reads alike."""
    is_tag = isinstance(said, dict) and set(said) == {"Key", "Value"}
    return is_tag and all(isinstance(each, str) and is_plain(each) for each in said.values())


def is_plain(text: str) -> bool:
    """Whether everybody reads the same letters in it: visible ASCII characters."""
    return text.isascii() and text.isprintable()


def in_one_spelling(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rules by their IDs, as S3 tells them and as they are sent: it adds what is none to conditions that are joined.

    Every object is told by an empty filter, or by an empty prefix in it.
    """
    return sorted(({**rule, **_scope(rule)} for rule in rules), key=lambda rule: str(rule.get("ID")))


def _scope(rule: Mapping[str, Any]) -> dict[str, Any]:
    said = rule.get("Filter")
    if said == {}:
        return {"Filter": {"Prefix": ""}}
    joined = said.get("And") if isinstance(said, dict) else None
    if not isinstance(joined, dict):
        return {}
    return {"Filter": {"And": _joined(joined)}}


def _joined(said: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions without those that every object meets."""
    return {name: value for name, value in said.items() if (name, value) not in _MET_BY_ALL}


def told_rule(rule: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each thing that a rule does; one that is switched off does nothing yet."""
    where = f"Rule {write_json(rule['ID'])}, {told_scope(rule)}"
    if rule["Status"] == "Disabled":
        yield f"{where}: it is switched off, and does nothing until somebody switches it on."
        return
    yield from (f"{where}: {act}." for act in _told_acts(rule))


def told_scope(rule: Mapping[str, Any]) -> str:
    """Which objects a rule is about."""
    said = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    return "every object" if said in ({}, {"Prefix": ""}) else f"objects with {write_json(said)}"


def _told_acts(rule: Mapping[str, Any]) -> Iterator[str]:
    if "Expiration" in rule:
        days = rule["Expiration"].get("Days")
        yield (
            "S3 takes away markers of deleted objects that hide nothing"
            if days is None
            else f"S3 deletes them {days:,} days after they were made, which for those restored is the restore"
        )
    if "NoncurrentVersionExpiration" in rule:
        said = rule["NoncurrentVersionExpiration"]
        yield f"S3 deletes older versions {said['NoncurrentDays']:,} days after they were replaced{_but_newest(said)}"
    for each in rule.get("Transitions", ()):
        yield f"S3 moves them to {each['StorageClass']} after {each['Days']:,} days"
    for each in rule.get("NoncurrentVersionTransitions", ()):
        moved = f"S3 moves older versions to {each['StorageClass']} after {each['NoncurrentDays']:,} days"
        yield f"{moved}{_but_newest(each)}"
    if "AbortIncompleteMultipartUpload" in rule:
        days = rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
        yield f"S3 ends uploads that are not whole {days:,} days after they began"


def _but_newest(said: Mapping[str, Any]) -> str:
    newest = said.get("NewerNoncurrentVersions")
    return f", but for the newest {newest:,}" if newest else ""
