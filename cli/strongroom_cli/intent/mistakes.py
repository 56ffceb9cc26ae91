"""The sentence about a value that is not what it must be: what stands there, what is possible, and what was meant."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final

from jsonschema.exceptions import ValidationError

from strongroom.domain.findings import Finding, error
from strongroom_cli.intent.places import Steps, path_of

_KINDS: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
_SIZES: Final = {
    "minItems": "must have {0} or more items",
    "maxItems": "must have {0} items at most",
    "minProperties": "must name {0} or more",
    "maxProperties": "must name {0} at most",
    "minimum": "must be {0} or more, not {1}",
    "maximum": "must be {0} at most, not {1}",
}
_FORMATS: Final = {
    "date": "date such as 2027-01-31",
    "date-time": "moment in UTC such as 2026-11-26T14:00:00Z",
    "duration": "duration such as PT4H or P1D",
}
# Mappings whose values are tags, as they stand on resources.
_TAGS: Final = re.compile(r"\.(tag|unless|recovery_point_tags)[.\[]")

FORMS: Final = frozenset({"pattern", "enum", *_SIZES})


@dataclass(frozen=True, slots=True)
class Mistake:
    """A value that breaks one rule of a schema; `wanted` is what the rule demands, `schema` where it stands."""

    rule: str
    wanted: Any
    value: Any
    steps: Steps
    schema: Mapping[str, Any]
    said: str

    @property
    def path(self) -> str:
        """The path of the value."""
        return path_of(self.steps)


def mistake_of(problem: ValidationError) -> Mistake:
    """A problem of jsonschema's; one with the name of a key has that key as its last step."""
    steps: Steps = tuple(problem.absolute_path)
    return Mistake(
        rule=str(problem.validator),
        wanted=problem.validator_value,
        value=problem.instance,
        steps=(*steps, str(problem.instance)) if "propertyNames" in problem.absolute_schema_path else steps,
        schema=problem.schema if isinstance(problem.schema, Mapping) else {},
        said=problem.message,
    )


def told_mistake(mistake: Mistake, *, typed: str | None) -> Finding:
    """The finding about a value, which was `typed` so where it stands without quotes."""
    value, wanted, path = mistake.value, mistake.wanted, mistake.path
    match mistake.rule:
        case "type" | "enum":
            return error("type", path, _no_kind(mistake, [{mistake.rule: wanted}], typed=typed))
        case "anyOf":
            return error("type", path, _no_kind(mistake, wanted, typed=typed))
        case "format":
            return error("format", path, f"{value!r} is no ISO 8601 {_FORMATS[wanted]}")
        case "pattern":
            shown = "".join(f": write it as {each}" for each in mistake.schema.get("examples", ())[:1])
            return error("form", path, f"{value!r} is not written as it must be{shown}")
        case rule if rule in _SIZES:
            return error("form", path, _SIZES[rule].format(wanted, value))
        case _:
            return error("value", path, mistake.said)


def nearest(text: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The name that is spelled most like a text, whatever its letter case; None where none is like it enough."""
    spelled = {each.casefold(): each for each in known}
    return next((spelled[each] for each in get_close_matches(text.casefold(), spelled, n=1, cutoff=cutoff)), None)


def likeness(text: str, name: str) -> float:
    """How much a text is spelled like a name, from 0 to 1, whatever its letter case."""
    return SequenceMatcher(a=text.casefold(), b=name.casefold()).ratio()


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """`; did you mean central?` where something known is spelled nearly so, else nothing."""
    found = nearest(text, known)
    return f"; did you mean {found}?" if found else ""


def _no_kind(mistake: Mistake, branches: Sequence[Mapping[str, Any]], *, typed: str | None) -> str:
    value = mistake.value
    kinds = [branch.get("type", "object") for branch in branches if "enum" not in branch]
    choices = [str(choice) for branch in branches for choice in branch.get("enum", ())]
    if "string" in kinds and typed and (misread := _misread(value, typed)):
        is_tag = isinstance(value, bool) and _TAGS.search(mistake.path)
        return f"must be text, not {misread}; put it in quotes{', spelled as the tag is' if is_tag else ''}"
    wanted = " or ".join([*(_KINDS[kind] for kind in kinds if kind in _KINDS), *choices])
    is_quoted = "integer" in kinds and isinstance(value, str) and value.isdecimal()
    remedy = ": take the quotes away" if is_quoted else did_you_mean(str(value), choices)
    return f"must be {wanted}, not {_found(value, typed)}{remedy}"


def _misread(value: Any, typed: str) -> str | None:
    """A text that YAML took for something else, and for what."""
    match value:
        case None:
            return f"{typed}: YAML reads it as nothing"
        case bool():
            return f"{value}: YAML reads it as a truth value"
        case int() | float():
            return f"{typed}: YAML reads it as a number"
        case _:
            return None


def _found(value: Any, typed: str | None) -> str:
    match value:
        case None:
            return typed or "empty"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f"the text {value!r}"
        case _:
            return typed or repr(value)
