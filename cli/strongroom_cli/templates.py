"""The project's CloudFormation templates, read from the installed package or from a checkout."""

from collections.abc import Iterable
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import yaml

from strongroom.domain.stacks.templates import CARRIED, TEXTS, Template, Templates
from strongroom_cli.intent.yaml_text import PARSER

_CHECKOUT: Final = Path(__file__).parents[2]


class _TemplateLoader(PARSER):  # type: ignore[misc, valid-type] # chosen at run time
    """YAML with CloudFormation's short functions, read as the long ones."""


def read_templates() -> Templates:
    """The templates that the intent completes."""
    texts = _texts({*TEXTS, *CARRIED})
    return Templates(
        texts={name: texts[name] for name in TEXTS},
        carried={name: parse_template(texts[name]) for name in CARRIED},
    )


def parse_template(text: str) -> Template:
    """A template as values."""
    template: Template = yaml.load(text, Loader=_TemplateLoader)  # noqa: S506 a SafeLoader
    return template


def _texts(names: Iterable[str]) -> dict[str, str]:
    stacks = _stacks()
    return {name: (stacks / f"{name}.yaml").read_text(encoding="utf-8") for name in names}


def _stacks() -> Traversable:
    # The wheel brings the folder inside the package; a checkout keeps it where a reader looks for it.
    packaged = resources.files("strongroom_cli") / "stacks"
    return packaged if packaged.is_dir() else _CHECKOUT / "stacks"


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
