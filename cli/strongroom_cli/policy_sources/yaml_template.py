"""Reading a YAML template that a stranger wrote, with the short forms of CloudFormation's functions."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, override

import yaml

from strongroom_cli.policy_sources.found import Steps, UnreadableError

MOST_CHARACTERS: Final = 1_000_000  # of a template, CloudFormation takes no more bytes
_MOST_EVENTS: Final = 100_000
_DEEPEST: Final = 60

_SAFE: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first is a hundred times as quick, where it is built


class _TemplateLoader(_SAFE):  # type: ignore[misc, valid-type] # chosen at run time
    """YAML's safe subset with dates as texts, no key twice in one mapping, and `!Name` as `{"Fn::Name": ...}`."""

    yaml_implicit_resolvers = {  # noqa: RUF012 PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            is_name = isinstance(key, str | int)
            if not is_name or key in seen:
                problem = f"the key {key!r} stands twice in one mapping" if is_name else "a key must be a name"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        constructed: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return constructed

    def construct_function(self, suffix: str, node: yaml.Node) -> dict[str, Any]:
        """The long form of a function that is written in its short one."""
        value: Any
        match node:
            case yaml.MappingNode():
                value = self.construct_mapping(node, deep=True)
            case yaml.SequenceNode():
                value = self.construct_sequence(node, deep=True)
            case _:
                value = self.construct_scalar(node)
        return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_TemplateLoader.add_multi_constructor("!", _TemplateLoader.construct_function)


@dataclass(frozen=True, slots=True)
class YamlTemplate:
    """A parsed template: its value, and the nodes that know their lines."""

    value: Any
    root: yaml.Node


@dataclass(frozen=True, slots=True)
class NodeLines:
    """The lines of what stands in a document of YAML, below a place."""

    root: yaml.Node
    below: Steps

    def of(self, places: Sequence[Steps]) -> list[int | None]:
        """The line of each place, counted from 1."""
        return [node_at(self.root, (*self.below, *place))[0] for place in places]


def read_yaml(text: str) -> YamlTemplate:
    """The one document of a YAML text; UnreadableError where there is none, or nobody would write what there is."""
    if len(text) > MOST_CHARACTERS:
        raise UnreadableError(f"{len(text):,} characters of YAML are more than the {MOST_CHARACTERS:,} that are read")
    try:
        _refuse_bombs(text)
        loader = _TemplateLoader(text)
        root = loader.get_single_node()
        return YamlTemplate(loader.construct_document(root) if root else None, root)
    except yaml.MarkedYAMLError as failure:
        where = f"line {failure.problem_mark.line + 1}: " if failure.problem_mark else ""
        raise UnreadableError(f"{where}this is not YAML ({failure.problem})") from failure
    except (yaml.YAMLError, ValueError, RecursionError) as failure:
        raise UnreadableError(f"this is not YAML ({failure})") from failure


def node_at(node: yaml.Node, place: Steps) -> tuple[int, yaml.Node]:
    """The line on which a place below a node begins, and its node; those around it where the place is absent."""
    line = _line(node)
    for step in place:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line, node


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((_line(key), child) for key, child in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return _line(node.value[step]), node.value[step]
    return None


def _line(placed: yaml.Node | yaml.Event) -> int:
    return placed.start_mark.line + 1 if placed.start_mark else 1


def _refuse_bombs(text: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_SAFE)):
        line = f"line {_line(event)}: "
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableError(f"{line}the alias *{event.anchor} is none that CloudFormation reads; write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise UnreadableError(f"{line}nested more than {_DEEPEST} deep, which is no template")
        if count > _MOST_EVENTS:
            raise UnreadableError(f"{line}more than {_MOST_EVENTS:,} values, which is no template")
