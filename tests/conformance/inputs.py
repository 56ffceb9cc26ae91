"""Inputs of an operation, made from its model by a seed: right, at the edge, or with one thing wrong."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial, reduce
from random import Random
from typing import Any, Final

from botocore.model import ListShape, MapShape, Shape, StructureShape

from sandbox.model.constraints import Kind, fits, violations
from tests.conformance.operations import Operation
from tests.conformance.patterns import stretched, text_of

MOMENT: Final = datetime(2026, 9, 1, tzinfo=UTC)
DEEPEST: Final = 4
LONGEST: Final = 5000
# What is never made up or mutated: it would start workers, wait, make hundreds of things, or hang the connection.
COSTLY: Final = ("ContentLength", "InvocationType", "MaxCount", "WaitTimeSeconds")
NUMBERS: Final = ("integer", "long", "float", "double")


class Sort(StrEnum):
    """What an input is meant to be."""

    VALID = "valid"
    LIMIT = "limit"
    INVALID = "invalid"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Mutation:
    """The one thing that is wrong: how, and at which member (`Tags.Key`)."""

    kind: str
    member: str


@dataclass(frozen=True, slots=True)
class Input:
    """One call to be made; `body` stands in for a body that is none."""

    operation: Operation
    sort: Sort
    parameters: dict[str, Any]
    mutation: Mutation | None = None
    body: bytes | None = None


BODIES: Final = {
    "json": (b"{", b"[]", b'"text"', b"5", b"\xff\xfe"),
    "rest-json": (b"{", b"[]", b'"text"'),
    "rest-xml": (b"<", b"{}", b"<a>"),
}


@dataclass(frozen=True, slots=True)
class Generator:
    """Makes values by a seed, from living things where it can."""

    pool: Mapping[str, list[Any]]
    random: Random
    at_limit: bool = False

    def value(self, shape: Shape, member: str = "", depth: int = 0) -> Any:
        """A value that fits; None where none was found."""
        living = [each for each in self.pool.get(member, ()) if not _is_wrong(shape, each)]
        if member in COSTLY:
            return self.random.choice(living) if living else None
        if living and (not self.at_limit or shape.type_name == "string") and self.random.random() < 0.8:
            return self.random.choice(living)
        match shape:
            case StructureShape():
                return self.structure(shape, depth)
            case ListShape():
                return self._several(shape, lambda: self.value(shape.member, member, depth + 1))
            case MapShape():
                pairs = self._several(
                    shape,
                    lambda: (self.value(shape.key, member, depth + 1), self.value(shape.value, member, depth + 1)),
                )
                return None if pairs is None else dict(pairs)
            case _:
                return self._scalar(shape)

    def structure(self, shape: StructureShape, depth: int = 0) -> dict[str, Any] | None:
        """All that is required, and some of the rest; of a union exactly one."""
        optional = [name for name in shape.members if name not in shape.required_members]
        if getattr(shape, "is_tagged_union", False):
            chosen = [self.random.choice(list(shape.members))]
        else:
            likely = 0.0 if depth >= DEEPEST else 0.3 / (1 + depth)
            chosen = [name for name in optional if self.random.random() < likely or name in COSTLY]
        found: dict[str, Any] = {}
        for name in (*shape.required_members, *chosen):
            given = self.value(shape.members[name], name, depth + 1)
            if given is None and name in shape.required_members:
                return None
            if given is not None:
                found[name] = given
        return found

    def _several(self, shape: Shape, one: Any) -> list[Any] | None:
        least = int(shape.metadata.get("min", 0))
        count = least if self.at_limit else max(least, self.random.randint(0, 2))
        made = [one() for _ in range(count)]
        return None if any(each is None for each in made) else made

    def _scalar(self, shape: Shape) -> Any:
        match shape.type_name:
            case "string":
                return self._text(shape)
            case "boolean":
                return self.random.random() < 0.5
            case "timestamp":
                return MOMENT
            case "blob":
                return b"x" * max(4, int(shape.metadata.get("min", 0)))
            case _:
                return self._number(shape)

    def _number(self, shape: Shape) -> int:
        least = int(shape.metadata.get("min", 0))
        most = int(shape.metadata.get("max", max(least, 100)))
        return (
            self.random.choice([least, most]) if self.at_limit else self.random.randint(least, min(most, least + 100))
        )

    def _text(self, shape: Shape) -> str | None:
        if allowed := shape.metadata.get("enum"):
            return str(self.random.choice(allowed))
        least, most = int(shape.metadata.get("min", 1)), shape.metadata.get("max")
        pattern = shape.metadata.get("pattern") or "[a-z0-9]+"
        text = text_of(pattern, self.random, least=least, most=most)
        if text and self.at_limit and (edge := self.random.choice([least, most])) and edge <= LONGEST:
            return stretched(pattern, text, int(edge)) or text
        return text


def inputs(operation: Operation, pool: Mapping[str, list[Any]], seed: str) -> Iterator[Input]:
    """Endless inputs of one operation: of ten, four are right, two at the edge, four have one thing wrong."""
    random = Random(f"{seed} {operation}")  # noqa: S311 - to be repeated by its seed
    shape = operation.model.input_shape
    bodies = BODIES.get(operation.protocol, ()) if has_body(operation) else ()
    while True:
        sort = random.choices(list(Sort), [40, 20, 35, 5])[0]
        made = Generator(pool, random, at_limit=sort is Sort.LIMIT).structure(shape) if shape else {}
        possible = list(mutations(operation, made)) if made and sort is Sort.INVALID else []
        if made is None:
            continue
        if possible:
            kind = random.choice(sorted({each.kind for each, _ in possible}))
            wrong, parameters = random.choice([each for each in possible if each[0].kind == kind])
            yield Input(operation, sort, parameters(), wrong)
        elif sort is Sort.BODY and bodies:
            yield Input(operation, sort, made, Mutation("body", ""), random.choice(bodies))
        else:
            yield Input(operation, Sort.LIMIT if sort is Sort.LIMIT else Sort.VALID, made)


def has_body(operation: Operation) -> bool:
    """Whether some of the operation's parameters are one document in the body of the request."""
    shape = operation.model.input_shape
    if shape is None or operation.model.http["method"] in ("GET", "HEAD"):
        return False
    payload = shape.serialization.get("payload")
    if payload is not None:
        return bool(shape.members[payload].type_name == "structure")
    return any("location" not in member.serialization for member in shape.members.values())


