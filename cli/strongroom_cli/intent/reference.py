"""The reference of the intent file, written from the fields themselves: one table for each part of the file."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields

from strongroom.domain.forms import Form
from strongroom.domain.intent.model import Intent
from strongroom.domain.values import is_value
from strongroom_cli.intent.schema import notes_of, word_of

_OPENING: Final = """# The intent file, field by field

Written by `make reference` from `layers/core/strongroom/domain/intent/model.py`; change it there.
[The guide](../intent.md) explains the parts, and [the JSON Schema](../../schemas/strongroom.schema.json) tells
editors the same. `NAME` is a name that you choose, and `[]` stands for each item of a list. Durations are ISO 8601,
retentions whole days.
"""
_PLAIN: Final = {str: "text", bool: "true or false", timedelta: "duration", date: "date", datetime: "moment"}


def render_reference() -> str:
    """The whole page, as Markdown."""
    return "\n".join([_OPENING, *_sections()])


def _sections() -> Iterator[str]:
    for each in fields(Intent):
        yield f"## {each.name}\n"
        yield "| field | value | default | meaning |\n|---|---|---|---|"
        yield from _rows(Intent, each, "")
        yield ""


def _rows(kind: type[Any], each: FieldInfo, path: str) -> Iterator[str]:
    hint, notes = notes_of(get_type_hints(kind, include_extras=True)[each.name])
    here = f"{path}.{word_of(kind.__name__, each.name)}".lstrip(".")
    description = " ".join(note for note in notes if isinstance(note, str))
    yield f"| `{here}` | {_value(hint, _form(notes))} | {_default(each)} | {description} |"
    inner, step = _inner(hint)
    if inner is not None:
        for below in fields(inner):
            yield from _rows(inner, below, here + step)


def _inner(hint: Any) -> tuple[type[Any] | None, str]:
    """The class of values that a field leads to, and what its path goes on with."""
    hint, _ = notes_of(hint)
    if is_value(hint) and isinstance(hint, type):
        return hint, ""
    step = {dict: ".NAME", tuple: "[]"}.get(get_origin(hint), "")
    for each in get_args(hint) if get_origin(hint) is not Literal else ():
        found, rest = _inner(each)
        if found is not None:
            return found, step + rest
    return None, ""


def _form(notes: tuple[Any, ...]) -> Form:
    return next((note for note in notes if isinstance(note, Form)), Form())


def _value(hint: Any, form: Form) -> str:
    kind, notes = notes_of(hint)
    form = _form(notes) if notes else form
    arguments = [each for each in get_args(kind) if each not in (NoneType, Ellipsis)]
    if get_origin(kind) is Literal:
        return " or ".join(f"`{each}`" for each in arguments)
    if get_origin(kind) is tuple:
        return f"list of: {_value(arguments[0], Form())}"
    if get_origin(kind) is dict:
        return f"mapping of names to: {_value(arguments[1], Form())}"
    if arguments:
        return " or ".join(_value(each, form) for each in arguments)
    if is_value(kind):
        return "mapping"
    return _spelled(kind, form)


def _spelled(kind: Any, form: Form) -> str:
    if kind is int:
        return "whole number" + (f", {form.least} to {form.most}" if form.most else f", {form.least} or more")
    if form.choices is not None:
        return " or ".join(f"`{each}`" for each in form.choices())
    plain = _PLAIN.get(getattr(kind, "__supertype__", kind), "text")
    return plain + (f", as `{form.examples[0]}`" if form.examples else "")


def _default(each: FieldInfo) -> str:
    if each.default_factory is not NODEFAULT:
        return "its fields' own" if is_value(each.default_factory) else "none"
    if each.default is NODEFAULT:
        return "must be given"
    return "none" if each.default in (None, (), "") else f"`{_as_written(each.default)}`"


def _as_written(default: Any) -> str:
    """A default as the file would say it."""
    match default:
        case bool():
            return str(default).lower()
        case tuple():
            return f"[{', '.join(default)}]"
        case timedelta():
            hours, minutes = divmod(default // timedelta(minutes=1), 60)
            return f"PT{hours}H" if not minutes else f"PT{60 * hours + minutes}M"
        case _:
            return str(default)
