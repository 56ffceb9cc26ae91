"""What in a document does not have the types of its model: one finding for each mistake, with what would be right."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

import jsonschema
import msgspec
from jsonschema.exceptions import ValidationError

from strongroom.domain.findings import Finding, error
from strongroom.domain.forms import DURATION, MOMENT
from strongroom_cli.intent.mistakes import FORMS, Mistake, mistake_of, nearest, told_mistake
from strongroom_cli.intent.places import Place, nearest_place, path_of

UNKNOWN_KEY: Final = "unknown-key"
# Nobody mends more than these at once, and a hostile file would have them by the thousand.
MOST_MISTAKES: Final = 200

_REJECTS_THE_KIND: Final = frozenset({"type", "enum"})


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong with a document's structure; document and places with misspelled keys as they were meant."""

    findings: tuple[Finding, ...]
    document: Any
    places: Mapping[str, Place]

    @property
    def has_structure(self) -> bool:
        """Whether an intent can be made of it, unknown keys left aside."""
        return all(finding.code == UNKNOWN_KEY for finding in self.findings)


def judge_structure(document: Any, schema: Mapping[str, Any], *, places: Mapping[str, Place]) -> Judged:
    """Every mistake against the schema, once: what a misspelled key stands for is not missing besides."""
    misspelled: list[Finding] = []
    found = dict(places)
    while True:
        mistakes = tuple(find_mistakes(document, schema))
        renamed = document
        for mistake in mistakes:
            for name, meant in _meant_keys(mistake).items():
                misspelled.append(_unknown_key(mistake, name, f"; did you mean {meant}?"))
                renamed = _with_key(renamed, mistake.steps, name=name, meant=meant)
                if place := nearest_place(misspelled[-1].path, found):
                    found[path_of((*mistake.steps, meant))] = place
        if renamed is document:
            told = (finding for mistake in mistakes for finding in _told(mistake, found))
            return Judged((*misspelled, *told), document, found)
        document = renamed


def find_ill_formed(document: Any, schema: Mapping[str, Any]) -> Iterator[Finding]:
    """Each value of the right type that is not of its form: pattern, choice or size."""
    for mistake in find_mistakes(document, schema):
        if mistake.rule in FORMS:
            yield told_mistake(mistake, typed=None)


def find_mistakes(document: Any, schema: Mapping[str, Any]) -> Iterator[Mistake]:
    """Each mistake against a schema by its path; of a union the one kind that was meant, or that it is none of them."""
    found = islice(_STRICT(schema, format_checker=_FORMATS).iter_errors(document), MOST_MISTAKES)
    for problem in sorted(found, key=lambda each: [str(step) for step in each.absolute_path]):
        yield from _mistakes_in(problem)


def _mistakes_in(problem: ValidationError) -> Iterator[Mistake]:
    if problem.validator != "anyOf":
        yield mistake_of(problem)
        return
    kinds: dict[Any, list[ValidationError]] = {}
    for inner in problem.context or ():
        kinds.setdefault(inner.schema_path[0], []).append(inner)
    meant = next((kind for kind in kinds.values() if not any(_rejects_the_kind(inner) for inner in kind)), None)
    if meant is None:
        yield mistake_of(problem)
    for inner in meant or ():
        yield from _mistakes_in(inner)


def _rejects_the_kind(problem: ValidationError) -> bool:
    return problem.validator in _REJECTS_THE_KIND and not problem.path


def _told(mistake: Mistake, places: Mapping[str, Place]) -> Iterator[Finding]:
    match mistake.rule:
        case "additionalProperties":
            for name in _unknown_keys(mistake):
                yield _unknown_key(mistake, name, "")
        case "required":
            # There is a mistake for each key that is missing, which only its sentence names.
            for name in [each for each in mistake.wanted if mistake.said.startswith(repr(each))]:
                yield error("missing-key", path_of((*mistake.steps, name)), "is missing")
        case _:
            place = places.get(mistake.path)
            yield told_mistake(mistake, typed=place.typed if place else None)


def _unknown_keys(mistake: Mistake) -> list[str]:
    return [name for name in mistake.value if name not in mistake.schema["properties"]][:MOST_MISTAKES]


def _unknown_key(mistake: Mistake, name: str, remedy: str) -> Finding:
    known = ", ".join(mistake.schema["properties"])
    return error(UNKNOWN_KEY, path_of((*mistake.steps, name)), f"unknown key; known are {known}{remedy}")


def _meant_keys(mistake: Mistake) -> dict[str, str]:
    """The unknown keys that are nearly one which is not there, and that one."""
    if mistake.rule != "additionalProperties":
        return {}
    free = [name for name in mistake.schema["properties"] if name not in mistake.value]
    meant: dict[str, str] = {}
    for name in _unknown_keys(mistake):
        if found := nearest(name, [each for each in free if each not in meant.values()]):
            meant[name] = found
    return meant


def _with_key(node: Any, steps: Sequence[str | int], *, name: str, meant: str) -> Any:
    """A copy of the document in which the mapping at these steps has another key in place of `name`."""
    if not steps:
        return {meant if key == name else key: value for key, value in node.items()}
    first, *rest = steps
    if isinstance(node, list):
        return [_with_key(each, rest, name=name, meant=meant) if n == first else each for n, each in enumerate(node)]
    return {key: _with_key(each, rest, name=name, meant=meant) if key == first else each for key, each in node.items()}


def _is_integer(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)  # 35.0 is none, other than in JSON Schema


def _is_duration(value: object) -> bool:
    if not isinstance(value, str):
        return True
    with suppress(msgspec.ValidationError):
        msgspec.convert(value, timedelta)
        return DURATION.fits(value)
    return False


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    with suppress(ValueError):
        return date.fromisoformat(value).isoformat() == value
    return False


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    with suppress(ValueError):
        return MOMENT.fits(value) and datetime.fromisoformat(value).utcoffset() == timedelta()
    return False


def _formats() -> jsonschema.FormatChecker:
    checker = jsonschema.FormatChecker(formats=())
    checker.checks("duration")(_is_duration)
    checker.checks("date")(_is_date)
    checker.checks("date-time")(_is_moment)
    return checker


_FORMATS: Final = _formats()
_STRICT: Final[Any] = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)
