"""Which plans of an effective policy choose a resource, as AWS documents it, and where AWS alone can tell.

Sources: AWS Backup API reference, "BackupSelection", "Conditions" and "UpdateRegionSettings"; AWS Backup Developer
Guide, "Assign resources with AWS CLI". Keys and values count letter for letter. Selections of a plan add up, the
conditions of one must all hold. Two things are documented and not settled for organisations' plans, hence OPEN: a
negated condition holds for what lacks the tag, and what names its type explicitly is chosen although the type is not
opted in, unless several types share its ARN.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from strongroom.domain.catalogue.model import ResourceType
from strongroom.domain.catalogue.rows import ROWS
from strongroom.domain.preview.plans import EVERY_TYPE, Comparison, Condition, Plan, Selection
from strongroom.domain.preview.resources.inventory import OptIns, Resource

_PLAIN_PATTERN: Final = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:\*?:\*?:([A-Za-z-]+[:/])?\*")


class Answer(IntEnum):
    """Whether something is chosen; of two that must both hold the lesser counts, of alternatives the greater."""

    NO = 0
    OPEN = 1
    YES = 2


class Choice(Struct, frozen=True, kw_only=True):
    """A plan that chooses the resource: `answer` is what its selections say, `is_served` whether the type is opted in.

    `runs_there` is whether the plan runs in the resource's Region. Only with all three a backup is made.
    """

    plan: str
    answer: Answer
    is_served: bool = True
    runs_there: bool = True

    @property
    def is_made(self) -> bool:
        """Whether a backup is made, or is as documented."""
        return self.answer is not Answer.NO and self.is_served and self.runs_there


class Chosen(Struct, frozen=True):
    """What the plans of one effective policy say of a resource: those that choose it, and those that back it up."""

    choices: tuple[Choice, ...] = ()
    made: tuple[Choice, ...] = ()
    plans: tuple[str, ...] = ()


@dataclass(slots=True)
class Chooser:
    """The selections of one effective policy, compiled so that resources that look alike are judged once."""

    plans: tuple[Plan, ...]
    opt_ins: OptIns
    keys: tuple[str, ...] = field(init=False)
    _names_arns: bool = field(init=False)
    _known: dict[tuple[object, ...], Chosen] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Note which tags, and whether more of an ARN than its type, can make a difference."""
        selections = [selection for plan in self.plans for selection in plan.selections]
        self.keys = tuple(sorted({key for selection in selections for key in _keys(selection)}))
        patterns = {pattern for selection in selections for pattern in (*selection.types, *selection.not_types)}
        self._names_arns = not all(pattern == EVERY_TYPE or _PLAIN_PATTERN.fullmatch(pattern) for pattern in patterns)

    def chosen(self, resource: Resource, rows: tuple[ResourceType, ...]) -> Chosen:
        """What the plans say of the resource, which is of one of these types; nothing of what has none."""
        if not rows:
            return _NOTHING
        get = resource.tags.get
        looks = (*self._name(resource, rows), resource.region, tuple([get(key) for key in self.keys]))
        known = self._known.get(looks)
        if known is None:
            choices = tuple(_choices(self.plans, resource, rows, self.opt_ins))
            made = tuple(choice for choice in choices if choice.is_made)
            known = self._known[looks] = Chosen(choices, made, tuple(choice.plan for choice in made))
        return known

    def _name(self, resource: Resource, rows: tuple[ResourceType, ...]) -> tuple[object, ...]:
        """As much of the resource's name as makes a difference."""
        if self._names_arns:
            return resource.arn, len(rows)
        return resource.arn.split(":", 2)[1], id(rows[0]), len(rows)


def matches(pattern: str, text: str) -> bool:
    """Whether the text is as the pattern says, in which `*` stands for any text and nothing else is special."""
    return _expression(pattern).fullmatch(text) is not None


def judge_condition(condition: Condition, tags: Mapping[str, str]) -> Answer:
    """Whether the tags meet the condition; OPEN for a negated one about a tag that is missing."""
    value = tags.get(condition.key)
    if condition.comparison in {Comparison.EQUALS, Comparison.NOT_EQUALS}:
        is_met = value == condition.value
    else:
        is_met = value is not None and matches(condition.value, value)
    if condition.comparison in {Comparison.EQUALS, Comparison.LIKE}:
        return Answer.YES if is_met else Answer.NO
    if value is None:
        return Answer.OPEN
    return Answer.NO if is_met else Answer.YES


def _choices(
    plans: Iterable[Plan], resource: Resource, rows: tuple[ResourceType, ...], opt_ins: OptIns
) -> Iterable[Choice]:
    served = _served(rows, opt_ins.get(resource.region))
    for plan in plans:
        wanted = [(selection, _judge(selection, resource)) for selection in plan.selections]
        answer = max((judged for _, judged in wanted), default=Answer.NO)
        if answer is Answer.NO:
            continue
        within = max(min(judged, _admitted(selection, rows, served=served)) for selection, judged in wanted)
        yield Choice(
            plan=plan.name,
            answer=within or answer,
            is_served=within is not Answer.NO,
            runs_there=resource.region in plan.regions,
        )


def _judge(selection: Selection, resource: Resource) -> Answer:
    if selection.tag_key is not None:
        is_named = resource.tags.get(selection.tag_key) in selection.tag_values
    else:
        is_named = _among(selection.types, resource.arn) and not _among(selection.not_types, resource.arn)
    if not is_named:
        return Answer.NO
    return min((judge_condition(each, resource.tags) for each in selection.conditions), default=Answer.YES)


def _among(patterns: Iterable[str], arn: str) -> bool:
    return any(pattern == EVERY_TYPE or matches(pattern, arn) for pattern in patterns)


def _served(rows: tuple[ResourceType, ...], preferences: Mapping[str, bool] | None) -> Answer:
    if preferences is None:
        return Answer.OPEN  # nobody looked in that Region
    opted_in = [preferences.get(row.name, False) for row in rows]
    if all(opted_in):
        return Answer.YES
    return Answer.OPEN if any(opted_in) else Answer.NO


def _admitted(selection: Selection, rows: tuple[ResourceType, ...], *, served: Answer) -> Answer:
    """What the opt-in says of this selection."""
    own = rows[0].pattern
    is_explicit = selection.tag_key is None and any(_names_type(pattern, own) for pattern in selection.types)
    return Answer.OPEN if served is Answer.NO and is_explicit and not _is_shared(own) else served


def _is_shared(pattern: str) -> bool:
    """Whether AWS Backup tells several types apart although their ARNs do not: then the opt-in of each counts."""
    names = [row.name for row in ROWS if row.pattern == pattern]
    return len(names) > 1 or any([row.name for row in ROWS].count(name) > 1 for name in names)


def _names_type(pattern: str, own: str) -> bool:
    """Whether a pattern names the type whose own pattern this is, and not everything or the whole service."""
    service, name = pattern.split(":")[2:3], pattern.split(":", 5)[5:]
    return service == own.split(":")[2:3] and (name != [EVERY_TYPE] or own.endswith("::*"))


def _keys(selection: Selection) -> Iterable[str]:
    if selection.tag_key is not None:
        yield selection.tag_key
    yield from (condition.key for condition in selection.conditions)


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


_NOTHING: Final = Chosen()
