"""What a template refers to, and whether it is there: CloudFormation refuses a name that nothing in the template has.

Source: recorded refusals, "Template format error: Unresolved resource dependencies" and "Template error: instance of
Fn::GetAtt references undefined resource" (LocalStack, tests/aws/services/cloudformation, snapshots); CloudFormation
Workshop, "Nested stacks", for what is no resource at all.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_VARIABLE: Final = re.compile(r"\$\{([^!}][^}]*)\}")

type Template = Mapping[str, Any]


def unresolved(template: Template, conditions: Mapping[str, bool]) -> str | None:
    """Why the template is refused: it refers to what is not there, or is there under a condition that does not hold."""
    resources = template.get("Resources") or {}
    if (odd := next((name for name, body in resources.items() if not isinstance(body, Mapping)), None)) is not None:
        return f"Template format error: [/Resources/{odd}] resource definition is malformed"
    parameters = set(template.get("Parameters") or {})
    made = {name for name, body in resources.items() if _holds(body, conditions)}
    return _missing(template, None, parameters, set(resources)) or _missing(template, conditions, parameters, made)


def _missing(
    template: Template, conditions: Mapping[str, bool] | None, parameters: set[str], resources: set[str]
) -> str | None:
    """The first refusal; without `conditions` every branch counts."""
    for block in ("Resources", "Outputs"):
        lost: set[str] = set()
        for body in (template.get(block) or {}).values():
            if not _holds(body, conditions):
                continue
            awaited = body.get("DependsOn") or []
            lost.update({awaited} if isinstance(awaited, str) else awaited)
            lost -= set(template["Resources"])
            for name, is_attribute in _references(body, conditions):
                if name.startswith("AWS::") or name in resources or (name in parameters and not is_attribute):
                    continue
                if is_attribute:
                    return f"Template error: instance of Fn::GetAtt references undefined resource {name}"
                lost.add(name)
        if lost:
            return (
                f"Template format error: Unresolved resource dependencies [{', '.join(sorted(lost))}] in the {block} "
                "block of the template"
            )
    return None


def _holds(body: Any, conditions: Mapping[str, bool] | None) -> bool:
    condition = body.get("Condition") if isinstance(body, Mapping) else None
    return conditions is None or condition is None or conditions.get(condition, True)


def _references(node: Any, conditions: Mapping[str, bool] | None) -> Iterator[tuple[str, bool]]:
    """Each name that is referred to, and whether it is one for an attribute."""
    match node:
        case {"Ref": str(name)}:
            yield name, False
        case {"Fn::GetAtt": str(path)}:
            yield path.partition(".")[0], True
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name, True
        case {"Fn::Sub": given}:
            text, own = (given[0], given[1]) if isinstance(given, list) else (given, {})
            yield from ((name, False) for name in _variables(text) if name not in own)
            yield from _references(own, conditions)
        case {"Fn::If": [str(condition), *branches]} if conditions is not None:
            yield from _references(branches[0 if conditions.get(condition, True) else 1], conditions)
        case Mapping():
            for value in node.values():
                yield from _references(value, conditions)
        case list():
            for value in node:
                yield from _references(value, conditions)


def _variables(text: str) -> Iterator[str]:
    return (name.partition(".")[0] for name in _VARIABLE.findall(text))
