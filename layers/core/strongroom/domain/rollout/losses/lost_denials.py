"""What service control policies would no longer deny: every action on every resource, under the conditions it has now.

A statement that is moved, renamed, split or widened loses nothing. Sources: IAM User Guide, "IAM JSON policy elements:
Condition operators" and "Policy evaluation for requests within a single account".
"""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from msgspec import Struct

from strongroom.domain.guardrails.denials import PRINCIPAL
from strongroom.domain.guardrails.packing import KEEPING_RECOVERY_POINTS

# A value more under such a key is a tier more that a resource may choose, or a unit more that is governed, and so gets
# its copies back: nothing is less protected for it.
_REQUESTED: Final = "aws:RequestTag/"
_MORE_IS_WANTED: Final = (_REQUESTED, "backup:CopyTargetOrgPaths")
# What AWS Backup's actions reach lies in other services, too.
_REACHED: Final = {"backup": KEEPING_RECOVERY_POINTS}
_OTHER: Final = "StringNotEquals"
_NULL: Final = "Null"

type Call = tuple[str, str]
type Conditions = Mapping[tuple[str, str], tuple[str, ...]]


class DeniedCalls(Struct, frozen=True, kw_only=True):
    """A Deny statement; its conditions by operator and key."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions


def read_denials(document: Mapping[str, Any]) -> Iterator[DeniedCalls]:
    """The Deny statements of a service control policy."""
    for statement in statements_of(document):
        conditions = {
            (operator, key): _texts(values)
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        }
        for alternative in _alternatives(conditions) if statement.get("Effect") == "Deny" else ():
            yield DeniedCalls(
                sid=str(statement.get("Sid", "without Sid")),
                actions=tuple(action.lower() for action in _named(statement, "Action")),
                resources=_named(statement, "Resource"),
                conditions=alternative,
            )


def statements_of(document: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The statements, of which IAM takes a single one without a list, too."""
    statements = document.get("Statement", ())
    return (statements,) if isinstance(statements, Mapping) else tuple(statements)


def lost_denials(before: Iterable[DeniedCalls], after: Iterable[DeniedCalls]) -> Iterator[str]:
    """A sentence for each way in which the statements `after` refuse less than those `before`."""
    kept = tuple(after)
    for denial in before:
        lost = [call for call in _calls(denial) if not any(_denies(each, call, denial) for each in kept)]
        if lost:
            yield from _told(denial, kept, lost)


def _namesake(denial: DeniedCalls, kept: tuple[DeniedCalls, ...]) -> DeniedCalls | None:
    """The statement of the same name, or that a merged one takes up or is taken up by, which has the names of all."""
    alike = [each for each in kept if each.sid == denial.sid]
    merged = [each for each in kept if denial.sid in each.sid or each.sid in denial.sid]
    return next(iter((*alike, *merged)), None)


def _calls(denial: DeniedCalls) -> Iterator[Call]:
    for action in denial.actions:
        service = action.partition(":")[0]
        for resource in denial.resources:
            owner = resource.split(":")[2] if resource.startswith("arn:") else "*"
            # An action of one service never meets a resource of another: such a pair denies nothing.
            if owner in (service, "*") or owner in _REACHED.get(service, ()) or service == "*":
                yield action, resource


def _denies(denial: DeniedCalls, call: Call, before: DeniedCalls) -> bool:
    return _covers(denial, call) and not any(_narrowings(before, denial))


def _covers(denial: DeniedCalls, call: Call) -> bool:
    action, resource = call
    return _is_covered(action, denial.actions) and _is_covered(resource, denial.resources)


def _alternatives(conditions: Conditions) -> Iterator[Conditions]:
    """The same, where no value of a tag may be one of some: with the tag, and without it, since both are refused."""
    tags = [key for operator, key in conditions if operator == _OTHER and key.startswith(_REQUESTED)]
    key = next((each for each in tags if (_NULL, each) not in conditions), None)
    if key is None:
        yield conditions
        return
    yield {**conditions, (_NULL, key): ("false",)}
    yield {place: values for place, values in conditions.items() if place != (_OTHER, key)} | {(_NULL, key): ("true",)}


def _named(statement: Mapping[str, Any], element: str) -> tuple[str, ...]:
    """Its actions or resources as patterns; of a statement about all others a text that only `*` and the same cover."""
    if (others := f"Not{element}") in statement:
        return (f"all but {', '.join(sorted(_texts(statement[others])))}",)
    return _texts(statement.get(element, ()))


def _told(denial: DeniedCalls, kept: tuple[DeniedCalls, ...], lost: list[Call]) -> Iterator[str]:
    same = _namesake(denial, kept)
    known = kept if same is None else (same, *kept)
    left = {call: next((each for each in known if _covers(each, call)), None) for call in lost}
    weaker = [each for each in left.values() if each is not None]
    for narrowing in dict.fromkeys(sentence for each in weaker for sentence in _narrowings(denial, each)):
        yield f"the statement {denial.sid} would {narrowing}"
    bare = [call for call, each in left.items() if each is None]
    if bare and same is None:
        actions = ", ".join(dict.fromkeys(action for action, _ in bare))
        yield f"the statement {denial.sid} would be removed, and with it the denial of {actions}"
    elif bare and same is not None:
        for number, verb in ((0, "no longer deny"), (1, "no longer protect")):
            wanted = (same.actions, same.resources)[number]
            if gone := dict.fromkeys(call[number] for call in bare if not _is_covered(call[number], wanted)):
                yield f"the statement {denial.sid} would {verb} {', '.join(gone)}"


def _narrowings(before: DeniedCalls, after: DeniedCalls) -> Iterator[str]:
    for (operator, key), values in after.conditions.items():
        old = before.conditions.get((operator, key))
        if "Not" in operator and before.conditions.get((_NULL, key)) == ("true",):
            continue  # a negated operator holds for an absent key
        if "Not" in operator:  # it names whom or what the statement leaves alone
            new = [value for value in values if not _is_covered(value, old or ())]
            if new and key == PRINCIPAL:
                yield f"exempt {', '.join(new)}"
            elif new and not (old and key.startswith(_MORE_IS_WANTED)):
                yield f"no longer hold where {key} is {', '.join(new)}"
        elif old is None or not all(_is_covered(value, values) for value in old):
            yield f"hold only where {operator} {key} is {', '.join(values)}"


def _is_covered(value: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(value, pattern.replace("[", "[[]")) for pattern in patterns)


def _texts(values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(str(value) for value in values)