def mutations(
    operation: Operation, parameters: dict[str, Any]
) -> Iterator[tuple[Mutation, Callable[[], dict[str, Any]]]]:
    """Everything that can be made wrong in these parameters, one thing at a time."""
    shape: Any = operation.model.input_shape
    for path, name, part, value in _parts(shape, parameters, (), ""):
        top = shape.members[path[0]]
        if path[-1] in COSTLY:
            continue
        where = top.serialization.get("location", "body")
        for kind, wrong in _wrongs(part, value, in_json=where == "body" and "json" in operation.protocol):
            # What is in the address of the request cannot be empty there; a long list is no list of a form any more.
            if not (where == "uri" and wrong in (None, "")) and not (wrong == [] and "json" not in operation.protocol):
                yield Mutation(kind, name), partial(_replaced, parameters, path, wrong)
    for path, name in _required(shape, parameters, (), ""):
        where = shape.members[path[0]].serialization.get("location", "body")
        # An address without what it requires is another operation's; a form has no structure without members.
        is_sayable = "json" in operation.protocol or len(_at(parameters, path[:-1])) > 1
        if is_sayable and (len(path) > 1 or where == "body" or (where != "uri" and operation.protocol == "rest-json")):
            yield Mutation(Kind.MISSING, name), partial(_replaced, parameters, path, None)


def _parts(shape: Any, value: Any, path: tuple[Any, ...], name: str) -> Iterator[tuple[tuple[Any, ...], str, Any, Any]]:
    """Each part of a value: the way to it, its name without numbers, its shape, and what it is."""
    if path:
        yield path, name, shape, value
    match shape.type_name:
        case "structure":
            for member, each in value.items():
                yield from _parts(shape.members[member], each, (*path, member), f"{name}.{member}".strip("."))
        case "list":
            for number, each in enumerate(value[:1]):
                yield from _parts(shape.member, each, (*path, number), name)
        case "map":
            for key, each in list(value.items())[:1]:
                yield from _parts(shape.value, each, (*path, key), name)


def _required(shape: Any, value: Any, path: tuple[Any, ...], name: str) -> Iterator[tuple[tuple[Any, ...], str]]:
    for way, written, part, each in [(path, name, shape, value), *_parts(shape, value, path, name)]:
        if part.type_name == "structure":
            yield from (
                ((*way, member), f"{written}.{member}".strip(".")) for member in part.required_members if member in each
            )


def _wrongs(shape: Any, value: Any, *, in_json: bool) -> Iterator[tuple[str, Any]]:
    """What would be wrong in the place of a value, and how."""
    kind = shape.type_name
    if kind in ("integer", "long") or (in_json and kind in ("float", "double", "boolean")):
        yield Kind.TYPE, "text"
    elif in_json and kind not in (*NUMBERS, "timestamp", "blob"):
        yield Kind.TYPE, 5
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if kind in NUMBERS:
        yield from (
            (each, limit + step)
            for each, limit, step in ((Kind.TOO_SMALL, least, -1), (Kind.TOO_LARGE, most, 1))
            if limit is not None
        )
    if kind == "string":
        if shape.metadata.get("enum"):
            yield Kind.ENUM, "none-of-these"
        if (misfit := _misfit(shape)) is not None:
            yield Kind.PATTERN, misfit
    if kind in ("string", "list"):
        if least:
            yield Kind.TOO_SHORT, value[: least - 1]
        if most is not None and value and most < 20_000:
            yield Kind.TOO_LONG, (value * (most + 1))[: most + 1]


def _misfit(shape: Any) -> str | None:
    """A text of a right length that does not fit the pattern."""
    pattern = shape.metadata.get("pattern")
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 10**6)
    tried = (each * max(1, least) for each in ("!", "\u2028", "a b", "?*")) if pattern else ()
    return next((each for each in tried if len(each) <= most and not fits(pattern, each)), None)


def _at(parameters: Any, path: tuple[Any, ...]) -> Any:
    return reduce(lambda place, step: place[step], path, parameters)


def _replaced(parameters: dict[str, Any], path: tuple[Any, ...], wrong: Any) -> dict[str, Any]:
    changed = copy.deepcopy(parameters)
    place = _at(changed, path[:-1])
    if wrong is None:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    return changed


def _is_wrong(shape: Shape, value: Any) -> bool:
    """Whether a living thing is none for this member."""
    if shape.type_name == "blob":
        return not isinstance(value, bytes)
    return bool(violations("", shape, value))
