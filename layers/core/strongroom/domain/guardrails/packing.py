"""Fewer, longer statements that refuse exactly the same, so that they fill fewer documents.

Source: IAM User Guide, "Conditions with multiple context keys or values": a negated operator holds for an absent key.
"""

from collections.abc import Iterable, Mapping
from copy import replace
from typing import Final

from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.guardrails.denials import Condition, Denial

_NULL: Final = "Null"
_OTHER: Final = "StringNotEquals"
_BACKUP: Final = "backup"


def owner_of(resource: str) -> str:
    """The service that a resource is of; `*` where it may be of any."""
    return "*" if resource == "*" else resource.split(":")[2]


# Where AWS Backup keeps recovery points: its own actions are asked for on them, too.
KEEPING_RECOVERY_POINTS: Final = frozenset(
    owner_of(arn) for row in ROWS for arn in (*row.native.arns, *row.native.unmarked_arns) if arn
)


def merged(guardrails: Mapping[str, Iterable[Denial]]) -> dict[str, tuple[Denial, ...]]:
    """The statements of guardrails for the same targets, merged; one that takes up another has the names of both."""
    statements: list[tuple[str, Denial]] = []
    for name, denial in ((name, denial) for name, denials in guardrails.items() for denial in denials):
        for at, (_, known) in enumerate(statements):
            if (joint := _joint(known, denial)) is not None:
                statements[at] = (statements[at][0], joint)
                break
        else:
            statements.append((name, denial))
    kept = {name: tuple(denial for each, denial in statements if each == name) for name in guardrails}
    return {name: denials for name, denials in kept.items() if denials}


def _joint(one: Denial, other: Denial) -> Denial | None:
    """One statement that refuses what either does, and nothing else; None where there is none."""
    if set(one.exempt_arns) != set(other.exempt_arns):
        return None
    if (one.not_actions, one.not_resources, one.binds) != (other.not_actions, other.not_resources, other.binds):
        return None
    together = replace(one, sid=f"{one.sid}{other.sid}", stops=f"{one.stops}; {other.stops}")
    same_resources = set(one.resources) == set(other.resources)
    if one.when == other.when and (same_resources or _are_apart(one, other)):
        return replace(
            together,
            actions=tuple(dict.fromkeys((*one.actions, *other.actions))),
            resources=tuple(dict.fromkeys((*one.resources, *other.resources))),
        )
    if same_resources and set(one.actions) == set(other.actions):
        when = _absent_or_other(one.when, other.when)
        return None if when is None else replace(together, when=when)
    return None


def _are_apart(one: Denial, other: Denial) -> bool:
    """Whether no action of one is ever asked for on a resource of the other, since they are of other services."""
    ours, theirs = _services(one), _services(other)
    if not ours or not theirs or ours & theirs:
        return False
    together = ours | theirs
    return _BACKUP not in together or together.isdisjoint(KEEPING_RECOVERY_POINTS)


def _services(denial: Denial) -> frozenset[str]:
    """The services of a statement whose resources are all of the services of its actions; none of any other."""
    acting = frozenset(action.partition(":")[0] for action in denial.actions)
    owning = {owner_of(resource) for resource in denial.resources}
    return acting if owning <= acting and not denial.not_resources and not denial.not_actions else frozenset()


def _absent_or_other(one: Condition, other: Condition) -> Condition | None:
    """What holds where the key is absent or has another value than these."""
    absent, present = one.get(_NULL, {}), other.get(_NULL, {})
    if len(absent) != 1 or absent.keys() != present.keys():
        return None
    (key,) = absent
    beside, without = _without(one, {_NULL}), _without(other, {_NULL})
    if (absent[key], present[key]) != ("true", "false") or key not in without.get(_OTHER, {}):
        return None
    values = without[_OTHER][key]
    others = {name: each for name, each in without[_OTHER].items() if name != key}
    rest = _without(without, {_OTHER}) | ({_OTHER: others} if others else {})
    return {**rest, _OTHER: {**others, key: values}} if rest == beside else None


def _without(condition: Condition, operators: set[str]) -> dict[str, Mapping[str, str | list[str]]]:
    return {operator: keys for operator, keys in condition.items() if operator not in operators}
