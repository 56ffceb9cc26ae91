"""Values that strangers wrote, read by their shape: what has it comes out in one spelling, what has not, not at all."""

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

from strongroom.domain.errors import MalformedIdentifierError
from strongroom.domain.identifiers import Arn
from strongroom.domain.partitions import partition_of
from strongroom.domain.restores.deciding.case import Target
from strongroom.domain.restores.kinds.model import Key, Shape
from strongroom.domain.restores.kinds.secret_names import tells_secret

_LONGEST: Final = 8192
_DEEPEST: Final = 20
_FEW: Final = 5
_PLAIN: Final = r"[A-Za-z0-9][A-Za-z0-9._+: -]{0,127}"
_PATH: Final = r"(?:/[A-Za-z0-9_][A-Za-z0-9._+ -]{0,127}){1,16}/?"
_NUMBER: Final = r"[0-9]{1,10}"
_KEY: Final = r"[!-~]{1,200}"
# AWS CloudFormation User Guide, "Parameters": alphanumeric, at most 255 characters.
_PARAMETER: Final = r"[A-Za-z0-9]{1,255}"
_ARN: Final = "arn:"


class UnreadableError(ValueError):
    """The text is no JSON that everybody reads alike; never leaves this room."""


def is_key(text: Any) -> bool:
    """Whether that can be a key of the metadata: ASCII without blanks, so that it folds to one small form."""
    return isinstance(text, str) and re.fullmatch(_KEY, text) is not None


def is_text(value: Any) -> bool:
    """Whether that can be a value of the metadata: a text of 1 to 8,192 visible characters."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()


def read_json(text: str) -> Any:
    """The content of a text in JSON; UnreadableError for none, or where a key is said twice in any case."""
    try:
        content = json.loads(text, object_pairs_hook=_once, parse_float=_finite, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    _check_depth(content, depth=0)
    return content


def write_json(content: Any) -> str:
    """The content in the one spelling in which it is sent."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def shaped(text: str, key: Key) -> str | None:
    """The value in the one spelling in which it is sent, or None where it has not the shape of the key."""
    match key.shape:
        case Shape.FLAG:
            return text if text in ("true", "false") else None
        case Shape.NUMBER:
            is_in = re.fullmatch(_NUMBER, text) is not None and key.least <= int(text) <= key.most
            return str(int(text)) if is_in else None
        case Shape.PLAIN:
            return text if is_plain(text) else None
        case Shape.PATH:
            return text if is_path(text) else None
        case Shape.LIST | Shape.FEW | Shape.PATHS | Shape.JSON | Shape.PARAMETERS:
            return _shaped_json(text, key.shape)


def is_plain(text: Any) -> bool:
    """Whether that is a plain text: no ARN, no address, nothing that only looks like a letter."""
    return isinstance(text, str) and re.fullmatch(_PLAIN, text) is not None and _ARN not in text.lower()


def is_path(text: Any) -> bool:
    """Whether that is a plain path from the root on, which leads nowhere back."""
    return isinstance(text, str) and re.fullmatch(_PATH, text) is not None


def is_parameter_name(name: str) -> bool:
    """Whether a parameter of a template can be called so."""
    return re.fullmatch(_PARAMETER, name) is not None


def is_parameter(name: str, value: Any) -> bool:
    """Whether that parameter may be read by everybody: plain, so that it is not masked, and no secret by its name."""
    return is_parameter_name(name) and is_plain(value) and not tells_secret(name, value)


def texts_of(text: str) -> tuple[str, ...] | None:
    """The texts of a list in JSON, or None where it is no such list."""
    try:
        content = read_json(text)
    except UnreadableError:
        return None
    is_list = isinstance(content, list) and all(isinstance(each, str) for each in content)
    return tuple(content) if is_list else None


def is_foreign(text: str, target: Target) -> bool:
    """Whether an ARN anywhere in the text, also in JSON in it, lies outside the target's account or Region."""
    return any(not _is_own(arn, target) for arn in arns_in(text))


def _shaped_json(text: str, shape: Shape) -> str | None:
    try:
        content = read_json(text)
    except UnreadableError:
        return None
    match shape:
        case Shape.LIST:
            is_shaped = isinstance(content, list) and all(is_plain(each) for each in content)
        case Shape.FEW:
            is_shaped = _are_few(content) and all(is_plain(each) for each in content)
        case Shape.PATHS:
            is_shaped = _are_few(content) and all(is_path(each) for each in content)
        case Shape.PARAMETERS:
            is_shaped = isinstance(content, dict) and all(is_parameter(*each) for each in content.items())
        case _:
            is_shaped = all(is_plain(each) for each in _texts(content))
    return write_json(content) if is_shaped else None


def _are_few(content: Any) -> bool:
    return isinstance(content, list) and 0 < len(content) <= _FEW


def arns_in(text: str) -> Iterator[str]:
    """What begins like an ARN, wherever it stands: a blank, a list, capitals or an escape smuggle none in."""
    if "arn" not in text.lower() and "\\" not in text:
        return
    try:
        texts = [text, *_texts(read_json(text))]
    except UnreadableError:
        texts = [text]
    for each in texts:
        for found in re.finditer(_ARN, each, re.IGNORECASE):
            yield re.split(r"[\"'\s,\]}]", each[found.start() :], maxsplit=1)[0]


def _is_own(arn: str, target: Target) -> bool:
    try:
        place = Arn.parse(arn)
    except MalformedIdentifierError:
        return False
    return (
        place.partition == partition_of(target.region).name
        and (place.account or target.account) == target.account
        and (place.region or target.region) == target.region
    )


def _texts(content: Any) -> Iterator[str]:
    """Every text in it, the keys of mappings among them."""
    match content:
        case str():
            yield content
        case list():
            for each in content:
                yield from _texts(each)
        case dict():
            for name, each in content.items():
                yield name
                yield from _texts(each)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name.lower() for name, _ in pairs}) != len(pairs):
        raise UnreadableError("a key is said twice")
    return dict(pairs)


def _finite(number: str) -> float:
    if not isfinite(value := float(number)):
        raise UnreadableError(f"{number[:40]} is no number that others read")
    return value


def _refuse(number: str) -> Any:
    raise UnreadableError(f"{number} is no number")


def _check_depth(content: Any, *, depth: int) -> None:
    if depth > _DEEPEST:
        raise UnreadableError(f"it is nested deeper than {_DEEPEST} times")
    if isinstance(content, (list, dict)):
        for each in content.values() if isinstance(content, dict) else content:
            _check_depth(each, depth=depth + 1)
