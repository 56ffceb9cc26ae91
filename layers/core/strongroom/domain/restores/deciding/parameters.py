"""The parameters of a stack: all of them are sent and shown, or the stack is restored by hand."""

from typing import Final

from strongroom.domain.restores.deciding.reading import UnreadableError, is_parameter, is_parameter_name, read_json

_MOST_NAMED: Final = 10
_INSTEAD: Final = (
    "is neither sent nor shown, and without it the template's default would be taken; "
    "restore the stack by hand, and ask here for its resources, each as what it is"
)
UNREADABLE: Final = f"cannot be read whole: what is no mapping of texts in JSON, each name once, {_INSTEAD}"


def why_not_carried(text: str) -> str:
    """Why not all of them can be sent, by their names and never by their values; empty where they can."""
    try:
        content = read_json(text)
    except UnreadableError:
        return UNREADABLE
    if not isinstance(content, dict):
        return UNREADABLE
    names = sorted({_told(name) for name, value in content.items() if not is_parameter(name, value)})
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    why = "what is masked, empty, no plain text or named like a secret"
    return f"cannot be carried whole ({', '.join(names[:_MOST_NAMED])}{more}): {why} {_INSTEAD}"


def _told(name: str) -> str:
    """A stranger's name, if it can be one of a parameter."""
    return name if is_parameter_name(name) else "one without a name of letters and digits"
