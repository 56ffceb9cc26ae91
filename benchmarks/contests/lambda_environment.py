"""What a function finds around itself once it is deployed: its variables as the template sets them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.deployed.built_layers import BuiltLayers
from benchmarks.measurement import NotMeasuredError
from tests.contract.templates import template_of

_LAYERS_AT: Final = "/opt/"


def variables_of(function: str, *, layers: BuiltLayers, parts: Mapping[str, str]) -> dict[str, str]:
    """The variables of `functions/<function>`; `parts` gives the stack's parts their physical names.

    A parameter has its default, a part without a name its logical id, and `/opt` is where the layers were built.
    """
    template = template_of("template.yaml")
    logical_id = "".join(word.capitalize() for word in function.split("_")) + "Function"
    declared = _variables(template["Globals"]["Function"]) | _variables(template["Resources"][logical_id]["Properties"])
    defaults = {name: str(each.get("Default", name)) for name, each in template["Parameters"].items()}
    known = defaults | dict(parts)
    return {name: _in_layers(_resolved(value, known), layers) for name, value in declared.items()}


def _variables(properties: Mapping[str, Any]) -> dict[str, Any]:
    variables: dict[str, Any] = properties.get("Environment", {}).get("Variables", {})
    return variables


def _resolved(value: Any, known: Mapping[str, str]) -> str:
    match value:
        case {"!Ref": str(name)}:
            return known.get(name, name)
        case {"!GetAtt": str(attribute)}:
            name = attribute.partition(".")[0]
            return known.get(name, name)
        case {"!Sub": str(text)}:
            return re.sub(r"\$\{([^}]+)\}", lambda found: known.get(found[1], found[1]), text)
        case str() | int():
            return str(value)
        case _:
            raise NotMeasuredError(f"template.yaml: the variable's value {value} is of a form that is not known here")


def _in_layers(value: str, layers: BuiltLayers) -> str:
    if not value.startswith(_LAYERS_AT):
        return value
    places = (Path(folder) / value.removeprefix(_LAYERS_AT) for folder in layers.folders.values())
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise NotMeasuredError(f"template.yaml names {value}, which no layer holds")
    return str(found)
