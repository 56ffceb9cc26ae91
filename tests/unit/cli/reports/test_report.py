"""Reports as SARIF, JSON, text and workflow commands: the structure that their readers ask for."""

import json
from typing import Any, Final

import jsonschema
import pytest

from strongroom.domain.findings import Level, error, warning
from strongroom_cli.reports.github import as_workflow_commands
from strongroom_cli.reports.report import Note, Place, PlacedFinding, Report, Rule, as_json, as_text
from strongroom_cli.reports.sarif import as_sarif

RULES: Final = [
    Rule("days", Level.ERROR, "A number of days is none.", "https://docs.example.com/days"),
    Rule("unlocked", Level.WARNING, "A setting lacks a lock.", "https://docs.example.com/unlocked"),
]
REPORT: Final = Report(
    findings=[
        PlacedFinding(error("days", "$.a", "no days"), Place(file="policies/a b.json", line=3, resource="module.x")),
        PlacedFinding(warning("unlocked", "$", "50% open,\nand more: all"), Place(file="/srv/p.json")),
        PlacedFinding(error("days", "$.b", "\x1b[2J"), Place(file=None, line=1)),
    ],
    notes=[Note("one is left out", Place(file="policies/c.json", line=7, resource="late"))],
)

# The parts of the schema of SARIF 2.1.0 that a result of ours is made of, as OASIS publishes it.
_MESSAGE: Final = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
_LEVEL: Final = {"enum": ["none", "note", "warning", "error"]}
_LOCATION: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "additionalProperties": False,
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[^ \\]+$"}},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                },
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {"type": "object", "properties": {"fullyQualifiedName": {"type": "string"}}},
        },
    },
}
_RULE: Final = {
    "type": "object",
    "required": ["id", "shortDescription", "helpUri"],
    "properties": {
        "id": {"type": "string"},
        "shortDescription": _MESSAGE,
        "helpUri": {"type": "string", "pattern": "^https://"},
        "defaultConfiguration": {"type": "object", "properties": {"level": _LEVEL}},
    },
}
_DRIVER: Final = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"const": "strongroom"}, "rules": {"type": "array", "uniqueItems": True, "items": _RULE}},
}
_RESULT: Final = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
    "properties": {
        "message": _MESSAGE,
        "level": _LEVEL,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "locations": {"type": "array", "items": _LOCATION},
    },
}
_INVOCATION: Final = {
    "type": "object",
    "required": ["executionSuccessful"],
    "properties": {
        "executionSuccessful": {"type": "boolean"},
        "toolExecutionNotifications": {
            "type": "array",
            "items": {"type": "object", "required": ["message"], "properties": {"message": _MESSAGE, "level": _LEVEL}},
        },
    },
}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"type": "object", "required": ["driver"], "properties": {"driver": _DRIVER}},
                    "results": {"type": "array", "items": _RESULT},
                    "invocations": {"type": "array", "items": _INVOCATION},
                },
            },
        },
    },
}


@pytest.fixture
def run() -> dict[str, Any]:
    """The one run of the report as SARIF, which is valid."""
    document = json.loads(as_sarif(REPORT, RULES, version="0.1.0"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    [one] = document["runs"]
    found: dict[str, Any] = one
    return found


def test_a_result_of_sarif_names_its_rule_by_number_and_by_name(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [each["ruleId"] for each in run["results"]]
    assert [rule["helpUri"] for rule in rules] == [rule.help_uri for rule in RULES]
    assert [each["level"] for each in run["results"]] == ["error", "warning", "error"]


def test_a_result_of_sarif_has_a_file_where_there_is_one_a_line_where_one_is_known_and_its_path(
    run: dict[str, Any],
) -> None:
    first, second, third = (each["locations"][0] for each in run["results"])
    assert first["physicalLocation"] == {
        "artifactLocation": {"uri": "policies/a%20b.json"},
        "region": {"startLine": 3},
    }
    assert first["logicalLocations"] == [{"fullyQualifiedName": "module.x $.a"}]
    assert second["physicalLocation"] == {"artifactLocation": {"uri": "file:///srv/p.json"}}
    assert "physicalLocation" not in third


def test_what_is_not_judged_is_a_notification_of_sarif(run: dict[str, Any]) -> None:
    [notification] = run["invocations"][0]["toolExecutionNotifications"]
    assert (notification["level"], notification["message"]) == ("note", {"text": "one is left out"})


def test_no_message_ends_a_workflow_command_early_or_adds_a_property() -> None:
    commands = as_workflow_commands(REPORT).splitlines()
    assert commands[1] == "::warning file=/srv/p.json,title=unlocked::$: 50%25 open,%0Aand more: all"
    assert commands[0] == "::error file=policies/a b.json,line=3,title=days::module.x: $.a: no days"
    assert commands[2].startswith("::error line=1,title=days::")
    assert commands[3] == "::notice file=policies/c.json,line=7::late: one is left out"
    assert len(commands) == 4


def test_text_is_one_line_for_each_and_moves_no_cursor() -> None:
    lines = as_text(REPORT).splitlines()
    assert lines[0] == "policies/a b.json:3: module.x: error: $.a: no days [days]"
    assert lines[1] == "/srv/p.json: warning: $: 50% open, and more: all [unlocked]"
    assert lines[2].startswith("<stdin>:1: error: $.b: \N{REPLACEMENT CHARACTER}")
    assert lines[3] == "policies/c.json:7: late: note: one is left out"
    assert len(lines) == 4


def test_json_holds_everything() -> None:
    printed = json.loads(as_json(REPORT))
    assert printed["findings"][0] == {
        "level": "error",
        "code": "days",
        "path": "$.a",
        "message": "no days",
        "file": "policies/a b.json",
        "line": 3,
        "resource": "module.x",
    }
    assert printed["notes"] == [
        {"message": "one is left out", "file": "policies/c.json", "line": 7, "resource": "late"}
    ]


def test_a_report_knows_whether_it_has_errors() -> None:
    assert REPORT.has_errors
    assert not Report(REPORT.findings[1:2]).has_errors
    assert not Report([]).has_errors
