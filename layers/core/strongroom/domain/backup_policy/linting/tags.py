"""What tags and conditions say that each value alone does not show."""

from collections.abc import Iterator
from typing import Final

from strongroom.domain.backup_policy.linting.codes import Fault
from strongroom.domain.backup_policy.linting.reading import Place, Subject, shown

_RESERVED: Final = "aws:"


def find_tag_faults(subject: Subject) -> Iterator[Fault]:
    """Every tag that AWS would not write, and every condition that compares with more than it seems to."""
    for plan in subject.plans:
        for tag in plan.below("backup_plan_tags"):
            yield from _reserved(tag)
            yield from _named_otherwise(tag)
        for form in ("tags", "resources"):
            for selection in plan.below("selections", form):
                yield from _wildcards(selection)
                yield from _wildcard_values(selection)
    for rule in subject.rules:
        for tag in rule.below("recovery_point_tags"):
            yield from _reserved(tag)


def _reserved(tag: Place) -> Iterator[Fault]:
    key, place = tag.text("tag_key"), tag.at("tag_key")
    if key is not None and place is not None and key.lower().startswith(_RESERVED):
        found = f"{shown(key)} begins with {_RESERVED}, which is reserved for AWS"
        yield Fault("reserved-tag-key", place.path, found, "write a key of your own")


def _named_otherwise(tag: Place) -> Iterator[Fault]:
    key, place = tag.text("tag_key"), tag.at("tag_key")
    if key is not None and place is not None and key.lower() != tag.name.lower():
        found = f"{shown(key)} is not the tag's name {shown(tag.name)}"
        yield Fault("tag-key-mismatch", place.path, found, "write the same in both places")


def _wildcard_values(selection: Place) -> Iterator[Fault]:
    for path, number, value in selection.members("tag_value"):
        if "*" in value:
            instead = "name each value, or select by resources with a condition below string_like"
            yield Fault("wildcard-in-equals", (*path, number), f"{shown(value)} stands in tag_value", instead)


def _wildcards(selection: Place) -> Iterator[Fault]:
    for operator in ("string_equals", "string_not_equals"):
        for condition in selection.below("conditions", operator):
            value, place = condition.text("condition_value"), condition.at("condition_value")
            if value is not None and place is not None and "*" in value:
                instead = f"write the condition below {operator.replace('equals', 'like')}"
                yield Fault("wildcard-in-equals", place.path, f"{shown(value)} stands in {operator}", instead)
