"""Findings as SARIF, which code scanning of any maker reads.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from strongroom_cli.reports.report import Place, PlacedFinding, Report, Rule

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(report: Report, rules: Sequence[Rule], *, version: str) -> str:
    """One run of this tool with its rules; each finding is of one of them."""
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "strongroom", "version": version, "rules": [_rule(rule) for rule in rules]}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": note.text}, "locations": [_location(note.place)]}
                    for note in report.notes
                ],
            }
        ],
        "results": [_result(placed, numbers[placed.finding.code]) for placed in report.findings],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.meaning},
        **({} if rule.help_uri is None else {"helpUri": rule.help_uri}),
        "defaultConfiguration": {"level": rule.level.value},
    }


def _result(placed: PlacedFinding, number: int) -> dict[str, Any]:
    finding = placed.finding
    return {
        "ruleId": finding.code,
        "ruleIndex": number,
        "level": finding.level.value,
        "message": {"text": finding.message},
        "locations": [_location(placed.place, path=finding.path)],
    }


def _location(place: Place, *, path: str = "") -> dict[str, Any]:
    location: dict[str, Any] = {}
    if place.file is not None:
        region = {} if place.line is None else {"region": {"startLine": place.line}}
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(place.file)}} | region
    if name := " ".join(part for part in (place.resource, path) if part):
        location["logicalLocations"] = [{"fullyQualifiedName": name}]
    return location


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
