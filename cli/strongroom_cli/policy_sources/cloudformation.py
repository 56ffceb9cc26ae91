"""The backup policies of a CloudFormation template, as people write it or as CDK synthesises it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from strongroom.domain.backup_policy.documents import (
    PolicyKind,
    PolicyText,
    PolicyUnreadableError,
    kind_of,
    parse_policy,
)
from strongroom_cli.policy_sources.found import (
    Form,
    Found,
    FoundPolicy,
    Lines,
    OneLine,
    Remark,
    Steps,
    UnreadableError,
    joined,
)
from strongroom_cli.policy_sources.intrinsics import (
    Parameters,
    is_unknown,
    parameters_of,
    quoted_placeholders,
    resolve,
    unknown_places,
)
from strongroom_cli.policy_sources.json_lines import JsonLines
from strongroom_cli.policy_sources.yaml_template import NodeLines, node_at

_TYPE: Final = "AWS::Organizations::Policy"
_LOOP: Final = "Fn::ForEach::"
_ON_DEPLOYMENT: Final = "known only when the stack is deployed"

type Origin = str | yaml.Node


def is_template(document: Any) -> bool:
    """Whether a document is a CloudFormation template."""
    return isinstance(document, Mapping) and isinstance(document.get("Resources"), Mapping)


def policies_in_template(template: Mapping[str, Any], *, origin: Origin) -> Found:
    """The policies of a template; `origin` is its JSON text, or the root node of its YAML."""
    parameters = parameters_of(template)
    resources = _policies(template["Resources"], ("Resources",))
    return joined(_judge(properties, place, parameters, origin) for place, properties in resources)


def _policies(resources: Mapping[Any, Any], path: Steps) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    for name, resource in resources.items():
        if isinstance(resource, list) and str(name).startswith(_LOOP) and isinstance((resource or [None])[-1], Mapping):
            yield from _policies(resource[-1], (*path, name, len(resource) - 1))
        elif isinstance(resource, Mapping) and resource.get("Type") == _TYPE:
            properties = resource.get("Properties")
            if isinstance(properties, Mapping):
                yield (*path, name), properties


def _judge(properties: Mapping[str, Any], place: Steps, parameters: Parameters, origin: Origin) -> Found:
    kind, content = (resolve(properties.get(name), parameters) for name in ("Type", "Content"))
    name, where = str(place[-1]), (*place, "Properties", "Content")
    if kind != "BACKUP_POLICY" and not is_unknown(kind):
        return Found(others=1)
    written = quoted_placeholders(content) if isinstance(content, str) else _as_json(content)
    text = _parsed(written, name, is_open=is_unknown(content))
    if text is None or isinstance(text.document, str):
        [line] = _lines(origin, where).of([()])
        told = f"its content is {_ON_DEPLOYMENT}, so nothing of it is judged"
        return Found(remarks=(Remark(told, resource=name, line=line, is_of_all=True),))
    if is_unknown(kind) and kind_of(text.document) is not PolicyKind.BACKUP:
        return Found(others=1)
    lines = _lines_of_text(origin, where, written) if isinstance(content, str) else _lines(origin, where)
    policy = FoundPolicy(text=text, form=Form.HELD, lines=lines, resource=name, has_placeholders=True)
    return Found(policies=(policy,), remarks=tuple(_unknown_parts(policy)))


def _as_json(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"), default=str)


def _parsed(written: str, name: str, *, is_open: bool) -> PolicyText | None:
    try:
        return parse_policy(written)
    except PolicyUnreadableError as failure:
        if is_open:
            return None
        raise UnreadableError(f"{name}: in its Content, {failure}") from failure


def _lines(origin: Origin, where: Steps) -> Lines:
    return JsonLines(origin, below=where) if isinstance(origin, str) else NodeLines(origin, below=where)


def _lines_of_text(origin: Origin, where: Steps, written: str) -> Lines:
    if isinstance(origin, yaml.Node):
        _, node = node_at(origin, where)
        # Only a literal block keeps its lines, and only a value of one line in place of a parameter keeps their number.
        if isinstance(node, yaml.ScalarNode) and node.style == "|" and node.value.count("\n") == written.count("\n"):
            return JsonLines(written, before=node.start_mark.line + 1)
    return OneLine(_lines(origin, where).of([()])[0])


def _unknown_parts(policy: FoundPolicy) -> Iterator[Remark]:
    places = list(unknown_places(policy.text.document))
    if places:
        count = "one value is" if len(places) == 1 else f"{len(places)} values are"
        told = f"{count} {_ON_DEPLOYMENT}, and not judged"
        yield Remark(told, resource=policy.resource, line=policy.lines.of(places[:1])[0])
