"""The JSON Schema of the intent file: its structure for reading, and all that is known of its values for editors."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec

from strongroom.domain.forms import Form
from strongroom.domain.intent.model import Intent
from strongroom.domain.values import is_value

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

# Classes of which exactly one of two must be given, each a field or any of some.
_EITHER: Final = {
    "Target": (("unit", "account"), ("root",)),
    "ApprovalRule": (("unit",), ("account",)),
    "Exemption": (("resource",), ("account",)),
}
_NO_VALUE: Final = {"type": "null"}
# Fields that the file calls by a word that Python keeps for itself, by class.
_WORDS: Final = {"Target": {"excluded": "except"}}

# How a union is written decides which of the two it is.
_UNIONS: Final = (Union, UnionType)

type Schema = dict[str, Any]


def intent_schema() -> Schema:
    """The types of `Intent`, as the file spells its fields, and no key beyond them.

    A section that is not wanted is left out, and never left empty.
    """
    schema = schema_of(Intent)
    sections = schema["$defs"][Intent.__name__]["properties"]
    schema["$defs"][Intent.__name__]["properties"] = {name: given(shape) for name, shape in sections.items()}
    return schema


def schema_of(kind: type[Any]) -> Schema:
    """The types of a value and of all that it is made of, and no key beyond them."""
    schema = msgspec.json.schema(kind)
    for name, definition in schema["$defs"].items():
        definition["additionalProperties"] = False
        properties = definition["properties"]
        definition["properties"] = {word_of(name, each): value for each, value in properties.items()}
    for each in intent_classes(kind):
        _put_moments(schema["$defs"][each.__name__]["properties"], each)
    return schema


def _put_moments(properties: Schema, kind: type[Any]) -> None:
    """The format of moments, which msgspec leaves out because it takes some without a time zone."""
    for name, hint in get_type_hints(kind).items():
        if datetime in (hint, *get_args(hint)):
            given(properties[word_of(kind.__name__, name)])["format"] = "date-time"


def word_of(kind: str, name: str) -> str:
    """How the file calls a field of a class."""
    return _WORDS.get(kind, {}).get(name, name)


def as_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """A file's content with the fields' own names; it must have the structure of an intent."""
    fields = {word: name for name, word in _WORDS["Target"].items()}
    targets = [{fields.get(key, key): value for key, value in target.items()} for target in document["targets"]]
    return {**document, "targets": targets}


def with_forms(schema: Schema, kind: type[Any]) -> Schema:
    """The schema of a value with what each field means, and the form that its values must have."""
    for each in intent_classes(kind):
        properties = schema["$defs"][each.__name__]["properties"]
        for name, hint in get_type_hints(each, include_extras=True).items():
            _annotate(properties[word_of(each.__name__, name)], hint)
    return schema


def given(shape: Schema) -> Schema:
    """A shape without the empty value, where that is one of two."""
    return next((each for each in shape.get("anyOf", ()) if each != _NO_VALUE), shape)


@cache
def editor_schema() -> Schema:
    """The structure with what each field means, the form that its values must have, and its default; not to change."""
    schema = with_forms(intent_schema(), Intent)
    for name, either in _EITHER.items():
        schema["$defs"][name]["oneOf"] = [{"anyOf": [{"required": [each]} for each in fields]} for fields in either]
    return {"$schema": DIALECT, "title": "Strongroom intent", **schema}


def intent_classes(kind: Any = Intent) -> Iterator[type[Any]]:
    """Every class of values that an intent is made of, each once, the outer ones first."""
    found: dict[type[Any], None] = {}
    pending = [kind]
    while pending:
        each = pending.pop(0)
        if is_value(each) and isinstance(each, type):
            found[each] = None
            pending += [hint for hint in get_type_hints(each).values() if hint not in found]
        else:
            pending += [inner for inner in get_args(each) if inner is not Ellipsis]
    yield from found


def notes_of(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A hint without its annotations, and those: descriptions and forms."""
    notes = getattr(hint, "__metadata__", ())
    return (hint.__origin__, notes) if notes else (hint, ())


def members_of(kind: Any) -> tuple[Any, ...]:
    """The kinds that a union is of, but for nothing; none where it is no union."""
    return tuple(each for each in get_args(kind) if each is not NoneType) if get_origin(kind) in _UNIONS else ()


def _annotate(node: Schema, hint: Any) -> None:
    kind, notes = notes_of(hint)
    members = [(_branch(node, each), each) for each in members_of(kind)]
    inner = members[0][0] if members else node
    for note in notes:
        if isinstance(note, str):
            node["description"] = note
        elif isinstance(note, Form):
            inner |= _constraints(note, inner.get("type", ""))
    for branch, member in members:
        _annotate(branch, member)
    if members:
        return
    if node.get("type") == "array":
        _annotate(node["items"], get_args(kind)[0])
    elif node.get("type") == "object":
        _annotate(node["additionalProperties"], get_args(kind)[-1])


def _branch(node: Schema, member: Any) -> Schema:
    """The schema of one kind of a union."""
    wanted = msgspec.json.schema(member)
    for branch in node.get("anyOf", (node,)):
        if all(branch.get(part) == wanted.get(part) for part in ("$ref", "enum", "type")):
            found: Schema = branch
            return found
    raise KeyError(member)


_BOUNDS: Final = {
    "integer": ("minimum", "maximum"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}


def _constraints(form: Form, kind: str) -> Schema:
    least, most = _BOUNDS.get(kind, ("minLength", "maxLength"))
    stated: Mapping[str, Any] = {
        "pattern": _whole(form.pattern),
        "enum": list(form.choices()) if form.choices else None,
        least: form.least,
        most: form.most,
        "examples": list(form.examples) or None,
        "propertyNames": {"pattern": _whole(form.keys)} if form.keys else None,
    }
    return {name: value for name, value in stated.items() if value is not None}


def _whole(pattern: str | None) -> str | None:
    return None if pattern is None else f"^(?:{pattern})$"
