"""What is wrong with a call's parameters by the service's own model, at any depth."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

import regex
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.utils import parse_timestamp


class Kind(StrEnum):
    """How a value breaks its model."""

    MISSING = "missing"
    TYPE = "type"
    ENUM = "enum"
    PATTERN = "pattern"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_SMALL = "too-small"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken constraint; `sentence` is how most services of AWS say it."""

    kind: Kind
    member: str
    path: str
    shown: str
    constraint: str

    @property
    def sentence(self) -> str:
        """`Value 'x' at 'name' failed to satisfy constraint: Member must ...`; a secret is not shown."""
        return f"Value{self.shown} at '{self.path}' failed to satisfy constraint: {self.constraint}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands in a request: the member of the request, and the whole way down."""

    service: str
    member: str = ""
    path: str = ""

    def inside(self, name: str) -> "_Place":
        written = name[:1].lower() + name[1:]
        if not self.path:
            return _Place(self.service, name, written)
        return _Place(self.service, self.member, f"{self.path}.{written}")

    def breaks(self, kind: Kind, shape: Shape, value: Any, constraint: str) -> Violation:
        shown = "" if shape.metadata.get("sensitive") else f" '{value}'"
        return Violation(kind, self.member, self.path, shown, f"Member must {constraint}")


# What AWS takes although the pattern of its model does not: (service, shape) and what else is right.
UNHELD_PATTERNS: Final = {
    ("backup", "AccountId"): r"\*",  # API reference, ListBackupJobs, ByAccountId: "passing *" lists all accounts' jobs
}
# What AWS refuses although its model lets it pass: (service, shape) and what it wants.
ALSO_REQUIRED: Final = {
    ("secretsmanager", "Tag"): ("Key", "Value"),  # API reference, TagResource: "a key-value pair"
}
ALSO_HELD_PATTERNS: Final = {
    ("iam", "arnType"): r"arn:[\w:/+=,.@*-]+",  # User Guide, IAM identifiers; else "ARN ... is not valid."
    ("sqs", "Token"): r"\d+",  # recorded: InvalidParameterValue, "Invalid or expired next token."
    (
        "sts",
        "arnType",
    ): r"arn:[\w:/+=,.@*-]+",  # API reference, Common errors, ValidationError; recorded: "... is invalid"
}
_PAIRS: Final = (r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")  # Java's spelling of the higher planes
_NUMBERS: Final = ("integer", "long", "float", "double")


def violations(service: str, shape: Shape | None, parameters: Any) -> list[Violation]:
    """Everything that the model of a service forbids in the parameters of one call."""
    return [] if shape is None else list(_check(shape, parameters, _Place(service)))


def _check(shape: Shape, value: Any, place: _Place) -> Iterator[Violation]:
    if not _is_of_type(shape, value):
        yield place.breaks(Kind.TYPE, shape, value, f"be of type {shape.type_name}")
        return
    match shape:
        case StructureShape():
            yield from _check_members(shape, value, place)
        case ListShape():
            for number, each in enumerate(value, 1):
                yield from _check(shape.member, each, place.inside(f"{number}.member"))
        case MapShape():
            for key, each in value.items():
                yield from _check(shape.key, key, place.inside("key"))
                yield from _check(shape.value, each, place.inside(f"{key}.member"))
        case _ if shape.type_name == "string":
            yield from _check_text(shape, value, place)
    yield from _check_limits(shape, value, place)


def _check_members(shape: StructureShape, value: Mapping[str, Any], place: _Place) -> Iterator[Violation]:
    for name, member in shape.members.items():
        given = value.get(name)
        if given is not None:
            yield from _check(member, given, place.inside(name))
        elif name in shape.required_members or name in ALSO_REQUIRED.get((place.service, shape.name), ()):
            inside = place.inside(name)
            yield Violation(Kind.MISSING, inside.member, inside.path, " null", "Member must not be null")


def _check_text(shape: Shape, value: str, place: _Place) -> Iterator[Violation]:
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield place.breaks(Kind.ENUM, shape, value, f"satisfy enum value set: [{', '.join(sorted(allowed))}]")
    known = (place.service, shape.name)
    pattern = ALSO_HELD_PATTERNS.get(known) or shape.metadata.get("pattern")
    if pattern and not fits(pattern, value) and not fits(UNHELD_PATTERNS.get(known, pattern), value):
        yield place.breaks(Kind.PATTERN, shape, value, f"satisfy regular expression pattern: {pattern}")


def _check_limits(shape: Shape, value: Any, place: _Place) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is None and most is None:
        return
    size, of, low, high = _size(shape, value)
    if least is not None and size < least:
        yield place.breaks(low, shape, value, f"have {of} greater than or equal to {least}")
    if most is not None and size > most:
        yield place.breaks(high, shape, value, f"have {of} less than or equal to {most}")


def _size(shape: Shape, value: Any) -> tuple[float, str, Kind, Kind]:
    if shape.type_name in _NUMBERS:
        return value, "value", Kind.TOO_SMALL, Kind.TOO_LARGE
    length = len(base64.b64decode(value)) if shape.type_name == "blob" else len(value)
    return length, "length", Kind.TOO_SHORT, Kind.TOO_LONG


def _is_of_type(shape: Shape, value: Any) -> bool:
    match shape.type_name:
        case "structure":
            return isinstance(value, dict)
        case "list":
            return isinstance(value, list)
        case "map":
            return isinstance(value, dict)
        case "string" | "character":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "long":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float" | "double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "timestamp":
            return _is_moment(value)
        case "blob":
            return _is_base64(value)
        case _:
            return True


def _is_moment(value: Any) -> bool:
    try:
        parse_timestamp(value)
    except (ValueError, TypeError, AttributeError):
        return False
    return not isinstance(value, bool)


def _is_base64(value: Any) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return False
    return True


def fits(pattern: str, value: str) -> bool:
    """Whether the whole value is what a pattern of a service model describes."""
    return _compiled(pattern).fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> "regex.Pattern[str]":
    return regex.compile(pattern.replace(*_PAIRS))
