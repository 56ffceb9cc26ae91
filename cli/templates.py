"""The CloudFormation templates that the intent completes: read from the project, filled, ready to deploy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

STACKS: Final = Path(__file__).parent.parent / "stacks"

_BANNER: Final = (
    "\n  # ── Rendered from the intent: policies with their targets, StackSets of the governed accounts ──\n"
)


class _TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, read as the long ones."""


def read_template(name: str) -> str:
    """The text of a template in `stacks/`."""
    return (STACKS / f"{name}.yaml").read_text(encoding="utf-8")


def minified_template(text: str) -> str:
    """The template as JSON without white space: CloudFormation counts characters."""
    template = yaml.load(text, Loader=_TemplateLoader)  # noqa: S506 a SafeLoader
    return json.dumps(template, separators=(",", ":"))


def with_resources(frame: str, resources: Mapping[str, Mapping[str, Any]]) -> str:
    """A template whose last section is Resources, with more of them."""
    return frame.rstrip("\n") + "\n" + _BANNER + "".join(_resource(name, body) for name, body in resources.items())


def _resource(logical_id: str, body: Mapping[str, Any]) -> str:
    lines = [f"    {key}: {json.dumps(value, separators=(',', ':'))}\n" for key, value in body.items()]
    return f"\n  {logical_id}:\n" + "".join(lines)


def _long_form(loader: _TemplateLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    match node:
        case yaml.ScalarNode():
            value = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
        case _:
            raise TypeError(f"!{name} holds neither text, list nor mapping")
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_TemplateLoader.add_multi_constructor("!", _long_form)
