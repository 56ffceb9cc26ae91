"""What CloudFormation's functions come to, as far as the template alone tells: the rest stays as `${Name}`."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from strongroom.domain.backup_policy.documents import VALUE_OPERATORS
from strongroom_cli.policy_sources.found import Steps

_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_STRING_OR_PLACEHOLDER: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\$\{[^}]*\}', re.DOTALL)
_NOTHING: Final = "AWS::NoValue"
_LISTS: Final = ("CommaDelimitedList", "List<")


@dataclass(frozen=True, slots=True)
class Parameters:
    """The defaults of a template's parameters, by their names; what has none is not known."""

    defaults: Mapping[str, Any]


def parameters_of(template: Mapping[str, Any]) -> Parameters:
    """What the parameters are unless whoever deploys says otherwise."""
    declared = template.get("Parameters")
    known = declared.items() if isinstance(declared, Mapping) else ()
    return Parameters({name: _default(each) for name, each in known if isinstance(each, Mapping) and "Default" in each})


def resolve(value: Any, parameters: Parameters) -> Any:
    """The value with every function that the template alone decides; any other becomes a text with `${...}`."""
    match value:
        case Mapping():
            if (function := _function(value)) is not None:
                return _resolved(*function, parameters)
            return {name: resolve(child, parameters) for name, child in value.items() if child != {"Ref": _NOTHING}}
        case list():
            return [resolve(child, parameters) for child in value if child != {"Ref": _NOTHING}]
        case _:
            return value


def is_unknown(value: Any) -> bool:
    """Whether a resolved value hangs on what the template does not tell, a setting by what its operators carry."""
    match value:
        case str():
            return "${" in value
        case Mapping():
            return any(is_unknown(value[operator]) for operator in VALUE_OPERATORS if operator in value)
        case _:
            return False


def unknown_places(value: Any, path: Steps = ()) -> Iterator[Steps]:
    """Every place whose value, or whose name, the template does not tell."""
    if isinstance(value, Mapping):
        for name, child in value.items():
            if is_unknown(name):
                yield (*path, name)
            yield from unknown_places(child, (*path, name))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from unknown_places(child, (*path, number))
    elif is_unknown(value):
        yield path


def quoted_placeholders(text: str) -> str:
    """A JSON text in which what is left of a substitution stands as a text, too, where a number or a list may come."""
    return _STRING_OR_PLACEHOLDER.sub(lambda each: each[0] if each[0].startswith('"') else json.dumps(each[0]), text)


def _default(declared: Mapping[str, Any]) -> Any:
    default = declared["Default"]
    is_list = str(declared.get("Type", "")).startswith(_LISTS)
    return [member.strip() for member in str(default).split(",")] if is_list else default


def _function(value: Mapping[Any, Any]) -> tuple[str, Any] | None:
    if len(value) != 1:
        return None
    [(name, argument)] = value.items()
    return (name, argument) if isinstance(name, str) and (name == "Ref" or name.startswith("Fn::")) else None


def _resolved(name: str, argument: Any, parameters: Parameters) -> Any:
    match name, argument:
        case "Ref", str():
            return parameters.defaults.get(argument, f"${{{argument}}}")
        case "Fn::Sub", str():
            return _substituted(argument, parameters.defaults)
        case "Fn::Sub", [str(text), Mapping() as variables]:
            inner = {key: resolve(child, parameters) for key, child in variables.items()}
            return _substituted(text, {**parameters.defaults, **inner})
        case "Fn::Join", [str(separator), list(members)]:
            parts = [resolve(member, parameters) for member in members]
            if all(isinstance(part, str | int) for part in parts):
                return separator.join(str(part) for part in parts)
        case "Fn::ToJsonString", Mapping() | list():
            return json.dumps(resolve(argument, parameters))
        case "Fn::GetAtt", [str(resource), str(attribute)]:
            return f"${{{resource}.{attribute}}}"
        case "Fn::GetAtt", str():
            return f"${{{argument}}}"
        case _:
            pass
    return f"${{{name}}}"


def _substituted(text: str, known: Mapping[str, Any]) -> str:
    def put(each: re.Match[str]) -> str:
        value = known.get(each[2].strip())
        return str(value) if not each[1] and isinstance(value, str | int) else each[0]

    return _PLACEHOLDER.sub(put, text)
