"""Read `strongroom.yaml`: every problem is found, and told with its path in the file."""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import yaml
from jsonschema.exceptions import ValidationError

from strongroom.domain.findings import Finding, Level, error
from strongroom.domain.forms import DURATION
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent_rules.contradictions import find_contradictions
from strongroom.domain.intent_rules.regions import find_unusable_regions
from strongroom_cli.errors import IntentFileError
from strongroom_cli.intent.regions import known_partitions
from strongroom_cli.intent.schema import intent_schema
from strongroom_cli.intent.version_1 import (
    find_faults_of_version_1,
    find_mixed_versions,
    is_version_1,
    path_in_version_1,
    schema_of_version_1,
    upgraded,
)

UNKNOWN_KEY = "unknown-key"
_QUOTED = re.compile(r"'([^']+)'")


def load_intent_file(path: Path | str, *, today: date | None = None) -> tuple[Intent, tuple[Finding, ...]]:
    """The intent in a file and the warnings about it; IntentFileError lists every problem when there is an error.

    Exceptions are judged as of `today`, which is the present day (UTC) unless it is given.
    """
    file = Path(path)
    document = _read(file)
    problems = tuple(_find_faults_of_shape(document))
    if any(problem.code != UNKNOWN_KEY for problem in problems):
        raise IntentFileError(file, problems)
    old: dict[str, Any] | None = document if isinstance(document, dict) and is_version_1(document) else None
    try:
        intent = msgspec.convert(document if old is None else upgraded(old), Intent)
    except msgspec.ValidationError as failure:
        raise IntentFileError(file, (*problems, error("shape", ".", str(failure)))) from failure
    found = (
        *find_contradictions(intent, today=today or datetime.now(UTC).date()),
        *find_unusable_regions(intent, known_partitions()),
    )
    if old is not None:
        found = (*find_faults_of_version_1(old), *_as_in_version_1(found, old))
    findings = (*problems, *found)
    if any(finding.level is Level.ERROR for finding in findings):
        raise IntentFileError(file, findings)
    return intent, findings


def _find_faults_of_shape(document: object) -> Iterator[Finding]:
    if not isinstance(document, dict):
        yield from _schema_findings(document, intent_schema())
        return
    mixed = tuple(find_mixed_versions(document))
    yield from mixed
    if not mixed:
        schema = intent_schema()
        yield from _schema_findings(document, schema_of_version_1(schema) if is_version_1(document) else schema)


def _as_in_version_1(findings: Iterable[Finding], document: dict[str, Any]) -> Iterator[Finding]:
    """The findings at their places in version 1, where several places of version 2 may be one: each told once."""
    yield from dict.fromkeys(replace(each, path=path_in_version_1(each.path, document)) for each in findings)


class _StrictLoader(yaml.SafeLoader):
    """YAML's safe subset, with dates as texts and no key twice in one mapping."""

    yaml_implicit_resolvers = {  # noqa: RUF012 PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 PyYAML's own signature
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain name", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice in one mapping", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _read(file: Path) -> object:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 a SafeLoader
    except (OSError, UnicodeDecodeError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) else "it is not UTF-8 text"
        raise IntentFileError(file, (error("unreadable", ".", f"the file cannot be read: {reason}"),)) from failure
    except yaml.MarkedYAMLError as failure:
        where = f"line {failure.problem_mark.line + 1}" if failure.problem_mark else "."
        raise IntentFileError(file, (error("yaml", where, failure.problem or "it is not valid YAML"),)) from failure
    except (yaml.YAMLError, ValueError, RecursionError) as failure:
        raise IntentFileError(file, (error("yaml", ".", f"it is not valid YAML: {failure}"),)) from failure


def _schema_findings(document: object, schema: dict[str, Any]) -> Iterator[Finding]:
    checker = jsonschema.FormatChecker(formats=())
    checker.checks("duration")(_is_duration)
    checker.checks("date")(_is_date)
    validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
    for problem in sorted(validator.iter_errors(document), key=lambda each: [str(step) for step in each.absolute_path]):
        yield from _told(problem)


def _is_duration(value: object) -> bool:
    return not isinstance(value, str) or DURATION.fits(value)


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _told(problem: ValidationError) -> Iterator[Finding]:
    where = list(problem.absolute_path)
    schema = problem.schema if isinstance(problem.schema, dict) else {}
    properties = schema.get("properties", {})
    instance: Any = problem.instance
    match problem.validator:
        case "additionalProperties":
            for name in [name for name in instance if name not in properties]:
                yield error(UNKNOWN_KEY, _path([*where, name]), f"unknown key; known are {', '.join(properties)}")
        case "required":
            for name in _QUOTED.findall(problem.message)[-1:]:
                yield error("missing-key", _path([*where, name]), "is missing")
        case "type":
            found = _type_name(instance)
            yield error("type", _path(where), f"must be {_wanted(problem.validator_value)}, not {found}")
        case "format":
            right = "date such as 2027-01-31" if problem.validator_value == "date" else "duration such as PT4H or P1D"
            yield error("format", _path(where), f"{instance!r} is no ISO 8601 {right}")
        case "anyOf":
            for inner in problem.context or ():
                if inner.validator != "type" or inner.validator_value != "null":
                    yield from _told(inner)
        case _:
            yield error("value", _path(where), problem.message)


_TYPE_NAMES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "empty",
}


def _wanted(types: object) -> str:
    names = types if isinstance(types, list) else [types]
    return " or ".join(_TYPE_NAMES.get(str(name), str(name)) for name in names)


def _type_name(value: object) -> str:
    match value:
        case None:
            return "empty"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f"the text {value!r}"
        case _:
            return f"{value!r}"


def _path(steps: Iterable[object]) -> str:
    """`targets[0].tiers`, or `.` for the document itself."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".") or "."
