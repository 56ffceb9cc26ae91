"""What may be asked of every value, of a Struct as of a dataclass: the names of its fields, and all that it holds."""

from typing import Any, Final

# Where a Struct and a dataclass keep the names of their fields.
_FIELDS: Final = ("__struct_fields__", "__dataclass_fields__")


def is_value(thing: object) -> bool:
    """Whether it has named fields, or is a class whose values have."""
    return any(hasattr(thing, kept) for kept in _FIELDS)


def field_names(value: object) -> tuple[str, ...]:
    """The names of the fields of a value or of a class of values, in their order; TypeError for anything else."""
    for kept in _FIELDS:
        if hasattr(value, kept):
            return tuple(getattr(value, kept))
    raise TypeError(f"{type(value).__name__} has no named fields")


def asdict(value: object) -> dict[str, Any]:
    """The fields of a value by their names, and so on downwards through lists, tuples and dictionaries."""
    return {name: _plain(getattr(value, name)) for name in field_names(value)}


def _plain(part: Any) -> Any:
    match part:
        case dict():
            return {_plain(key): _plain(each) for key, each in part.items()}
        case tuple() if hasattr(part, "_fields"):
            return type(part)(*map(_plain, part))
        case list() | tuple():
            return type(part)(map(_plain, part))
        case _ if is_value(part) and not isinstance(part, type):
            return asdict(part)
        case _:
            return part
